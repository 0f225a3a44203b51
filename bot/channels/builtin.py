"""Rasa's own Telegram and Slack channels, made fit to start, and with typed commands read as words.

In Rasa's channels a typed `/intent` is a command. In these only a button is one.
"""

from __future__ import annotations

import json
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.channels.slack import SlackBot, SlackInput
from rasa.core.channels.telegram import TelegramInput, TelegramOutput
from sanic import Blueprint
from sanic.request import Request

from bot.channels.protocol import read_language, without_command
from bot.channels.turns import Handler

# What Telegram sends when a borrower opens the chat.
START = "/start"
# Slack takes 25 in a row; five are still to be read in one look.
MOST_BUTTONS = 5


class TelegramChannel(TelegramInput):
    """Rasa's Telegram channel. It does not check who calls it: see docs/channels.md."""

    def get_output_channel(self) -> TelegramOutput:
        """The output, after Telegram was told our address. Raises Rasa's `RasaException`."""
        output = super().get_output_channel()
        # Rasa tells it in an event loop that is closed by now; aiogram would go on with that loop's session.
        output._session = None
        return output

    def get_metadata(self, request: Request) -> dict[str, Any]:
        """Whether a button was pressed, and the language of the borrower's app."""
        update = request.json if isinstance(request.json, dict) else {}
        pressed = update.get("callback_query")
        sender = (pressed or update.get("message") or update.get("edited_message") or {}).get("from") or {}
        return {
            "pressed": bool(pressed),
            "language": read_language({"language": sender.get("language_code")}),
        }

    def blueprint(self, on_new_message: Handler) -> Blueprint:
        """Rasa's routes."""

        async def hear(message: UserMessage) -> None:
            told = message.metadata or {}
            if message.text == START:
                message.text = "/greet" + json.dumps({"language": told["language"]})
            elif not told["pressed"]:
                message.text = without_command(message.text or "")
            await on_new_message(message)

        return super().blueprint(hear)


class SlackOutput(SlackBot):
    """Rasa's output to Slack; it sends all buttons of a message, where Rasa sends none of more than five."""

    async def send_text_with_buttons(
        self, recipient_id: str, text: str, buttons: list[dict[str, Any]], **_: Any
    ) -> None:
        """Send a text with its buttons below it. Raises Slack's `SlackApiError`."""
        rows = [buttons[first : first + MOST_BUTTONS] for first in range(0, len(buttons), MOST_BUTTONS)]
        blocks = [
            {"type": "section", "text": {"type": "plain_text", "text": text}},
            *({"type": "actions", "elements": [_button(each) for each in row]} for row in rows),
        ]
        await self._post_message(self.slack_channel or recipient_id, as_user=True, text=text, blocks=blocks)


def _button(button: dict[str, Any]) -> dict[str, Any]:
    title = {"type": "plain_text", "text": button["title"]}
    return {"type": "button", "text": title, "value": button["payload"]}


class SlackChannel(SlackInput):
    """Rasa's Slack channel, which takes only what Slack has signed."""

    def get_output_channel(self, channel: str | None = None, thread_id: str | None = None) -> SlackOutput:
        """Where answers go."""
        return SlackOutput(self.slack_token, channel or self.slack_channel, thread_id, self.proxy)

    async def process_message(
        self, request: Request, on_new_message: Handler, text: str, *rest: Any, **more: Any
    ) -> Any:
        """As Rasa's; what is typed comes as JSON, what is pressed as a form."""
        typed = request.headers.get("content-type") == "application/json"
        said = without_command(text) if typed else text
        return await super().process_message(request, on_new_message, said, *rest, **more)
