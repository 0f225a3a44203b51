"""Money, dates and shares as people read them, in the borrower's language (by Babel)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent

from hardship.money import to_major

_LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}


def money(minor: int, language: str) -> str:
    """`minor` units as "¥1,234.50", the same in both languages so that figures can be compared."""
    sign = "-" if minor < 0 else ""
    return f"{sign}¥{format_decimal(to_major(abs(minor)), '#,##0.00', locale=_LOCALES[language])}"


def as_date(value: object) -> date | None:
    """An ISO day from an entity, None when there is none."""
    return date.fromisoformat(str(value)) if value else None


def day(value: date, language: str) -> str:
    """A calendar day: "2026年11月24日" or "24 November 2026"."""
    return format_date(value, format="long", locale=_LOCALES[language])


def moment(value: datetime, language: str, zone: str) -> str:
    """A UTC moment on the lender's clock, to the minute."""
    local = value.astimezone(ZoneInfo(zone))
    pattern = "M月d日 HH:mm" if language == "zh" else "d MMMM, HH:mm"
    return format_datetime(local, pattern, locale=_LOCALES[language])


def share(fraction: Decimal, language: str) -> str:
    """A fraction as a percentage with two decimals: Decimal("0.0969") is "9.69%"."""
    return format_percent(fraction, "0.00%", locale=_LOCALES[language])
