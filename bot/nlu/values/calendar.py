"""The calendar questions that spoken dates ask: next day of month, weekday, end of month."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta


@dataclass(frozen=True)
class Recurring:
    """A day that comes round, as "Friday" or "the 15th" does: the one to come and the latest one gone."""

    coming: date
    gone: date


def shift(day: date, *, months: int = 0, weeks: int = 0, days: int = 0) -> date:
    """Return `day` moved; a day the target month lacks becomes its last day."""
    return day + relativedelta(months=months, weeks=weeks, days=days)


def on(year: int, month: int, day: int) -> date | None:
    """Return the date, or None when it does not exist."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def month_end(day: date, months: int = 0) -> date:
    """Return the last day of the month `months` after the month of `day`."""
    target = shift(day.replace(day=1), months=months)
    return target.replace(day=calendar.monthrange(target.year, target.month)[1])


def next_day_of_month(today: date, number: int) -> date | None:
    """Return the next date after `today` with that day of the month; months that lack it are passed over."""
    for months in range(13):
        first = shift(today.replace(day=1), months=months)
        found = on(first.year, first.month, number)
        if found and found > today:
            return found
    return None


def last_day_of_month(today: date, number: int) -> date | None:
    """Return the latest such date up to `today`; months that lack the day are passed over."""
    for months in range(13):
        first = shift(today.replace(day=1), months=-months)
        found = on(first.year, first.month, number)
        if found and found <= today:
            return found
    return None


def recurring(coming: date | None, gone: date | None) -> Recurring | tuple[date, ...]:
    """Return both days as one recurring day; nothing when there is no such day."""
    return Recurring(coming, gone) if coming and gone else ()


def ends_of_month(today: date, month: int) -> Recurring:
    """Return the last day to come of such a month, today included, and the latest one gone."""
    end = month_end(date(today.year, month, 1))
    later, earlier = month_end(date(today.year + 1, month, 1)), month_end(date(today.year - 1, month, 1))
    return Recurring(end, earlier) if end >= today else Recurring(later, end)


def last_in_year(today: date, month: int, day: int) -> date | None:
    """Return the latest such date, today included; 29 February goes back to a leap year."""
    for year in range(today.year, today.year - 9, -1):
        found = on(year, month, day)
        if found and found <= today:
            return found
    return None


def next_in_year(today: date, month: int, day: int) -> date | None:
    """Return the next such date, today included; 29 February waits for a leap year."""
    for year in range(today.year, today.year + 9):
        found = on(year, month, day)
        if found and found >= today:
            return found
    return None


def last_month_start(today: date, month: int) -> date:
    """Return the first day of the latest such month that has begun."""
    year = today.year if month <= today.month else today.year - 1
    return date(year, month, 1)


def next_month_start(today: date, month: int) -> date:
    """Return the first day of the next such month to begin."""
    year = today.year if month > today.month else today.year + 1
    return date(year, month, 1)


def weekday_in_week(today: date, weekday: int, weeks: int) -> date:
    """Return that weekday (Monday 0) of the week `weeks` after this one; weeks start on Monday."""
    return today - timedelta(days=today.weekday()) + timedelta(days=weekday, weeks=weeks)


def coming_weekday(today: date, weekday: int) -> date:
    """Return the next such weekday after `today`."""
    return today + timedelta(days=(weekday - today.weekday() - 1) % 7 + 1)


def past_weekday(today: date, weekday: int) -> date:
    """Return the latest such weekday before `today`."""
    return today - timedelta(days=(today.weekday() - weekday - 1) % 7 + 1)


# Chinese New Year's Day goes by the moon, so that no rule of this calendar gives it.
_SPRING_FESTIVALS = (
    date(2025, 1, 29),
    date(2026, 2, 17),
    date(2027, 2, 6),
    date(2028, 1, 26),
    date(2029, 2, 13),
    date(2030, 2, 3),
    date(2031, 1, 23),
    date(2032, 2, 11),
    date(2033, 1, 31),
    date(2034, 2, 19),
    date(2035, 2, 8),
    date(2036, 1, 28),
    date(2037, 2, 15),
    date(2038, 2, 4),
    date(2039, 1, 24),
    date(2040, 2, 12),
)
# People go back to work when the week of the feast is over.
_FEAST = timedelta(days=7)


def after_spring_festival(today: date) -> tuple[date, ...]:
    """Return the day when the coming feast is over; nothing beyond the years that are known."""
    over = (day + _FEAST for day in _SPRING_FESTIVALS)
    return tuple(day for day in over if day > today)[:1]
