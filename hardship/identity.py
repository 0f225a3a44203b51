"""Reading a log-in, the end of an identity number and a code out of what somebody typed."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import Literal, Protocol

import phonenumbers
from stdnum.cn import ric
from stdnum.exceptions import ValidationError

_LOAN_NUMBER = re.compile(r"(?<![A-Z0-9])LN[\s-]?([0-9]{4})[\s-]?([0-9]{4})(?![0-9])")
_LAST_FOUR = re.compile(r"(?<![0-9A-Z])[0-9]{3}[0-9X](?![0-9A-Z])")
_IDENTITY_NUMBER = re.compile(r"(?<![0-9A-Z])[0-9]{17}[0-9X](?![0-9A-Z])")
_SPOKEN_DIGITS = str.maketrans("零〇一二三四五六七八九幺", "001234567891")
_HOME_REGION = "CN"


@dataclass(frozen=True)
class Login:
    """What a person says to be found by: a phone in E.164 or a loan number."""

    kind: Literal["phone", "loan_number"]
    value: str


class CodeSender(Protocol):
    """Delivers a one-time code to a phone; `language` is "zh" or "en"."""

    def send(self, phone: str, code: str, language: str) -> None:
        """Send `code` to `phone` (E.164)."""


def _plain(text: str) -> str:
    """Full-width characters made plain, digits read aloud (一三八) made digits, letters upper case."""
    return unicodedata.normalize("NFKC", text).translate(_SPOKEN_DIGITS).upper()


def read_login(text: str) -> Login | None:
    """The one loan number or phone in `text`; None when there is none, or more than one."""
    plain = _plain(text)
    loans = {f"LN{a}{b}" for a, b in _LOAN_NUMBER.findall(plain)}
    if loans:
        return Login("loan_number", loans.pop()) if len(loans) == 1 else None
    phones = {_e164(match.number) for match in phonenumbers.PhoneNumberMatcher(plain, _HOME_REGION)}
    return Login("phone", phones.pop()) if len(phones) == 1 else None


def read_last_four_beside_login(text: str) -> str | None:
    """The last four that stand in the same message as the phone or loan number."""
    rest = _LOAN_NUMBER.sub(" ", _plain(text))
    for match in reversed(list(phonenumbers.PhoneNumberMatcher(rest, _HOME_REGION))):
        rest = f"{rest[: match.start]} {rest[match.end :]}"
    return read_last_four(rest)


def _e164(number: phonenumbers.PhoneNumber) -> str:
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def read_last_four(text: str) -> str | None:
    """The last four characters of an identity number, from those four or from a whole valid number."""
    plain = _plain(text)
    whole = [number for number in _IDENTITY_NUMBER.findall(plain) if _is_identity_number(number)]
    found = {number[-4:] for number in whole} or set(_LAST_FOUR.findall(plain))
    return str(found.pop()) if len(found) == 1 else None


def _is_identity_number(number: str) -> bool:
    try:
        ric.validate(number)
    except ValidationError:
        return False
    return True


def read_code(text: str, digits: int) -> str | None:
    """The one run of exactly `digits` digits in `text`, single blanks and hyphens inside allowed."""
    runs = re.findall(r"[0-9](?:[\s-]?[0-9])*", _plain(text))
    codes = {code for code in (re.sub(r"[\s-]", "", run) for run in runs) if len(code) == digits}
    return str(codes.pop()) if len(codes) == 1 else None
