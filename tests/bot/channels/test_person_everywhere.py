"""`respite queue` on every channel: a person takes over, is read live, and the bot is silent meanwhile."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Protocol

import pytest
from playwright.async_api import expect

from bot.channels import live, messaging
from bot.channels.limits import Limits
from bot.channels.sms import Account, SmsChannel
from bot.channels.web import Settings
from bot.channels.wechat import WeChatChannel
from bot.channels.wording import wording
from casestore import addresses, answering, handoffs, messages, migrations
from casestore.clock import utc_now
from casestore.keys import demo_keys
from casestore.store import CaseStore
from hardship.policy import load_policy
from tests.bot.channels import chat_servers as chats
from tests.bot.channels import twilio_server as twilio
from tests.bot.channels import wechat_server as wechat
from tests.bot.channels.harness import PlayedBot, RunningWeb
from tests.bot.channels.serving import serving
from tests.bot.channels.test_real_clients import PATIENCE_MS, chromium, type_in, webchat
from tests.cli.running import respite, respite_json

CHEN = ("--staff", "Chen Jing")
OURS = "+14155238886"
SOON = 30.0


class Borrower(Protocol):
    """Somebody who talks with us on one channel."""

    conversation: str

    async def write(self, text: str) -> None:
        """Send a text."""

    async def read(self) -> list[str]:
        """Everything we have said to them."""


Talk = Callable[[CaseStore, PlayedBot], AbstractAsyncContextManager[Borrower]]


class OnThePage:
    """Our own events, as the widget uses them."""

    def __init__(self, web: RunningWeb) -> None:
        self._web = web

    @classmethod
    @asynccontextmanager
    async def talks(cls, store: CaseStore, bot: PlayedBot) -> AsyncIterator[Borrower]:
        async with _web(store, bot) as web:
            self = cls(web)
            self._page = await web.open()
            self.conversation = web.tokens.read(self._page.token).subject
            await self._page.start("en")
            yield self

    async def write(self, text: str) -> None:
        await self._page.emit("say", {"id": uuid.uuid4().hex, "text": text})

    async def read(self) -> list[str]:
        return [each["text"] for each in self._page.messages() if each["author"] != "borrower"]


class InRasaWebchat:
    """The stock client, in Chromium."""

    @classmethod
    @asynccontextmanager
    async def talks(cls, store: CaseStore, bot: PlayedBot) -> AsyncIterator[Borrower]:
        async with _web(store, bot) as web, chromium() as browser:
            self = cls()
            self._page = await webchat(browser, web, web.base_url)
            await self._page.click(".rw-open-launcher")
            await expect(self._page.locator(".rw-response")).to_have_count(1, timeout=PATIENCE_MS)
            self.conversation = str(bot.heard[0].sender_id)
            yield self

    async def write(self, text: str) -> None:
        await type_in(self._page, text)

    async def read(self) -> list[str]:
        return await self._page.locator(".rw-response .rw-message-text").all_inner_texts()


class InWeChat:
    """A follower of the lender's account."""

    def __init__(self) -> None:
        self._read: list[str] = []
        self._number = 0

    @classmethod
    @asynccontextmanager
    async def talks(cls, store: CaseStore, bot: PlayedBot) -> AsyncIterator[Borrower]:
        async with wechat.WeChatApi() as self_api:
            channel = WeChatChannel(store, wechat.account(self_api.url, safe=True), Limits(), SOON)
            async with serving(channel, bot) as url:
                self = cls()
                self._api = self_api
                self._sender = wechat.Sender(f"{url}/wechat/callback", utc_now, wechat.Wechatpy())
                self.conversation = addresses.session_for(store, "wechat", wechat.OPENID)
                yield self

    async def write(self, text: str) -> None:
        self._number += 1
        said = (await self._sender.say(text, self._number)).said
        self._read += [said] if said and said != "success" else []

    async def read(self) -> list[str]:
        return [*self._read, *self._api.contents]


class OverTwilio:
    """A phone that writes to the lender's number."""

    def __init__(self, address: str, url: str, service: twilio.Twilio, store: CaseStore) -> None:
        self._address, self._url, self._service = address, url, service
        self._read: list[str] = []
        self._number = 0
        self.conversation = addresses.session_for(store, "sms", f"{address} {OURS}")

    @classmethod
    def from_address(cls, address: str) -> Talk:
        """Talks from this address, as Twilio writes it."""

        @asynccontextmanager
        async def talks(store: CaseStore, bot: PlayedBot) -> AsyncIterator[Borrower]:
            async with twilio.Twilio() as service:
                account = Account(twilio.SID, twilio.TOKEN, twilio.PUBLIC, service.url)
                async with serving(SmsChannel(store, account, Limits()), bot) as url:
                    yield cls(address, f"{url}/sms/webhook", service, store)

        return talks

    async def write(self, text: str) -> None:
        self._number += 1
        told = {"MessageSid": f"SM{self._number}", "From": self._address, "To": OURS, "Body": text}
        self._read += (await twilio.post(self._url, told))[1]

    async def read(self) -> list[str]:
        assert {(each["From"], each["To"]) for each in self._service.sent} <= {(OURS, self._address)}
        return [*self._read, *(each["Body"] for each in self._service.sent)]


