"""Telegram's Bot API and Slack's Web API as their clients meet them, and what both send to us."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest
from aiogram.bot.api import TELEGRAM_PRODUCTION
from aiogram.types import InlineKeyboardMarkup, Update
from aiohttp import ClientSession, web
from slack_sdk.models.blocks import Block
from slack_sdk.signature import SignatureVerifier

from bot.channels import slack as slack_channel
from bot.channels.limits import Limits
from bot.channels.served import Served
from bot.channels.slack import SlackChannel
from bot.channels.telegram import SECRET_HEADER, TelegramChannel
from casestore.store import CaseStore
from tests.bot.desk.servers import LocalServer

TELEGRAM_TOKEN = "123456:AAabcdefghijklmnopqrstuvwxyz012345678"
TELEGRAM_ADDRESS = "https://respite.example/webhooks/telegram/webhook"
SLACK_TOKEN, SLACK_SECRET = "xoxb-0-0-token", "the app's signing secret"
CHAT, DIRECT, SLACK_USER = 1111, "D024BE91L", "U2147483697"
FORM = "application/x-www-form-urlencoded"


def telegram(store: CaseStore, limits: Limits | None = None) -> TelegramChannel:
    """The channel over this store."""
    channel = TelegramChannel(TELEGRAM_TOKEN, None, TELEGRAM_ADDRESS)
    channel.served = Served(store, limits or Limits())
    return channel


def slack(store: CaseStore, limits: Limits | None = None) -> SlackChannel:
    """The channel over this store."""
    channel = SlackChannel(SLACK_TOKEN, slack_signing_secret=SLACK_SECRET)
    channel.served = Served(store, limits or Limits())
    return channel


class Telegram(LocalServer):
    """The methods of the Bot API that the channel calls. `refusals` are answered first, one each.

    Texts and button data that are too long are refused as Telegram does it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, str]] = []
        self.refusals: list[dict[str, Any]] = []
        self.webhook: dict[str, str] = {}
        self.answered: list[str] = []
        self.app.router.add_post(f"/bot{TELEGRAM_TOKEN}/{{method}}", self._call)

    @property
    def texts(self) -> list[str]:
        """What the borrower reads."""
        return [each["text"] for each in self.sent]

    def buttons(self) -> list[dict[str, str]]:
        """Those of the last message."""
        rows = json.loads(self.sent[-1]["reply_markup"])["inline_keyboard"]
        return [button for row in rows for button in row]

    async def _call(self, request: web.Request) -> web.Response:
        asked = {name: str(value) for name, value in (await request.post()).items()}
        method = request.match_info["method"]
        if method == "setWebhook":
            self.webhook = asked
        elif method == "answerCallbackQuery":
            self.answered.append(asked["callback_query_id"])
        else:
            return self._send(method, asked)
        return web.json_response({"ok": True, "result": True})

    def _send(self, method: str, asked: dict[str, str]) -> web.Response:
        if method != "sendMessage":
            return refused(404, "Not Found")
        if self.refusals:
            told = self.refusals.pop(0)
            return web.json_response({"ok": False, **told}, status=told["error_code"])
        if not 0 < len(asked["text"]) <= 4096:
            return refused(400, "Bad Request: message is too long")
        keyboard = json.loads(asked.get("reply_markup", "null")) or {"inline_keyboard": []}
        assert InlineKeyboardMarkup(**keyboard).to_python() == keyboard
        if any(
            len(each["callback_data"].encode()) > 64 for row in keyboard["inline_keyboard"] for each in row
        ):
            return refused(400, "Bad Request: BUTTON_DATA_INVALID")
        self.sent.append(asked)
        return web.json_response({"ok": True, "result": update("")["message"]})


def refused(code: int, description: str) -> web.Response:
    """An error as the Bot API has it."""
    told = {"ok": False, "error_code": code, "description": description}
    return web.json_response(told, status=code)


def wait(seconds: int) -> dict[str, Any]:
    """The Bot API takes nothing for so long."""
    return {
        "error_code": 429,
        "description": f"Too Many Requests: retry after {seconds}",
        "parameters": {"retry_after": seconds},
    }


@contextmanager
def telegram_at(url: str) -> Iterator[None]:
    """Have aiogram call `url` instead of Telegram."""
    before = TELEGRAM_PRODUCTION.base
    object.__setattr__(TELEGRAM_PRODUCTION, "base", f"{url}/bot{{token}}/{{method}}")
    try:
        yield
    finally:
        object.__setattr__(TELEGRAM_PRODUCTION, "base", before)


def update(text: str, number: int = 10000, kind: str = "private", **fields: Any) -> dict[str, Any]:
    """An update as Telegram sends it when somebody writes."""
    message = {
        "message_id": 1365,
        "date": 1764000000,
        "from": {"id": CHAT, "is_bot": False, "first_name": "Test", "language_code": "en"},
        "chat": {"id": CHAT, "type": kind, "first_name": "Test"},
        **({"text": text} if text else {}),
        **fields,
    }
    told = {"update_id": number, "message": message}
    assert Update(**told).to_python() == told
    return told


