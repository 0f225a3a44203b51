"""Money, dates and shares as people read them, in the borrower's language (by Babel)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, get_day_names, get_timezone_name
from babel.lists import format_list
from babel.numbers import format_decimal, format_percent, get_currency_name, get_currency_symbol

from hardship.money import to_major

_LOCALES = {"zh": "zh_Hans_CN", "en": "en_GB"}

# Amounts look alike in both languages, so that figures can be compared; this locale has the short signs.
_MONEY_LOCALE = _LOCALES["zh"]


def money(minor: int, currency: str) -> str:
    """`minor` units with the sign of `currency` (ISO 4217): "¥1,234.50" for CNY, "£1,234.50" for GBP."""
    sign = "-" if minor < 0 else ""
    figure = format_decimal(to_major(abs(minor)), "#,##0.00", locale=_MONEY_LOCALE)
    return f"{sign}{get_currency_symbol(currency, locale=_MONEY_LOCALE)}{figure}"


def currency_name(currency: str, language: str) -> str:
    """What a currency (ISO 4217) is called where amounts are told: "人民币", "Chinese yuan"."""
    several = 2
    return str(get_currency_name(currency, several, locale=_LOCALES[language]))


def as_date(value: object) -> date | None:
    """An ISO day from an entity, None when there is none."""
    return date.fromisoformat(str(value)) if value else None


def day(value: date, language: str) -> str:
    """A calendar day: "2026年11月24日" or "24 November 2026"."""
    return format_date(value, format="long", locale=_LOCALES[language])


def moment(value: datetime, language: str, zone: str) -> str:
    """A UTC moment on the lender's clock, to the minute, with the name of its time zone."""
    local = value.astimezone(ZoneInfo(zone))
    named = zone_name(zone, language)
    if language == "zh":
        return f"{format_datetime(local, 'M月d日 HH:mm', locale=_LOCALES[language])}（{named}）"
    return f"{format_datetime(local, 'd MMMM, HH:mm', locale=_LOCALES[language])} ({named})"


def zone_name(zone: str, language: str) -> str:
    """What a time zone is called: "中国时间", "China Time"."""
    return str(get_timezone_name(zone, locale=_LOCALES[language]))


def stretch(start: datetime, end: datetime, language: str, zone: str) -> str:
    """From one UTC moment to another of the same day, on the lender's clock, with the day of the week."""
    begin, until = start.astimezone(ZoneInfo(zone)), end.astimezone(ZoneInfo(zone))
    pattern = "M月d日EEE HH:mm" if language == "zh" else "EEE d MMMM, HH:mm"
    return f"{format_datetime(begin, pattern, locale=_LOCALES[language])}–{until:%H:%M}"


def weekday(number: int, language: str) -> str:
    """The name of an ISO weekday (1 = Monday): "周一", "Monday"."""
    width = "abbreviated" if language == "zh" else "wide"
    return str(get_day_names(width, locale=_LOCALES[language])[number - 1])


def listed(names: Sequence[str], language: str) -> str:
    """Names one after another, the last with an "and"."""
    return str(format_list(list(names), locale=_LOCALES[language]))


def share(fraction: Decimal, language: str) -> str:
    """A fraction as a percentage with two decimals: Decimal("0.0969") is "9.69%"."""
    return format_percent(fraction, "0.00%", locale=_LOCALES[language])


def bullets(lines: list[str]) -> str:
    """Sentences as a list."""
    return "\n".join(f"· {line}" for line in lines)
