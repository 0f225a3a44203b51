"""When a person will have answered: a time counted in the lender's working hours."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from zoneinfo import ZoneInfo

from hardship.policy_rules import WorkingHours


def add_working_hours(start: datetime, hours: int, window: WorkingHours, zone_name: str) -> datetime:
    """The UTC moment when `hours` working hours have passed since `start` (aware).

    `window` gives opening hours and ISO weekdays in the zone `zone_name`.
    """
    zone = ZoneInfo(zone_name)
    left = timedelta(hours=hours)
    day = start.astimezone(zone).date()
    while True:
        opens = max(_at(day, window.start, zone), start)
        closes = _at(day, window.end, zone)
        if day.isoweekday() in window.weekdays and closes > opens:
            if left <= closes - opens:
                return opens + left
            left -= closes - opens
        day += timedelta(days=1)


def _at(day: date, moment: time, zone: ZoneInfo) -> datetime:
    # In UTC, so that differences are real hours even where clocks change.
    return datetime.combine(day, moment, tzinfo=zone).astimezone(timezone.utc)
