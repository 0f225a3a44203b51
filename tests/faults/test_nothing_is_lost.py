"""Something the bot needs is away: the borrower hears so, nothing is half recorded, and it goes on after."""

from __future__ import annotations

import itertools
import json
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Connection, Engine

from bot.channels.wording import wording
from casestore import handoffs, messages
from casestore.engine import open_engine
from casestore.flow_record import FlowEventRow
from cli.servers import MODEL
from tests.conversations import people, steps
from tests.conversations.people import Person
from tests.faults.accepting import Orders, Worker
from tests.faults.saying_yes import (
    SECONDS,
    agreements_of,
    require_agreed_once,
    say_unanswered,
    says_yes_again,
    says_yes_during_and_after,
    until,
)
from tests.support.chat import Chat
from tests.support.postgres import PostgresServer, running_postgres
from tests.support.stack import Stack

pytestmark = [pytest.mark.conversation, pytest.mark.postgres]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

GREETING = {"zh": "你好", "en": "hello"}
DANGER = {"zh": "我不想活了", "en": "I want to kill myself"}

CASES, FLOW = "cases", "flow"

# Any number that nobody else locks.
GATE_NUMBER = 4711
GATE = f"PERFORM pg_advisory_xact_lock({GATE_NUMBER})"
# What a page calls the message that is not answered, when it sends it and when it sends it again.
ID = "not-answered"
# Any numbers that nobody else locks.
_gates = itertools.count(GATE_NUMBER + 1)

DISK_FULL = "RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'"
# Longer than any turn should take, shorter than the wait for an answer (`casestore.engine`).
FIVE_SECONDS = "PERFORM pg_sleep(5)"


@contextmanager
def on(event: str, url: str, table: str, does: str, only: str = "true") -> Iterator[Engine]:
    """While this lasts the database does something before a row of a table is inserted or updated.

    `only` is the condition in SQL on the `new` row.
    """
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql(
            f"CREATE FUNCTION before_{table}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {does}; RETURN new; END $$"
        )
        connection.exec_driver_sql(
            f"CREATE TRIGGER does BEFORE {event} ON {table} "
            f"FOR EACH ROW WHEN ({only}) EXECUTE FUNCTION before_{table}()"
        )
    try:
        yield engine
    finally:
        with engine.begin() as connection:
            connection.exec_driver_sql(f"DROP FUNCTION before_{table} CASCADE")
        engine.dispose()


@contextmanager
def full(server: PostgresServer) -> Iterator[None]:
    """The disk is full when the last row of the agreement's transaction is written."""
    with on("INSERT", server.url(CASES), "audit_entries", DISK_FULL):
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
        with on("INSERT", server.url(CASES), "agreements", FIVE_SECONDS):
            reference = steps.reference_in(chat.say(words.accept))
        assert reference is not None
        assert steps.reference_in(chat.say(words.accept)) == reference
    require_agreed_once(stack, person, reference)


@pytest.mark.parametrize(
    ("fault", "language"),
    [
        (fault, language)
        for fault in FAULTS
        for language in ("zh", "en")
        # The longest: in English it is in the next test.
        if (fault, language) != ("the database stands still", "en")
    ],
)
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


@both_languages
def test_somebody_in_danger_hears_whom_to_call_before_the_database_goes_on(
    stack: Stack, server: PostgresServer, language: str
) -> None:
    with Chat(stack.base_url, language=language) as chat, ThreadPoolExecutor(1) as hands:
        chat.say(GREETING[language])
        with server.standing_still():
            saying = hands.submit(chat.say, DANGER[language])
            whom_to_call = chat.hear(lambda said: "12356" in str(said.get("text")))
            assert not saying.done()
        reply = saying.result(SECONDS)
    assert whom_to_call["text"].splitlines()[-1] == _last_line("utter_danger_not_passed_on", language)
    assert [text for text in reply.texts if text == whom_to_call["text"]] == [whom_to_call["text"]]
    # The turn went on, and now a person has been told.
    assert len(reply.texts) == 2 and handoffs.open_handoffs(stack.store)[-1].priority == "top"


def _last_line(response: str, language: str) -> str:
    return wording(response, language).splitlines()[-1]


