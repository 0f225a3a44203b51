"""Splits a message into its clauses, so that each can be read for what it tells by itself.

Who tells several things in one breath answers several questions: "since June, it's only until I find work,
and it's for the household". As a whole such a message resembles no answer; each of its clauses does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

# Under what name the clauses of a message are handed on to the forms.
CLAUSES = "clauses"
# So many clauses are read; who writes more tells a story, whose end is read as a whole.
MOST = 12

# A mark between two figures is part of a number. Between Chinese words a blank is as good as a comma.
_BREAK = re.compile(
    r"(?<!\d)[,.](?=\s|$|[^\d\s])|(?<=\d)[,.](?=\s|$|[^\d\s])|[;!?\n]|[\uff0c\u3002\uff1b\uff01\uff1f\u3001]"
    r"|(?<=[\u4e00-\u9fff\d])\s+(?=[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\s+(?=[a-zA-Z\u4e00-\u9fff])"
    r"|\s+(?=(?:and|but|so|plus|because|cos|although|though)\s)",
    re.IGNORECASE,
)


def spans(text: str) -> list[tuple[int, int]]:
    """Return from where to where each clause of `text` goes, without the marks around it; at most `MOST`."""
    return list(_spans(text))[:MOST]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for match in [*_BREAK.finditer(text), None]:
        end = match.start() if match else len(text)
        part = text[start:end]
        if any(sign.isalnum() for sign in part):
            lead = len(part) - len(part.lstrip())
            yield start + lead, start + len(part.rstrip())
        start = match.end() if match else end


def as_read(
    start: int, end: int, ranked: list[tuple[str | None, float]], answers: dict[str, Any]
) -> dict[str, Any]:
    """What is handed on of one clause: its place, the likeliest meaning, and what it would answer."""
    intent, chance = ranked[0] if ranked else (None, 0.0)
    return {"start": start, "end": end, "intent": intent, "confidence": round(chance, 3), "answers": answers}
