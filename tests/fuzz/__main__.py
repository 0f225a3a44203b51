"""Says as many messages as asked for to a bot of its own, several conversations at once.

`python -m tests.fuzz 100000 [SEED]`
"""

from __future__ import annotations

import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from pathlib import Path

from tests.conversations import people
from tests.conversations.crawler import FAILURE
from tests.fuzz.nonsense import messages
from tests.fuzz.talk import STAGES, Talk
from tests.support.chat import Chat
from tests.support.stack import Stack

IN_ONE_CONVERSATION = 100
AT_ONCE = 4
# Above any rate at which this talks: here the bot is to be tried, not its limits.
CREDENTIALS = """
bot.channels.web.WebChannel:
  messages_per_session: 100000/minute
  messages_per_person: 100000/minute
  messages_per_address: 1000000/minute
  sessions_per_address: 100000/minute
"""


def main(count: int, seed: int) -> None:
    """Say them, and end with an error that tells what went wrong."""
    with tempfile.TemporaryDirectory() as folder:
        credentials = Path(folder) / "credentials.yml"
        credentials.write_text(CREDENTIALS, encoding="utf-8")
        with Stack(credentials=credentials) as stack:
            _talk(stack, Path(folder), count, seed)


def _talk(stack: Stack, folder: Path, count: int, seed: int) -> None:
    def one(number: int) -> list[str]:
        language, stage = ("zh", "en")[number % 2], list(STAGES)[number // 2 % len(STAGES)]
        person = people.invent(stack.store, folder, stack.today)
        try:
            with Chat(stack.base_url, language=language) as chat:
                told = Talk(stack, chat, language)
                told.reach(stage, person)
                said = islice(messages(seed + number), IN_ONE_CONVERSATION)
                return [f"{stage}, {language}, seed {seed + number}: {fault}" for fault in told.say_all(said)]
        except Exception as broken:  # noqa: BLE001  one conversation that ends is told, the others go on
            return [f"{stage}, {language}, seed {seed + number}: {type(broken).__name__} {broken}"]

    faults = []
    with ThreadPoolExecutor(AT_ONCE) as workers:
        conversations = range(-(-count // IN_ONE_CONVERSATION))
        for number, found in enumerate(workers.map(one, conversations), start=1):
            faults += found
            print("\n".join([*found, f"{number * IN_ONE_CONVERSATION} messages"]), flush=True)
    faults += [line for line in stack.logs().splitlines() if FAILURE.search(line)]
    if faults:
        sys.exit("\n".join([f"{len(faults)} faults, the first:", *faults[:20]]))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000, int(sys.argv[2]) if len(sys.argv) > 2 else 20261125)
