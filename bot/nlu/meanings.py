"""Finds meanings that both languages share, by the expressions of `data/lookups/meanings.yml`.

A meaning found in Chinese words and in English words is the same feature, so examples in one
language teach the classifier something about the other.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.normaliser import fold

DEFAULT_PATH = Path(__file__).resolve().parents[2] / "data" / "lookups" / "meanings.yml"
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile("[a-z]")
# Longer than any card or identity number: the rest says nothing, and expressions try every digit as a start.
_LONG_FIGURE = re.compile(r"(\d{20})\d+")


class MeaningLexicon:
    """The compiled expressions of one meanings file."""

    def __init__(self, content: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.content = content
        self._chinese = {name: _chinese(by_language) for name, by_language in content.items()}
        self._english = {name: _english(by_language) for name, by_language in content.items()}

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> MeaningLexicon:
        """Read a meanings file. Raises `re.error` for a bad expression."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def find(self, text: str) -> list[str]:
        """Return the names of all meanings in `text`, in the order of the file."""
        folded = _LONG_FIGURE.sub(r"\1", fold(text))
        tried = self._tried(folded)
        return [name for name in self.content if any(patterns[name].search(folded) for patterns in tried)]

    def _tried(self, folded: str) -> list[dict[str, re.Pattern[str]]]:
        """Return the expressions worth trying: half of them can say nothing about a text in one script."""
        chinese, english = _HAN.search(folded), _LATIN.search(folded)
        return [
            patterns
            for patterns, wanted in (
                (self._chinese, chinese or not english),
                (self._english, english or not chinese),
            )
            if wanted
        ]


@lru_cache(maxsize=1)
def default_lexicon() -> MeaningLexicon:
    """Return the lexicon of the project, read once."""
    return MeaningLexicon.load()


def _chinese(by_language: Mapping[str, Any]) -> re.Pattern[str]:
    return _any_of([f"(?:{expression})" for expression in by_language.get("zh", [])])


def _english(by_language: Mapping[str, Any]) -> re.Pattern[str]:
    # English starts at a word; its end is left open, so that "lend" also finds "lender".
    return _any_of([f"(?<![a-z0-9])(?:{expression})" for expression in by_language.get("en", [])])


def _any_of(expressions: list[str]) -> re.Pattern[str]:
    # Without an expression nothing matches; an empty pattern would match everything.
    return re.compile("|".join(expressions) or r"(?!)")
