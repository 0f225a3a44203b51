"""What the intent classifier sees of a message: words, pieces of words, syllables, meanings and length."""

from __future__ import annotations

import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.meanings import default_lexicon
from bot.nlu.pinyin import sounds
from bot.nlu.segments import Segment, split

_WORD_GRAMS = (1, 2)
_SOUND_GRAMS = (1, 2)
_PIECE_GRAMS = (2, 5)
_LENGTH_STEPS = (1, 3, 6, 12, 25)
_LATIN = re.compile(r"[a-z\u00c0-\u024f]{2,}")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True)
class Block:
    """One kind of feature and its weight beside the others; each block is scaled to length one."""

    name: str
    weight: float
    read: Callable[[str], list[str]]


def words(text: str) -> list[str]:
    """Return tokens and pairs (Chinese by character, English by word), with start and end marked.

    An emoji counts once and alone, so that the words around it read as they would without it.
    """
    segments = split(text)
    emoji = {segment.form for segment in segments if segment.is_emoji}
    tokens = ["^", *_said(segments), "$"]
    return [*_grams(tokens, *_WORD_GRAMS, joined_by=" "), *sorted(emoji)]


def triples(text: str) -> list[str]:
    """Return three tokens in a row, with start and end marked."""
    tokens = ["^", *_said(split(text)), "$"]
    return _grams(tokens, 3, 3, joined_by=" ")


def syllables(text: str) -> list[str]:
    """Return toneless pinyin of Chinese characters and pairs: a wrong one that sounds right counts."""
    if not _HAN.search(text):
        return []
    tokens = ["^", *_said(split(text)), "$"]
    return [
        " ".join(sound)
        for size in range(_SOUND_GRAMS[0], _SOUND_GRAMS[1] + 1)
        for start in range(len(tokens) - size + 1)
        for sound in sounds(tokens[start : start + size])
    ]


def pieces(text: str) -> list[str]:
    """Return the letter sequences inside Latin words: endings, typos and run-together words."""
    return [
        piece
        for form in _forms(text)
        if _LATIN.fullmatch(form)
        for piece in _grams(f" {form} ", *_PIECE_GRAMS, joined_by="")
    ]


def meanings(text: str) -> list[str]:
    """Return the meanings of the lexicon found in `text`, and how long the text is."""
    count = len(split(text))
    step = sum(count > limit for limit in _LENGTH_STEPS)
    return [*_meant(text), f"length {step}"]


def unfamiliar(text: str, known: Container[str]) -> float:
    """Return the share (0 to 1) of tokens in `text` that no known feature and no meaning accounts for."""
    forms = _forms(text)
    if not forms or _meant(text):
        return 0.0
    return sum(f"words:{form}" not in known for form in forms) / len(forms)


@lru_cache(maxsize=1)
def _meant(text: str) -> tuple[str, ...]:
    """Return the meanings of a text, tried once for what reads it and for what asks whether it is known."""
    return tuple(default_lexicon().find(text))


# The models of intents, of danger and of answers read a message one after the other, in seven ways together.
_WAYS_TO_READ = 8

BLOCKS = (
    Block("words", 1.0, words),
    Block("pieces", 0.7, pieces),
    Block("syllables", 0.8, syllables),
    Block("meanings", 1.0, meanings),
)


def read(text: str, blocks: Sequence[Block] = BLOCKS) -> list[list[str]]:
    """Return the features of `text`, one list per block."""
    return [list(_features(block.name, block.read, text)) for block in blocks]


@lru_cache(maxsize=_WAYS_TO_READ)
def _features(name: str, way: Callable[[str], list[str]], text: str) -> tuple[str, ...]:
    return tuple(f"{name}:{feature}" for feature in way(text))


def _forms(text: str) -> list[str]:
    return [_form(segment) for segment in split(text) if segment.form]


def _said(segments: Sequence[Segment]) -> list[str]:
    return [_form(segment) for segment in segments if segment.form and not segment.is_emoji]


def _form(segment: Segment) -> str:
    # A figure is a figure: its digits say nothing about the intent.
    return "0" if segment.form[0].isdigit() else segment.form


def _grams(items: Sequence[str], shortest: int, longest: int, joined_by: str) -> list[str]:
    return [
        joined_by.join(items[start : start + size])
        for size in range(shortest, longest + 1)
        for start in range(len(items) - size + 1)
    ]
