"""Reads numerals: Chinese characters, digits with 万/w/千/k, English words. Thin over cn2an and text2num."""

from __future__ import annotations

import re
from decimal import Decimal

import cn2an
from text_to_num import text2num

_UNITS = {"十": 10, "百": 100, "千": 1000, "k": 1000, "万": 10_000, "w": 10_000, "亿": 100_000_000}
_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟萬两俩仨〇", "一二三四五六七八九十百千万二二三零")
_FORMAL |= str.maketrans({"廿": "二十", "卅": "三十"})
_DIGIT_NAMES = dict(zip("0123456789", "零一二三四五六七八九", strict=True))
_GROUPED = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d{1,3}(?: \d{3})+(?:\.\d+)?|\d+(?:\.\d+)?")
_WITH_UNIT = re.compile(r"(\d[\d,]*(?:\.\d+)?)([十百千k万w亿])?")
_NAMES = "零一二三四五六七八九"
_SPOKEN_POINT = re.compile(rf"([十{_NAMES}]+)点([{_NAMES}]+)([百千k万w亿])?")
_FRACTIONS = {"half": Decimal("0.5"), "quarter": Decimal("0.25")}
_SCALES = {"hundred": 100, "thousand": 1000, "grand": 1000, "lakh": 100_000, "million": 1_000_000}
_SCALES["crore"] = 10_000_000
_SCALE = "(" + "|".join(_SCALES) + ")"
# English words for one to nine, as options are numbered and parts are counted.
ONE_TO_NINE = {
    word: number
    for number, word in enumerate(
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"], start=1
    )
}


def read_chinese(written: str) -> Decimal | None:
    """Return the number of "两千五", "1万2", "12w", "2.5k" or "1,200.50"; None when it is not one.

    A single digit after a unit counts the next lower unit: 两千五 is 2500, 1万2 is 12,000.
    """
    text = written.translate(_FORMAL)
    plain = _WITH_UNIT.fullmatch(text)
    if plain:
        return _digits_with_unit(plain.group(1), plain.group(2))
    spoken = _SPOKEN_POINT.fullmatch(text)
    if spoken:
        digits = [_NAMES.index(char) for char in spoken[2]]
        return _decimals(_section(spoken[1]), digits, _UNITS.get(spoken[3] or "", 1))
    head, big, tail = text.replace("w", "万").replace("k", "千").partition("万")
    if not big:
        return _section(head)
    upper = _section(head)
    lower = _after_ten_thousand(tail)
    return None if upper is None or lower is None else upper * 10_000 + lower


def read_digits(written: str) -> Decimal | None:
    """Return the number of plain or grouped digits; None when the grouping is wrong."""
    if not _GROUPED.fullmatch(written):
        return None
    return Decimal(re.sub(r"[, ]", "", written))


def read_english(words: str) -> Decimal | None:
    """Return the number of "twelve hundred", "two and a half thousand", "2.5 thousand"; None if none."""
    text = re.sub(r"(?<=[a-z])(?=hundred|thousand|grand)", " ", words.replace("-", " ").strip())
    text = re.sub(r"\bmill?\b", "million", re.sub(r"\s+", " ", text))
    text = re.sub(r"\b(lakh|crore)s\b", r"\1", text)
    text = re.sub(r"(?<= )k\b", "thousand", text)
    text = re.sub(r"(?<=\d)k\b", " thousand", text)
    text = re.sub(rf"^(an? |one ){_SCALE} and a half$", r"one and a half \2", text)
    text = re.sub(r" (?:an|nd|n|&|'n'?) (?!hundred|thousand|grand)", " and ", text)
    text = re.sub(r"^an? (?=\d)", "", text)
    text = re.sub(r"^hundred(?= (?:and|ten|eleven|twelve|[a-z]+teen|[a-z]+ty)\b)", "a hundred", text)
    text = re.sub(r"^another (?=hundred|thousand|grand)", "a ", text)
    halves = re.fullmatch(rf"(?:(.+) and )?(?:a )?(half|quarter) (?:of )?(?:a )?{_SCALE}", text)
    if halves:
        head = halves.group(1)
        whole = (read_digits(head) or read_english(head)) if head else Decimal(0)
        return None if whole is None else (whole + _FRACTIONS[halves.group(2)]) * _SCALES[halves.group(3)]
    point = re.fullmatch(rf"(?:(.+) )?point ((?:\w+ )*?\w+)(?: {_SCALE})?", text)
    if point:
        return _spoken_point(*point.groups())
    digits = re.fullmatch(rf"(\d[\d,]*(?:\.\d+)?) {_SCALE}(?: and)?(?: (.+))?", text)
    if digits:
        return _scaled(digits.group(1), digits.group(2), digits.group(3))
    return _spelled(text)


