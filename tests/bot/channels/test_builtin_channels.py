"""Telegram and Slack: what their servers send is heard once, and answered in our words."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

import pytest
from rasa.shared.core.domain import Domain

from bot.channels import sent
from bot.channels import slack as slack_channel
from bot.channels.answers import Outgoing
from bot.channels.limits import UnknownSetting
from bot.channels.messaging import PersonPush
from bot.channels.record import button_id
from bot.channels.slack import SlackChannel, SlackSender
from bot.channels.telegram import TelegramChannel
from bot.channels.wording import wording
from casestore import addresses, desk, handoffs, kept_answers, person_messages
from casestore.kept_answers import Turn
from casestore.store import CaseStore
from hardship.policy import load_policy
from tests.bot.channels.chat_servers import (
    CHAT,
    DIRECT,
    SLACK_TOKEN,
    TELEGRAM_ADDRESS,
    TELEGRAM_TOKEN,
    Slack,
    Telegram,
    click,
    event,
    happen,
    press,
    slack,
    telegram,
    telegram_at,
    tell,
    update,
    wait,
)
from tests.bot.channels.harness import Clock, PlayedBot
from tests.bot.channels.serving import refusal, serving

JOB = button_id("/report_hardship")
GREETING = "Hello, I am software."


@pytest.fixture
def bot() -> PlayedBot:
    return PlayedBot()


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the channel was asked to wait; it goes on at once."""
    seconds: list[float] = []

    async def pause(asked: float) -> None:
        seconds.append(asked)

    real = sent.SentAnswers.__init__
    monkeypatch.setattr(sent.SentAnswers, "__init__", lambda *args: real(*args[:-1], pause))
    return seconds


class Bot:
    """The running channel, and the service that it sends to."""

    def __init__(self, url: str, service: Any, store: CaseStore) -> None:
        self.url, self.service, self._store = url, service, store

    async def update(self, told: Any) -> None:
        """Telegram delivers an update, and its answer is over."""
        assert await tell(self.url, told, self.service.webhook["secret_token"]) == (200, "success")

    async def read(self, *texts: str) -> None:
        """Wait until exactly this was sent."""
        while self.service.texts != list(texts):
            assert len(self.service.texts) <= len(texts), self.service.texts
            await asyncio.sleep(0.01)

    async def until_kept(self, channel: str, address: str, number: str) -> None:
        """Wait until the answer to this message lies in the store."""
        turn = Turn(addresses.session_for(self._store, channel, address), number)
        look = partial(kept_answers.look, self._store, turn)
        while (state := await asyncio.to_thread(look)).is_settled or not state.is_ready:
            await asyncio.sleep(0.01)


@asynccontextmanager
async def on_telegram(store: CaseStore, bot: PlayedBot) -> AsyncIterator[Bot]:
    async with Telegram() as service:
        with telegram_at(service.url):
            async with serving(telegram(store), bot) as url:
                yield Bot(url, service, store)


@asynccontextmanager
async def in_slack(store: CaseStore, bot: PlayedBot, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Bot]:
    async with Slack(monkeypatch) as service, serving(slack(store), bot) as url:
        yield Bot(url, service, store)


async def test_who_opens_the_chat_on_telegram_is_greeted_and_presses_a_button(
    store: CaseStore, bot: PlayedBot
) -> None:
    async with on_telegram(store, bot) as running:
        assert running.service.webhook["url"] == TELEGRAM_ADDRESS
        await running.update(update("/start", 1))
        await running.read(GREETING)
        assert running.service.buttons() == [{"text": "I lost my job", "callback_data": JOB}]
        await running.update(press(JOB, "I lost my job", 2))
        await running.update(update(" /accept_offer", 3))
        await running.read(GREETING, "echo /report_hardship", "echo accept_offer")
    assert bot.texts == ['/greet{"language": "en"}', "/report_hardship", "accept_offer"]
    assert running.service.answered == ["4382bfdwdsb323b2d9"]
    assert str(CHAT) not in bot.heard[0].sender_id


