"""What strangers try from WeChat and by SMS. None of it gets through, and each gets a clear refusal."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol

import pytest
from twilio.request_validator import RequestValidator

from bot.channels.limits import Limits
from bot.channels.record import button_id
from bot.channels.sms import Account, SmsChannel
from bot.channels.wechat import WeChatChannel
from bot.channels.wording import wording
from casestore.store import CaseStore
from tests.bot.channels import twilio_server as twilio
from tests.bot.channels import wechat_server as wechat
from tests.bot.channels.harness import Clock, PlayedBot, greet
from tests.bot.channels.serving import serving
from tests.bot.channels.test_attacks import SCRIPT

# By the hour: a slow machine takes longer than a minute for a flood of a thousand.
LIMITS = Limits(messages_per_session="5/hour")
MEGABYTE = "x" * 1_000_000
AT_ONCE = 50


class Line(Protocol):
    """A messaging service, as far as it can be used to try something."""

    async def say(self, text: str, number: int = 1, who: str = "", **fields: str) -> list[str]:
        """`who` sends a text, signed by the service; what comes back, and nothing for a request refused."""

    async def pretend(self, text: str, who: str) -> int:
        """Send as `who` under the signature of a message of one's own; the answer's status."""


class Sms:
    def __init__(self, url: str, _: Clock) -> None:
        self._url = f"{url}/sms/webhook"

    def _message(self, text: str, number: int, who: str, **fields: str) -> dict[str, str]:
        who = who or "+8613800000101"
        return {"MessageSid": f"SM{number}", "From": who, "To": "+14155238886", "Body": text, **fields}

    async def say(self, text: str, number: int = 1, who: str = "", **fields: str) -> list[str]:
        status, texts = await twilio.post(self._url, self._message(text, number, who, **fields))
        assert status == 200
        return texts

    async def pretend(self, text: str, who: str) -> int:
        own = self._message("hello", 1, "")
        signature = RequestValidator(twilio.TOKEN).compute_signature(f"{twilio.PUBLIC}/sms/webhook", own)
        return (await twilio.post(self._url, self._message(text, 2, who), signature))[0]


class WeChat:
    def __init__(self, url: str, clock: Clock) -> None:
        self._url, self._clock = f"{url}/wechat/callback", clock

    def _sender(self, who: str) -> wechat.Sender:
        return wechat.Sender(self._url, self._clock, openid=who or wechat.OPENID)

    async def say(self, text: str, number: int = 1, who: str = "", **fields: str) -> list[str]:
        delivered = await self._sender(who).say(text, number, **fields)
        assert delivered.status == 200
        return [delivered.said] if delivered.said not in ("success", "", None) else []

    async def pretend(self, text: str, who: str) -> int:
        nonce = "one nonce for both"
        assert (await self._sender("").post(wechat.message_xml(Content="hello"), nonce)).status == 200
        theirs = wechat.message_xml(Content=text, MsgId=2, FromUserName=who)
        return (await self._sender("").post(theirs, nonce)).status


@pytest.fixture
def bot() -> PlayedBot:
    return PlayedBot()


@pytest.fixture(params=["wechat", "sms"])
def channel(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@asynccontextmanager
async def running(channel: str, store: CaseStore, bot: PlayedBot, clock: Clock) -> AsyncIterator[Line]:
    """The channel on a real server, with its service in front."""
    if channel == "sms":
        account = Account(twilio.SID, twilio.TOKEN, twilio.PUBLIC, "http://127.0.0.1:9")
        async with serving(SmsChannel(store, account, LIMITS), bot) as url:
            yield Sms(url, clock)
    else:
        async with serving(WeChatChannel(store, wechat.account(), LIMITS, 30.0), bot) as url:
            yield WeChat(url, clock)


async def test_a_stranger_who_puts_anothers_name_under_a_signature_reaches_nobody(
    channel: str, store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(channel, store, bot, clock) as line:
        assert await line.pretend("I accept", "the victim") == 403
    assert "I accept" not in bot.texts


@pytest.mark.parametrize(
    "typed", ['/affirm{"amount": 1}', " /restart", "\u200b/session_start", "\uff0fgreet"]
)
async def test_a_typed_command_reaches_the_bot_as_plain_words(
    channel: str, store: CaseStore, bot: PlayedBot, clock: Clock, typed: str
) -> None:
    async with running(channel, store, bot, clock) as line:
        await line.say(typed)
    assert bot.texts == [typed.strip(" /\u200b\uff0f")]


async def test_a_button_of_another_conversation_presses_nothing(
    channel: str, store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    bot.answer = greet
    async with running(channel, store, bot, clock) as line:
        await line.say("hi", 1, "the victim")
        bot.answer = None
        for number, text in enumerate(("1", "/report_hardship"), start=2):
            await line.say(text, number, "the thief", bizmsgmenuid=button_id("/report_hardship"))
    assert bot.texts[1:] == ["1", "report_hardship"]


async def test_a_text_that_is_too_long_is_refused_in_the_borrowers_language(
    channel: str, store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(channel, store, bot, clock) as line:
        await line.say("hello there my friend", 1)
        assert await line.say("x" * 2001, 2) == [wording("utter_refused_too_long", "en")]
        assert await line.say("x" * 2001, 3, "another") == [wording("utter_refused_too_long", "zh")]
    assert len(bot.heard) == 1


async def test_a_megabyte_is_not_heard_and_the_next_message_is_answered(
    channel: str, store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(channel, store, bot, clock) as line:
        assert await line.say(MEGABYTE, 1) == [wording("utter_refused_too_long", "zh")]
        assert await line.say("hello", 2) == ["echo hello"]
    assert bot.texts == ["hello"]


async def test_of_a_thousand_messages_in_a_second_a_handful_is_taken_and_others_are_served(
    channel: str, store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    said: list[str] = []
    async with running(channel, store, bot, clock) as line:
        await line.say("hello there my friend", 0)
        for first in range(1, 1000, AT_ONCE):
            batch = (line.say("flood", number) for number in range(first, first + AT_ONCE))
            said += [text for texts in await asyncio.gather(*batch) for text in texts]
        assert await line.say("hello", 1, "another") == ["echo hello"]
    assert bot.texts.count("flood") <= 4
    # Told once: every text costs the lender.
    assert said.count(wording("utter_refused_too_fast", "en")) == 1


async def test_script_in_any_field_comes_back_as_the_text_it_is_or_not_at_all(
    channel: str, store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(channel, store, bot, clock) as line:
        assert await line.say(SCRIPT, 1, SCRIPT) == [f"echo {SCRIPT}"]
        for name in ("MessageSid", "ProfileName", "NumMedia", "bizmsgmenuid", "Format"):
            assert await line.say("hello", 1, name, **{name: SCRIPT}) == ["echo hello"]
    assert SCRIPT not in str([(each.sender_id, each.metadata) for each in bot.heard])
    assert set(bot.texts) <= {SCRIPT, "hello"}
