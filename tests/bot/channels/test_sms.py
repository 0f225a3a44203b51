"""SMS and WhatsApp: only what Twilio has signed gets in, and answers go back in the form Twilio takes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from rasa.core.channels.channel import UserMessage
from twilio.request_validator import RequestValidator

from bot.channels import sms
from bot.channels.limits import Limits
from bot.channels.sms import Account, SmsChannel, SmsMisconfigured, SmsNotSent, account_from, text_parts
from bot.channels.wording import wording
from casestore import addresses, kept_answers, messages
from casestore.kept_answers import Turn
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock, PlayedBot, greet
from tests.bot.channels.serving import refusal, serving
from tests.bot.channels.twilio_server import PUBLIC, SID, TOKEN, Twilio, hang_up, post

MESSAGE = {
    "MessageSid": "SM01",
    "From": "+8613800000101",
    "To": "+14155238886",
    "Body": "hello",
    "NumMedia": "0",
}


@asynccontextmanager
async def running(store: CaseStore, bot: PlayedBot, account: Account) -> AsyncIterator[str]:
    """A server with the channel as Rasa registers it; its address."""
    async with serving(SmsChannel(store, account, Limits()), bot) as url:
        yield f"{url}/sms/webhook"


@pytest.fixture
def bot() -> PlayedBot:
    return PlayedBot()


def account(api: str = "http://127.0.0.1:9") -> Account:
    return Account(SID, TOKEN, PUBLIC, api)


async def test_a_signed_message_is_answered(store: CaseStore, bot: PlayedBot) -> None:
    async with running(store, bot, account()) as url:
        assert await post(url, MESSAGE) == (200, ["echo hello"])
    assert MESSAGE["From"] not in bot.heard[0].sender_id


async def test_a_whatsapp_message_with_marks_in_it_is_answered(store: CaseStore, bot: PlayedBot) -> None:
    message = {**MESSAGE, "From": "whatsapp:+8613800000101", "Body": "失业了 & <broke> 😞"}
    async with running(store, bot, account()) as url:
        assert await post(url, message) == (200, ["echo 失业了 & <broke> 😞"])


async def test_a_message_that_twilio_did_not_sign_reaches_nobody(store: CaseStore, bot: PlayedBot) -> None:
    other = RequestValidator("another token").compute_signature(f"{PUBLIC}/sms/webhook", MESSAGE)
    elsewhere = RequestValidator(TOKEN).compute_signature("https://evil.example/sms/webhook", MESSAGE)
    good = RequestValidator(TOKEN).compute_signature(f"{PUBLIC}/sms/webhook", MESSAGE)
    async with running(store, bot, account()) as url:
        for signature in ("", "ü", other, elsewhere):
            assert await post(url, MESSAGE, signature) == (403, [refusal("forged")])
        assert await post(url, {**MESSAGE, "Body": "I accept"}, good) == (403, [refusal("forged")])
    assert bot.heard == []


async def test_what_is_no_message_is_refused_in_both_languages(store: CaseStore, bot: PlayedBot) -> None:
    async with running(store, bot, account()) as url:
        assert await post(url, {"From": MESSAGE["From"]}) == (400, [refusal("malformed")])
    assert bot.heard == []


async def test_a_message_that_twilio_sends_again_is_worked_on_once_and_gets_the_same_answer(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    """Twilio asks again when it could not read the answer. A repeat much later is nobody's lost answer."""
    async with running(store, bot, account()) as url:
        assert await post(url, MESSAGE) == await post(url, MESSAGE) == (200, ["echo hello"])
        clock.forward(minutes=3)
        kept_answers.erase_due(store)
        assert await post(url, MESSAGE) == (200, [])
    assert len(bot.heard) == 1


async def test_an_answer_that_twilio_does_not_wait_for_is_sent_once(store: CaseStore, bot: PlayedBot) -> None:
    """Its connection breaks during the turn, and it asks again after the answer was sent."""
    heard, go_on = asyncio.Event(), asyncio.Event()

    async def slow(message: UserMessage) -> None:
        heard.set()
        await go_on.wait()
        await message.output_channel.send_response(message.sender_id, {"text": "Here is your plan."})

    bot.answer = slow
    async with Twilio() as twilio, running(store, bot, account(twilio.url)) as url:
        await hang_up(url, MESSAGE, heard)
        go_on.set()
        await asyncio.wait_for(twilio.came.wait(), 30)
        assert await post(url, MESSAGE) == (200, [])
        assert [each["Body"] for each in twilio.sent] == ["Here is your plan."]


