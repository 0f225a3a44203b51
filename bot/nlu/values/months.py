"""Numbers of months in both languages: 三个月, 半年, 12期, for 6 months, a year and a half.

The words: `data/values/months.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal

from bot.nlu.values import expressions
from bot.nlu.values.model import Value, blank, sure, unclear
from bot.nlu.values.numerals import read_chinese, read_english

_PARTS = expressions.load("months")
# Neither is a number of months: what is paid in a month, and how old a child is.
_NO_MONTHS = ("rate", "child_age")
_VAGUE = ("vague_zh", "vague_en")
# Said without a number, the longer before what is part of it.
_FIXED = {
    "half_year": 6,
    "two_months": 2,
    "three_months": 3,
    "year_and_half": 18,
    "half_year_en": 6,
    "three_quarters_of_a_year": 9,
    "quarter_of_a_year": 3,
    "a_year": 12,
    "a_month": 1,
}


def find(text: str) -> list[Value]:
    """Return the month counts of folded `text`; vague ones are marked unclear."""
    for part in _NO_MONTHS:
        for match in _PARTS[part].finditer(text):
            text = blank(text, match.start(), match.end())
    found: list[Value] = []
    for part in _VAGUE:
        found += [unclear("month_count", match.span()) for match in _PARTS[part].finditer(text)]
    found += _read("years_and_months_zh", _years_and_months, text, found)
    found += _read("years_and_months_en", _years_and_months, text, found)
    for part, months in _FIXED.items():
        found += [sure("month_count", match.span(), months) for match in _free(part, text, found)]
    for part, read in _COUNTED.items():
        found += _read(part, read, text, found)
    return found + [unclear("month_count", match.span()) for match in _free("half_month_zh", text, found)]


def _read(part: str, read: Callable[[re.Match[str]], Value], text: str, found: list[Value]) -> list[Value]:
    return [read(match) for match in _free(part, text, found)]


def _free(part: str, text: str, found: list[Value]) -> list[re.Match[str]]:
    """Return where a part fits and nothing is found yet."""
    return [
        match
        for match in _PARTS[part].finditer(text)
        if not any(match.start() < value.end and value.start < match.end() for value in found)
    ]


def _chinese(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"])
    if number is None or match["half"]:
        return unclear("month_count", match.span())
    months = int(number) * (12 if match["year"] else 1) + (6 if match["yearhalf"] else 0)
    return sure("month_count", match.span(), months)


def _years_and_months(match: re.Match[str]) -> Value:
    years, months = (_whole(match[name]) for name in ("n", "more"))
    return (
        sure("month_count", match.span(), years * 12 + months)
        if years and months
        else unclear("month_count", match.span())
    )


def _whole(written: str) -> int:
    number = Decimal(1) if written in ("a", "an") else read_chinese(written) or read_english(written)
    return int(number or 0)


def _quarters(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"])
    return (
        sure("month_count", match.span(), int(number) * 3) if number else unclear("month_count", match.span())
    )


def _english(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"]) if match["n"][0].isdigit() else read_english(match["n"])
    if number is None:
        return unclear("month_count", match.span())
    months = number * (12 if match["unit"].startswith("y") else 1)
    if match["half"]:
        months += 6 if match["unit"].startswith("y") else months % 1 + type(months)("0.5")
    return (
        sure("month_count", match.span(), int(months))
        if months == int(months)
        else unclear("month_count", match.span())
    )


_COUNTED: dict[str, Callable[[re.Match[str]], Value]] = {
    "count_zh": _chinese,
    "quarters_zh": _quarters,
    "count_en": _english,
}
