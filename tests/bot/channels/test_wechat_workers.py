"""WeChat's retries reach whichever worker is there, and a server that has restarted meanwhile."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from casestore import kept_answers, migrations
from casestore.keys import demo_keys
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock, PlayedBot
from tests.bot.channels.test_wechat import AT_ONCE, IN_TIME, SlowBot, pushes_are_over, running
from tests.bot.channels.wechat_server import Sender, WeChatApi
from tests.support.postgres import PostgresServer, postgres  # noqa: F401  the fixture

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database, once per kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'respite.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"wechat_{uuid.uuid4().hex}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture
def stores(url: str, clock: Clock) -> Iterator[list[CaseStore]]:
    """What two workers have open of the same store."""
    stores = [CaseStore.open(url, demo_keys(), clock) for _ in range(2)]
    migrations.migrate(stores[0])
    yield stores
    for store in stores:
        store.close()


@pytest.fixture
def one_store(store: CaseStore) -> list[CaseStore]:
    """The same for what does not depend on the kind of database."""
    return [store, store]


def lies_in(store: CaseStore) -> list[tuple[str | None, str | None]]:
    """Answer and reply of each message, as they lie in the database."""
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT answer, reply FROM kept_answers ORDER BY number"))
        return [tuple(row) for row in rows]


async def crash() -> None:
    """What the workers are at ends without a word."""
    working = [task for task in asyncio.all_tasks() if "Answers._work" in repr(task.get_coro())]
    for task in working:
        task.cancel()
    await asyncio.wait(working, timeout=30)


async def test_a_retry_at_another_worker_gets_the_answer_of_the_first(
    stores: list[CaseStore], clock: Clock
) -> None:
    bot, other = SlowBot(), PlayedBot()
    async with WeChatApi() as api:
        api.rights = False
        first = running(stores[0], bot, AT_ONCE, api.url)
        second = running(stores[1], other, IN_TIME, api.url)
        async with first as here, second as there:
            bot.go_on.set()
            await Sender(here, clock).say("one", 1)
            await pushes_are_over()
            bot.go_on.clear()
            asked = asyncio.ensure_future(Sender(here, clock).say("two", 2))
            while len(bot.heard) < 2:
                await asyncio.sleep(0.01)
            asked.cancel()
            retry = asyncio.ensure_future(Sender(there, clock).say("two", 2))
            bot.go_on.set()
            # What was ready too late the first time comes with it.
            assert (await retry).said == "echo one\n\necho two"
    assert bot.texts == ["one", "two"] and other.heard == []


async def test_a_message_that_two_workers_get_at_once_is_one_turn(
    stores: list[CaseStore], clock: Clock
) -> None:
    bot = PlayedBot()
    async with running(stores[0], bot) as here, running(stores[1], bot) as there:
        both = await asyncio.gather(*(Sender(url, clock).say("hello") for url in (here, there)))
    assert [each.said for each in both] == ["echo hello", "echo hello"]
    assert bot.texts == ["hello"]


async def test_an_answer_kept_before_a_restart_comes_with_the_next(
    stores: list[CaseStore], clock: Clock
) -> None:
    bot = SlowBot()
    bot.go_on.set()
    async with WeChatApi() as api:
        api.rights = False
        async with running(stores[0], bot, AT_ONCE, api.url) as url:
            await Sender(url, clock).say("one", 1)
            await pushes_are_over()
        async with running(stores[1], PlayedBot()) as url:
            assert (await Sender(url, clock).say("two", 2)).said == "echo one\n\necho two"
            assert (await Sender(url, clock).say("three", 3)).said == "echo three"


async def test_the_retry_after_a_crash_is_answered_by_who_is_there(
    one_store: list[CaseStore], clock: Clock
) -> None:
    never, bot = SlowBot(), PlayedBot()
    async with running(one_store[0], never, IN_TIME) as url:
        asked = asyncio.ensure_future(Sender(url, clock).say("hello"))
        while not never.heard:
            await asyncio.sleep(0.01)
        await crash()
        await asked
    clock.forward(seconds=5)
    async with running(one_store[1], bot) as url:
        assert (await Sender(url, clock).say("hello")).said == "echo hello"


async def test_what_is_kept_lies_encrypted_and_is_gone_once_told(store: CaseStore, clock: Clock) -> None:
    bot = SlowBot("Your income is 8000.")
    bot.go_on.set()
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        api.rights = False
        await Sender(url, clock).say("one", 1)
        await pushes_are_over()
        ((kept, replied),) = lies_in(store)
        assert kept and "8000" not in kept and replied is None
    async with running(store, PlayedBot()) as url:
        assert (await Sender(url, clock).say("two", 2)).said == "Your income is 8000.\n\necho two"
    (first, (_, replied)) = lies_in(store)
    assert first == (None, None) and replied and "8000" not in replied
    clock.forward(minutes=3)
    kept_answers.erase_due(store)
    assert lies_in(store) == [(None, None), (None, None)]


async def test_what_nobody_asks_for_is_gone_after_two_days(store: CaseStore, clock: Clock) -> None:
    bot = SlowBot()
    bot.go_on.set()
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        api.rights = False
        await Sender(url, clock).say("one", 1)
        await pushes_are_over()
    clock.forward(hours=49)
    async with running(store, PlayedBot()) as url:
        assert (await Sender(url, clock).say("two", 2)).said == "echo two"
        while lies_in(store)[0] != (None, None):
            await asyncio.sleep(0.01)
