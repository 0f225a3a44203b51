"""Mends Latin words that were mistyped: swapped, doubled, missing or neighbouring letters, drawn-out vowels.

The words are those of the examples. Only a word that they do not hold is mended, and only to one that is
a single slip of the fingers away.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

_LATIN_WORD = re.compile(r"[a-z]+(?:'[a-z]+)*")
_DRAWN_OUT = re.compile(r"([a-z])\1{2,}")
# A word in one example may itself be a slip; a replacement must be in a few.
_KNOWN = 2
_FEWEST = 3
# Shorter words are a letter away from too many others; at this length a neighbouring key is, too.
_SHORTEST = 4
_KEYBOARD = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
# How a word may have been mistyped, the likeliest first.
_SWAPPED, _DOUBLED, _MISSING, _NEIGHBOUR = range(4)


class Mistyping:
    """The Latin words of the examples, found by what is left when a letter is missing."""

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = Counter(words)
        self._by_rest: dict[str, list[str]] = defaultdict(list)
        for word, count in self.words.items():
            if count >= _FEWEST and len(word) >= _SHORTEST:
                for rest in _rests(word):
                    self._by_rest[rest].append(word)

    @classmethod
    def learn(cls, folded: Iterable[str]) -> Mistyping:
        """Count the Latin words, apostrophes left out."""
        return cls(Counter(_bare(word) for text in folded for word in _LATIN_WORD.findall(text)))

    def mend(self, folded: str) -> str:
        """Return a folded text with its mistyped words replaced."""
        return _LATIN_WORD.sub(lambda word: self._mend_word(word.group()), folded)

    def _mend_word(self, word: str) -> str:
        bare = _bare(word)
        if self.words[bare] >= _KNOWN:
            return word
        for kept in (r"\1\1", r"\1"):
            bare = _DRAWN_OUT.sub(kept, bare)
            if self.words[bare] >= _KNOWN:
                return bare
        return self._closest(bare) or word

    def _closest(self, word: str) -> str | None:
        if len(word) < _SHORTEST:
            return None
        near = {right for rest in _rests(word) for right in self._by_rest.get(rest, ())}
        slips = [(how, -self.words[right], right) for right in near if (how := slip(right, word)) is not None]
        return min(slips)[2] if slips else None


def slip(right: str, typed: str) -> int | None:
    """Return how `right` may have become `typed` (0 the likeliest slip), or None when it takes more than one.

    Nobody mistypes a first letter as easily, so it must be the same.
    """
    if right[0] != typed[0]:
        return None
    if len(right) == len(typed):
        return _replaced(right, typed)
    shorter, longer = sorted((right, typed), key=len)
    places = [at for at in range(1, len(longer)) if longer[:at] + longer[at + 1 :] == shorter]
    # The last letter of a short word makes another word: tent, tenth.
    if not places or (places == [len(longer) - 1] and len(longer) <= _SHORTEST + 1):
        return None
    return _DOUBLED if any(longer[at] == longer[at - 1] for at in places) else _MISSING


def _replaced(right: str, typed: str) -> int | None:
    places = [at for at, letter in enumerate(right) if letter != typed[at]]
    first, last = places[0], places[-1]
    if len(places) == 2 and last == first + 1 and right[first : last + 1] == typed[last] + typed[first]:
        return _SWAPPED
    if len(places) == 1 and len(right) > _SHORTEST and typed[first] in _NEAR.get(right[first], ""):
        return _NEIGHBOUR
    return None


def _bare(word: str) -> str:
    return word.replace("'", "")


def _rests(word: str) -> set[str]:
    return {word, *(word[:at] + word[at + 1 :] for at in range(len(word)))}


def _neighbours() -> Iterator[tuple[str, str]]:
    for row, keys in enumerate(_KEYBOARD):
        for at, key in enumerate(keys):
            beside = keys[max(at - 1, 0) : at] + keys[at + 1 : at + 2]
            # Each row stands half a key further right than the one above.
            above = _KEYBOARD[row - 1][at : at + 2] if row else ""
            below = _KEYBOARD[row + 1][max(at - 1, 0) : at + 1] if row < len(_KEYBOARD) - 1 else ""
            yield key, beside + above + below


_NEAR = dict(_neighbours())
