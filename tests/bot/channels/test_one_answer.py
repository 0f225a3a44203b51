"""A message that is sent again has one answer, whole, whichever server it reaches."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.channels.limits import Limits
from bot.channels.messaging import Conversations
from bot.channels.web import Settings
from casestore import addresses, answering, messages, migrations, sessions
from casestore.answering import ABANDONED
from casestore.keys import demo_keys
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock, PlayedBot, RunningWeb, say
from tests.support.postgres import PostgresServer, postgres  # noqa: F401  the fixture

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
NUMBER = "+8613800000101"
TWICE = ["hello, one", "hello, two"]


class InTwo(PlayedBot):
    """A bot that answers with two messages; it stops between them until it may go on, or dies there."""

    def __init__(self) -> None:
        super().__init__()
        self.between, self.go_on, self.dies = asyncio.Event(), asyncio.Event(), False
        self.answer = self._answer

    async def _answer(self, message: UserMessage) -> None:
        await say(message, f"{message.text}, one")
        self.between.set()
        if self.dies:
            raise asyncio.CancelledError
        await self.go_on.wait()
        await say(message, f"{message.text}, two")

    @classmethod
    def quick(cls) -> InTwo:
        """One that does not stop."""
        bot = cls()
        bot.go_on.set()
        return bot


@pytest.fixture(params=BOTH)
def stores(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[list[CaseStore]]:
    """What two servers have open of the same store, once per kind of database."""
    name = f"answers_{uuid.uuid4().hex}"
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'answers.db'}"
    else:
        server: PostgresServer = request.getfixturevalue("postgres")
        url = server.create(name)
    stores = [CaseStore.open(url, demo_keys(), clock) for _ in range(2)]
    migrations.migrate(stores[0])
    yield stores
    for store in stores:
        store.close()
    if request.param != "sqlite":
        server.drop(name)


def said_by_bot(store: CaseStore, session_id: str) -> list[str]:
    return [each.body["text"] for each in messages.after(store, session_id, 0, 100) if each.author == "bot"]


def sms(store: CaseStore, bot: PlayedBot) -> Conversations:
    return Conversations(store, "sms", bot, Limits())


async def test_a_turn_broken_off_between_two_messages_is_finished_when_the_page_sends_again(
    web: RunningWeb,
) -> None:
    web.bot.answer = (bot := InTwo.quick()).answer
    bot.dies = True
    page = await web.open()
    await page.emit("say", {"id": "m1", "text": "hello"})
    await bot.between.wait()
    bot.dies = False
    assert [each["text"] for each in await page.say("hello", id="m1")][-1:] == ["hello, two"]
    assert said_by_bot(web.store, web.tokens.read(page.token).subject) == TWICE


async def test_a_page_that_was_loaded_anew_gets_the_rest_without_sending_anything(web: RunningWeb) -> None:
    web.bot.answer = (bot := InTwo.quick()).answer
    bot.dies = True
    page = await web.open()
    await page.emit("say", {"id": "m1", "text": "hello"})
    await bot.between.wait()
    await web.until_left(page)
    bot.dies = False
    again = await web.open(page.token)
    assert [each["text"] for each in await again.resumed(after=0, until=3)] == ["hello", *TWICE]


async def test_a_greeting_broken_off_between_two_messages_is_finished_when_the_page_is_back(
    web: RunningWeb,
) -> None:
    web.bot.answer = (bot := InTwo.quick()).answer
    bot.dies = True
    page = await web.open()
    await page.emit("start", {"language": "en"})
    await bot.between.wait()
    await web.until_left(page)
    bot.dies = False
    web.clock.forward(seconds=int(ABANDONED.total_seconds()))
    again = await web.open(page.token)
    (rest,) = await again.start("en")
    assert (rest["seq"], rest["text"].endswith("two")) == (2, True)
    subject = web.tokens.read(page.token).subject
    ended = [UserUttered("/greet", message_id="greeting")]
    await web.remembered.save(DialogueStateTracker.from_events(subject, ended))
    web.clock.forward(hours=1)
    assert await again.start("en") == [] and len(web.bot.heard) == 2


async def test_a_turn_that_rasa_remembers_is_not_run_again(web: RunningWeb) -> None:
    page = await web.open()
    subject = web.tokens.read(page.token).subject
    sessions.start(web.store, subject, "web")
    claim = answering.hear(web.store, subject, {"text": "hello"}, "m1").claim
    assert claim is not None
    answering.say(web.store, claim, {"text": "all there is"})
    heard = [UserUttered("hello", message_id=str(claim.seq))]
    await web.remembered.save(DialogueStateTracker.from_events(subject, heard))
    web.clock.forward(seconds=int(ABANDONED.total_seconds()))
    assert await page.say("hello", id="m1") == []
    assert web.bot.heard == [] and answering.left_open(web.store, subject) is None


async def test_a_page_that_changes_the_server_sees_the_answer_of_the_first(
    stores: list[CaseStore], clock: Clock
) -> None:
    async with (
        RunningWeb(stores[0], Settings(), clock) as here,
        RunningWeb(stores[1], Settings(), clock) as there,
    ):
        here.bot.answer = (bot := InTwo()).answer
        page = await here.open()
        await page.emit("say", {"id": "m1", "text": "hello"})
        await bot.between.wait()
        await here.until_left(page)
        again, loaded = await there.open(page.token), await there.open(page.token)
        sent = asyncio.ensure_future(again.say("hello", id="m1"))
        await loaded.emit("resume", {"after": 0})
        await loaded.until(lambda name, data: name == "message" and data["seq"] == 2)
        bot.go_on.set()
        assert [each["seq"] for each in await sent][-1] == 3
        await loaded.until(lambda name, data: name == "message" and data["seq"] == 3)
    assert there.bot.heard == [] and said_by_bot(stores[0], here.tokens.read(page.token).subject) == TWICE


async def test_a_page_whose_server_died_is_answered_by_the_other(
    stores: list[CaseStore], clock: Clock
) -> None:
    first, second = stores
    async with RunningWeb(second, Settings(), clock) as there:
        there.bot.answer = InTwo.quick().answer
        page = await there.open()
        subject = there.tokens.read(page.token).subject
        sessions.start(first, subject, "web")
        claim = answering.hear(first, subject, {"id": "m1", "text": "hello"}, "m1").claim
        assert claim is not None
        answering.say(first, claim, {"text": "hello, one", "lang": "en"})
        clock.forward(seconds=int(ABANDONED.total_seconds()))
        assert [each["text"] for each in await page.say("hello", id="m1")] == ["hello, two"]
    assert said_by_bot(first, subject) == TWICE


async def test_a_text_that_is_sent_again_to_another_server_is_answered_by_the_first(
    stores: list[CaseStore],
) -> None:
    bot, other = InTwo(), InTwo.quick()
    here, there = (sms(*pair) for pair in zip(stores, (bot, other), strict=True))
    first = asyncio.ensure_future(here.hear(NUMBER, "m1", "hello"))
    await bot.between.wait()
    again = asyncio.ensure_future(there.hear(NUMBER, "m1", "hello"))
    bot.go_on.set()
    assert (await first, await again) == (TWICE, []) and other.heard == []
    assert await there.hear(NUMBER, "m1", "hello") == []


async def test_a_text_whose_server_died_is_answered_whole_by_the_other(stores: list[CaseStore]) -> None:
    """What the first had to say was only stored: it would have gone out at the end."""
    bot, other = InTwo(), InTwo.quick()
    bot.dies = True
    here, there = (sms(*pair) for pair in zip(stores, (bot, other), strict=True))
    with suppress(asyncio.CancelledError):
        await here.hear(NUMBER, "m1", "hello")
    assert await there.hear(NUMBER, "m1", "hello") == TWICE
    assert said_by_bot(stores[0], addresses.id_for(stores[0], "sms", NUMBER)) == TWICE
