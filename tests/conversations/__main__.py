"""Walks at random from every form, as many turns as asked for in each language, on a bot of its own.

`python -m tests.conversations 200 [SEED [FORM…]]`
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.conversations import people, ways
from tests.conversations.crawler import Walk
from tests.fuzz.__main__ import CREDENTIALS
from tests.support.chat import Chat
from tests.support.stack import Stack

FORMS = ways.questions_of_forms()


def main(turns: int, seed: int, forms: list[str]) -> None:
    """Walk them all, one language beside the other, and end with an error that tells every fault."""
    with tempfile.TemporaryDirectory() as folder:
        credentials = Path(folder) / "credentials.yml"
        credentials.write_text(CREDENTIALS, encoding="utf-8")
        with Stack(credentials=credentials) as stack, ThreadPoolExecutor() as workers:

            def in_one(language: str) -> list[str]:
                return [
                    fault
                    for form in forms
                    for fault in _walk(stack, Path(folder), form, language, seed, turns)
                ]

            faults = [fault for found in workers.map(in_one, ("zh", "en")) for fault in found]
    if faults:
        sys.exit("\n\n".join([*faults, f"{len(faults)} faults"]))


def _walk(stack: Stack, folder: Path, form: str, language: str, seed: int, turns: int) -> Iterator[str]:
    """`turns` turns, the same share from each question of the form; yields what went wrong."""
    questions, walked, faults = FORMS[form], 0, 0
    for question in questions:
        person = people.invent(stack.store, folder, stack.today, loans=ways.LOANS.get(form, 1))
        with Chat(stack.base_url, language=language) as chat:
            ways.WAYS[form](chat, person, language)
            walk = Walk(stack, chat, language, f"{form} {question}", seed)
            try:
                walk.guide(person, form, question)
                walk.wander(-(-turns // len(questions)))
            except AssertionError as fault:
                faults += 1
                yield str(fault)
            walked += len(walk.said)
    print(f"{form} {language}: {walked} turns, {faults} faults", flush=True)


if __name__ == "__main__":
    main(
        int(sys.argv[1]) if len(sys.argv) > 1 else 200,
        int(sys.argv[2]) if len(sys.argv) > 2 else 20261125,
        sys.argv[3:] or list(FORMS),
    )