def test_the_action_server_is_killed_while_it_hears_a_yes_and_the_borrower_is_told(
    stack: Stack, tmp_path: Path
) -> None:
    def killed(killed_at: int, language: str) -> tuple[str, ...]:
        person = people.invent(stack.store, tmp_path, stack.today)
        return _heard_by_one_that_is_killed(stack, person, language, killed_at)

    with stack.without_actions():
        # Before the transaction: who hears it again takes all the steps.
        taken = killed(1, "zh")
        made = taken.index("INSERT INTO agreements")
        committed = taken.index("committed", made)
        # In the transaction twice, and after it: a step is named by the one before.
        for killed_at, language in ((made + 1, "en"), (committed, "zh"), (committed + 1, "en")):
            killed(killed_at, language)


def _heard_by_one_that_is_killed(
    stack: Stack, person: Person, language: str, killed_at: int
) -> tuple[str, ...]:
    """A conversation up to the yes, which is said again; the steps that were taken the second time."""
    words, orders = steps.WORDS[language], Orders(settings=stack.env)
    with _action_server(stack, orders) as worker, Chat(stack.base_url, language=language) as chat:
        steps.reach_the_acceptance(chat, person, words)
        worker.obey(replace(orders, killed_at=killed_at))
        reply = chat.say(words.accept)
        worker.require_killed()
        assert reply.texts[0] == wording("utter_technical_problem", language), reply.texts
        with _action_server(stack, orders) as another:
            reference = steps.reference_in(chat.say(words.accept))
            taken = another.steps()
    assert reference is not None
    require_agreed_once(stack, person, reference)
    return taken


@contextmanager
def _action_server(stack: Stack, orders: Orders) -> Iterator[Worker]:
    """An action server that can be killed at any step, in the place of the stack's own."""
    worker = Worker(int(stack.env["RESPITE_ACTION_PORT"]), stack.env["RESPITE_ACTION_TOKEN"])
    try:
        worker.obey(orders)
        yield worker
    finally:
        worker.stop()


class Gate:
    """Rows that wait to be inserted until it opens."""

    def __init__(self, engine: Engine, keeper: Connection, number: int) -> None:
        self._engine, self._keeper, self._number = engine, keeper, number

    def is_waited_at(self) -> bool:
        """Whether somebody waits."""
        query = (
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objid = :number AND NOT granted"
        )
        with self._engine.connect() as connection:
            return bool(connection.execute(text(query), {"number": self._number}).scalar_one())

    def open(self) -> None:
        """Let them through."""
        self._keeper.execute(text(f"SELECT pg_advisory_unlock({self._number})"))


@contextmanager
def gate(url: str, table: str, only: str) -> Iterator[Gate]:
    """A closed gate before a table, for rows that meet the condition `only` in SQL."""
    number = next(_gates)
    does = f"PERFORM pg_advisory_xact_lock({number})"
    with on("INSERT", url, table, does, only) as engine, engine.connect() as keeper:
        keeper.execute(text(f"SELECT pg_advisory_lock({number})"))
        yield Gate(engine, keeper, number)


def test_the_bot_is_killed_before_in_and_after_the_recording_of_a_yes(
    stack: Stack, server: PostgresServer, tmp_path: Path
) -> None:
    """Three borrowers say yes at once, and each yes has come to another point when the bot is killed."""
    words, cases, flow = steps.WORDS["zh"], server.url(CASES), server.url(FLOW)
    persons = [people.invent(stack.store, tmp_path, stack.today) for _ in range(3)]

    def agreed() -> list[int]:
        return [len(agreements_of(stack, person)) for person in persons]

    with ExitStack() as still_open:
        chats = [still_open.enter_context(Chat(stack.base_url)) for _ in persons]
        for chat, person in zip(chats, persons, strict=True):
            steps.reach_the_acceptance(chat, person, words)
        before, during, after = (chat.conversation for chat in chats)
        with (
            gate(cases, "messages", f"new.session_id = '{before}'") as heard,
            gate(cases, "agreements", f"new.session_id = '{during}'") as recorded,
            gate(flow, "events", f"new.sender_id = '{after}'") as remembered,
            ThreadPoolExecutor(len(chats)) as hands,
        ):
            saying = [hands.submit(say_unanswered, chat, words.accept) for chat in chats]
            until(lambda: all(each.is_waited_at() for each in (heard, recorded, remembered)))
            assert agreed() == [0, 0, 1]
            stack.kill_bot()
            for each in (heard, recorded, remembered):
                each.open()
            for said in saying:
                said.result(SECONDS)
            # The action server goes on without the bot.
            until(lambda: agreed() == [0, 1, 1])
    stack.restart_bot()
    for chat, person in zip(chats, persons, strict=True):
        says_yes_again(stack, chat, person, words)


