"""A borrower says yes while something fails, hears so, and says it again when it is back."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from bot.channels.wording import wording
from casestore import agreement, audit
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat, ChatFailed
from tests.support.stack import Stack

# How long a borrower's turn may take here before a test gives up on it.
SECONDS = 60.0
POLL_SECONDS = 0.05


def says_yes_during_and_after(
    stack: Stack, person: Person, language: str, fault: AbstractContextManager[None]
) -> None:
    """Nothing is agreed during the fault, and once, completely, after it."""
    words = steps.WORDS[language]
    with Chat(stack.base_url, language=language) as chat:
        steps.reach_the_acceptance(chat, person, words)
        with fault:
            reply = chat.say(words.accept)
            # What still works may ask again.
            assert reply.texts[0] == wording("utter_technical_problem", language), reply.texts
            assert steps.reference_in(reply) is None, reply.texts
        assert agreements_of(stack, person) == []
        reference = steps.reference_in(chat.say(words.accept))
    assert reference is not None
    require_agreed_once(stack, person, reference)


def require_agreed_once(stack: Stack, person: Person, reference: str) -> None:
    """This agreement is the borrower's only one, and the whole record checks."""
    assert agreements_of(stack, person) == [reference]
    assert audit.verify(stack.store) == [] and agreement.verify(stack.store) == []


def says_yes_again(stack: Stack, chat: Chat, person: Person, words: steps.Words) -> None:
    """After a restart, on the same page: one agreement, whatever was heard before."""
    with Chat(stack.base_url, token=chat.token) as again:
        reference = steps.reference_in(again.say(words.accept))
    assert reference is not None
    require_agreed_once(stack, person, reference)


def say_unanswered(chat: Chat, words: str, message_id: str | None = None) -> None:
    """Say something to a bot that is killed before the turn ends; a page calls its message by an id."""
    with pytest.raises(ChatFailed):
        chat.say(words, message_id)


def until(happened: Callable[[], bool]) -> None:
    """Wait for it."""
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, f"it did not happen within {SECONDS:.0f} s"
        time.sleep(POLL_SECONDS)


def agreements_of(stack: Stack, person: Person) -> list[str]:
    """The references of the borrower's agreements."""
    exported = agreement.export(stack.store)
    return [each["reference"] for each in exported if each["loan_number"] in person.loan_numbers]