class OnTelegram:
    """A private chat with the lender's bot."""

    def __init__(self, url: str, service: chats.Telegram, store: CaseStore) -> None:
        self._url, self._service, self._number = url, service, 0
        self.conversation = addresses.session_for(store, "telegram", str(chats.CHAT))

    @classmethod
    @asynccontextmanager
    async def talks(cls, store: CaseStore, bot: PlayedBot) -> AsyncIterator[Borrower]:
        async with chats.Telegram() as service:
            with chats.telegram_at(service.url):
                async with serving(chats.telegram(store), bot) as url:
                    yield cls(url, service, store)

    async def write(self, text: str) -> None:
        self._number += 1
        secret = self._service.webhook["secret_token"]
        await chats.tell(self._url, chats.update(text, self._number), secret)

    async def read(self) -> list[str]:
        assert {each["chat_id"] for each in self._service.sent} <= {str(chats.CHAT)}
        return self._service.texts


class InSlack:
    """A direct message with the lender's app."""

    def __init__(self, url: str, service: chats.Slack, store: CaseStore) -> None:
        self._url, self._service, self._number = url, service, 0
        self.conversation = addresses.session_for(store, "slack", chats.DIRECT)

    @classmethod
    @asynccontextmanager
    async def talks(cls, store: CaseStore, bot: PlayedBot) -> AsyncIterator[Borrower]:
        with pytest.MonkeyPatch.context() as patched:
            async with chats.Slack(patched) as service, serving(chats.slack(store), bot) as url:
                yield cls(url, service, store)

    async def write(self, text: str) -> None:
        self._number += 1
        await chats.happen(self._url, chats.event(text, f"Ev{self._number}"))

    async def read(self) -> list[str]:
        assert {each["channel"] for each in self._service.sent} <= {chats.DIRECT}
        return self._service.texts


CHANNELS: dict[str, Talk] = {
    "the widget's events": OnThePage.talks,
    "rasa-webchat": InRasaWebchat.talks,
    "WeChat": InWeChat.talks,
    "SMS": OverTwilio.from_address("+8613800000101"),
    "WhatsApp": OverTwilio.from_address("whatsapp:+8613800000101"),
    "Telegram": OnTelegram.talks,
    "Slack": InSlack.talks,
}
# What the borrower says before, while and after a person talks with them, and what that person writes.
SAID = {
    "en": ("hello there my friend", "are you there", "thank you my friend", "Yes, this is Chen."),
    "zh": ("您好，我失业了", "有人在吗", "谢谢您的帮助", "在的，我是陈静。"),
}


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[CaseStore]:
    """The store of the channel, which looks for messages more often than usual, and of the command."""
    for looks in (live, messaging):
        monkeypatch.setattr(looks, "PAUSE_SECONDS", 0.05)
    url = f"sqlite:///{tmp_path / 'respite.db'}"
    monkeypatch.setenv("RESPITE_DATABASE_URL", url)
    monkeypatch.setenv("RESPITE_DEMO", "1")
    for name in ("RESPITE_KEYS", "RESPITE_HASH_KEY", "RESPITE_POLICY"):
        monkeypatch.delenv(name, raising=False)
    store = CaseStore.open(url, demo_keys())
    migrations.migrate(store)
    yield store
    store.close()


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("channel", CHANNELS)
async def test_a_person_takes_over_answers_and_gives_back(
    channel: str, language: str, store: CaseStore
) -> None:
    bot, (hello, question, thanks, answer) = PlayedBot(), SAID[language]
    async with CHANNELS[channel](store, bot) as borrower:
        await _says(store, borrower, hello)
        await _until_read(borrower, f"echo {hello}")
        reference = _asked_for(store, borrower)
        assert [each["reference"] for each in await _queue_json()] == [reference]
        await _queue("take", reference, *CHEN)
        await _until_read(borrower, wording("utter_person_joined", language))
        before = await borrower.read()
        await _says(store, borrower, question)
        await _queue("answer", reference, answer, *CHEN)
        await _until_read(borrower, answer)
        assert await borrower.read() == [*before, answer]
        assert question not in bot.texts
        await _queue("close", reference, *CHEN)
        await _until_read(borrower, wording("utter_person_left", language))
        await _says(store, borrower, thanks)
        await _until_read(borrower, f"echo {thanks}")
    assert await _queue_json() == []


def _web(store: CaseStore, bot: PlayedBot) -> RunningWeb:
    web = RunningWeb(store, Settings(), utc_now)
    web.bot = bot
    return web


def _asked_for(store: CaseStore, borrower: Borrower) -> str:
    policy = load_policy("policies/cn.yml")
    return handoffs.request(store, borrower.conversation, "asked_for_person", policy).reference


async def _queue(*words: str) -> None:
    """Run the command in a thread, for its borrower is served meanwhile."""
    result = await asyncio.to_thread(respite, "queue", *words)
    assert result.exit_code == 0, result.output


async def _queue_json() -> list[dict[str, object]]:
    return list(await asyncio.to_thread(respite_json, "queue"))


async def _says(store: CaseStore, borrower: Borrower, text: str) -> None:
    """Write, and wait until the channel is done with it, whether or not it says anything."""
    await borrower.write(text)

    def is_done() -> bool:
        told = messages.after(store, borrower.conversation, 0, 100)
        heard = any(each.body.get("text") == text for each in told if each.author == "borrower")
        return heard and answering.left_open(store, borrower.conversation) is None

    await _until(is_done)


async def _until_read(borrower: Borrower, text: str) -> None:
    """Wait until the borrower has read this text, and only once."""
    while text not in (said := await borrower.read()):
        await asyncio.sleep(0.02)
    assert said.count(text) == 1


async def _until(happened: Callable[[], bool]) -> None:
    while not await asyncio.to_thread(happened):
        await asyncio.sleep(0.02)
