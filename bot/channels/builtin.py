"""Telegram and Slack: configured as Rasa's own channels, and as safe as the other messaging channels.

Rasa's hand every word to the bot. Here each message is recorded, answered once and kept from the bot while
a person talks, and a button counts only where it was offered.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import uuid
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.utils.exceptions import RetryAfter, TelegramAPIError
from rasa.core.channels.channel import InputChannel
from rasa.core.channels.slack import SlackInput
from rasa.core.channels.telegram import TelegramInput, TelegramOutput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.answers import Outgoing
from bot.channels.limits import Limits, limits_from
from bot.channels.messaging import AskedToWait
from bot.channels.protocol import read_language
from bot.channels.record import button_id
from bot.channels.refusals import refused_request
from bot.channels.sent import SentChannel
from bot.channels.turns import Handler
from casestore.store import CaseStore

# What Telegram sends when a borrower opens the chat.
START = "/start"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# What there is to hear in a chat of one borrower.
UPDATES = ["message", "callback_query"]
# Slack takes 25 buttons in a row; five are still to be read in one look.
MOST_IN_ROW = 5
MOST_TITLE_CHARACTERS = 75
# Slack asks again after three seconds.
SLACK_WAITS_SECONDS = 2.5
# What Rasa's own channels read of credentials.yml.
RASAS_SETTINGS = {
    "telegram": {"access_token", "verify", "webhook_url"},
    "slack": {"slack_token", "slack_signing_secret", "proxy"},
}


@dataclass
class Served:
    """What these channels need beyond Rasa's settings."""

    store: CaseStore
    limits: Limits


def _served(channel: str, credentials: Mapping[str, Any]) -> Served:
    """Raises `UnknownSetting` or `KeysMissing`."""
    ours = {name: value for name, value in credentials.items() if name not in RASAS_SETTINGS[channel]}
    limits = limits_from(ours)
    return Served(CaseStore.open(), limits)


class TelegramSender(TelegramOutput):
    """Rasa's output, which tells Telegram a secret that each of its calls has to bring."""

    most_characters = 4096

    def __init__(self, access_token: str) -> None:
        super().__init__(access_token)
        # Follows from the token, so that all servers know it and nobody has to choose one.
        self.secret = hmac.new(access_token.encode(), b"webhook", hashlib.sha256).hexdigest()

    async def set_webhook(self, url: str, **_: Any) -> bool:
        """Tell Telegram our address. Raises aiogram's `TelegramAPIError`."""
        told = {"url": url, "secret_token": self.secret, "allowed_updates": json.dumps(UPDATES)}
        return bool(await self.request("setWebhook", told))

    async def deliver(self, chat: str, message: Outgoing) -> None:
        """Send a message with its buttons below it. Raises `AskedToWait` or `TelegramAPIError`."""
        keyboard = _keyboard(message) if message.buttons else None
        try:
            await self.send_message(chat, message.text, reply_markup=keyboard, disable_web_page_preview=True)
        except RetryAfter as asked:
            raise AskedToWait(asked.timeout) from None


def _keyboard(message: Outgoing) -> InlineKeyboardMarkup:
    keyboard = InlineKeyboardMarkup()
    for each in message.buttons:
        keyboard.row(InlineKeyboardButton(each["title"], callback_data=button_id(each["payload"])))
    return keyboard


class TelegramChannel(TelegramInput):
    """A bot of Telegram's that talks with one borrower in each private chat."""

    served: Served

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel as configured. Raises as Rasa's, `UnknownSetting` or `KeysMissing`."""
        channel = super().from_credentials(credentials)
        channel.served = _served("telegram", credentials or {})
        return channel

    def get_output_channel(self) -> TelegramSender:
        """The output, after Telegram was told our address. Raises aiogram's `TelegramAPIError`."""
        output = TelegramSender(str(self.access_token))
        asyncio.run(output.set_webhook(str(self.webhook_url)))
        # Telegram was told in an event loop that is closed by now; aiogram would go on with its session.
        output._session = None
        return output

    def blueprint(self, on_new_message: Handler) -> Any:
        """The door for Telegram, and the sending of what people write."""
        output = self.get_output_channel()
        chats = SentChannel(self.served.store, "telegram", on_new_message, self.served.limits, output)
        door = Blueprint("telegram_webhook")

        async def webhook(request: Request) -> HTTPResponse:
            if not hmac.compare_digest(
                request.headers.get(SECRET_HEADER, "").encode(), output.secret.encode()
            ):
                return refused_request("forged")
            update = _read(request.body)
            if update is None:
                return refused_request("malformed")
            await _hear_update(chats, output, update)
            return response.text("success")

        door.add_route(webhook, "/webhook", methods=["POST"], name="webhook")
        return Blueprint.group(door, chats.beside())


