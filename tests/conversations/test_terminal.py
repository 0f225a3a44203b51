"""The same conversation in a terminal: numbers press buttons, offers are a table, documents are links."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

import pytest
from rich.console import Console

from casestore import outbox
from cli import terminal
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.stack import Stack

Line = str | Callable[[], str]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

SECOND_PLAN = {"zh": "方案2", "en": "Option 2"}


class Keyboard:
    """Stands for the lines of a pipe; one that is only known later is called for when it is read."""

    def __init__(self, *lines: Line) -> None:
        self._lines = list(lines)

    def isatty(self) -> bool:
        return False

    def readline(self) -> str:
        if not self._lines:
            return ""
        line = self._lines.pop(0)
        return (line if isinstance(line, str) else line()) + "\n"


@pytest.fixture
def talk(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Types the lines in a language and returns what is printed."""

    def _talk(language: str, *lines: Line) -> str:
        printed = io.StringIO()
        monkeypatch.setattr(sys, "stdin", Keyboard(*lines))
        terminal.talk(stack.base_url, language, Console(file=printed), lambda: None)
        return printed.getvalue()

    return _talk


def to_the_offers(stack: Stack, person: Person, words: steps.Words) -> list[Line]:
    """What is typed until the offers are there, with the number of a button wherever there is one."""

    def code() -> str:
        codes = outbox.recent(stack.store, 20)
        return next(each.code for each in codes if each.phone.endswith(person.phone))

    who: list[Line] = [words.lost_job, "1", person.phone, person.last_four, code, "1"]
    return [
        *who,
        words.three_months_ago,
        "1",
        "1",
        words.income,
        words.housing,
        words.living,
        words.debts,
        "1",
    ]


@both_languages
def test_talks_in_the_terminal_until_the_agreement(
    talk: Callable[..., str], stack: Stack, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    printed = talk(
        language, *to_the_offers(stack, person, words), "/schedule 2", "2", words.accept, "/stop", "unread"
    )
    before, _, after = printed.partition("> /schedule 2")
    comparison = next(line for line in before.splitlines() if SECOND_PLAN[language] in line)
    assert all(f"{SECOND_PLAN[language][:-1]}{number}" in comparison for number in (1, 2, 3))
    assert f"[2] {SECOND_PLAN[language]}" in before
    schedule = after.partition("> 2")[0]
    assert SECOND_PLAN[language] in schedule and schedule.count("¥") > 10
    assert steps.REFERENCE.search(after)
    assert re.search(rf"{stack.base_url}/chat/documents/\S+", after)
    assert "unread" not in printed and "\x1b" not in printed
