"""Finds numbers that are a label, a measure, an hour or an age, so that no reader takes them for an amount.

The words that tell so are in `data/values/labels.yml`, by families.
"""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from bot.nlu.values.model import blank

WORDS = Path(__file__).parents[3] / "data" / "values" / "labels.yml"
_DIGIT = re.compile(r"\d")
_UNIT_AFTER = r"(?![\d.,]*\d|\s?(?:[元块圆百千万亿%¥￥]|港币|美元|欧元|英镑|(?:yuan|rmb|cny|kuai|k|w|grand|hundred|thousand|million|dollars?|pounds?|euros?|bucks|quid|percent|per|each|monthly|days?|weeks?|months?|years?)\b|(?:a|every) (?:day|week|month|year)\b))"
_FIGURE = rf"\d{{1,6}}(?:\.\d+)*{_UNIT_AFTER}"
_SHORT_FIGURE = rf"\d{{1,2}}(?!:){_UNIT_AFTER}"
# A sum that somebody borrowed is mostly round.
_LONG_FIGURE = rf"\d{{3,5}}[1-9]{_UNIT_AFTER}"


def hide_labels(text: str) -> str:
    """Return the folded `text`, same length, without numbers that words around them name no amount."""
    for pattern in patterns() if _DIGIT.search(text) else ():
        for match in pattern.finditer(text):
            text = blank(text, match.start("number"), match.end("number"))
    return text


@cache
def patterns() -> tuple[re.Pattern[str], ...]:
    """Return one expression for each family; the group `number` is what it takes away."""
    families = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    links = _any_of(families["links"])
    between = rf"(?:\s?{links}){{0,4}}\s?"
    return tuple(
        re.compile(expression)
        for expression in (
            rf"{_any_of(families['labels'])}\s?(?P<number>{_FIGURE})",
            rf"{_any_of(families['long_labels'])}\s?(?P<number>{_LONG_FIGURE})",
            rf"{_any_of(families['measures'])}{between}(?P<number>{_FIGURE}(?:(?:\s?{links}|\s?/){{1,3}}\s?{_FIGURE})?)",
            rf"{_any_of(families['hours_and_ages'])} (?P<number>{_SHORT_FIGURE})",
        )
    )


def _any_of(words: dict[str, list[str]]) -> str:
    english, chinese = (
        "|".join(map(re.escape, sorted(words[language], key=len, reverse=True))) for language in ("en", "zh")
    )
    return rf"(?:\b(?:{english})\b|{chinese})" if chinese else rf"\b(?:{english})\b"
