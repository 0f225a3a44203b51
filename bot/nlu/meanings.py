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


class MeaningLexicon:
    """The compiled expressions of one meanings file."""

    def __init__(self, content: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.content = content
        self._patterns = {name: _compiled(by_language) for name, by_language in content.items()}

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> MeaningLexicon:
        """Read a meanings file. Raises `re.error` for a bad expression."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def find(self, text: str) -> list[str]:
        """Return the names of all meanings in `text`, in the order of the file."""
        folded = fold(text)
        return [name for name, pattern in self._patterns.items() if pattern.search(folded)]


@lru_cache(maxsize=1)
def default_lexicon() -> MeaningLexicon:
    """Return the lexicon of the project, read once."""
    return MeaningLexicon.load()


def _compiled(by_language: Mapping[str, Any]) -> re.Pattern[str]:
    chinese = [f"(?:{expression})" for expression in by_language.get("zh", [])]
    # English starts at a word; its end is left open, so that "lend" also finds "lender".
    english = [f"(?<![a-z0-9])(?:{expression})" for expression in by_language.get("en", [])]
    return re.compile("|".join(chinese + english))
