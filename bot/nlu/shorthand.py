"""Writes out the shorthand of chats ("pls", 木有) by the table `data/lookups/shorthand.yml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import yaml

DEFAULT_PATH = Path(__file__).resolve().parents[2] / "data" / "lookups" / "shorthand.yml"
_LATIN_WORD = re.compile(r"(?<![a-z0-9'])[a-z][a-z0-9]*(?:'[a-z]+)*")


class Shorthand:
    """One table: English words to replace whole, Chinese ones wherever they stand."""

    def __init__(self, english: Mapping[str, str], chinese: Mapping[str, str]) -> None:
        self._english = english
        self._chinese = chinese
        longest_first = sorted(chinese, key=len, reverse=True)
        self._written = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> Shorthand:
        """Read a table. Raises `KeyError` when a language is missing."""
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(content["en"], content["zh"])

    def expand(self, folded: str) -> str:
        """Return a folded text with its shorthand written out; its length may change."""
        expanded = _LATIN_WORD.sub(lambda word: self._english.get(word.group(), word.group()), folded)
        return self._written.sub(lambda found: self._chinese[found.group()], expanded)


@lru_cache(maxsize=1)
def default_shorthand() -> Shorthand:
    """Return the table of the project, read once."""
    return Shorthand.load()
