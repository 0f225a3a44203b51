"""Asks to be forgotten; an officer decides on the command line; the conversation hears what became of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from casestore import data_requests, verification
from cli.main import app
from tests.conversations import steps
from tests.conversations.people import Person, invent
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

FORGET_ME = {"zh": "请删除我的个人信息", "en": "please delete my personal data"}
BALANCE = {"zh": "我一共欠多少钱", "en": "how much do I owe?"}
GONE = {"zh": "已经删除了", "en": "is gone, reference"}
STAYS = {"zh": "现在还不能删", "en": "can't be deleted yet"}
REFERENCE = re.compile(r"DR-\d{8}-[A-Z0-9]+")
# Longer ago than the policy keeps records of a contract.
PAID_BACK_LONG_AGO = {
    **dict.fromkeys(
        ("principal", "overdue_principal", "interest", "penalty_interest", "fees", "instalment"), "0.00"
    ),
    "as_of": "2019-01-04",
    "overdue_since": "",
    "next_due": "2019-01-20",
    "due_day": "20",
    "remaining_instalments": "0",
}


def asks_to_be_forgotten(chat: Chat, person: Person, language: str) -> str:
    """Says so, and who is asking; the request's reference."""
    chat.say(FORGET_ME[language])
    chat.say(steps.WORDS[language].agree)
    found = REFERENCE.search(steps.verify(chat, person).text)
    assert found is not None, chat.messages
    return found.group()


def officer(stack: Stack, *words: str) -> str:
    """What the command prints to an officer."""
    done = CliRunner().invoke(app, [*words], env=stack.env)
    assert done.exit_code == 0, done.output
    return done.stdout


def problems(stack: Stack) -> list[object]:
    """What the whole record is reproached with: other conversations here have dated agreements back."""
    return [*verification.problems(stack.store)]


@both_languages
def test_who_owes_nothing_any_more_is_forgotten_and_hears_so_and_the_record_stays_whole(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, language: str
) -> None:
    person = invent(stack.store, tmp_path, stack.today, **PAID_BACK_LONG_AGO)
    before = problems(stack)
    chat = open_chat(language)
    reference = asks_to_be_forgotten(chat, person, language)
    assert "erased" in officer(stack, "data", "erase", reference, "--staff", "Chen Jing")
    told = chat.say(BALANCE[language])
    assert GONE[language] in told.text and reference in told.text
    assert reference not in chat.say(BALANCE[language]).text
    assert problems(stack) == before
    # Nobody is left behind the phone.
    again = open_chat(language)
    chat.say(FORGET_ME[language])
    assert REFERENCE.search(steps_up_to_the_code(again, person, language)) is None


def steps_up_to_the_code(chat: Chat, person: Person, language: str) -> str:
    """What is heard by whoever names the phone and last four, and then any code."""
    chat.say(FORGET_ME[language])
    chat.say(steps.WORDS[language].agree)
    chat.say(person.phone)
    chat.say(person.last_four)
    return chat.say("000000").text


@both_languages
def test_who_still_owes_hears_what_stays_and_why(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    before = problems(stack)
    chat = open_chat(language)
    reference = asks_to_be_forgotten(chat, person, language)
    assert "running_loan" in officer(stack, "data", "erase", reference, "--staff", "Chen Jing")
    told = chat.say(BALANCE[language])
    assert STAYS[language] in told.text and reference in told.text
    waiting = [each.request.reference for each in data_requests.open_requests(stack.store)]
    assert reference not in waiting and problems(stack) == before
