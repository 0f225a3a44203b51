"""Recognises danger to life, violence and distress in a message, before any talk of money.

High recall first: see `data/lookups/care.yml`, which holds every expression. The words are never
stored; a detection is only a level.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.normaliser import fold

DEFAULT_PATH = Path(__file__).resolve().parents[2] / "data" / "lookups" / "care.yml"
_GAP = re.compile(r"\s+")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])[\s,.;:!?，。、；：！？~…*·_-]+(?=[\u3400-\u9fff])")


class CareLevel(str, Enum):
    """What a message signals, the gravest first."""

    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    DISTRESS = "distress"


class CareDetector:
    """The compiled expressions of one care file."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        self._exclude = _compiled(content["exclude"])
        self._levels = {
            level: _compiled([line for lines in content[level.value].values() for line in lines])
            for level in CareLevel
        }

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> CareDetector:
        """Read a care file. Raises `KeyError` when a level is missing, `re.error` for a bad expression."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def detect(self, text: str) -> CareLevel | None:
        """Return the gravest level that `text` signals, or None."""
        spaced = _GAP.sub(" ", fold(text))
        # Both readings are tried: people put blanks or dots between characters to get past filters.
        readings = [self._exclude.sub(" # ", reading) for reading in (spaced, _BETWEEN_HAN.sub("", spaced))]
        for level, pattern in self._levels.items():
            if any(pattern.search(reading) for reading in readings):
                return level
        return None


def detect(text: str) -> CareLevel | None:
    """Return the gravest level that `text` signals, by the expressions of the project."""
    return _default().detect(text)


@lru_cache(maxsize=1)
def _default() -> CareDetector:
    return CareDetector.load()


def _compiled(expressions: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{expression})" for expression in expressions))
