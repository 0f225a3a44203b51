"""Telephone numbers, so that they are never taken for amounts."""

from __future__ import annotations

import re

import phonenumbers

from bot.nlu.values.model import Value, sure

_MOBILE = re.compile(r"(?<![\d.,])(?:(?:\+|00)?86[\s-]?)?(1[3-9]\d[\s-]?\d{4}[\s-]?\d{4})(?![\d])")
_LANDLINE = re.compile(r"(?<![\d.,])(0\d{2,3}[\s-]?\d{7,8})(?!\d)")
_FOREIGN = re.compile(r"\+\d[\d\s()-]{6,18}\d")


def find(text: str) -> list[Value]:
    """Return phone numbers in E.164 form; numbers that no plan knows are left out."""
    found: list[Value] = []
    for pattern in (_FOREIGN, _MOBILE, _LANDLINE):
        for match in pattern.finditer(text):
            number = _e164(match.group())
            if number and not any(match.start() < value.end and value.start < match.end() for value in found):
                found.append(sure("phone", match.span(), number))
    return found


def _e164(written: str) -> str | None:
    try:
        number = phonenumbers.parse(re.sub(r"^00", "+", written), "CN")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
