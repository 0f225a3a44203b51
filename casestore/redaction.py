"""Keeps what a borrower writes and takes out what would point to another person."""

from __future__ import annotations

import re

# Numbers of telephones, identity cards and accounts, written in digits or spoken one by one.
_LONG_NUMBER = re.compile(r"\+?[\d零〇一二三四五六七八九幺](?:[ \-]?[\d零〇一二三四五六七八九幺]){6,}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_ACCOUNT = re.compile(r"\b(?:wxid_\w+|https?://\S+|@\w{3,})", re.ASCII | re.IGNORECASE)

REMOVED = "[…]"

MAX_WORDS = 2000


def without_contacts(text: str) -> str:
    """`text` without telephone numbers, mail addresses and accounts, cut at a length nobody types."""
    for pattern in (_ADDRESS, _ACCOUNT, _LONG_NUMBER):
        text = pattern.sub(REMOVED, text)
    return text.strip()[:MAX_WORDS]
