"""Numbers of months in both languages: 三个月, 半年, 12期, for 6 months, a year and a half.

Rates and what is said roughly: `data/values/months.yml`.
"""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.values import expressions
from bot.nlu.values.model import Value, blank, sure, unclear
from bot.nlu.values.numerals import read_chinese, read_english

_ZH_COUNT = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_ZH = re.compile(
    rf"(?<![\d第.零一二两三四五六七八九十百千万]){_ZH_COUNT}(?:个(?P<half>半)?(?:多)?月(?!大|的?(?:宝宝|婴儿|娃|孩子|孕))|(?P<year>年)(?P<yearhalf>半)?(?!前|级|代|龄|终|薪|化|利|老)|期(?!间|限|望|待))"
)
_PARTS = expressions.load("months")
# Neither is a number of months: what is paid in a month, and how old a child is.
_RATE, _CHILD_AGE = _PARTS["rate"], _PARTS["child_age"]
_ZH_HALF_YEAR = re.compile(r"(?<![一二两三四五六七八九十\d多])半年(?!报)")
_ZH_TWO = re.compile(r"[俩两]个?月(?![底初中末份供租])")
_ZH_THREE = re.compile(r"仨个?月")
_ZH_HALF_MONTH = re.compile(r"半个(?:多)?月")
_ZH_YEARS_AND_MONTHS = re.compile(rf"{_ZH_COUNT}年(?:零|又|加){_ZH_COUNT.replace('<n>', '<more>')}个月")
_ZH_QUARTERS = re.compile(rf"{_ZH_COUNT}个季度")
_ZH_VAGUE = _PARTS["vague_zh"]
_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|twenty(?:[ -]four)?|thirty(?:[ -]six)?|forty(?:[ -]eight)?|sixty"
)
_EN_COUNT = rf"(?P<n>\d{{1,3}}(?:\.5)?|{_WORDS})"
_EN = re.compile(
    rf"\b{_EN_COUNT}(?P<half> and a half)?[ -]?(?:more |full |monthly )?(?P<unit>months?|years?|yrs?|mths?|mos?|instal+ments?|emis?|(?<=monthly )payments?)\b(?![ -]olds?\b| pregnant| along|[ -]old\b)"
)
_EN_YEARS_AND_MONTHS = re.compile(
    rf"\b(?P<n>an?|\d{{1,2}}|{_WORDS}) years?,? (?:and )?(?P<more>an?|\d{{1,2}}|{_WORDS}) months?\b"
)
_EN_YEAR_AND_HALF = re.compile(r"\b(?:a|one) year and a half\b|\b(?:a )?year and (?:a )?half\b")
_EN_HALF_YEAR = re.compile(r"\bhalf (?:a|of the) year\b|\bhalf[- ]year\b|\bsix[- ]month\b(?![- ]old)")
_EN_YEAR = _PARTS["a_year"]
_EN_QUARTER_YEAR = re.compile(r"\b(?:for )?a quarter of (?:a|the) year\b")
_EN_THREE_QUARTERS = re.compile(r"\bthree[ -]quarters of (?:a|the) year\b")
_EN_MONTH = _PARTS["a_month"]
_EN_VAGUE = re.compile(
    rf"\b(?:\d+|{_WORDS})(?: ?months?)? to (?:a|one) year\b|"
    r"\b(?:(?:a )?couple of|a (?:good |fair )?few|several|some|many|a couple) (?:more )?months\b"
    rf"|\b(?:\d+|{_WORDS}|a)(?: month| year)? ?(?:-|to|or|–) ?(?:\d+|{_WORDS})[ -](?:months?|years?|instal+ments?)\b|\b(?<!in )a (?:month|year) or (?:two|so)\b|\bmonth and a half\b"
)


def find(text: str) -> list[Value]:
    """Return the month counts of folded `text`; vague ones are marked unclear."""
    for pattern in (_RATE, _CHILD_AGE):
        for match in pattern.finditer(text):
            text = blank(text, match.start(), match.end())
    found: list[Value] = []
    for pattern in (_ZH_VAGUE, _EN_VAGUE):
        found += [unclear("month_count", match.span()) for match in pattern.finditer(text)]
    for pattern, value in _FIXED:
        found += [
            sure("month_count", match.span(), value)
            for match in pattern.finditer(text)
            if _free(match, found)
        ]
    for pattern, read in (
        (_ZH_YEARS_AND_MONTHS, _years_and_months),
        (_EN_YEARS_AND_MONTHS, _years_and_months),
        (_ZH, _chinese),
        (_ZH_QUARTERS, _quarters),
        (_EN, _english),
    ):
        found += [read(match) for match in pattern.finditer(text) if _free(match, found)]
    found += [
        unclear("month_count", match.span()) for match in _ZH_HALF_MONTH.finditer(text) if _free(match, found)
    ]
    return found


_FIXED = (
    (_ZH_HALF_YEAR, 6),
    (_ZH_TWO, 2),
    (_ZH_THREE, 3),
    (_EN_YEAR_AND_HALF, 18),
    (_EN_HALF_YEAR, 6),
    (_EN_THREE_QUARTERS, 9),
    (_EN_QUARTER_YEAR, 3),
    (_EN_YEAR, 12),
    (_EN_MONTH, 1),
)


def _free(match: re.Match[str], found: list[Value]) -> bool:
    return not any(match.start() < value.end and value.start < match.end() for value in found)


def _chinese(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"])
    if number is None or match["half"]:
        return unclear("month_count", match.span())
    months = int(number) * (12 if match["year"] else 1) + (6 if match["yearhalf"] else 0)
    return sure("month_count", match.span(), months)


def _years_and_months(match: re.Match[str]) -> Value:
    years, months = (_whole(match[name]) for name in ("n", "more"))
    return (
        sure("month_count", match.span(), years * 12 + months)
        if years and months
        else unclear("month_count", match.span())
    )


def _whole(written: str) -> int:
    number = Decimal(1) if written in ("a", "an") else read_chinese(written) or read_english(written)
    return int(number or 0)


def _quarters(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"])
    return (
        sure("month_count", match.span(), int(number) * 3) if number else unclear("month_count", match.span())
    )


def _english(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"]) if match["n"][0].isdigit() else read_english(match["n"])
    if number is None:
        return unclear("month_count", match.span())
    months = number * (12 if match["unit"].startswith("y") else 1)
    if match["half"]:
        months += 6 if match["unit"].startswith("y") else months % 1 + type(months)("0.5")
    return (
        sure("month_count", match.span(), int(months))
        if months == int(months)
        else unclear("month_count", match.span())
    )
