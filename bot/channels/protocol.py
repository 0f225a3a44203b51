"""What clients send and what they are sent. Everything a client sends is read here, and trusted nowhere."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.channels.wording import DEFAULT_LANGUAGE, LANGUAGES, wording
from bot.nlu.language import detect

# The store's column for a client's id holds 64 characters.
CLIENT_ID = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
# What Rasa would read as a command, with what could hide it: blanks, invisible marks, the full-width slash.
COMMAND_PREFIX = re.compile(r"^[\s/\uff0f\u200b-\u200f\u2060\ufeff]+")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")

# Notices that the case store leaves for the channel to word.
NOTICES = {"person_joined": "utter_person_joined", "person_left": "utter_person_left"}

# What a response's `metadata` may tell the page: the field that helps to answer it (`{type: amount}`,
# `{type: date, past: true}`, `{type: code}`), and what the bot is busy with once it is answered (`options`).
HINTS = ("input", "meanwhile")


@dataclass(frozen=True)
class Said:
    """A message from the borrower: typed `text`, or the `payload` of a button. `id` recognises a repeat."""

    id: str | None
    text: str
    payload: str | None


def read_say(data: object) -> Said | None:
    """The message in a `say` event, None when it is malformed."""
    if not isinstance(data, Mapping):
        return None
    identifier, text, payload = data.get("id"), data.get("text"), data.get("payload")
    if identifier is not None and not (isinstance(identifier, str) and CLIENT_ID.fullmatch(identifier)):
        return None
    if isinstance(payload, str) and payload:
        return Said(identifier, "", clean(payload))
    if isinstance(text, str) and text.strip():
        return Said(identifier, clean(text), None)
    return None


def read_id(data: object, default: str | None = None) -> str | None:
    """The client's id of an event, `default` when there is no usable one."""
    identifier = data.get("id") if isinstance(data, Mapping) else None
    return identifier if isinstance(identifier, str) and CLIENT_ID.fullmatch(identifier) else default


def read_language(data: object, default: str = DEFAULT_LANGUAGE) -> str:
    """The language in an event, `default` for one we don't speak."""
    wanted = data.get("language") if isinstance(data, Mapping) else None
    short = wanted[:2].lower() if isinstance(wanted, str) else ""
    return short if short in LANGUAGES else default


def read_after(data: object) -> int:
    """The number of the last message the client has, 0 for none."""
    after = data.get("after") if isinstance(data, Mapping) else None
    return after if isinstance(after, int) and 0 < after < 2**31 else 0


def clean(text: str) -> str:
    """The text without control characters, and without halves of characters that can't be stored."""
    return CONTROL.sub("", text.encode("utf-8", "replace").decode("utf-8")).strip()


def without_command(text: str) -> str:
    """Typed text as plain words: `/greet` must never reach Rasa as a command."""
    return COMMAND_PREFIX.sub("", text)


def bot_body(message: Mapping[str, Any], language: str) -> dict[str, Any]:
    """One bot message as one body: text, buttons, card, hints; empty when there is nothing to show."""
    parts = {
        "text": message.get("text"),
        "buttons": _buttons(message.get("buttons") or message.get("quick_replies") or []),
        "card": message.get("custom"),
        "image": message.get("image"),
    }
    body = {name: part for name, part in parts.items() if part}
    if body:
        body["lang"] = detect(str(body.get("text", ""))) or language
        body.update(_hints(message.get("metadata")))
    return body


def event(seq: int | None, author: str, body: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """A `message` event, the same whether it is live or replayed."""
    return {**worded(body), "seq": seq, "author": author, "at": at.isoformat()}


def worded(body: Mapping[str, Any]) -> dict[str, Any]:
    """The body with the words of a notice that was stored without any: that a person came, or went."""
    response = NOTICES.get(str(body.get("notice")))
    if response is None or body.get("text"):
        return dict(body)
    return {**body, "text": wording(response, str(body.get("lang", DEFAULT_LANGUAGE)))}


def _hints(metadata: object) -> dict[str, Any]:
    return (
        {name: metadata[name] for name in HINTS if name in metadata} if isinstance(metadata, Mapping) else {}
    )


def _buttons(buttons: list[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [{"title": str(each["title"]), "payload": str(each["payload"])} for each in buttons]
