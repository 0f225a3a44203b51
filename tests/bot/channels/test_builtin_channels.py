"""Rasa's Telegram and Slack channels with our texts: what their servers send is heard, and answered."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from functools import partial
from typing import Any
from urllib.parse import quote

import pytest
from aiogram.bot.api import TELEGRAM_PRODUCTION
from aiogram.types import InlineKeyboardMarkup, Update
from aiohttp import ClientSession, web
from rasa.core.channels import slack
from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.shared.core.domain import Domain
from slack_sdk.models.blocks import ActionsBlock, Block, SectionBlock
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.builtin import SlackChannel, TelegramChannel
from bot.nlg import BilingualGenerator
from tests.bot.channels.serving import serving
from tests.bot.desk.servers import LocalServer

TELEGRAM_TOKEN, TELEGRAM_NAME = "123456:AAabcdefghijklmnopqrstuvwxyz012345678", "respite_bot"
SLACK_TOKEN, SLACK_SECRET = "xoxb-0-0-token", "the app's signing secret"
SLACK_SETTINGS = {"slack_token": SLACK_TOKEN, "slack_signing_secret": SLACK_SECRET}
UPDATE = {
    "update_id": 10000,
    "message": {
        "message_id": 1365,
        "date": 1764000000,
        "from": {"id": 1111, "is_bot": False, "first_name": "Test", "language_code": "en"},
        "chat": {"id": 1111, "type": "private", "first_name": "Test"},
        "text": "I lost my job",
    },
}
CLICK = {
    "update_id": 10001,
    "callback_query": {
        "id": "4382bfdwdsb323b2d9",
        "from": {"id": 1111, "is_bot": False, "first_name": "Test"},
        "message": UPDATE["message"],
        "chat_instance": "1",
        "data": "/affirm",
    },
}
EVENT = {
    "token": "deprecated",
    "team_id": "T061EG9R6",
    "api_app_id": "A0MDYCDME",
    "event": {
        "type": "message",
        "channel": "D024BE91L",
        "user": "U2147483697",
        "text": "I lost my job",
        "ts": "1355517523.000005",
        "event_ts": "1355517523.000005",
        "channel_type": "im",
    },
    "type": "event_callback",
    "event_id": "Ev0PV52K21",
    "event_time": 1355517523,
}
FORM = "application/x-www-form-urlencoded"
PRESSED = {
    "type": "block_actions",
    "user": {"id": "U2147483697", "team_id": "T061EG9R6"},
    "channel": {"id": "D024BE91L", "name": "directmessage"},
    "message": {"type": "message", "ts": "1355517524.000005"},
    "actions": [{"type": "button", "value": "/affirm", "action_id": "a", "block_id": "b"}],
}


class OurBot:
    """Answers with a response from data/responses, worded and sent as the running bot does it."""

    def __init__(self) -> None:
        self.heard: list[UserMessage] = []
        self._wording = BilingualGenerator(domain=Domain.load(["domain.yml", "data/responses"]))

    async def __call__(self, message: UserMessage) -> None:
        self.heard.append(message)
        channel = message.output_channel
        said = self._wording.generate_from_slots("utter_greet", {"language": "en"}, channel.name())
        await channel.send_response(message.sender_id, said)


class Telegram(LocalServer):
    """The methods of Telegram's Bot API that the channel calls; refuses button data as Telegram does."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, str]] = []
        self.webhooks: list[str] = []
        self.app.router.add_post(f"/bot{TELEGRAM_TOKEN}/{{method}}", self._call)

    async def _call(self, request: web.Request) -> web.Response:
        asked = {name: str(value) for name, value in (await request.post()).items()}
        if request.match_info["method"] == "getMe":
            me = {"id": 123456, "is_bot": True, "first_name": "Respite", "username": TELEGRAM_NAME}
            return web.json_response({"ok": True, "result": me})
        if request.match_info["method"] == "setWebhook":
            self.webhooks.append(asked["url"])
            return web.json_response({"ok": True, "result": True})
        rows = json.loads(asked.get("reply_markup", "{}")).get("inline_keyboard", [])
        if any(len(button["callback_data"].encode()) > 64 for row in rows for button in row):
            told = {"ok": False, "error_code": 400, "description": "Bad Request: BUTTON_DATA_INVALID"}
            return web.json_response(told, status=400)
        self.sent.append(asked)
        return web.json_response({"ok": True, "result": UPDATE["message"]})


