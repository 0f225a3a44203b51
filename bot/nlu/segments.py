"""Splits a folded message into tokens: each Chinese character, each Latin word, each run of digits."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from bot.nlu.normaliser import fold, shorten

_TOKEN = re.compile(
    r"[a-z\u00c0-\u024f]+(?:'[a-z]+)*"
    r"|\d+(?:[.,]\d+)*"
    r"|[^\s\W]"
    r"|[\U0001f300-\U0001faff\u2600-\u27bf]"
    r"|[?!]+"
)
# Question and exclamation marks carry meaning; a letter name survives the vectorisers' word pattern.
_MARKS = {"?": "qmark", "!": "emark"}
# What an emoji says; skin tones, and emoji that say nothing here, are left as they are.
_EMOJI = {
    "sad": "😭😢😿🥺😞😔😩😫💔😰😥😓😣😖🥲☹🙁😪😟😨😱",
    "angry": "😡😠🤬👿💢",
    "yes": "👍👌✅💯✔",
    "no": "👎❌🙅✖",
    "thanks": "🙏🤝❤💕💖🌹🥰😘💐",
    "happy": "😊😀😃😄😁🙂☺😂🤣😆😅",
    "puzzled": "🤔😕❓😵🤷",
    "goodbye": "👋",
}
_EMOJI_FORMS = {emoji: f"emoji{name}" for name, group in _EMOJI.items() for emoji in group}
# Every way to read a message splits it again: as it was written, as it was mended, and clause by clause.
_TEXTS_KEPT = 4
_EMOJI_RANGE = re.compile(r"[\U0001f300-\U0001faff\u2600-\u27bf]")


@dataclass(frozen=True)
class Segment:
    """One token: its place in the message and the form that features read."""

    text: str
    start: int
    end: int
    form: str

    @property
    def is_emoji(self) -> bool:
        """True for a picture, whatever it says."""
        return _EMOJI_RANGE.match(self.text) is not None


@lru_cache(maxsize=_TEXTS_KEPT)
def split(text: str) -> tuple[Segment, ...]:
    """Return the tokens of `text`; repeats of one character beyond two are dropped.

    A text without any token (for example only punctuation) becomes one token, as Rasa expects.
    """
    folded = fold(text)
    found = [
        Segment(text[m.start() : m.end()], m.start(), m.end(), _form(m.group()))
        for m in _TOKEN.finditer(folded)
    ]
    kept = [item for index, item in enumerate(found) if not _drawn_out(found, index)]
    return tuple(kept) or (Segment(text, 0, len(text), folded),)


def _drawn_out(found: list[Segment], index: int) -> bool:
    if index < 2 or found[index].form.isdigit():
        return False
    return found[index].form == found[index - 1].form == found[index - 2].form


def _form(token: str) -> str:
    if token[0] in _MARKS:
        return _MARKS[token[0]]
    if token in _EMOJI_FORMS:
        return _EMOJI_FORMS[token]
    return shorten(token).replace("'", "")
