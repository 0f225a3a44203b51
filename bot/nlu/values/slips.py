"""Mends misspelt names of days, months and numbers ("wensday", "decemeber", 2OO) before values are read.

The slips are in `data/values/slips.yml`. Where each character came from is kept, for a value stands in the
borrower's text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

import yaml

FILE = Path(__file__).parents[3] / "data" / "values" / "slips.yml"
# "2OO", "1o0": the letter for the figure. "5 o'clock" and "4oz" are none.
_LETTER_FOR_ZERO = re.compile(r"(?<![a-z\d])\d[\do]*o[\do]*(?![a-z\d'])")


# "18 point 5", "twentyfive": what is put between the parts of the number.
_TENS = "twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety"
_PARTS = re.compile(
    rf"(?<=\d) point (?=\d)|\b(?:{_TENS})(?=(?:one|two|three|four|five|six|seven|eight|nine)\b)"
)
_WORD = re.compile(r"(?<![a-z\d'-])\d?[a-z]+(?![a-z\d'-])")


def mended(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Return folded `text` without slips and the place of each character; `places` are those of `text`."""
    text = _LETTER_FOR_ZERO.sub(lambda found: found.group().replace("o", "0"), text)
    text = text.replace("-and-a-", " and a ").replace("-and-", " and ")
    words, units, behind = _mending()
    text, places = _replaced(text, places, _WORD, lambda slip: words.get(slip, slip))
    text, places = _replaced(text, places, _PARTS, lambda part: "." if part == " point " else part + " ")
    return _replaced(text, places, behind, lambda unit: units[unit.strip()])


def _replaced(
    text: str, places: list[int], pattern: re.Pattern[str], meaning: Callable[[str], str]
) -> tuple[str, list[int]]:
    pieces: list[str] = []
    kept: list[int] = []
    end = 0
    for found in pattern.finditer(text):
        meant = meaning(found.group())
        if meant == found.group():
            continue
        last = found.end() - 1
        pieces += [text[end : found.start()], meant]
        kept += places[end : found.start()]
        kept += [places[min(found.start() + at, last)] for at in range(len(meant) - 1)] + [places[last]]
        end = found.end()
    return ("".join([*pieces, text[end:]]), kept + places[end:]) if pieces else (text, places)


@cache
def _mending() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """Return what each slip means, what each unit behind a figure means, and what finds those."""
    families = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    units = _meant([families.pop("behind_a_figure")])
    either = "|".join(sorted(filter(str.isascii, units), key=len, reverse=True))
    return _meant(families.values()), units, re.compile(rf"(?<=\d)(?:[½¼¾]|\s?(?:{either})(?![a-z]))")


def _meant(families: Iterable[dict[str, list[str]]]) -> dict[str, str]:
    return {slip: word for words in families for word, slips in words.items() for slip in slips}