class Slack(LocalServer):
    """Slack's Web API as far as the channel uses it."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.came = asyncio.Event()
        self.app.router.add_post("/api/chat.postMessage", self._post)

    async def _post(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bearer {SLACK_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        self.sent.append(await request.json())
        self.came.set()
        return web.json_response({"ok": True, "ts": "1"})


@asynccontextmanager
async def running(channel: InputChannel, bot: OurBot) -> AsyncIterator[str]:
    """A server with the channel as Rasa registers it; its address for webhooks."""
    async with serving(channel, bot) as url:
        yield f"{url}/webhooks/{channel.name()}/webhook"


@contextmanager
def telegram_at(url: str) -> Iterator[None]:
    """Have aiogram call `url` instead of Telegram."""
    before = TELEGRAM_PRODUCTION.base
    object.__setattr__(TELEGRAM_PRODUCTION, "base", f"{url}/bot{{token}}/{{method}}")
    try:
        yield
    finally:
        object.__setattr__(TELEGRAM_PRODUCTION, "base", before)


async def test_telegram_hears_an_update_and_answers_with_our_words_and_buttons() -> None:
    settings = {
        "access_token": TELEGRAM_TOKEN,
        "verify": TELEGRAM_NAME,
        "webhook_url": "https://respite.example/webhooks/telegram/webhook",
    }
    bot = OurBot()
    async with Telegram() as telegram:
        with telegram_at(telegram.url):
            async with running(TelegramChannel.from_credentials(settings), bot) as url:
                assert telegram.webhooks == [settings["webhook_url"]]
                async with ClientSession() as client:
                    for update in (UPDATE, CLICK, typed("/start"), typed(" /accept_offer")):
                        assert Update(**update).to_python() == update
                        async with client.post(url, json=update) as answer:
                            assert (answer.status, await answer.text()) == (200, "success")
    heard = [message.text for message in bot.heard]
    assert heard == ["I lost my job", "/affirm", '/greet{"language": "en"}', "accept_offer"]
    assert len(telegram.sent) == 4 and "not a person" in telegram.sent[0]["text"]
    for sent in telegram.sent:
        keyboard = json.loads(sent["reply_markup"])
        assert keyboard["inline_keyboard"] and InlineKeyboardMarkup(**keyboard).to_python() == keyboard


def typed(text: str) -> dict[str, Any]:
    """An update with another text."""
    return {**UPDATE, "message": {**UPDATE["message"], "text": text}}


def test_every_fixed_button_fits_into_telegrams_64_bytes() -> None:
    responses = Domain.load(["domain.yml", "data/responses"]).responses
    variants = [variant for variants in responses.values() for variant in variants]
    payloads = [button["payload"] for variant in variants for button in variant.get("buttons", [])]
    assert payloads
    # Doubled braces are those of a template.
    assert [each for each in payloads if len(each.replace("{{", "{").replace("}}", "}").encode()) > 64] == []


def slack_headers(body: str, secret: str) -> dict[str, str]:
    now = str(int(time.time()))
    signature = SignatureVerifier(secret).generate_signature(timestamp=now, body=body)
    return {
        "Content-Type": FORM if body.startswith("payload=") else "application/json",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(signature),
    }


async def test_slack_hears_a_signed_event_and_answers_with_our_words_and_buttons(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bot = OurBot()
    command = {**EVENT, "event": {**EVENT["event"], "text": " /accept_offer"}}
    body, *others = (json.dumps(event) for event in (EVENT, command))
    async with Slack() as server:
        to_server = partial(AsyncWebClient, base_url=f"{server.url}/api/")
        monkeypatch.setattr(slack, "AsyncWebClient", to_server)
        async with (
            running(SlackChannel.from_credentials(SLACK_SETTINGS), bot) as url,
            ClientSession() as client,
        ):
            async with client.post(url, data=body, headers=slack_headers(body, "forged")) as answer:
                assert answer.status == 400
            for content in (body, *others, f"payload={quote(json.dumps(PRESSED))}"):
                headers = slack_headers(content, SLACK_SECRET)
                async with client.post(url, data=content, headers=headers) as answer:
                    assert answer.status == 200
                await asyncio.wait_for(server.came.wait(), 30)
                server.came.clear()
    assert [message.text for message in bot.heard] == ["I lost my job", "accept_offer", "/affirm"]
    assert server.sent[0]["channel"] == "D024BE91L"
    assert "not a person" in json.dumps(server.sent[0]["blocks"])


async def test_slack_gets_every_button_of_every_fixed_response_in_a_form_that_it_takes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    responses = Domain.load(["domain.yml", "data/responses"]).responses
    variants = [variant for variants in responses.values() for variant in variants if variant.get("buttons")]
    assert max(len(each["buttons"]) for each in variants) > 5
    async with Slack() as server:
        monkeypatch.setattr(slack, "AsyncWebClient", partial(AsyncWebClient, base_url=f"{server.url}/api/"))
        output = SlackChannel.from_credentials(SLACK_SETTINGS).get_output_channel("D024BE91L")
        for variant in variants:
            await output.send_response("D024BE91L", dict(variant))
    for variant, sent in zip(variants, server.sent, strict=True):
        text, *rows = Block.parse_all(sent["blocks"])
        # Slack's own models refuse what is too long or lacks a part.
        assert isinstance(text, SectionBlock) and text.to_dict() == sent["blocks"][0]
        assert all(isinstance(row, ActionsBlock) and row.to_dict() for row in rows)
        assert [each.value for row in rows for each in row.elements] == [
            button["payload"] for button in variant["buttons"]
        ]
