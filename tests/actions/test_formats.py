"""Money and moments as people read them."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from actions.formats import moment, money

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
