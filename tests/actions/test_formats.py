"""Money and moments as people read them."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from actions.formats import listed, moment, money, stretch, weekday

NOON = datetime(2026, 11, 25, 4, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("minor", "currency", "read"),
    [(123450, "CNY", "¥1,234.50"), (123450, "GBP", "£1,234.50"), (-5, "CNY", "-¥0.05")],
)
def test_money_has_the_sign_of_the_packs_currency(minor: int, currency: str, read: str) -> None:
    assert money(minor, currency) == read


@pytest.mark.parametrize(
    ("language", "zone", "read"),
    [
        ("zh", "Asia/Shanghai", "11月25日 12:00（中国时间）"),
        ("en", "Asia/Shanghai", "25 November, 12:00 (China Time)"),
        ("en", "Europe/London", "25 November, 04:00 (United Kingdom Time)"),
    ],
)
def test_a_moment_names_the_time_zone_of_the_lender(language: str, zone: str, read: str) -> None:
    assert moment(NOON, language, zone) == read


def test_a_stretch_of_time_has_its_day_of_the_week_on_the_lenders_clock() -> None:
    end = NOON + timedelta(hours=2)
    assert stretch(NOON, end, "zh", "Asia/Shanghai") == "11月25日周三 12:00–14:00"
    assert stretch(NOON, end, "en", "Asia/Shanghai") == "Wed 25 November, 12:00–14:00"


def test_days_of_the_week_in_both_languages() -> None:
    assert (weekday(1, "zh"), weekday(7, "en")) == ("周一", "Sunday")
    assert listed([weekday(1, "en"), weekday(3, "en")], "en") == "Monday and Wednesday"
    assert listed([weekday(1, "zh"), weekday(3, "zh")], "zh") == "周一和周三"
