"""The real bot, which kills itself at one step of what it says to its databases, when told to.

`python -m tests.faults.killable_bot run …` instead of `python -m bot run …`. It is told in the file that
RESPITE_KILLED_AT names: the number of the step, counted from when the file is there. A step is: before a
statement, before a commit, after a commit, on the cases or on Rasa's record.
"""

from __future__ import annotations

import os
import runpy
import signal
from pathlib import Path
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

ORDER = "RESPITE_KILLED_AT"


def watch(order: Path) -> None:
    """Count steps of this process, and kill it at the one ordered."""
    taken: list[str] = []

    def step(name: str) -> None:
        if not order.exists():
            return
        taken.append(name)
        with order.with_suffix(".steps").open("a", encoding="utf-8") as told:
            told.write(f"{name}\n")
        if len(taken) == int(order.read_text()):
            os.kill(os.getpid(), signal.SIGKILL)

    def before_statement(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        step(" ".join(statement.split()[:3]))

    event.listen(Engine, "before_cursor_execute", before_statement)
    event.listen(Engine, "commit", lambda _: step("commit"))
    event.listen(Session, "after_commit", lambda _: step("committed"))


if __name__ == "__main__":
    watch(Path(os.environ[ORDER]))
    runpy.run_module("bot", run_name="__main__", alter_sys=True)
