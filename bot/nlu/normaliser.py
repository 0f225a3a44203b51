"""Folds a message into the form features and extractors read, without moving a single character.

Every step keeps the length, so a position in the folded text is a position in the borrower's own
words. The borrower's text itself is never changed.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from opencc import OpenCC

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'", "“": '"', "”": '"'})
_CJK = re.compile(r"[\u3400-\u9fff]")
_LATIN_RUN = re.compile(r"([a-z])\1{2,}")


@lru_cache(maxsize=1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


# Every reader of a message folds it anew: the last few are kept in memory.
@lru_cache(maxsize=8)
def fold(text: str) -> str:
    """Return `text` half-width, simplified and lower-case, with the same length."""
    folded = "".join(_half_width(char) for char in text).translate(_APOSTROPHES)
    if _CJK.search(folded):
        folded = _simplified(folded)
    return "".join(_lower(char) for char in folded)


def shorten(word: str) -> str:
    """Return a Latin word with drawn-out letters cut to two: "soooo" -> "soo"."""
    return _LATIN_RUN.sub(r"\1\1", word)


def _half_width(char: str) -> str:
    if char.isascii() or _CJK.match(char):
        return char
    compatible = unicodedata.normalize("NFKC", char)
    return compatible if len(compatible) == 1 else char


def _lower(char: str) -> str:
    lowered = char.lower()
    return lowered if len(lowered) == 1 else char


def _simplified(text: str) -> str:
    converted = _simplifier().convert(text)
    if len(converted) == len(text):
        return converted
    # A phrase rule changed the length: fall back to single characters, which never do.
    return "".join(_simplified_char(char) for char in text)


def _simplified_char(char: str) -> str:
    converted = _simplifier().convert(char)
    return converted if len(converted) == 1 else char
