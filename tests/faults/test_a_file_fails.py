"""A case store in a SQLite file that is locked by another program, or whose disk is full."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.conversations import people
from tests.faults.saying_yes import says_yes_during_and_after
from tests.support.stack import Stack

pytestmark = pytest.mark.conversation


@contextmanager
def locked(stack: Stack) -> Iterator[None]:
    """Another program holds the file for itself, longer than a server waits for it."""
    with closing(sqlite3.connect(str(make_url(stack.store_url).database), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@contextmanager
def full(stack: Stack) -> Iterator[None]:
    """The action server can write to no file any more, neither the store nor its log."""
    actions, _ = stack.process_ids()
    before = resource.prlimit(actions, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))
    try:
        yield
    finally:
        resource.prlimit(actions, resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize(
    ("fault", "language"), [(locked, "en"), (full, "zh")], ids=["the file is locked", "the disk is full"]
)
def test_a_borrower_says_yes_while_the_file_fails_and_again_after(
    stack: Stack,
    tmp_path: Path,
    fault: Callable[[Stack], AbstractContextManager[None]],
    language: str,
) -> None:
    person = people.invent(stack.store, tmp_path, stack.today)
    says_yes_during_and_after(stack, person, language, fault(stack))
