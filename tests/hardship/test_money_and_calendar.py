"""Rounding, splitting, due dates and day counts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hardship.calendar import (
    DayCount,
    add_months,
    days_between,
    due_dates,
    on_or_after,
    whole_months,
    year_fraction,
)
from hardship.money import AmountError, parse_amount, split_evenly, split_pro_rata, to_major, to_minor


def test_amounts_are_rounded_half_up_to_the_fen() -> None:
    assert [to_minor(Decimal(text)) for text in ("1.005", "1.004", "2.675")] == [101, 100, 268]


def test_minor_units_come_back_with_two_decimals() -> None:
    assert str(to_major(123_450)) == "1234.50"


@pytest.mark.parametrize(("text", "minor"), [("1234.56", 123_456), (" 800 ", 80_000), ("0.1", 10)])
def test_a_plain_decimal_is_an_amount(text: str, minor: int) -> None:
    assert parse_amount(text) == minor


@pytest.mark.parametrize(
    "text", ["", "-1", "1,000", "NaN", "1e5", "1.234", "10000000000000000", "八百", "１２"]
)
def test_anything_else_is_not_an_amount_and_is_not_repeated(text: str) -> None:
    with pytest.raises(AmountError) as problem:
        parse_amount(text)
    assert not text.strip() or text not in str(problem.value)


def test_750_overdue_re_aged_over_six_is_125_each() -> None:
    assert split_evenly(75_000, 6) == [12_500] * 6


def test_the_last_part_absorbs_the_difference() -> None:
    assert split_evenly(100, 3) == [33, 33, 34]
    assert split_evenly(3, 6) == [1, 1, 1, 0, 0, 0]


def test_a_hundred_pro_rata_over_four_debts() -> None:
    assert split_pro_rata(10_000, (500, 1000, 233, 200)) == [2587, 5173, 1205, 1035]


def test_a_split_over_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="weights"):
        split_pro_rata(100, (0, 0))
    with pytest.raises(ValueError, match="one part"):
        split_evenly(100, 0)


def test_the_31st_comes_back_after_a_shorter_month() -> None:
    assert add_months(date(2026, 2, 28), 1, due_day=31) == date(2026, 3, 31)
    assert add_months(date(2027, 12, 31), 2) == date(2028, 2, 29)
    assert due_dates(date(2028, 1, 30), 3, 30) == [date(2028, 1, 30), date(2028, 2, 29), date(2028, 3, 30)]


def test_months_can_be_taken_away() -> None:
    assert add_months(date(2026, 1, 5), -1) == date(2025, 12, 5)


def test_the_next_due_day_may_be_today() -> None:
    assert on_or_after(date(2026, 11, 5), 5) == date(2026, 11, 5)
    assert on_or_after(date(2026, 11, 6), 5) == date(2026, 12, 5)


def test_every_month_has_thirty_days_on_30_360() -> None:
    assert days_between(date(2026, 1, 31), date(2026, 2, 28), DayCount.THIRTY_360) == 30
    assert days_between(date(2026, 11, 5), date(2026, 12, 5), DayCount.THIRTY_360) == 30


def test_a_year_fraction_follows_its_day_count() -> None:
    start, end = date(2026, 1, 1), date(2026, 12, 27)
    assert year_fraction(start, end, DayCount.ACTUAL_360) == 1
    assert year_fraction(start, end, DayCount.ACTUAL_365) == Decimal(360) / 365


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2026, 11, 24), date(2026, 12, 23), 0),
        (date(2026, 11, 24), date(2026, 12, 24), 1),
        (date(2026, 1, 31), date(2026, 2, 28), 1),
        (date(2026, 11, 24), date(2028, 1, 1), 13),
        (date(2026, 11, 24), date(2026, 11, 23), 0),
    ],
)
def test_a_month_has_passed_on_the_same_day_of_the_next(start: date, end: date, months: int) -> None:
    assert whole_months(start, end) == months
