"""Slack, configured as Rasa's own channel: an app in direct messages, which takes what Slack signed."""

from __future__ import annotations

import asyncio
import hashlib
import json
import uuid
from collections.abc import Mapping
from typing import Any

from rasa.core.channels.slack import SlackInput
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.answers import Outgoing
from bot.channels.messaging import AskedToWait
from bot.channels.record import button_id
from bot.channels.sent import SentChannel
from bot.channels.served import ServedChannel
from bot.channels.turns import Handler

# Slack takes 25 buttons in a row; five are still to be read in one look.
MOST_IN_ROW = 5
MOST_TITLE_CHARACTERS = 75
# Slack asks again after three seconds.
SLACK_WAITS_SECONDS = 2.5


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


class SlackChannel(ServedChannel, SlackInput):
    """An app of Slack's that talks with one borrower in each direct message. Takes only what Slack signed."""

    rasas_settings = frozenset({"slack_token", "slack_signing_secret", "proxy"})

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