async def test_a_late_answer_that_twilio_does_not_take_comes_before_the_next(
    store: CaseStore, bot: PlayedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "ANSWER_WITHIN_SECONDS", 0.0)
    async with running(store, bot, account()) as url:
        assert await post(url, MESSAGE) == (200, [])
        await until_kept(store)
    monkeypatch.undo()
    async with running(store, bot, account()) as url:
        assert await post(url, {**MESSAGE, "MessageSid": "SM02"}) == (200, ["echo hello", "echo hello"])


async def until_kept(store: CaseStore) -> None:
    """Wait until the answer lies in the store for the borrower's next message."""
    turn = Turn(addresses.session_for(store, "sms", f"{MESSAGE['From']} {MESSAGE['To']}"), "SM01")
    while (state := await asyncio.to_thread(kept_answers.look, store, turn)).is_settled or not state.is_ready:
        await asyncio.sleep(0.01)


async def test_buttons_come_as_numbers_and_a_number_presses_one(store: CaseStore, bot: PlayedBot) -> None:
    bot.answer = greet
    async with running(store, bot, account()) as url:
        assert (await post(url, MESSAGE))[1] == ["Hello, I am software.\nReply 1: I lost my job"]
        await post(url, {**MESSAGE, "MessageSid": "SM02", "Body": "1"})
    assert bot.texts[-1] == "/report_hardship"


async def test_a_picture_gets_a_helpful_answer(store: CaseStore, bot: PlayedBot) -> None:
    async with running(store, bot, account()) as url:
        told = {**MESSAGE, "Body": "", "NumMedia": "1"}
        assert await post(url, told) == (200, [wording("utter_refused_no_text", "zh")])
    assert bot.heard == []


async def test_an_answer_that_takes_long_is_sent_when_it_is_there(
    store: CaseStore, bot: PlayedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "ANSWER_WITHIN_SECONDS", 0.0)
    go_on = asyncio.Event()

    async def slow(message: UserMessage) -> None:
        await go_on.wait()
        await message.output_channel.send_response(message.sender_id, {"text": "Here is your plan."})

    bot.answer = slow
    async with Twilio() as twilio, running(store, bot, account(twilio.url)) as url:
        assert await post(url, MESSAGE) == (200, [])
        go_on.set()
        await asyncio.wait_for(twilio.came.wait(), 30)
        assert twilio.sent == [{"From": MESSAGE["To"], "To": MESSAGE["From"], "Body": "Here is your plan."}]
    session_id = addresses.session_for(store, "sms", f"{MESSAGE['From']} {MESSAGE['To']}")
    assert len(messages.after(store, session_id, 0, 9)) == 2


async def test_danger_is_answered_with_whom_to_call_and_later_with_what_else_there_is(
    store: CaseStore, bot: PlayedBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sms, "IN_TIME_SECONDS", 0.0)
    go_on = asyncio.Event()

    async def slow(message: UserMessage) -> None:
        await go_on.wait()
        await message.output_channel.send_response(message.sender_id, {"text": "I am with you."})

    bot.answer = slow
    async with Twilio() as twilio, running(store, bot, account(twilio.url)) as url:
        status, (whom_to_call,) = await post(url, {**MESSAGE, "Body": "I want to kill myself"})
        assert status == 200 and "12356" in whom_to_call
        go_on.set()
        await asyncio.wait_for(twilio.came.wait(), 30)
        assert [each["Body"] for each in twilio.sent] == ["I am with you."]


async def test_a_message_that_twilio_refuses_is_an_error_without_its_words(store: CaseStore) -> None:
    async with Twilio() as twilio:
        wrong = Account(SID, "old token", PUBLIC, twilio.url)
        with pytest.raises(SmsNotSent, match="status 401, code 20003"):
            await wrong.send("+8613800000101 +14155238886", ["secret words"])
        await account(twilio.url).send("+8613800000101 +14155238886", ["long " * 1000])
        assert len(twilio.sent) == 4


@pytest.mark.parametrize("text", ["", "short", "line\n" * 700, "word " * 900, "字" * 4000])
def test_parts_are_short_enough_and_lose_nothing(text: str) -> None:
    parts = text_parts(text)
    assert all(0 < len(part) <= 1600 for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@pytest.mark.parametrize("missing", ["RESPITE_TWILIO_SID", "RESPITE_TWILIO_TOKEN", "RESPITE_PUBLIC_URL"])
def test_a_setting_that_is_missing_is_named(missing: str) -> None:
    names = ("RESPITE_TWILIO_SID", "RESPITE_TWILIO_TOKEN", "RESPITE_PUBLIC_URL")
    settings: dict[str, Any] = {name: "x" for name in names if name != missing}
    with pytest.raises(SmsMisconfigured, match=missing):
        account_from(settings)
