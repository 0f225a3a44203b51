"""How Chinese characters sound: pinyin without tones, with every common reading of a character."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import product

from pypinyin import Style, pinyin

# The dictionary lists common readings first; later ones are archaic (还: hai, huan, and once fu).
_MOST_READINGS = 2


@lru_cache(maxsize=10_000)
def readings(character: str) -> tuple[str, ...]:
    """Return the toneless readings of one character; a character without any is its own reading."""
    return tuple(pinyin(character, heteronym=True, style=Style.NORMAL)[0][:_MOST_READINGS])


def sounds(characters: Iterable[str]) -> Iterator[tuple[str, ...]]:
    """Yield every way to read the characters aloud: 还款 is (hai, kuan) and (huan, kuan)."""
    return product(*(readings(character) for character in characters))