def press(data: str, title: str, number: int = 10001) -> dict[str, Any]:
    """An update as Telegram sends it when somebody presses a button."""
    keyboard = {"inline_keyboard": [[{"text": title, "callback_data": data}]]}
    told = {
        "update_id": number,
        "callback_query": {
            "id": "4382bfdwdsb323b2d9",
            "from": {"id": CHAT, "is_bot": False, "first_name": "Test"},
            "message": update("What has happened?", reply_markup=keyboard)["message"],
            "chat_instance": "1",
            "data": data,
        },
    }
    assert Update(**told).to_python() == told
    return told


async def tell(url: str, told: Any, secret: str | None) -> tuple[int, str]:
    """What Telegram gets for an update: the status and the body."""
    headers = {"Content-Type": "application/json", **({SECRET_HEADER: secret} if secret is not None else {})}
    body = told if isinstance(told, str) else json.dumps(told)
    address = f"{url}/webhooks/telegram/webhook"
    async with ClientSession() as client, client.post(address, data=body, headers=headers) as answer:
        return answer.status, await answer.text()


class Slack(LocalServer):
    """chat.postMessage. `refusals` are the errors that are answered first, as status, headers and body."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__()
        self._monkeypatch = monkeypatch
        self.sent: list[dict[str, Any]] = []
        self.refusals: list[tuple[int, dict[str, str], str]] = []
        self.app.router.add_post("/api/chat.postMessage", self._post)

    async def __aenter__(self) -> Slack:
        await super().__aenter__()
        real = slack_channel.AsyncWebClient
        self._monkeypatch.setattr(
            slack_channel,
            "AsyncWebClient",
            lambda *args, **more: real(*args, base_url=f"{self.url}/api/", **more),
        )
        return self

    @property
    def texts(self) -> list[str]:
        """What the borrower reads."""
        return [each["text"] for each in self.sent]

    def buttons(self) -> list[dict[str, Any]]:
        """Those of the last message."""
        return [each for block in self.sent[-1]["blocks"][1:] for each in block["elements"]]

    async def _post(self, request: web.Request) -> web.Response:
        if request.headers["Authorization"] != f"Bearer {SLACK_TOKEN}":
            return web.json_response({"ok": False, "error": "invalid_auth"})
        if self.refusals:
            status, headers, error = self.refusals.pop(0)
            return web.json_response({"ok": False, "error": error}, status=status, headers=headers)
        message = await request.json()
        if not message.get("text"):
            return web.json_response({"ok": False, "error": "no_text"})
        # Slack's own models refuse what is too long or lacks a part.
        blocks = [each.to_dict() for each in Block.parse_all(message.get("blocks", []))]
        if blocks != message.get("blocks", []):
            return web.json_response({"ok": False, "error": "invalid_blocks"})
        self.sent.append(message)
        return web.json_response({"ok": True, "ts": "1"})


def event(text: str, number: str = "Ev0PV52K21", kind: str = "im") -> str:
    """The body Slack sends when somebody writes."""
    happened = {
        "type": "message",
        "channel": DIRECT,
        "user": SLACK_USER,
        "text": text,
        "ts": "1355517523.000005",
        "event_ts": "1355517523.000005",
        "channel_type": kind,
    }
    return json.dumps(
        {
            "token": "deprecated",
            "team_id": "T061EG9R6",
            "api_app_id": "A0PNCHHK2",
            "event": happened,
            "type": "event_callback",
            "event_id": number,
            "event_time": 1355517523,
        }
    )


def click(value: str, title: str) -> str:
    """The body Slack sends when somebody presses a button."""
    text = {"type": "plain_text", "text": title}
    action = {"type": "button", "value": value, "text": text, "action_id": "a", "block_id": "b"}
    told = {
        "type": "block_actions",
        "trigger_id": "12466734323.1395872398",
        "user": {"id": SLACK_USER, "team_id": "T061EG9R6"},
        "channel": {"id": DIRECT, "name": "directmessage"},
        "message": {"type": "message", "ts": "1355517524.000005"},
        "actions": [action],
    }
    return f"payload={quote(json.dumps(told))}"


async def happen(url: str, body: str, secret: str = SLACK_SECRET) -> int:
    """What Slack gets for this body, signed: the status."""
    now = str(int(time.time()))
    headers = {
        "Content-Type": FORM if body.startswith("payload=") else "application/json",
        "X-Slack-Request-Timestamp": now,
        "X-Slack-Signature": str(SignatureVerifier(secret).generate_signature(timestamp=now, body=body)),
    }
    address = f"{url}/webhooks/slack/webhook"
    async with ClientSession() as client, client.post(address, data=body, headers=headers) as answer:
        return answer.status
