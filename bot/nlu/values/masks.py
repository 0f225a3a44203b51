"""Hides what looks like a number but is an identifier, a code, a hotline, a clock time or an age.

What is hidden, by families: `data/values/not_values.yml`.
"""

from __future__ import annotations

from bot.nlu.values import expressions
from bot.nlu.values.model import blank

# Read in this order: a set phrase must not tear an identifier apart.
_HIDDEN = tuple(expressions.load("not_values")[part] for part in ("identifiers", "set_phrases"))


def hide_identifiers(text: str) -> str:
    """Return the folded `text`, same length, without identifiers and set phrases."""
    for pattern in _HIDDEN:
        for match in pattern.finditer(text):
            text = blank(text, match.start(), match.end())
    return text
