"""Reads the regular expressions of `data/values/*.yml`, kept there one a line, by families.

They are no lookups: what is in `data/lookups` becomes an entity or a meaning, these only help to read values.
A file: `words` (lists that an expression names as `<name>`) and parts; a part is a list of expressions, or
families of them. `load` makes every part one expression, in which the first line that fits at a place wins;
`load_lines` keeps the lines apart, where each has groups of its own or all that fit count.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parents[3] / "data" / "values"
_NAME = re.compile(r"(?<!\?P)<([a-z_]+)>")


@cache
def load(name: str) -> Mapping[str, re.Pattern[str]]:
    """Return the parts of `<name>.yml`, compiled, in its order.

    Raises `KeyError` for a name that is not under `words`, `re.error` for a bad expression.
    """
    content, words = _content(name)
    return {part: re.compile(_joined(_lines(families), words)) for part, families in content.items()}


@cache
def load_lines(name: str, flags: re.RegexFlag = re.UNICODE) -> Mapping[str, tuple[re.Pattern[str], ...]]:
    """Return the parts of `<name>.yml` in its order, each as expressions to try one after the other.

    A line with named groups stands by itself, neighbours without any make one expression.
    Raises as `load` does.
    """
    content, words = _content(name)
    return {part: tuple(_apart(_lines(families), words, flags)) for part, families in content.items()}


def _apart(lines: Iterable[str], words: Mapping[str, str], flags: re.RegexFlag) -> Iterator[re.Pattern[str]]:
    written = (_joined([line], words) for line in lines)
    for has_groups, neighbours in groupby(written, key=lambda line: "(?P<" in line):
        for line in neighbours if has_groups else ("|".join(neighbours),):
            yield re.compile(line, flags)


def _content(name: str) -> tuple[dict[str, Any], dict[str, str]]:
    """Return the parts of a file, and its lists of words, each as one group of an expression."""
    content = yaml.safe_load((FOLDER / f"{name}.yml").read_text(encoding="utf-8"))
    words: dict[str, str] = {}
    for word, lines in content.pop("words", {}).items():
        words[word] = f"(?:{_joined(lines, words)})"
    return content, words


def _lines(families: Any) -> Iterable[str]:
    return families if isinstance(families, list) else [line for lines in families.values() for line in lines]


def _joined(lines: Iterable[str], words: Mapping[str, str]) -> str:
    return "|".join(_NAME.sub(lambda found: words[found[1]], line) for line in lines)
