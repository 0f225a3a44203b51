"""What a borrower bargains for beside plain amounts: 再少五十, "50 less", 前三个月少一点.

The words: `data/values/bargains.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.nlu.values import expressions
from bot.nlu.values.model import Value, sure
from bot.nlu.values.numerals import read_chinese, read_english

_SAID = expressions.load_lines("bargains")
# A bargain is about tens at least: "少付两成" is a share.
_LEAST = 10


def find(text: str) -> list[Value]:
    """Return what folded `text` bargains for, in no order.

    `less_by` is in minor units; `parts`, `first_months` and `pause_months` are counts (0: not said how many).
    """
    found: list[tuple[str, re.Match[str], int]] = []
    if not _tells("earned", text):
        less = [(match, _number(match["n"])) for match in _all("less_by", text)]
        found += [("less_by", match, number * 100) for match, number in less if number >= _LEAST]
    found += [("first_months", match, _number(match["n"])) for match in _all("less_at_first", text)]
    lower = [match.span() for kind, match, _ in found if kind == "first_months"]
    found += [
        ("first_months", match, 0)
        for match in _all("less_then_more", text)
        if not _tells("wage", text) and not any(_meet(match.span(), each) for each in lower)
    ]
    found += [("pause_months", match, _number(match["n"])) for match in _all("pause_at_first", text)]
    found += [("parts", match, _number(match["n"])) for match in _all("in_parts", text)]
    if not _tells("wage", text):
        steps = list(_all("steps", text))
        apart = [match for place, match in enumerate(steps) if not _overlap(match, steps[:place])]
        found += [("first_months", match, _steps_months(match)) for match in apart]
    return [sure(kind, match.span(), number) for kind, match, number in found]


def offered(text: str) -> list[tuple[int, int]]:
    """Return where folded `text` has an amount that somebody says they would pay."""
    return [match.span("a") for match in _all("offered", text)]


def _all(part: str, text: str) -> Iterator[re.Match[str]]:
    return (match for pattern in _SAID[part] for match in pattern.finditer(text))


def _tells(part: str, text: str) -> bool:
    return any(pattern.search(text) for pattern in _SAID[part])


def _overlap(match: re.Match[str], others: list[re.Match[str]]) -> bool:
    return any(match.start() < other.end() and other.start() < match.end() for other in others)


def _meet(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _steps_months(match: re.Match[str]) -> int:
    said = match.groupdict()
    return 6 if said.get("half") else 12 if said.get("year") else _number(said["n"]) if said.get("n") else 0


def _number(written: str) -> int:
    return int(read_chinese(written) or read_english(written) or 0)
