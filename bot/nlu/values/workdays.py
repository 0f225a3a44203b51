"""How many days or hours somebody works: 一个月干二十来天, 做六休一, "3 days a week", "30 hours a week"."""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re

from bot.nlu.values.model import Value, sure
from bot.nlu.values.numerals import read_chinese, read_english

_HAN = "一二两三四五六七八九"
# "二十来天", "22、3天" and "20到25天" say at least so many; what is made of it is read back.
_ZH_NUMBER = rf"\d{{1,2}}|[二三]?十[{_HAN}]?|[{_HAN}]"
_ZH_COUNT = rf"(?P<n>{_ZH_NUMBER})(?:[来多几]|(?:到|至|-|~|、)?(?:{_ZH_NUMBER}))?"
_ZH_WORKED = r"(?:[我都就能才只也大概约差不多最多少有干做上跑出工平均得到够个去来班]{0,8})"
_EN_COUNT = r"(?P<n>\d{1,2}|one|two|three|four|five|six|seven|eight|ten|twelve|fifteen|twenty)"
_EN_MORE = r"(?: ?(?:-|to|or) ?(?:\d{1,2}|two|three|four|five|six|seven))?(?: or so)?"
_EN_EACH = r"(?:a|an|per|each|every|/) ?"

_PATTERNS = (
    ("days_a_month", rf"(?:一个月|每个?月|1个月|整个月)里?{_ZH_WORKED}{_ZH_COUNT}天"),
    ("days_a_month", rf"{_ZH_COUNT}天(?:左右)?(?:一个月|每个?月)"),
    ("days_a_week", rf"(?:一周|每周|一个?星期|每个?星期|一个?礼拜|每个?礼拜){_ZH_WORKED}{_ZH_COUNT}天"),
    ("days_a_week", r"[做上干](?P<n>[五六]|[56])休[一二两12]"),
    ("hours_a_week", rf"(?:一周|每周|一个?星期|每个?星期|一个?礼拜){_ZH_WORKED}{_ZH_COUNT}个?(?:小时|钟头?)"),
    ("days_a_month", rf"\b{_EN_COUNT}{_EN_MORE} (?:days|shifts) {_EN_EACH}month\b"),
    ("days_a_week", rf"\b{_EN_COUNT}{_EN_MORE} (?:days?|shifts?) {_EN_EACH}week\b"),
    ("hours_a_week", rf"\b{_EN_COUNT}{_EN_MORE} (?:hours?|hrs?) {_EN_EACH}week\b"),
)
_READERS = tuple((kind, re.compile(pattern)) for kind, pattern in _PATTERNS)
# Alone it answers how many days a month.
_ALONE = re.compile(
    rf"^\W*(?:大概|大约|差不多|也就|就|一般)*{_ZH_COUNT}天(?:左右|吧|上下|的样子)*\W*$"
    rf"|^\W*(?:(?:about|around|maybe|roughly|like|usually|i work) )*{_EN_COUNT.replace('<n>', '<m>')}{_EN_MORE} days\W*$"
)
_MOST = {"days_a_month": 31, "days_a_week": 7, "hours_a_week": 99}
# So few could be those of a week.
_FEWEST_ALONE = 8


def find(text: str) -> list[Value]:
    """Return the days or hours worked in folded `text`."""
    found: list[Value] = []
    for kind, pattern in _READERS:
        for match in pattern.finditer(text):
            count = _number(match)
            is_free = not any(match.start() < old.end and old.start < match.end() for old in found)
            if is_free and count and count <= _MOST[kind]:
                found.append(sure(kind, match.span(), count))
    return found


def alone(text: str) -> list[Value]:
    """Return the days a month where folded `text` says a number of days and nothing else; it may be a date too."""
    match = _ALONE.search(text)
    count = _number(match) if match else 0
    is_clear = _FEWEST_ALONE <= count <= _MOST["days_a_month"]
    return [sure("days_a_month", match.span(), count)] if match and is_clear else []


def _number(match: re.Match[str]) -> int:
    written = match["n"] or match.groupdict().get("m") or ""
    return int(read_chinese(written) or read_english(written) or 0)
