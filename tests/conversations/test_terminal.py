"""The same conversation in a terminal: numbers press buttons, offers are a table, documents are links."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable

import pytest
from rich.console import Console

from bot.channels.wording import wording
from casestore import desk, outbox
from cli import terminal
from tests.conversations import steps
from tests.conversations.people import Person
from tests.faults.saying_yes import until
from tests.support.stack import Stack

Line = str | Callable[[], str]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

SECOND_PLAN = {"zh": "方案2", "en": "Option 2"}

STAFF = "Chen Jing"
HANDOFF = re.compile(r"HO-\d{8}-[A-Z0-9]+")
TO_A_PERSON = {
    "zh": ("我要找人工客服", "利息还能再少一点吗？", "您好，我是小陈，我来看看。", "谢谢"),
    "en": ("I want to talk to a real person", "Can the interest go down?", "Hello, Chen here.", "thank you"),
}


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

    def _talk(language: str, *lines: Line, screen: io.StringIO | None = None) -> str:
        printed = screen or io.StringIO()
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


@both_languages
def test_a_person_answers_while_the_terminal_waits_for_the_next_line(
    talk: Callable[..., str], stack: Stack, language: str
) -> None:
    """What they write is printed as it comes, and the bot is silent until they leave."""
    asked, question, answer, thanks = TO_A_PERSON[language]
    screen = io.StringIO()

    def printed(text: str) -> None:
        until(lambda: text in screen.getvalue())

    def person_comes() -> str:
        reference = open_handoff(screen.getvalue())
        desk.take(stack.store, reference, STAFF)
        printed(wording("utter_person_joined", language))
        return question

    def person_answers_and_leaves() -> str:
        reference = open_handoff(screen.getvalue())
        desk.answer(stack.store, reference, STAFF, answer)
        printed(answer)
        desk.close(stack.store, reference, STAFF)
        printed(wording("utter_person_left", language))
        return thanks

    shown = talk(language, asked, person_comes, person_answers_and_leaves, "/stop", screen=screen)
    assert shown.partition(f"> {question}")[2].split()[0] == "Person:"
    assert re.search(r"\w", shown.partition(f"> {thanks}")[2])


def open_handoff(shown: str) -> str:
    """The reference of the hand-off that the borrower was told of last."""
    return HANDOFF.findall(shown)[-1]
