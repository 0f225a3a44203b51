"""Reads amounts, dates, month counts, percentages, option numbers and phones out of a message.

Pure functions: `extract(text, today)` is the entry. Readers run in a fixed order; each takes its
characters away from the later ones. An unclear expression is marked, never guessed.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.nlu.normaliser import fold
from bot.nlu.values import bargains, dates, money, months, options, percentages, phones, workdays
from bot.nlu.values.labels import hide_labels
from bot.nlu.values.masks import hide_identifiers
from bot.nlu.values.model import Value, blank
from bot.nlu.values.slips import mended
from bot.nlu.values.spendings import without_names

__all__ = ["Value", "extract", "today"]

# Longer messages are read in passages of at most this many characters, cut behind a pause where there is one.
_PASSAGE = 400
_CUT = re.compile(r"[,.;!?。\n ](?!\d)")
# Some write Chinese with a space on each side of a number; it says nothing.
_GAP = re.compile(
    r"(?<=\d) (?=(?:个半?月|个季度|[月期号年成折万千百%]|天[之以]?[前后]))"
    r"|(?<=[月年]) (?=\d{1,2} ?[号日月])"
)
# "1，200" is one amount with a comma of the other keyboard.
_LISTING = re.compile(r"(?<=[\d０-９]{3})，(?=[\d０-９])|(?<=[\d０-９])[①-⑳⑴-⑽]")
Reader = Callable[[str, date], list[Value]]
_READERS: tuple[Reader, ...] = (
    lambda text, day: options.alone(text),
    lambda text, day: options.find(text),
    lambda text, day: workdays.find(text),
    dates.find,
    lambda text, day: months.find(text),
    lambda text, day: percentages.find(text),
    lambda text, day: money.find(text),
)


def today() -> date:
    """Return the day of `RESPITE_TODAY` when set, else the current day in Shanghai."""
    fixed = os.environ.get("RESPITE_TODAY")
    return date.fromisoformat(fixed) if fixed else datetime.now(ZoneInfo("Asia/Shanghai")).date()


def extract(text: str, day: date) -> list[Value]:
    """Return every value of `text` in reading order; relative dates count from `day`."""
    if text.lstrip().startswith("/"):
        return []
    found: list[Value] = []
    close, places = mended(*_closed_up(_parted(text)))
    for start, passage in _passages(close):
        for value in _read(passage, day):
            first, last = value.start + start, value.end + start - 1
            found.append(replace(value, start=places[first], end=places[last] + 1))
    return found


def _parted(text: str) -> str:
    """Return `text` folded; a Chinese comma behind hundreds (吃饭800，300交通) groups nothing, nor does ②."""
    return fold(_LISTING.sub(";", text))


def _closed_up(text: str) -> tuple[str, list[int]]:
    """Return `text` without the gaps of "6 期" and "12 月 5 号", and where each character kept stood."""
    gaps = {match.start() for match in _GAP.finditer(text)}
    places = [place for place in range(len(text)) if place not in gaps]
    return "".join(text[place] for place in places), places


def _passages(text: str) -> Iterator[tuple[int, str]]:
    """Yield a long message in passages with their places, so that the time grows with the length only."""
    start = 0
    while len(text) - start > _PASSAGE:
        cuts = [found.end() for found in _CUT.finditer(text, start + _PASSAGE // 2, start + _PASSAGE)]
        end = cuts[-1] if cuts else start + _PASSAGE
        yield start, text[start:end]
        start = end
    yield start, text[start:]


def _read(text: str, day: date) -> list[Value]:
    found = phones.find(text)
    rest = hide_labels(hide_identifiers(without_names(_without(text, found))))
    for reader in _READERS:
        more = reader(rest, day)
        rest = _without(rest, more)
        found += more
    found += [*workdays.alone(text), *bargains.find(text)]
    return sorted(_with_offers(text, found), key=lambda value: value.start)


def _with_offers(text: str, values: list[Value]) -> list[Value]:
    """Return the values with a mark on each amount that somebody says they would pay."""
    spans = bargains.offered(text)
    return [
        replace(value, offered=True)
        if value.kind == "money" and any(value.start < end and start < value.end for start, end in spans)
        else value
        for value in values
    ]


def _without(text: str, values: list[Value]) -> str:
    for value in values:
        text = blank(text, value.start, value.end)
    return text
