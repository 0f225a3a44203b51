"""The bot is killed at every step of the turn that hears a yes, and the borrower says it again."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import count
from pathlib import Path

from cli.servers import Plan
from tests.conversations import people, steps
from tests.faults.killable_bot import ORDER
from tests.faults.saying_yes import agreements_of, says_yes_again
from tests.support.chat import Chat, ChatFailed
from tests.support.postgres import running_postgres
from tests.support.stack import Stack

# Who was heard to the end was killed at no step: then there are no more.
HEARD = "heard to the end"


class KillableStack(Stack):
    """A stack whose bot can be told at which step it is killed."""

    def kill_at(self, step: int | None) -> None:
        """From now on count the bot's steps and kill it at this one; with None, do neither."""
        self._order.unlink(missing_ok=True)
        if step is not None:
            self._order.with_suffix(".steps").unlink(missing_ok=True)
            self._order.write_text(str(step))

    @property
    def last_step(self) -> str:
        """What the bot did last while its steps were counted."""
        return self._order.with_suffix(".steps").read_text().splitlines()[-1]

    @property
    def _order(self) -> Path:
        return self.folder / "killed-at"

    def _start(self, **plans: Plan) -> None:
        if "bot" in plans:
            python, _, _, *rest = plans["bot"].command
            command = (python, "-m", "tests.faults.killable_bot", *rest)
            env = {**plans["bot"].env, ORDER: str(self._order)}
            plans["bot"] = replace(plans["bot"], command=command, env=env)
        super()._start(**plans)


def kill_at_every_step(database: str) -> None:
    """On this kind of database ("sqlite" or "postgresql"), and tell what came of it."""
    running = {"sqlite": KillableStack, "postgresql": _on_postgresql}[database]
    with running() as stack, tempfile.TemporaryDirectory() as folder:
        outcomes: Counter[str] = Counter()
        for step in count(1):
            outcome = _killed_at(stack, Path(folder), step)
            if outcome == HEARD:
                break
            outcomes[outcome] += 1
            print(f"{database}, step {step} ({stack.last_step}): {outcome}", flush=True)
        told = ", ".join(f"{times} {outcome}" for outcome, times in sorted(outcomes.items()))
        print(f"the bot on {database} killed {sum(outcomes.values())} times: {told}", flush=True)


def _killed_at(stack: KillableStack, folder: Path, step: int) -> str:
    """One borrower's yes; after it there is one agreement, complete, and whoever hears it again names it."""
    words, person = steps.WORDS["zh"], people.invent(stack.store, folder, stack.today)
    with Chat(stack.base_url) as chat:
        steps.reach_the_acceptance(chat, person, words)
        stack.kill_at(step)
        try:
            chat.say(words.accept)
            return HEARD
        except ChatFailed:
            stack.kill_at(None)
        stack.restart_bot()
        before = agreements_of(stack, person)
        says_yes_again(stack, chat, person, words)
    return "with an agreement" if before else "without an agreement"


@contextmanager
def _on_postgresql() -> Iterator[KillableStack]:
    with running_postgres() as server:
        settings = {"RESPITE_TRACKER_URL": server.create("flow")}
        with KillableStack(store_url=server.create("cases"), settings=settings) as stack:
            yield stack
