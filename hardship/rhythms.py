"""What an amount of a day, a week or a year comes to in a month."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

MONTHS_A_YEAR = 12
WEEKS_A_YEAR = 52
DAYS_A_MONTH = 30
# A month's figure that was reckoned is no finer than this, in minor units: nobody counts a wage in cents.
_GRAIN = 100

_TIMES_A_YEAR = {
    "week": WEEKS_A_YEAR,
    "fortnight": WEEKS_A_YEAR // 2,
    "quarter": 4,
    "half_year": 2,
    "year": 1,
}


def a_month(amount: int, times_a_year: int) -> int:
    """What `amount` minor units, so many times a year, come to in a month: to the nearest whole unit."""
    exact = Decimal(amount) * times_a_year / MONTHS_A_YEAR / _GRAIN
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP)) * _GRAIN


def of_month(amount: int, period: str, worked: dict[str, int], *, every_day: bool) -> int | None:
    """`amount` of a `period` in a month; None where nobody said how often.

    `worked` holds "days_a_week", "days_a_month" or "hours_a_week" as far as told. What is spent on a day is
    spent on `every_day` of a month; what is earned on one is not.
    """
    if period in _TIMES_A_YEAR:
        return a_month(amount, _TIMES_A_YEAR[period])
    if period == "hour" and "hours_a_week" in worked:
        return a_month(amount * worked["hours_a_week"], WEEKS_A_YEAR)
    if period != "day":
        return None
    if every_day:
        return amount * DAYS_A_MONTH
    if "days_a_month" in worked:
        return amount * worked["days_a_month"]
    if "days_a_week" in worked:
        return a_month(amount * worked["days_a_week"], WEEKS_A_YEAR)
    return None