async def _hear_update(chats: SentChannel, output: TelegramSender, update: Mapping[str, Any]) -> None:
    """In a group others would read about the borrower's debts, so there is no answer there."""
    pressed = update.get("callback_query") or {}
    message = pressed.get("message") or update.get("message") or {}
    chat = message.get("chat") or {}
    if chat.get("type") != "private":
        return
    address, number = str(chat["id"]), str(update["update_id"])
    if pressed:
        with suppress(TelegramAPIError):
            # Ends the waiting that the app shows on the button; it takes that for a while only.
            await output.answer_callback_query(pressed["id"])
        data = str(pressed.get("data") or "")
        await chats.hear(address, number, _title_on(message, data), data)
    elif message.get("text") == START:
        language = (message.get("from") or {}).get("language_code")
        await chats.greet(address, number, read_language({"language": language}))
    else:
        await chats.hear(address, number, str(message.get("text") or ""))


def _title_on(message: Mapping[str, Any], data: str) -> str:
    """What stood on the button: a borrower who presses an old one is heard as if they had typed it."""
    rows = (message.get("reply_markup") or {}).get("inline_keyboard") or []
    return next((each["text"] for row in rows for each in row if each.get("callback_data") == data), "")


def _read(body: bytes) -> Mapping[str, Any] | None:
    try:
        update = json.loads(body)
    except ValueError:
        return None
    return update if isinstance(update, dict) and isinstance(update.get("update_id"), int) else None


class SlackSender:
    """Sends to direct messages through Slack's Web API. So many characters are in one of its blocks."""

    most_characters = 3000

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client

    async def deliver(self, channel: str, message: Outgoing) -> None:
        """Send a message with its buttons below it. Raises `AskedToWait` or Slack's `SlackApiError`."""
        shown = {"blocks": _blocks(message)} if message.buttons else {}
        try:
            # Without Slack's marks: an asterisk of ours is an asterisk.
            await self._client.chat_postMessage(
                channel=channel, text=_escaped(message.text), mrkdwn=False, **shown
            )
        except SlackApiError as error:
            if error.response.status_code != 429:
                raise
            raise AskedToWait(float(error.response.headers.get("Retry-After", 1))) from None


def _blocks(message: Outgoing) -> list[dict[str, Any]]:
    buttons = message.buttons
    rows = [buttons[first : first + MOST_IN_ROW] for first in range(0, len(buttons), MOST_IN_ROW)]
    return [
        {"type": "section", "text": {"type": "plain_text", "text": message.text}},
        *({"type": "actions", "elements": [_button(each) for each in row]} for row in rows),
    ]


def _button(button: Mapping[str, str]) -> dict[str, Any]:
    title = {"type": "plain_text", "text": button["title"][:MOST_TITLE_CHARACTERS]}
    return {"type": "button", "text": title, "value": button_id(button["payload"])}


def _escaped(text: str) -> str:
    """So that Slack reads no command and no address of its own in it."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


class SlackChannel(SlackInput):
    """An app of Slack's that talks with one borrower in each direct message. Takes only what Slack signed."""

    served: Served

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> InputChannel:
        """The channel as configured. Raises as Rasa's, `UnknownSetting` or `KeysMissing`."""
        channel = super().from_credentials(credentials)
        channel.served = _served("slack", credentials or {})
        return channel

    def blueprint(self, on_new_message: Handler) -> Any:
        """Rasa's door for Slack, and the sending of what people write."""
        sender = SlackSender(AsyncWebClient(self.slack_token, proxy=self.proxy))
        served = self.served
        self._chats = SentChannel(served.store, "slack", on_new_message, served.limits, sender)
        return Blueprint.group(super().blueprint(on_new_message), self._chats.beside())

    def _is_supported_channel(self, slack_event: dict[str, Any], metadata: dict[str, Any]) -> bool:
        """Elsewhere others would read about the borrower's debts."""
        return bool(self._is_direct_message(slack_event))

    async def process_message(
        self, request: Request, on_new_message: Handler, text: str, sender_id: str | None, metadata: Any
    ) -> HTTPResponse:
        """Answer what is typed, which comes as JSON, or pressed, which comes as a form."""
        channel = str(metadata["out_channel"])
        if request.headers.get("content-type") == "application/json":
            number = str(request.json.get("event_id") or uuid.uuid4())
            turn = self._chats.hear(channel, number, text)
        else:
            payload = json.loads(request.form["payload"][0])
            action = payload["actions"][0]
            number = hashlib.sha256(str(payload.get("trigger_id") or uuid.uuid4()).encode()).hexdigest()[:40]
            turn = self._chats.hear(channel, number, (action.get("text") or {}).get("text", ""), text)
        task = asyncio.create_task(turn)
        self._background_tasks.add(task)
        task.add_done_callback(self._background_tasks.discard)
        # While Slack waits, a server that stops would not have taken the message.
        await asyncio.wait({task}, timeout=SLACK_WAITS_SECONDS)
        return response.text("")
