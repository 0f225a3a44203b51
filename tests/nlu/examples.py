"""Reading the training examples and what they are judged by, and finding sentences nearly the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from scipy.sparse import csr_matrix

from bot.nlu.normaliser import fold

ROOT = Path(__file__).resolve().parents[2]
LANGUAGES = ("zh", "en")

# Letters per shingle: a Chinese character says about as much as two Latin letters.
SHINGLE = {"zh": 2, "en": 4}


@dataclass(frozen=True)
class Example:
    """One sentence and what its writer meant."""

    intent: str
    text: str


def training(language: str) -> list[Example]:
    """All training examples of a language."""
    return _read_all(ROOT / "data/nlu" / language)


def development(language: str) -> list[Example]:
    """The development set of a language: written apart, never trained on."""
    return _read(ROOT / "tests/nlu/dev" / f"{language}.yml")


def held_out(language: str) -> list[Example]:
    """The held-out set of a language: the judge of what nobody has seen (see its README)."""
    return _read_all(ROOT / "tests/nlu/heldout" / language)


def unseen(language: str) -> list[Example]:
    """The unseen set of a language: nothing was taught or chosen by it (see its README)."""
    return _read(ROOT / "tests/nlu/unseen" / f"{language}.yml")


def second(language: str) -> list[Example]:
    """The second set that nobody had seen (see its README)."""
    return _read(ROOT / "tests/nlu/second" / f"{language}.yml")


def third(language: str) -> list[Example]:
    """The third set that nobody had seen (see its README)."""
    return _read(ROOT / "tests/nlu/third" / f"{language}.yml")


def near_duplicates(texts: Sequence[str], language: str, share: float) -> list[tuple[str, str]]:
    """Pairs of texts that have at least `share` (0 to 1, Jaccard) of their letter sequences in common."""
    shingles = [_shingles(text, SHINGLE[language]) for text in texts]
    numbers = {name: number for number, name in enumerate({each for own in shingles for each in own})}
    columns = np.concatenate([np.array([numbers[each] for each in own], dtype=int) for own in shingles])
    starts = np.cumsum([0] + [len(own) for own in shingles])
    holds = csr_matrix((np.ones(len(columns)), columns, starts), shape=(len(texts), len(numbers)))
    common = (holds @ holds.T).tocoo()
    sizes = np.diff(starts)
    pairs = zip(common.row, common.col, common.data, strict=True)
    return [
        (texts[a], texts[b])
        for a, b, shared in pairs
        if a < b and shared >= share * (sizes[a] + sizes[b] - shared)
    ]


def _shingles(text: str, length: int) -> set[str]:
    letters = f" {fold(text)} "
    return {letters[at : at + length] for at in range(max(len(letters) - length + 1, 1))}


def _read_all(folder: Path) -> list[Example]:
    return [each for path in sorted(folder.glob("*.yml")) for each in _read(path)]


def _read(path: Path) -> list[Example]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [
        Example(block["intent"], line[2:].strip())
        for block in content["nlu"]
        for line in block["examples"].splitlines()
        if line.startswith("- ")
    ]
