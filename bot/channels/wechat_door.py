"""Who is let in from WeChat: only what carries the account's signature, is fresh and not played again."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

from bot.channels.remembered import Remembered
from bot.channels.wechat_crypto import NotDecrypted, SafeMode, is_signature, signature
from bot.channels.wechat_xml import Malformed, envelope, read

API = "https://api.weixin.qq.com"
# WeChat's retries come within 15 seconds; the rest is for clocks that differ.
FRESH = timedelta(minutes=5)
MOST_SIGNATURES = 100_000


class Forged(Exception):
    """A request without the account's signature, an old one, or one that was changed and played again."""


@dataclass(frozen=True)
class Account:
    """The lender's Official Account. `token` signs what WeChat sends, `aes_key` encrypts it (safe mode)."""

    appid: str
    secret: str
    token: str
    aes_key: str | None = None
    api: str = API


class Door:
    """Checks and opens requests, and closes the replies. Raises `ValueError` for an AES key that is none."""

    def __init__(self, account: Account, clock: Callable[[], datetime]) -> None:
        self._token, self._clock = account.token, clock
        self._safe = SafeMode(account.aes_key, account.appid) if account.aes_key else None
        # A timestamp may be early or late by FRESH.
        self._seen: Remembered[str] = Remembered(clock, 2 * FRESH, MOST_SIGNATURES)

    def echo(self, query: Mapping[str, str]) -> str:
        """What WeChat wants back when the address is set up. Raises `Forged`."""
        self._require_signed("signature", query)
        return query.get("echostr", "")

    def open(self, query: Mapping[str, str], body: bytes) -> dict[str, str]:
        """The fields of a message. Raises `Forged`, `Malformed` or `TooLong`."""
        if self._safe is None:
            self._require_signed("signature", query)
            told = read(body)
            self._require_new(query.get("signature", ""), told)
            return told
        try:
            encrypted = read(body).get("Encrypt", "")
        except Malformed:
            raise Forged("Nothing in it is signed.") from None
        self._require_signed("msg_signature", query, encrypted)
        try:
            told = read(self._safe.decrypt(encrypted))
        except NotDecrypted as error:
            raise Forged(str(error)) from None
        self._require_new(query.get("msg_signature", ""), told)
        return told

    def close(self, xml: str) -> str:
        """The reply as WeChat takes it: encrypted and signed in safe mode."""
        if self._safe is None:
            return xml
        encrypted, nonce = self._safe.encrypt(xml.encode()), secrets.token_hex(8)
        timestamp = str(int(self._clock().timestamp()))
        signed = signature(self._token, timestamp, nonce, encrypted)
        return envelope(encrypted, signed, timestamp, nonce)

    def _require_signed(self, name: str, query: Mapping[str, str], *signed: str) -> None:
        timestamp, nonce = query.get("timestamp", ""), query.get("nonce", "")
        if not is_signature(query.get(name, ""), self._token, timestamp, nonce, *signed):
            raise Forged("The signature is wrong.")
        if not self._is_fresh(timestamp):
            raise Forged("The request is old.")

    def _is_fresh(self, timestamp: str) -> bool:
        # Ten digits last until the year 2286.
        if not (timestamp.isascii() and timestamp.isdecimal() and len(timestamp) <= 10):
            return False
        return abs(self._clock() - datetime.fromtimestamp(int(timestamp), timezone.utc)) <= FRESH

    def _require_new(self, signed: str, told: Mapping[str, str]) -> None:
        """A signature opens for one message only, because outside safe mode it does not cover the body.

        WeChat may send a message again under the same signature: that is let in, and answered as before.
        """
        message = "\n".join(told.get(name, "") for name in ("FromUserName", "MsgId", "CreateTime", "Event"))
        known = self._seen.get(signed)
        if known is None:
            self._seen.put(signed, message)
        elif known != message:
            raise Forged("The signature was for another message.")
