"""Something the bot needs is away: the borrower hears so, nothing is half recorded, and it goes on after."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.channels.wording import wording
from casestore import handoffs
from casestore.engine import open_engine
from cli.servers import MODEL
from tests.conversations import people, steps
from tests.conversations.people import Person
from tests.faults.saying_yes import agreements_of, require_agreed_once, says_yes_during_and_after
from tests.support.chat import Chat, ChatFailed
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.stack import Stack

pytestmark = [pytest.mark.conversation, pytest.mark.postgres]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

GREETING = {"zh": "你好", "en": "hello"}
DANGER = {"zh": "我不想活了", "en": "I want to kill myself"}

CASES, FLOW = "cases", "flow"

# How long a borrower's turn may take here before a test gives up on it.
SECONDS = 60.0
POLL_SECONDS = 0.05
# Any number that nobody else locks.
GATE = 4711

DISK_FULL = "RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'"
# Longer than any turn should take, shorter than the wait for an answer (`casestore.engine`).
FIVE_SECONDS = "PERFORM pg_sleep(5)"


@contextmanager
def on_insert(url: str, table: str, does: str) -> Iterator[Engine]:
    """While this lasts the database does something before rows are inserted into a table."""
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE FUNCTION fails_on_insert() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {does}; RETURN NULL; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER fails BEFORE INSERT ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION fails_on_insert()"
        )
    try:
        yield engine
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql("DROP FUNCTION fails_on_insert CASCADE")
        engine.dispose()


@contextmanager
def full(server: PostgresServer) -> Iterator[None]:
    """The disk is full when the last row of the agreement's transaction is written."""
    with on_insert(server.url(CASES), "audit_entries", DISK_FULL):
        yield


@contextmanager
def locked(server: PostgresServer) -> Iterator[None]:
    """Another program holds a table for itself, longer than a server waits for it."""
    engine = open_engine(server.url(CASES))
    with engine.connect() as other, other.begin():
        other.exec_driver_sql("LOCK TABLE agreements IN ACCESS EXCLUSIVE MODE")
        yield
    engine.dispose()


Away = Callable[[Stack, PostgresServer], AbstractContextManager[None]]
FAULTS: dict[str, Away] = {
    "the database is down": lambda _, server: server.down(),
    "the database stands still": lambda _, server: server.standing_still(),
    "the action server is down": lambda stack, _: stack.without_actions(),
    "the memory of the flow is away": lambda _, server: server.closed(FLOW),
}
# What these say was heard in both languages above.
FURTHER_FAULTS: dict[str, Away] = {
    "the disk is full": lambda _, server: full(server),
    "a table is locked": lambda _, server: locked(server),
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
    says_yes_during_and_after(stack, person, language, _and_back(FAULTS[fault](stack, server), server))


@pytest.mark.parametrize("fault", FURTHER_FAULTS)
def test_a_borrower_says_yes_while_the_store_takes_nothing_and_again_when_it_does(
    stack: Stack, server: PostgresServer, person: Person, fault: str
) -> None:
    says_yes_during_and_after(stack, person, "zh", FURTHER_FAULTS[fault](stack, server))


def test_a_slow_store_answers_late_and_once(stack: Stack, server: PostgresServer, person: Person) -> None:
    words = steps.WORDS["en"]
    with Chat(stack.base_url, language="en") as chat:
        steps.reach_the_acceptance(chat, person, words)
        with on_insert(server.url(CASES), "agreements", FIVE_SECONDS):
            reference = steps.reference_in(chat.say(words.accept))
        assert reference is not None
        assert steps.reference_in(chat.say(words.accept)) == reference
    require_agreed_once(stack, person, reference)


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


def test_the_bot_is_killed_after_the_action_has_answered_and_before_it_remembers_that(
    stack: Stack, server: PostgresServer, person: Person
) -> None:
    words = steps.WORDS["zh"]
    with Chat(stack.base_url) as chat:
        steps.reach_the_acceptance(chat, person, words)
        token = chat.token
        gate = f"PERFORM pg_advisory_xact_lock({GATE})"
        with on_insert(server.url(FLOW), "events", gate) as flow, flow.connect() as other:
            other.execute(text(f"SELECT pg_advisory_lock({GATE})"))
            saying = threading.Thread(target=_say_unanswered, args=(chat, words.accept))
            saying.start()
            _until(lambda: bool(agreements_of(stack, person)) and _waits_at_the_gate(flow))
            stack.kill_bot()
            other.execute(text(f"SELECT pg_advisory_unlock({GATE})"))
            saying.join(SECONDS)
        stack.restart_bot()
    with Chat(stack.base_url, token=token) as again:
        reference = steps.reference_in(again.say(words.accept))
    assert reference is not None
    require_agreed_once(stack, person, reference)


@contextmanager
def _and_back(fault: AbstractContextManager[None], server: PostgresServer) -> Iterator[None]:
    with fault:
        yield
    server.wait()


def _say_unanswered(chat: Chat, words: str) -> None:
    with pytest.raises(ChatFailed):
        chat.say(words)


def _waits_at_the_gate(flow: Engine) -> bool:
    with flow.connect() as connection:
        waiting = connection.execute(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        )
        return waiting.scalar_one() > 0


def _until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, f"it did not happen within {SECONDS:.0f} s"
        time.sleep(POLL_SECONDS)