def test_the_bot_is_killed_between_two_messages_and_says_the_second_when_it_is_back(
    stack: Stack, server: PostgresServer
) -> None:
    words = steps.WORDS["zh"]
    with Chat(stack.base_url) as chat:
        said = f"(SELECT count(*) FROM messages WHERE session_id = '{chat.conversation}' AND author = 'bot')"
        # The greeting is there already; the second message of the answer waits.
        gate = on("INSERT", server.url(CASES), "messages", f"IF {said} = 2 THEN {GATE}; END IF")
        with _killed_at(stack, gate, chat, words.lost_job) as reached:
            reached(lambda: len(_told(stack, chat)) == 3)
    with Chat(stack.base_url, token=chat.token) as again:
        (second,) = again.say(words.lost_job, ID).messages
        assert [each["seq"] for each in _told(stack, chat)] == [1, 2, 3, 4] and second["seq"] == 4
    with Chat(stack.base_url) as whole:
        assert [each["text"] for each in _told(stack, chat)][2:] == whole.say(words.lost_job).texts
    assert _remembered(stack, chat) == [words.lost_job]


def test_the_bot_is_killed_after_it_remembers_a_turn_and_does_not_run_it_again(
    stack: Stack, server: PostgresServer
) -> None:
    words = steps.WORDS["en"]
    with Chat(stack.base_url, language="en") as chat:
        ended = f"IF NEW.answered_at IS NOT NULL THEN {GATE}; END IF"
        gate = on("UPDATE", server.url(CASES), "messages", ended)
        with _killed_at(stack, gate, chat, words.lost_job) as reached:
            reached(lambda: _remembered(stack, chat) == [words.lost_job])
    before = _told(stack, chat)
    with Chat(stack.base_url, language="en", token=chat.token) as again:
        assert again.say(words.lost_job, ID).messages == ()
    assert _told(stack, chat) == before and _remembered(stack, chat) == [words.lost_job]


def _told(stack: Stack, chat: Chat) -> list[dict[str, Any]]:
    """The conversation as it is stored."""
    return [{"seq": each.seq, **each.body} for each in messages.after(stack.store, chat.conversation, 0, 100)]


def _remembered(stack: Stack, chat: Chat) -> list[str]:
    """What Rasa remembers of the borrower's words in this conversation."""
    own = FlowEventRow.sender_id == chat.conversation
    with stack.flow() as session:
        rows = session.scalars(select(FlowEventRow).where(own, FlowEventRow.type_name == "user"))
        told = [json.loads(row.data)["text"] for row in rows]
    return [each for each in told if not each.startswith("/")]


@contextmanager
def _killed_at(
    stack: Stack, gate: AbstractContextManager[Engine], chat: Chat, words: str
) -> Iterator[Callable[[Callable[[], bool]], None]]:
    """Kill the bot while it waits at the gate in answering `words`, once what is asked for has happened."""

    def reached(happened: Callable[[], bool]) -> None:
        until(lambda: happened() and _waits_at_the_gate(database))

    with gate as database, database.connect() as other:
        other.execute(text(f"SELECT pg_advisory_lock({GATE_NUMBER})"))
        saying = threading.Thread(target=say_unanswered, args=(chat, words, ID))
        saying.start()
        yield reached
        stack.kill_bot()
        other.execute(text(f"SELECT pg_advisory_unlock({GATE_NUMBER})"))
        saying.join(SECONDS)
    stack.restart_bot()


@contextmanager
def _and_back(fault: AbstractContextManager[None], server: PostgresServer) -> Iterator[None]:
    with fault:
        yield
    server.wait()


def _waits_at_the_gate(flow: Engine) -> bool:
    with flow.connect() as connection:
        waiting = connection.execute(
            text("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted")
        )
        return waiting.scalar_one() > 0
