"""Due dates and day counts."""

from __future__ import annotations

import calendar
from datetime import date
from decimal import Decimal
from enum import Enum

MONTHS_PER_YEAR = 12
DAYS_PER_MONTH_30_360 = 30
_SHORTEST_MONTH = 28
_DAYS_PER_YEAR_360 = 360
_DAYS_PER_YEAR_365 = 365
# Bounds of representation, not of policy: a date outside them is a mistake in a file.
_EARLIEST, _LATEST = date(1900, 1, 1), date(2200, 12, 31)


class DayCount(str, Enum):
    """How days become a fraction of a year."""

    THIRTY_360 = "30/360"
    ACTUAL_365 = "act/365"
    ACTUAL_360 = "act/360"


# For daily interest, unless a loan's contract says otherwise (plans.md, Conventions).
DEFAULT_DAY_COUNT = DayCount.ACTUAL_360


def is_plausible(day: date) -> bool:
    """Whether `day` can be a date of a loan at all; arithmetic on plausible dates never overflows."""
    return _EARLIEST <= day <= _LATEST


def add_months(day: date, months: int, due_day: int | None = None) -> date:
    """`day` moved by whole months; a 31st becomes the last day of a shorter month and comes back after it.

    `due_day` is the day of month that is meant (1-31); without it the day of `day` itself.
    """
    year, month = divmod(day.year * MONTHS_PER_YEAR + day.month - 1 + months, MONTHS_PER_YEAR)
    return _on_day(year, month + 1, due_day or day.day)


def _on_day(year: int, month: int, wanted: int) -> date:
    if wanted <= _SHORTEST_MONTH:
        return date(year, month, wanted)
    return date(year, month, min(wanted, calendar.monthrange(year, month)[1]))


def whole_months(start: date, end: date) -> int:
    """How many months have passed from `start` to `end`; 0 when `end` is before a month is over."""
    months = (end.year - start.year) * MONTHS_PER_YEAR + end.month - start.month
    return max(months if add_months(start, months) <= end else months - 1, 0)


def on_or_after(day: date, due_day: int) -> date:
    """The first date with day of month `due_day` that is not before `day`."""
    this_month = _on_day(day.year, day.month, due_day)
    return this_month if this_month >= day else add_months(this_month, 1, due_day)


def due_dates(first_due: date, count: int, due_day: int) -> list[date]:
    """`count` monthly due dates from `first_due`, all on `due_day` as far as the month has it."""
    return [first_due, *(add_months(first_due, n, due_day) for n in range(1, count))]


def days_between(start: date, end: date, day_count: DayCount) -> int:
    """Days from `start` to `end`; on 30/360 every month has thirty."""
    if day_count is not DayCount.THIRTY_360:
        return (end - start).days
    months = (end.year - start.year) * MONTHS_PER_YEAR + end.month - start.month
    return months * DAYS_PER_MONTH_30_360 + _thirtieth(end) - _thirtieth(start)


def _thirtieth(day: date) -> int:
    """The day of month on 30/360: the last day of every month counts as the thirtieth."""
    last = calendar.monthrange(day.year, day.month)[1]
    return DAYS_PER_MONTH_30_360 if day.day == last else min(day.day, DAYS_PER_MONTH_30_360)


def year_fraction(start: date, end: date, day_count: DayCount) -> Decimal:
    """The part of a year from `start` to `end`."""
    actual_365 = day_count is DayCount.ACTUAL_365
    basis = _DAYS_PER_YEAR_365 if actual_365 else _DAYS_PER_YEAR_360
    return Decimal(days_between(start, end, day_count)) / basis
