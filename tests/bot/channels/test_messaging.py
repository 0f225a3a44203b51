"""Messaging channels: a text becomes a turn, buttons become numbers, people's messages are pushed."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace

import pytest
from rasa.core.channels.channel import UserMessage

from bot.channels.limits import Limits
from bot.channels.messaging import Conversations, PersonPush
from bot.channels.wording import wording
from casestore import addresses, desk, desk_events, handoffs, messages, person_messages
from casestore.store import CaseStore
from hardship.policy import load_policy
from tests.bot.channels.harness import Clock, PlayedBot, greet, say

NUMBER = "+8613800000101"


@pytest.fixture
def bot() -> PlayedBot:
    return PlayedBot()


@pytest.fixture
def talk(store: CaseStore, bot: PlayedBot) -> Conversations:
    return Conversations(store, "sms", bot, Limits())


async def test_a_text_is_answered_and_both_are_recorded(
    talk: Conversations, store: CaseStore, bot: PlayedBot
) -> None:
    assert await talk.hear(NUMBER, "m1", "hello") == ["echo hello"]
    session_id = addresses.session_for(store, "sms", NUMBER)
    assert [each.author for each in messages.after(store, session_id, 0, 9)] == ["borrower", "bot"]
    assert bot.heard[0].sender_id == session_id and NUMBER not in session_id
    assert bot.heard[0].input_channel == "sms"


async def test_a_message_delivered_twice_is_answered_once(talk: Conversations, bot: PlayedBot) -> None:
    await talk.hear(NUMBER, "m1", "hello")
    assert await talk.hear(NUMBER, "m1", "hello") == []
    assert len(bot.heard) == 1


async def test_buttons_are_numbered_and_a_number_presses_one(talk: Conversations, bot: PlayedBot) -> None:
    async def answer(message: UserMessage) -> None:
        await greet(message)
        buttons = [{"title": "A person", "payload": "/request_human"}]
        await say(message, "Or:", buttons=buttons)

    bot.answer = answer
    assert await talk.hear(NUMBER, "m1", "hi") == [
        "Hello, I am software.\nReply 1: I lost my job",
        "Or:\nReply 2: A person",
    ]
    await talk.hear(NUMBER, "m2", "2")
    assert bot.texts[-1] == "/request_human"


async def test_a_pressed_number_that_was_left_unanswered_still_presses_when_it_is_sent_again(
    talk: Conversations, bot: PlayedBot
) -> None:
    async def never(_: UserMessage) -> None:
        raise asyncio.CancelledError

    bot.answer = greet
    await talk.hear(NUMBER, "m1", "hi")
    bot.answer = never
    with suppress(asyncio.CancelledError):
        await talk.hear(NUMBER, "m2", "1")
    bot.answer = greet
    await talk.hear(NUMBER, "m2", "1")
    assert bot.texts[1:] == ["/report_hardship", "/report_hardship"]


async def test_a_number_that_no_button_has_is_what_it_is(talk: Conversations, bot: PlayedBot) -> None:
    bot.answer = greet
    await talk.hear(NUMBER, "m1", "hi")
    for number, text in enumerate(("0", "2", "99", "６", "1.")):
        await talk.hear(NUMBER, f"n{number}", text)
    assert bot.texts[1:] == ["0", "2", "99", "６", "1."]


async def test_a_typed_command_is_plain_words(talk: Conversations, bot: PlayedBot) -> None:
    await talk.hear(NUMBER, "m1", '/accept_offer{"option_number": 1}')
    assert bot.texts == ['accept_offer{"option_number": 1}']


async def test_a_failing_bot_apologises(talk: Conversations, bot: PlayedBot) -> None:
    async def fail(_: UserMessage) -> None:
        raise RuntimeError("no words of the borrower in the log")

    bot.answer = fail
    assert await talk.hear(NUMBER, "m1", "hello") == [wording("utter_technical_problem", "zh")]


async def test_danger_told_to_a_failing_bot_is_answered_with_whom_to_call(
    talk: Conversations, bot: PlayedBot
) -> None:
    async def fail(_: UserMessage) -> None:
        raise RuntimeError

    bot.answer = fail
    (said,) = await talk.hear(NUMBER, "m1", "我不想活了")
    assert "12356" in said and "110" in said


async def test_danger_in_a_text_that_is_too_long_is_answered_with_whom_to_call(
    talk: Conversations, bot: PlayedBot
) -> None:
    (said,) = await talk.hear(NUMBER, "m1", "x " * 5000 + "我不想活了")
    assert "12356" in said and bot.heard == []


async def test_a_text_that_is_too_long_is_refused_in_words(talk: Conversations, bot: PlayedBot) -> None:
    assert await talk.hear(NUMBER, "m1", "x" * 2001) == [wording("utter_refused_too_long", "zh")]
    assert bot.heard == []


async def test_a_message_delivered_twice_reaches_the_desk_once(store: CaseStore, bot: PlayedBot) -> None:
    connected = replace(store, desk=True)
    talk = Conversations(connected, "sms", bot, Limits())
    session_id = addresses.session_for(store, "sms", NUMBER)
    handoff = handoffs.request(store, session_id, "asked_for_person", load_policy("policies/cn.yml"))
    desk.take(store, handoff.reference, "Chen Jing")
    for message_id in ("m1", "m1", "m2"):
        assert await talk.hear(NUMBER, message_id, "are you there?") == []
    assert desk_events.waiting(connected) == 2
    assert [each.author for each in messages.after(store, session_id, 0, 9)].count("borrower") == 2


async def test_the_bot_is_silent_while_a_person_writes_and_their_texts_are_sent(
    talk: Conversations, store: CaseStore, clock: Clock
) -> None:
    await talk.hear(NUMBER, "m1", "hello there my friend")
    session_id = addresses.session_for(store, "sms", NUMBER)
    handoff = handoffs.request(store, session_id, "asked_for_person", load_policy("policies/cn.yml"))
    desk.take(store, handoff.reference, "Chen Jing")
    desk.answer(store, handoff.reference, "Chen Jing", "Hello.")
    assert await talk.hear(NUMBER, "m2", "thank you") == []
    sent: list[tuple[str, list[str]]] = []

    async def send(address: str, texts: list[str]) -> None:
        if not sent:
            sent.append((address, ["not taken"]))
            raise ConnectionError
        sent.append((address, texts))

    push = PersonPush(store, "sms", send)
    assert await push.send_next() and not await push.send_next()
    clock.forward(minutes=1)
    while await push.send_next():
        pass
    assert sent[1:] == [(NUMBER, [wording("utter_person_joined", "en")]), (NUMBER, ["Hello."])]
    assert person_messages.undelivered(store, session_id) == frozenset()
