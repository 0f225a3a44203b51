"""The rating in a message."""

from __future__ import annotations

import re

from actions.turn import Turn

_DIGIT_ALONE = re.compile(r"\s*([1-5])\W*", re.ASCII)


def rating_in(turn: Turn) -> int | None:
    """A number from 1 to 5 if one is named; "8 out of 10" is on another scale and counts as a remark."""
    named = [int(each["value"]) for each in turn.entities("rating") if str(each["value"]).isdigit()]
    if named:
        return named[-1]
    alone = _DIGIT_ALONE.fullmatch(turn.text)
    return int(alone.group(1)) if alone else None
