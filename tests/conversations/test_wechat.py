"""In a WeChat Official Account: follows it, types numbers and words, gets through consent and identity."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
import pytest_asyncio
import requests

from casestore import addresses, sessions
from casestore.clock import utc_now
from tests.bot.channels.wechat_server import (
    AES_KEY,
    APPID,
    OPENID,
    SECRET,
    TOKEN,
    Delivered,
    Sender,
    WeChatApi,
    Wechatpy,
)
from tests.conversations import people, steps
from tests.conversations.people import Person
from tests.support.stack import Stack

WITH_WECHAT = "bot.channels.web.WebChannel: {}\nbot.channels.wechat.WeChatChannel: {}\n"


@dataclass
class Borrower:
    """A borrower's WeChat: what is typed, and what is shown, whether replied or pushed."""

    sender: Sender
    api: WeChatApi
    _numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    async def follow(self) -> str:
        """Follow the account and read its greeting."""
        return await self._read(await self.sender.happen("subscribe"))

    async def say(self, text: str) -> str:
        """Type something and read the answer."""
        return await self._read(await self.sender.say(text, next(self._numbers)))

    async def _read(self, delivered: Delivered) -> str:
        if delivered.said != "success":
            return delivered.said or ""
        # A slow machine needs longer than WeChat waits; the answer is pushed then.
        await asyncio.wait_for(self.api.came.wait(), 60)
        self.api.came.clear()
        pushed, self.api.sent[:] = self.api.contents, []
        return "\n".join(pushed)


@contextmanager
def with_wechat(folder: Path, api: str) -> Iterator[Stack]:
    """The bot, with the channel switched on as docs/channels.md says."""
    credentials = folder / "credentials.yml"
    credentials.write_text(WITH_WECHAT)
    settings = {
        "RESPITE_WECHAT_APPID": APPID,
        "RESPITE_WECHAT_SECRET": SECRET,
        "RESPITE_WECHAT_TOKEN": TOKEN,
        "RESPITE_WECHAT_AES_KEY": AES_KEY,
        "RESPITE_WECHAT_API": api,
    }
    with Stack(settings=settings, credentials=credentials) as stack:
        yield stack


@pytest_asyncio.fixture
async def api() -> AsyncIterator[WeChatApi]:
    async with WeChatApi() as api:
        yield api


@pytest.mark.conversation
async def test_gets_through_consent_and_identity_in_wechat(api: WeChatApi, tmp_path: Path) -> None:
    words = steps.WORDS["zh"]
    with with_wechat(tmp_path, api.url) as stack:
        person = people.invent(stack.store, tmp_path, stack.today)
        borrower = Borrower(Sender(f"{stack.base_url}/wechat/callback", utc_now, Wechatpy()), api)
        assert "回复1：" in await borrower.follow()
        assert "回复1：同意" in await borrower.say(words.lost_job)
        session_id = addresses.session_for(stack.store, "wechat", OPENID)
        assert "手机号" in await borrower.say("1")
        await borrower.say(person.phone)
        await borrower.say(person.last_four)
        await borrower.say(code_for(stack, person))
        assert (found := sessions.get(stack.store, session_id)) and found.verified_at
        assert "什么时候" in await borrower.say(words.agree)
        assert person.phone not in stack.logs() and OPENID not in stack.logs()


def code_for(stack: Stack, person: Person) -> str:
    """The code on the demo phone."""
    outbox = requests.get(f"{stack.base_url}/chat/demo/outbox", timeout=30).json()
    return next(str(each["code"]) for each in outbox if each["phone"] == f"+86{person.phone}")
