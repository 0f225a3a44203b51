"""Telegram, configured as Rasa's own channel: a bot in private chats, which takes what Telegram sends."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup
from aiogram.utils.exceptions import RetryAfter, TelegramAPIError
from rasa.core.channels.telegram import TelegramInput, TelegramOutput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.answers import Outgoing
from bot.channels.messaging import AskedToWait
from bot.channels.protocol import read_language
from bot.channels.record import button_id
from bot.channels.refusals import refused_request
from bot.channels.sent import SentChannel
from bot.channels.served import ServedChannel
from bot.channels.turns import Handler

# What Telegram sends when a borrower opens the chat.
START = "/start"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
# What there is to hear in a chat of one borrower.
UPDATES = ["message", "callback_query"]


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


class TelegramChannel(ServedChannel, TelegramInput):
    """A bot of Telegram's that talks with one borrower in each private chat."""

    rasas_settings = frozenset({"access_token", "verify", "webhook_url"})

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
