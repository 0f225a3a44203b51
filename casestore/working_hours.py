"""When a person will have answered, and when one can call: both within the lender's working hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hardship.policy_rules import WorkingHours


@dataclass(frozen=True)
class Slot:
    """A stretch of working time; `start` and `end` are UTC."""

    start: datetime
    end: datetime


def slots_after(now: datetime, hours: int, window: WorkingHours, zone_name: str) -> Iterator[Slot]:
    """Without end, the slots of `hours` hours that begin after `now` (aware), in order from opening time.

    What is left of a day after its last whole slot is none; see `add_working_hours` for the window.
    """
    zone, length = ZoneInfo(zone_name), timedelta(hours=hours)
    day = now.astimezone(zone).date()
    while True:
        start, closes = _at(day, window.start, zone), _at(day, window.end, zone)
        while window.open_on(day) and start + length <= closes:
            if start > now:
                yield Slot(start, start + length)
            start += length
        day += timedelta(days=1)


def add_working_hours(start: datetime, hours: int, window: WorkingHours, zone_name: str) -> datetime:
    """The UTC moment when `hours` working hours have passed since `start` (aware).

    `window` gives opening hours and open days in the zone `zone_name`.
    """
    zone = ZoneInfo(zone_name)
    left = timedelta(hours=hours)
    day = start.astimezone(zone).date()
    while True:
        opens = max(_at(day, window.start, zone), start)
        closes = _at(day, window.end, zone)
        if window.open_on(day) and closes > opens:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        day += timedelta(days=1)


def _at(day: date, moment: time, zone: ZoneInfo) -> datetime:
    # In UTC, so that differences are real hours even where clocks change.
    return datetime.combine(day, moment, tzinfo=zone).astimezone(timezone.utc)
