"""Dates in both languages: each rule is an expression and what it means on a given day."""
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date

from bot.nlu.values import dates_en, dates_zh
from bot.nlu.values.calendar import next_in_year, on
from bot.nlu.values.model import Value, blank, sure, unclear

# A rule answers with the one date it means, or with several candidates (none when unknown).
Meaning = date | tuple[date, ...]
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Meaning]]


def find(text: str, today: date) -> list[Value]:
    """Return the dates of folded `text`; an unclear one carries its candidates."""
    found: list[Value] = []
    for pattern, meaning in _RULES:
        for match in pattern.finditer(text):
            found.append(_value(match, meaning(match, today)))
            text = blank(text, match.start(), match.end())
    return found


def _value(match: re.Match[str], meaning: Meaning) -> Value:
    if isinstance(meaning, date):
        return sure("date", match.span(), meaning.isoformat())
    return unclear("date", match.span(), *(day.isoformat() for day in meaning))


def _iso(match: re.Match[str], today: date) -> Meaning:
    return on(int(match[1]), int(match[2]), int(match[3])) or ()


def _two_numbers(match: re.Match[str], today: date) -> Meaning:
    """Month/day or day/month: clear only when one of them cannot be a month."""
    first, second = int(match[1]), int(match[2])
    readings = {_dated(match[3], today, *pair) for pair in ((first, second), (second, first))}
    days = tuple(sorted(day for day in readings if day))
    return days[0] if len(days) == 1 else days


def _dated(year: str | None, today: date, month: int, day: int) -> date | None:
    if year is None:
        return next_in_year(today, month, day)
    return on(int(year) + (2000 if len(year) == 2 else 0), month, day)


_COMMON: list[Rule] = [
    (re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _iso),
    (re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/]| ?of\b)"), _two_numbers),
]
_RULES: list[Rule] = [*_COMMON, *dates_zh.RULES, *dates_en.RULES]
