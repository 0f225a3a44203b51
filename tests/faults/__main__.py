"""Kills everything at every step of accepting an offer, and tells what came of it. Takes most of an hour.

`python -m tests.faults [store] [sqlite] [postgresql]`: the action server and the database; the bot on either
kind of database; all of them unless some are named.
"""

from __future__ import annotations

import os
import subprocess
import sys

from tests.faults.every_step_of_the_bot import kill_at_every_step

ALL = ("store", "sqlite", "postgresql")


def main(asked: tuple[str, ...]) -> int:
    """Returns 0 when there was one agreement or none each time."""
    if "store" in asked and (code := _kill_at_the_store()):
        return code
    for database in ALL[1:]:
        if database in asked:
            kill_at_every_step(database)
    return 0


def _kill_at_the_store() -> int:
    tests = (sys.executable, "-m", "pytest", "-q", "-x", "-rP", "tests/faults/test_accepting_once.py")
    return subprocess.run(tests, env={**os.environ, "RESPITE_EVERY_STEP": "1"}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or ALL))
