"""The client that conversation tests use behaves like a borrower at the page."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from rasa.core.channels.channel import UserMessage

from bot.channels.web import Settings
from casestore import outbox
from tests.bot.channels.harness import RunningWeb
from tests.support.chat import Chat, ChatFailed


@pytest.fixture
def settings() -> Settings:
    return Settings(demo=True)


@pytest_asyncio.fixture
async def chat(web: RunningWeb) -> AsyncIterator[Chat]:
    chat = await asyncio.to_thread(Chat, web.base_url, "en", seconds=10.0)
    yield chat
    await asyncio.to_thread(chat.close)


async def test_it_opens_with_the_greeting(chat: Chat) -> None:
    assert chat.greeting.texts == ["Hello, I am software."]
    assert [button["title"] for button in chat.greeting.buttons] == ["I lost my job"]


async def test_it_says_presses_and_switches(chat: Chat) -> None:
    assert (await asyncio.to_thread(chat.say, "hello")).text == "echo hello"
    assert (await asyncio.to_thread(chat.press, "I lost my job")).text == "echo /report_hardship"
    assert "zh" in (await asyncio.to_thread(chat.switch, "zh")).text


async def test_a_refusal_is_a_reply_with_its_reason(chat: Chat) -> None:
    reply = await asyncio.to_thread(chat.say, "x" * 2001)
    assert reply.refused == "too_long"
    assert "too long" in reply.text


async def test_it_reads_the_newest_code(chat: Chat, web: RunningWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_DEMO", "1")
    outbox.put(web.store, "+8613800138000", "111111", "en")
    outbox.put(web.store, "+8613800138001", "222222", "en")
    assert await asyncio.to_thread(chat.code) == "222222"
    assert await asyncio.to_thread(chat.code, "+8613800138000") == "111111"


async def test_a_missing_button_fails_with_those_there_are(chat: Chat) -> None:
    with pytest.raises(ChatFailed, match="offered: I lost my job"):
        await asyncio.to_thread(chat.press, "Pay everything")


async def test_silence_fails_with_the_conversation_so_far(web: RunningWeb) -> None:
    async def never(message: UserMessage) -> None:
        await asyncio.Event().wait()

    chat = await asyncio.to_thread(Chat, web.base_url, "en", seconds=10.0)
    web.bot.answer, chat._seconds = never, 0.2
    with pytest.raises(ChatFailed, match="bot: Hello, I am software"):
        await asyncio.to_thread(chat.say, "hello")
    chat._seconds = 10.0
    await asyncio.to_thread(chat.close)


async def test_a_wrong_token_fails_at_once(web: RunningWeb) -> None:
    with pytest.raises(ChatFailed, match="did not open"):
        await asyncio.to_thread(Chat, web.base_url, "en", "a.b.c")
