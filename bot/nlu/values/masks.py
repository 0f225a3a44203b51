"""Hides what looks like a number but is an identifier, a code, a hotline, a clock time or an age.

What is hidden, by families: `data/values/not_values.yml`.
"""

from __future__ import annotations

import re

from bot.nlu.values import expressions
from bot.nlu.values.model import blank

# Read in this order: a set phrase must not tear an identifier apart.
_IDENTIFIERS, _SET_PHRASES = (expressions.load("not_values")[part] for part in ("identifiers", "set_phrases"))
# Every identifier has a figure, a word of number, a day of the week or an hour in it, or is an address on the
# web. Most messages have none of them, and looking takes a quarter of the time of all reading.
_MAY_HOLD_ONE = re.compile(
    r"[\d一二两三四五六七八九十百半@]|www|http|year|\b(?:at|half|one|two|three|four|five|six|seven|eight|nine|ten"
    r"|eleven|twelve|(?:twen|thir|for|fif|six|seven|eigh|nine)t(?:y|een)|mon|tue|wed|thu|fri|sat|sun)"
)


def hide_identifiers(text: str) -> str:
    """Return the folded `text`, same length, without identifiers and set phrases."""
    for pattern in (_IDENTIFIERS, _SET_PHRASES) if _MAY_HOLD_ONE.search(text) else (_SET_PHRASES,):
        for match in pattern.finditer(text):
            text = blank(text, match.start(), match.end())
    return text
