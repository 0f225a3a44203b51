"""Finds fixed phrases of `data/lookups/*.yml`: Chinese anywhere, English as whole words only.

A lookup file: `entity: <name>` and `values: {<value>: {zh: [...], en: [...]}}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.normaliser import fold


@dataclass(frozen=True)
class Found:
    """One phrase found in a message."""

    entity: str
    value: str
    start: int
    end: int


@dataclass(frozen=True)
class Lookup:
    """The phrases of one entity, compiled, each with the value it stands for."""

    entity: str
    pattern: re.Pattern[str] | None
    value_of: Mapping[str, str]


def load(path: Path) -> Lookup:
    """Read one lookup file. Raises `ValueError` when a phrase stands for two values."""
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return compile_lookup(content)


def compile_lookup(content: Mapping[str, Any]) -> Lookup:
    """Return the compiled lookup of `content` (see the module text for its form)."""
    value_of: dict[str, str] = {}
    for value, phrases in content["values"].items():
        for phrase in _phrases(phrases):
            if value_of.setdefault(phrase, value) != value:
                raise ValueError(
                    f"lookup {content['entity']}: a phrase of '{value}' also stands for another value"
                )
    return Lookup(content["entity"], _any_of(sorted(value_of, key=len, reverse=True)), value_of)


def find(lookup: Lookup, text: str) -> list[Found]:
    """Return every phrase of `lookup` in `text`, longest first where they overlap, left to right."""
    if lookup.pattern is None:
        return []
    return [
        Found(lookup.entity, lookup.value_of[_key(match.group())], match.start(), match.end())
        for match in lookup.pattern.finditer(fold(text))
    ]


def _phrases(by_language: Mapping[str, Iterable[str]]) -> list[str]:
    return [_key(str(phrase)) for phrases in by_language.values() for phrase in phrases or ()]


def _key(phrase: str) -> str:
    return " ".join(fold(phrase).split())


def _any_of(phrases: Sequence[str]) -> re.Pattern[str] | None:
    """Compile phrases, the longest first; those of one script together, so that few are tried at a place."""
    latin = "|".join(_expression(phrase) for phrase in phrases if phrase[0].isascii())
    other = "|".join(_expression(phrase) for phrase in phrases if not phrase[0].isascii())
    groups = [rf"(?<![a-z0-9])(?:{latin})" if latin else "", other]
    return re.compile("|".join(filter(None, groups))) if phrases else None


def _expression(phrase: str) -> str:
    body = re.escape(phrase).replace(r"\ ", r"\s+")
    return body + (r"(?![a-z0-9])" if phrase[-1].isascii() else "")