async def test_a_button_that_was_never_offered_is_heard_as_the_words_on_it(
    store: CaseStore, bot: PlayedBot
) -> None:
    async with on_telegram(store, bot) as running:
        await running.update(press('/affirm{"amount": 1}', "Yes, for one yuan"))
        await running.read("echo Yes, for one yuan")


async def test_an_update_that_telegram_sends_again_is_answered_once(store: CaseStore, bot: PlayedBot) -> None:
    async with on_telegram(store, bot) as running:
        for _ in range(2):
            await running.update(update("I lost my job"))
        await running.update(update("and my flat", 10001))
        await running.read("echo I lost my job", "echo and my flat")


async def test_who_does_not_know_telegrams_secret_reaches_nobody(store: CaseStore, bot: PlayedBot) -> None:
    async with on_telegram(store, bot) as running:
        secret = running.service.webhook["secret_token"]
        for known in (None, "", "ü", "guessed", TELEGRAM_TOKEN):
            assert await tell(running.url, update("I accept"), known) == (403, refusal("forged"))
        for told in ("", "[]", "no json", '{"update_id": "1"}'):
            assert await tell(running.url, told, secret) == (400, refusal("malformed"))
    assert bot.heard == []


async def test_in_a_group_nobody_reads_about_a_borrowers_debts(
    store: CaseStore, bot: PlayedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_telegram(store, bot) as running:
        await running.update(update("what do I owe", kind="group"))
        await running.update({"update_id": 5, "my_chat_member": {}})
    async with in_slack(store, bot, monkeypatch) as running:
        assert await happen(running.url, event("what do I owe", kind="channel")) == 200
    assert bot.heard == []


async def test_a_picture_gets_a_helpful_answer(store: CaseStore, bot: PlayedBot) -> None:
    async with on_telegram(store, bot) as running:
        photo = [{"file_id": "A", "file_unique_id": "B", "width": 90, "height": 90}]
        await running.update(update("", photo=photo))
        await running.read(wording("utter_refused_no_text", "zh"))


async def test_an_answer_waits_as_long_as_the_service_asks(
    store: CaseStore, bot: PlayedBot, waited: list[float], monkeypatch: pytest.MonkeyPatch
) -> None:
    async with on_telegram(store, bot) as running:
        running.service.refusals = [wait(3), wait(7)]
        await running.update(update("I lost my job"))
        await running.read("echo I lost my job")
    async with in_slack(store, bot, monkeypatch) as running:
        running.service.refusals = [(429, {"Retry-After": "11"}, "ratelimited")]
        await happen(running.url, event("I lost my job"))
        await running.read("echo I lost my job")
    assert waited == [3, 7, 11]


BLOCKED = {"error_code": 403, "description": "Forbidden: bot was blocked by the user"}


@pytest.mark.parametrize("refused", [wait(600), BLOCKED])
async def test_an_answer_that_is_not_taken_comes_before_the_next(
    store: CaseStore, bot: PlayedBot, refused: dict[str, Any]
) -> None:
    async with on_telegram(store, bot) as running:
        running.service.refusals = [refused]
        await running.update(update("I lost my job", 1))
        await running.until_kept("telegram", str(CHAT), "1")
        await running.update(update("and my flat", 2))
        await running.read("echo I lost my job", "echo and my flat")


async def test_a_persons_message_is_sent_once_the_service_takes_messages_again(
    store: CaseStore, clock: Clock
) -> None:
    async with Telegram() as service:
        with telegram_at(service.url):
            session_id = addresses.session_for(store, "telegram", str(CHAT))
            reference = handoffs.request(
                store, session_id, "asked_for_person", load_policy("policies/cn.yml")
            ).reference
            desk.take(store, reference, "Chen")
            (joined,) = person_messages.recent(store, "telegram", clock())
            sender = await asyncio.to_thread(telegram(store).get_output_channel)
            push = PersonPush(store, "telegram", partial(_send, sender))
            service.refusals = [wait(600)]
            assert await push.send_next()
            clock.forward(minutes=9)
            assert not await push.send_next()
            clock.forward(minutes=1)
            assert await push.send_next()
            await sender.close()
    assert service.texts == [wording("utter_person_joined", str(joined.body.get("lang", "zh")))]


async def _send(sender: Any, address: str, texts: list[str]) -> None:
    for text in texts:
        await sender.deliver(address, Outgoing(text, text))


async def test_danger_is_answered_with_whom_to_call_while_the_turn_still_waits(
    store: CaseStore, bot: PlayedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.channels.danger.IN_TIME_SECONDS", 0.0)
    go_on = asyncio.Event()

    async def slow(message: Any) -> None:
        await go_on.wait()
        await message.output_channel.send_response(message.sender_id, {"text": "I am with you."})

    bot.answer = slow
    async with on_telegram(store, bot) as running:
        telling = asyncio.ensure_future(running.update(update("I want to kill myself")))
        while not running.service.texts:
            await asyncio.sleep(0.01)
        assert "12356" in running.service.texts[0]
        go_on.set()
        await telling
        await running.read(running.service.texts[0], "I am with you.")


async def test_what_is_typed_and_pressed_in_slack_is_answered(
    store: CaseStore, bot: PlayedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def greets(message: Any) -> None:
        buttons = [{"title": "I lost my job", "payload": "/report_hardship"}]
        await message.output_channel.send_response(message.sender_id, {"text": "A & B", "buttons": buttons})

    bot.answer = greets
    async with in_slack(store, bot, monkeypatch) as running:
        assert await happen(running.url, event("I accept"), secret="forged") == 400
        assert await happen(running.url, event(" /accept_offer")) == 200
        await running.read("A &amp; B")
        assert [each["value"] for each in running.service.buttons()] == [JOB]
        assert await happen(running.url, click(JOB, "I lost my job")) == 200
        # Slack asks again when it was not answered within three seconds.
        assert await happen(running.url, event(" /accept_offer")) == 200
        assert await happen(running.url, event("thanks", "Ev2")) == 200
        await running.read(*["A &amp; B"] * 3)
    assert bot.texts == ["accept_offer", "/report_hardship", "thanks"]
    assert {each["channel"] for each in running.service.sent} == {DIRECT}


async def test_slack_takes_every_button_of_every_fixed_response(monkeypatch: pytest.MonkeyPatch) -> None:
    responses = Domain.load(["domain.yml", "data/responses"]).responses
    variants = [variant for variants in responses.values() for variant in variants if variant.get("buttons")]
    assert max(len(each["buttons"]) for each in variants) > 5
    async with Slack(monkeypatch) as service:
        sender = SlackSender(slack_channel.AsyncWebClient(SLACK_TOKEN))
        for variant in variants:
            await sender.deliver(DIRECT, Outgoing(variant["text"], "", variant["buttons"]))
            pressed = [each["value"] for each in service.buttons()]
            assert pressed == [button_id(each["payload"]) for each in variant["buttons"]]


def test_long_messages_come_in_parts_with_the_buttons_below_the_last() -> None:
    bodies = [{"text": "word " * 30, "buttons": [{"title": "Yes", "payload": "/affirm"}]}]
    *parts, last = sent.outgoing_of(bodies, 100)
    assert parts and all(len(each.text) <= 100 and not each.buttons for each in parts)
    assert last.buttons and " ".join(each.text for each in (*parts, last)).split() == ["word"] * 30


@pytest.mark.parametrize(
    ("channel", "settings"),
    [
        (TelegramChannel, {"access_token": TELEGRAM_TOKEN, "webhook_url": TELEGRAM_ADDRESS, "verfiy": "bot"}),
        (SlackChannel, {"slack_token": SLACK_TOKEN, "slack_signing_secret": "s", "slack_channel": "#all"}),
    ],
)
def test_a_setting_that_does_not_exist_is_named(channel: Any, settings: dict[str, str]) -> None:
    with pytest.raises(UnknownSetting, match=list(settings)[-1]):
        channel.from_credentials(settings)
