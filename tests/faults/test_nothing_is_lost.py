"""Something the bot needs is away: the borrower hears so, nothing is half recorded, and it goes on after."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from bot.channels.wording import wording
from casestore import agreement, audit, handoffs
from cli.servers import MODEL
from tests.conversations import people, steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.stack import Stack

pytestmark = [pytest.mark.conversation, pytest.mark.postgres]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

GREETING = {"zh": "你好", "en": "hello"}
DANGER = {"zh": "我不想活了", "en": "I want to kill myself"}

CASES, FLOW = "cases", "flow"

Away = Callable[[Stack, PostgresServer], AbstractContextManager[None]]
FAULTS: dict[str, Away] = {
    "the database is down": lambda _, server: server.down(),
    "the database stands still": lambda _, server: server.standing_still(),
    "the action server is down": lambda stack, _: stack.without_actions(),
    "the memory of the flow is away": lambda _, server: server.closed(FLOW),
}


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A PostgreSQL of these tests' own, because they stop it."""
    with running_postgres() as running:
        yield running


@pytest.fixture(scope="module")
def stack(server: PostgresServer) -> Iterator[Stack]:
    """The bot with its cases and its flow on that server."""
    assert MODEL.exists(), "There is no trained model; run `make train` first."
    settings = {"RESPITE_TRACKER_URL": server.create(FLOW)}
    with Stack(store_url=server.create(CASES), settings=settings) as running:
        yield running


@pytest.fixture
def person(stack: Stack, tmp_path: Path) -> Person:
    """A borrower with one loan, 45 days overdue."""
    return people.invent(stack.store, tmp_path, stack.today)


@both_languages
@pytest.mark.parametrize("fault", FAULTS)
def test_a_borrower_says_yes_while_something_is_away_and_again_when_it_is_back(
    stack: Stack, server: PostgresServer, person: Person, fault: str, language: str
) -> None:
    words = steps.WORDS[language]
    with Chat(stack.base_url, language=language) as chat:
        steps.reach_the_acceptance(chat, person, words)
        with FAULTS[fault](stack, server):
            reply = chat.say(words.accept)
            assert reply.texts == [wording("utter_technical_problem", language)]
        server.wait()
        assert _agreements(stack, person) == []
        reference = steps.reference_in(chat.say(words.accept))
    assert reference is not None and _agreements(stack, person) == [reference]
    assert audit.verify(stack.store) == [] and agreement.verify(stack.store) == []


@both_languages
@pytest.mark.parametrize("fault", FAULTS)
def test_somebody_in_danger_hears_whom_to_call_whatever_is_away(
    stack: Stack, server: PostgresServer, fault: str, language: str
) -> None:
    with Chat(stack.base_url, language=language) as chat:
        chat.say(GREETING[language])
        with FAULTS[fault](stack, server):
            reply = chat.say(DANGER[language])
        server.wait()
        asked = chat.say(DANGER[language])
    assert len(reply.texts) == 1 and "12356" in reply.texts[0]
    assert reply.texts[0].splitlines()[-1] == _last_line("utter_danger_not_passed_on", language)
    assert "12356" in asked.texts[0] and handoffs.open_handoffs(stack.store)[-1].priority == "top"


def _last_line(response: str, language: str) -> str:
    return wording(response, language).splitlines()[-1]


def _agreements(stack: Stack, person: Person) -> list[str]:
    """The references of the borrower's agreements."""
    exported = agreement.export(stack.store)
    return [each["reference"] for each in exported if each["loan_number"] in person.loan_numbers]
