"""Keeps what a borrower writes and takes out what would point to a person."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

import yaml

PATTERNS = Path(__file__).resolve().parent.parent / "data" / "redaction.yml"

# Numbers of telephones, identity cards and accounts, written in digits or spoken one by one.
_LONG_NUMBER = re.compile(r"\+?[\d零〇一二三四五六七八九幺](?:[ \-]?[\d零〇一二三四五六七八九幺]){6,}")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_ACCOUNT = re.compile(r"\b(?:wxid_\w+|https?://\S+|@\w{3,})", re.ASCII | re.IGNORECASE)

# Three digits or more may be part of a number that points to somebody, such as the end of an identity card.
_FIGURE = re.compile(r"\d(?:[,，.]?\d){2,}(?:[xX]\b)?|[零〇一二三四五六七八九幺]{4,}")
_LETTER = re.compile(r"[^\W\d_]")

REMOVED = "[…]"
FIGURE = "000"

MAX_WORDS = 2000

# Longer messages tell a story, and a story points to a person without naming one.
MAX_EXAMPLE = 120


def without_contacts(text: str) -> str:
    """`text` without telephone numbers, mail addresses and accounts, cut at a length nobody types."""
    for pattern in (_ADDRESS, _ACCOUNT, _LONG_NUMBER):
        text = pattern.sub(REMOVED, text)
    return text.strip()[:MAX_WORDS]


def anonymous(text: str) -> str:
    """`text` in one line, without contacts, names, places and figures, cut at `MAX_EXAMPLE` characters.

    Empty when nothing is left to learn from.
    """
    kept = " ".join(without_contacts(text).split())
    for pattern in _patterns():
        kept = pattern.sub(_after_what_stays, kept)
    kept = _FIGURE.sub(FIGURE, kept)[:MAX_EXAMPLE].strip()
    return kept if len(_LETTER.findall(kept)) > 1 else ""


def _after_what_stays(found: re.Match[str]) -> str:
    return f"{found['before'] or ''}{REMOVED}"


@lru_cache(maxsize=1)
def _patterns() -> tuple[re.Pattern[str], ...]:
    """The patterns of `data/redaction.yml`, in their order."""
    content = yaml.safe_load(PATTERNS.read_text(encoding="utf-8"))
    return tuple(_compiled(each, content["words"]) for each in content["patterns"])


def _compiled(described: dict[str, str], words: dict[str, str]) -> re.Pattern[str]:
    expression = f"(?P<before>{described.get('before', '')})(?:{described['what']})"
    for name, alternatives in words.items():
        expression = expression.replace(f"<{name}>", alternatives)
    return re.compile(expression, 0 if described.get("exact") else re.IGNORECASE)
