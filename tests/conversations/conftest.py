"""Fixtures of conversations: an invented borrower and a chat, new for each test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conversations import people
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack


@pytest.fixture
def person(stack: Stack, tmp_path: Path) -> Person:
    """A borrower with one loan, 45 days overdue."""
    return people.invent(stack.store, tmp_path, stack.today)


@pytest.fixture
def open_chat(stack: Stack) -> Iterator[Callable[..., Chat]]:
    """Opens chats on the web channel and closes them at the end."""
    opened: list[Chat] = []

    def _open(language: str = "zh") -> Chat:
        opened.append(Chat(stack.base_url, language=language))
        return opened[-1]

    yield _open
    for chat in opened:
        chat.close()
