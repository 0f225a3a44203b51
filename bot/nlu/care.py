"""Recognises danger to life, violence and distress in a message, before any talk of money.

High recall first: see `data/lookups/care.yml`, which holds every expression and works without a model.
The words are never stored; a detection is only a level.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.nlu.normaliser import fold

DEFAULT_PATH = Path(__file__).resolve().parents[2] / "data" / "lookups" / "care.yml"
_GAP = re.compile(r"\s+")
_SCRIPTS = {"zh": re.compile(r"[\u3400-\u9fff]"), "en": re.compile("[a-z]")}
_ANY = re.compile("")
_BETWEEN_HAN = re.compile(r"(?<=[\u3400-\u9fff])[\s,.;:!?，。、；：！？~…*·_-]+(?=[\u3400-\u9fff])")

# The channel asks before the turn, the pipeline asks in it; meanwhile other borrowers write.
_TEXTS_KEPT = 16

_ByScript = list[tuple[re.Pattern[str], re.Pattern[str]]]


class CareLevel(str, Enum):
    """What a message signals, in the order in which it counts.

    Abuse is done to the writer, a threat is the writer's own.
    """

    SELF_HARM = "self_harm"
    ABUSE = "abuse"
    THREAT = "threat"
    DISTRESS = "distress"


# Levels that come before every other meaning.
DANGERS = frozenset({CareLevel.SELF_HARM, CareLevel.THREAT, CareLevel.ABUSE})


class CareDetector:
    """The compiled expressions of one care file."""

    def __init__(self, content: Mapping[str, Any]) -> None:
        words = content["words"]
        self._exclude = _compiled(content["exclude"], words)
        self._harmless = _compiled(content["harmless"], words)
        self._denied = _compiled(content["denied"], words)
        self._complaint = _compiled(content["complaint"], words)
        self._tale = _compiled(content["tale"], words)
        self._by_the_writer = _compiled(content["by_the_writer"], words)
        self._levels = {level: _by_script(content[level.value], words) for level in CareLevel}

    @classmethod
    def load(cls, path: Path = DEFAULT_PATH) -> CareDetector:
        """Read a care file. Raises `KeyError` when a part is missing, `re.error` for a bad expression."""
        return cls(yaml.safe_load(path.read_text(encoding="utf-8")))

    def detect(self, text: str) -> CareLevel | None:
        """Return the first level that `text` signals, or None."""
        spaced = _spaced(text)
        # Both readings are tried: people put blanks or dots between characters to get past filters.
        readings = {self._cut(each) for each in {spaced, _BETWEEN_HAN.sub("", spaced)}}
        for level, patterns in self._levels.items():
            if _found(patterns, readings) and not self._happens_elsewhere(spaced, level):
                return CareLevel.THREAT if self._is_turned_around(level, readings) else level
        # Who speaks of it, if only to say no, hears the number in a sentence.
        return CareLevel.DISTRESS if self.denies(text) else None

    def _cut(self, spaced: str) -> str:
        return self._harmless.sub(" # ", self._exclude.sub(" # ", spaced))

    def _is_turned_around(self, level: CareLevel, readings: Iterable[str]) -> bool:
        # Blows and weapons are the same words on both sides; who says "I'll stab" is not the one to shelter.
        if level is not CareLevel.ABUSE or not _found(self._levels[CareLevel.THREAT], readings):
            return False
        return any(self._by_the_writer.search(reading) for reading in readings)

    def explains_away(self, text: str, level: CareLevel) -> bool:
        """Say whether a figure of speech or a collector's threat accounts for an air of `level` in `text`."""
        spaced = _spaced(text)
        return self._exclude.search(spaced) is not None or self._happens_elsewhere(spaced, level)

    def denies(self, text: str) -> bool:
        """Whether `text` says that its writer will not come to harm by their own hand."""
        return self._denied.search(_spaced(text)) is not None

    def without_harmless(self, text: str) -> str:
        """Return `text` without what is harmless wherever it stands; what is left may still be danger."""
        return self._harmless.sub(" ", _spaced(text)) if self.holds_harmless(text) else text

    def holds_harmless(self, text: str) -> bool:
        """Whether something in `text` sounds like danger and is none wherever it stands."""
        return self._harmless.search(_spaced(text)) is not None

    def _happens_elsewhere(self, spaced: str, level: CareLevel) -> bool:
        # News, films and games are no danger to the writer; a collector's harsh words are a complaint.
        if level is not CareLevel.DISTRESS and self._tale.search(spaced) is not None:
            return True
        return level is CareLevel.ABUSE and self._complaint.search(spaced) is not None


@lru_cache(maxsize=_TEXTS_KEPT)
def detect(text: str) -> CareLevel | None:
    """Return the first level that `text` signals, by the expressions of the project."""
    return default_detector().detect(text)


def is_danger(text: str) -> bool:
    """Whether `text` speaks of danger to life or of violence, by the expressions of the project."""
    return detect(text) in DANGERS


@lru_cache(maxsize=1)
def default_detector() -> CareDetector:
    """Return the detector of the project, read once."""
    return CareDetector.load()


def _spaced(text: str) -> str:
    return _GAP.sub(" ", fold(text))


def _found(patterns: _ByScript, readings: Iterable[str]) -> bool:
    return any(
        script.search(reading) is not None and pattern.search(reading) is not None
        for reading in readings
        for script, pattern in patterns
    )


def _by_script(groups: Mapping[str, list[str]], words: Mapping[str, str]) -> _ByScript:
    """Compile the groups of a level; a group is only tried on a text that has a sign of its script."""
    sorted_out: dict[re.Pattern[str], list[str]] = {}
    for name, expressions in groups.items():
        sorted_out.setdefault(_SCRIPTS.get(name[:2], _ANY), []).extend(expressions)
    return [(script, _compiled(lines, words)) for script, lines in sorted_out.items()]


def _compiled(expressions: list[str], words: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{_with_words(expression, words)})" for expression in expressions))


def _with_words(expression: str, words: Mapping[str, str]) -> str:
    for name, alternatives in words.items():
        expression = expression.replace(f"<{name}>", alternatives)
    return expression