def _spoken_point(whole: str | None, decimals: str, scale: str | None) -> Decimal | None:
    """Return "three point eight five" and "one point two million"; None when a decimal is no single digit."""
    digits = [read_english(word) for word in decimals.split()]
    if any(digit is None or digit > 9 for digit in digits):
        return None
    named = [int(digit) for digit in digits if digit is not None]
    return _decimals(read_english(whole) if whole else Decimal(0), named, _SCALES.get(scale or "", 1))


def _decimals(whole: Decimal | None, digits: list[int], scale: int) -> Decimal | None:
    if whole is None:
        return None
    return (whole + Decimal("0." + "".join(map(str, digits)))) * scale


def _digits_with_unit(digits: str, unit: str | None) -> Decimal | None:
    number = read_digits(digits)
    return None if number is None else number * _UNITS.get(unit or "", 1)


def _section(text: str) -> Decimal | None:
    """Return a number below ten thousand, in digits, characters or both."""
    if not text:
        return None
    plain = _WITH_UNIT.fullmatch(text)
    if plain:
        return _digits_with_unit(plain.group(1), plain.group(2))
    if re.search(r"\d{2}", text):
        return _digits_then_rest(text)
    return _characters("".join(_DIGIT_NAMES.get(char, char) for char in text))


def _digits_then_rest(text: str) -> Decimal | None:
    """Return "12百" like mixtures only in the plain form; a long digit run inside characters is unclear."""
    match = re.fullmatch(r"(\d+)千(\d{3})", text)
    return Decimal(match.group(1)) * 1000 + Decimal(match.group(2)) if match else None


def _characters(text: str) -> Decimal | None:
    if re.search(rf"[{_NAMES[1:]}]{{2}}", text):
        return None
    short = re.fullmatch(rf"(.*)([百千])([{_NAMES[1:]}])", text)
    if short:
        text += {"百": "十", "千": "百"}[short.group(2)]
    try:
        return Decimal(cn2an.cn2an(re.sub(r"^十", "一十", text), "strict"))
    except ValueError:
        return None


def _after_ten_thousand(tail: str) -> Decimal | None:
    """Return what follows 万: nothing, one digit of thousands, or a full number below ten thousand."""
    if not tail:
        return Decimal(0)
    if re.fullmatch(rf"[1-9{_NAMES[1:]}]", tail):
        return Decimal(int(tail) if tail.isdigit() else _NAMES.index(tail)) * 1000
    if re.fullmatch(r"\d{2,3}", tail):
        return None
    return _section(tail.removeprefix("零"))


def _scaled(digits: str, scale: str, rest: str | None) -> Decimal | None:
    head = read_digits(digits)
    tail = read_english(rest) if rest else Decimal(0)
    if rest and rest.isdigit():
        tail = Decimal(rest)
    return None if head is None or tail is None else head * _SCALES[scale] + tail


def _spelled(text: str) -> Decimal | None:
    indian = re.fullmatch(r"(.+?) (crore|lakh)(?:(?: and)? (.+))?", text)
    if indian:
        head = read_english(indian.group(1)) if indian.group(1) not in ("a", "an") else Decimal(1)
        tail = read_english(indian.group(3)) if indian.group(3) else Decimal(0)
        return None if head is None or tail is None else head * _SCALES[indian.group(2)] + tail
    words = re.sub(r"\b(?:a|one)(?= (?:hundred|thousand|million|grand))", "one", text).replace(
        "grand", "thousand"
    )
    words = re.sub(r"^and | and$", "", words)
    if re.match(r"(?:hundred|thousand|million)\b", words):
        return None
    try:
        return Decimal(text2num(words, "en"))
    except ValueError:
        return None
