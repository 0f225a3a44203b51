"""Where lines of Chinese and English text may break, and how they fill a width."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

# What a line must not end with, and what it must not begin with (the usual rules of Chinese setting).
_OPENING = "（《“‘【「"
_CLOSING = "，。；：、！？）》”’】」…"
# A word or figure of another script stays whole; otherwise a line may break after each character.
_UNIT = re.compile(
    rf"[{_OPENING}]*(?:[^\s\u2e80-\u9fff\uf900-\uffef{_OPENING}{_CLOSING}]+|.)[{_CLOSING}]*\s*", re.DOTALL
)


def lines_of(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines of at most `width`, in the unit of `measure`; only an overlong word is broken."""
    lines = [""]
    for unit in _units(text, width, measure):
        if lines[-1] and measure((lines[-1] + unit).rstrip()) > width:
            lines.append("")
        lines[-1] += unit
    return [line.rstrip() for line in lines]


def _units(text: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    for unit in _UNIT.findall(text):
        if measure(unit.rstrip()) > width:
            yield from unit
        else:
            yield unit
