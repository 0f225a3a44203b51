"""A borrower says yes while something fails, hears so, and says it again when it is back."""

from __future__ import annotations

from contextlib import AbstractContextManager

from bot.channels.wording import wording
from casestore import agreement, audit
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack


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


def agreements_of(stack: Stack, person: Person) -> list[str]:
    """The references of the borrower's agreements."""
    exported = agreement.export(stack.store)
    return [each["reference"] for each in exported if each["loan_number"] in person.loan_numbers]
