"""Borrowers who write from WeChat and by SMS: what they type is signed as those services sign it."""

from __future__ import annotations

import asyncio
import itertools
import threading
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from casestore import addresses, messages
from casestore.clock import utc_now
from tests.bot.channels import twilio_server as twilio
from tests.bot.channels import wechat_server as wechat
from tests.support.chat import Reply, newest_code
from tests.support.stack import Stack

SECONDS = 60.0
OURS = "+14155238886"
CHANNELS = ("web.WebChannel", "wechat.WeChatChannel", "sms.SmsChannel")

# Every message has a number of its own, as with WeChat and Twilio.
_numbers = itertools.count(1)

Value = TypeVar("Value")


class Outside:
    """The servers of WeChat and Twilio, in a thread of their own."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def run(self, work: Coroutine[Any, Any, Value]) -> Value:
        """The result of `work`, done beside the servers."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(SECONDS * 2)

    async def _open(self) -> None:
        self.wechat, self.twilio = wechat.WeChatApi(), twilio.Twilio()
        self.wechat.quota = 1000
        await self.wechat.__aenter__()
        await self.twilio.__aenter__()

    async def _close(self) -> None:
        await self.wechat.__aexit__()
        await self.twilio.__aexit__()

    def __enter__(self) -> Outside:
        self._thread.start()
        self.run(self._open())
        return self

    def __exit__(self, *_: object) -> None:
        self.run(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def with_all_channels(outside: Outside, folder: Path) -> Iterator[Stack]:
    """The bot with web page, WeChat and SMS switched on as docs/channels.md says."""
    credentials = folder / "credentials.yml"
    credentials.write_text("".join(f"bot.channels.{name}: {{}}\n" for name in CHANNELS))
    settings = {
        "RESPITE_WECHAT_APPID": wechat.APPID,
        "RESPITE_WECHAT_SECRET": wechat.SECRET,
        "RESPITE_WECHAT_TOKEN": wechat.TOKEN,
        "RESPITE_WECHAT_AES_KEY": wechat.AES_KEY,
        "RESPITE_WECHAT_API": outside.wechat.url,
        "RESPITE_TWILIO_SID": twilio.SID,
        "RESPITE_TWILIO_TOKEN": twilio.TOKEN,
        "RESPITE_PUBLIC_URL": twilio.PUBLIC,
        "RESPITE_TWILIO_API": outside.twilio.url,
    }
    with Stack(settings=settings, credentials=credentials) as stack:
        yield stack


class Messenger:
    """One borrower's conversation on a channel without buttons; used as a `Chat` is."""

    def __init__(
        self,
        stack: Stack,
        outside: Outside,
        channel: str,
        address: str,
        deliver: Callable[[str], Awaitable[None]],
    ) -> None:
        self._stack, self._outside, self._deliver = stack, outside, deliver
        self.conversation = addresses.session_for(stack.store, channel, address)
        self._last = Reply()

    def say(self, text: str) -> Reply:
        """Type `text`; what the bot says to it, once the answer has arrived."""
        before = messages.last(self._stack.store, self.conversation)
        self._outside.run(self._deliver(text))
        new = messages.after(self._stack.store, self.conversation, before.seq if before else 0, 100)
        self._last = Reply(tuple({**each.body} for each in new if each.author == "bot"))
        return self._last

    def press(self, title: str) -> Reply:
        """Type the number that stands beside this title in the last answer. Raises ValueError."""
        titles = [button["title"] for button in self._last.buttons]
        return self.say(str(titles.index(title) + 1))

    def code(self, phone: str | None = None) -> str:
        """The newest code on the demo phone that went to `phone`."""
        return newest_code(self._stack.base_url, phone)


def in_wechat(stack: Stack, outside: Outside, openid: str) -> Messenger:
    """A follower of the account, in safe mode."""
    sender = wechat.Sender(f"{stack.base_url}/wechat/callback", utc_now, wechat.Wechatpy(), openid=openid)

    async def deliver(text: str) -> None:
        outside.wechat.came.clear()
        delivered = await sender.say(text, next(_numbers))
        assert delivered.status == 200
        if delivered.said == "success":
            await asyncio.wait_for(outside.wechat.came.wait(), SECONDS)

    return Messenger(stack, outside, "wechat", openid, deliver)


def by_sms(stack: Stack, outside: Outside, phone: str) -> Messenger:
    """A phone that writes to the lender's number."""

    async def deliver(text: str) -> None:
        outside.twilio.came.clear()
        message = {"MessageSid": f"SM{next(_numbers)}", "From": phone, "To": OURS, "Body": text}
        status, texts = await twilio.post(f"{stack.base_url}/sms/webhook", message)
        assert status == 200
        if not texts:
            await asyncio.wait_for(outside.twilio.came.wait(), SECONDS)

    return Messenger(stack, outside, "sms", f"{phone} {OURS}", deliver)
