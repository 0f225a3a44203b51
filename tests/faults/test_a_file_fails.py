"""A case store in a SQLite file that is locked by another program, or whose disk is full."""

from __future__ import annotations

import resource
import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from tests.conversations import people, steps
from tests.faults.saying_yes import (
    SECONDS,
    agreements_of,
    say_unanswered,
    says_yes_again,
    says_yes_during_and_after,
    until,
)
from tests.support.chat import Chat
from tests.support.stack import Stack

pytestmark = pytest.mark.conversation


@contextmanager
def held(url: str) -> Iterator[None]:
    """Another program has the database's file for itself."""
    with closing(sqlite3.connect(str(make_url(url).database), isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


def locked(stack: Stack) -> AbstractContextManager[None]:
    """The store is held longer than a server waits for it."""
    return held(stack.store_url)


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


def test_the_bot_is_killed_before_and_after_the_recording_of_a_yes_in_a_file(
    stack: Stack, tmp_path: Path
) -> None:
    """One yes is recorded and can't be remembered, another can't even be written down."""
    words = steps.WORDS["en"]
    recorded, unheard = (people.invent(stack.store, tmp_path, stack.today) for _ in range(2))
    with ExitStack() as still_open:
        chats = [still_open.enter_context(Chat(stack.base_url, language="en")) for _ in range(2)]
        for chat, person in zip(chats, (recorded, unheard), strict=True):
            steps.reach_the_acceptance(chat, person, words)
        with held(stack.env["RESPITE_TRACKER_URL"]), ThreadPoolExecutor(2) as hands:
            saying = [hands.submit(say_unanswered, chats[0], words.accept)]
            until(lambda: len(agreements_of(stack, recorded)) == 1)
            with held(stack.store_url):
                saying.append(hands.submit(say_unanswered, chats[1], words.accept))
                stack.kill_bot()
            for said in saying:
                said.result(SECONDS)
    stack.restart_bot()
    assert agreements_of(stack, unheard) == []
    for chat, person in zip(chats, (recorded, unheard), strict=True):
        says_yes_again(stack, chat, person, words)
