"""Tells what is spent, in a list ("food 600, bus 80"), from a number that is a name ("bus 42").

The words are in `data/values/spendings.yml`.
"""
# ruff: noqa: E501 (each expression reads best on one line)

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

WORDS = Path(__file__).parents[3] / "data" / "values" / "spendings.yml"
# Stands for a word that is paid for: of the same length, and in no other reader's words.
_NEUTRAL = {"en": "a", "zh": "费"}
# "bus" alone may be the number 42; what is spent comes in lists.
_LEAST_IN_A_LIST = 2
# Hotlines have five digits and more.
_FIGURE = r"\d{2,4}(?![\d/:])"


def without_names(text: str) -> str:
    """Return the folded `text`, same length; in a list of spendings no word names the number beside it."""
    for language, pattern in _patterns().items():
        found = list(pattern.finditer(text))
        if len(found) >= _LEAST_IN_A_LIST and any(match["priced"] for match in found):
            for match in found:
                text = text[: match.start()] + _NEUTRAL[language] * len(match.group()) + text[match.end() :]
    return text


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    """Return for each language what finds a spending before its figure ("bus 80") or, in English, behind it."""
    words = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    before = rf"(?= ?[:=]? ?(?:(?:is|about|around|costs?|another) )*(?<=[ :=]){_FIGURE}\b)"
    behind = r"(?=\W*$|,| and| plus| \d)"
    english = rf"(?P<behind>(?<=\d )|(?<=\d on )|(?<=\d for ))?\b{_either(words, 'en')}\b(?:{before}|(?(behind){behind}|(?!)))"
    chinese = rf"{_either(words, 'zh')}(?=(?:要|大概|大约|差不多|每个?月|得|是|还有|再)*[ :]?{_FIGURE})"
    return {"en": re.compile(english), "zh": re.compile(chinese)}


def _either(words: dict[str, dict[str, list[str]]], language: str) -> str:
    priced, numbered = (
        "|".join(map(re.escape, sorted(words[kind][language], key=len, reverse=True)))
        for kind in ("priced", "numbered")
    )
    return rf"(?:(?P<priced>{priced})|{numbered})"
