"""Sends events to a program of the lender's, signed as the Standard Webhooks specification says.

https://www.standardwebhooks.com: most languages have a library that checks such signatures.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from datetime import datetime

from aiohttp import ClientSession

from bot.desk.courier import ANSWER_WITHIN, NotTaken
from casestore.desk_events import DeskEvent

PREFIX = "whsec_"
# The specification asks for 24 to 64 bytes.
LEAST_BYTES, MOST_BYTES = 24, 64


class DeskMisconfigured(Exception):
    """The settings of the desk are incomplete or malformed; the message says what to set."""


def signature(secret: bytes, event_id: str, timestamp: int, body: bytes) -> str:
    """The signature of one delivery: HMAC-SHA256 over id, time (seconds since 1970) and body."""
    signed = f"{event_id}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()


def secret_from(text: str) -> bytes:
    """The key in a secret written "whsec_<base64>". Raises `DeskMisconfigured`."""
    try:
        secret = base64.b64decode(text.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        secret = b""
    if not text.startswith(PREFIX) or not LEAST_BYTES <= len(secret) <= MOST_BYTES:
        raise DeskMisconfigured(
            f"RESPITE_DESK_SECRET must be {PREFIX} followed by {LEAST_BYTES} to {MOST_BYTES} bytes in base64."
        )
    return secret


class WebhookDesk:
    """A desk that takes events at `url`."""

    def __init__(self, url: str, secret: bytes, clock: Callable[[], datetime]) -> None:
        self._url, self._secret, self._clock = url, secret, clock

    async def deliver(self, event: DeskEvent) -> None:
        """Post one event. Raises `NotTaken` for any answer but 2xx."""
        body = _body(event)
        now = int(self._clock().timestamp())
        headers = {
            "Content-Type": "application/json",
            "webhook-id": event.event_id,
            "webhook-timestamp": str(now),
            "webhook-signature": signature(self._secret, event.event_id, now, body),
        }
        async with (
            ClientSession(timeout=ANSWER_WITHIN) as client,
            client.post(self._url, data=body, headers=headers, allow_redirects=False) as answer,
        ):
            if answer.status // 100 != 2:
                raise NotTaken(f"status {answer.status}")


def _body(event: DeskEvent) -> bytes:
    told = {
        "type": event.kind.replace("_", ".", 1),
        "timestamp": event.made_at.isoformat(),
        "data": {"handoff": event.handoff, **event.body},
    }
    return json.dumps(told, ensure_ascii=False).encode()
