"""The model of danger: one linear score over what talk of danger is made of, beside words and their order.

The expressions of `bot.nlu.care` know wordings; this knows which of who, whom, when and with what come
together when danger is meant (`data/lookups/danger_meanings.yml`), so that a wording nobody wrote down can be
noticed.

Kept as plain arrays and JSON, so that loading a model never runs code from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
from sklearn.svm import LinearSVC

from bot.nlu.features import Block, meanings, pieces, read, syllables, triples, words
from bot.nlu.linear import naive_bayes
from bot.nlu.meanings import MeaningLexicon
from bot.nlu.vocabulary import Floats, Read, Vocabulary

ROOT = Path(__file__).resolve().parents[2]
LEXICON = ROOT / "data" / "lookups" / "danger_meanings.yml"
EXAMPLES = ROOT / "data" / "danger"
# Under what name the score of a message is handed on to the care detector.
DANGER = "danger"

# Chosen on messages of a writer whose sentences were not among the examples, see docs/nlu.md, "Danger".
_STRICTNESS = 1.0
_BAYES_SHARE = 0.15
_CLAUSE = re.compile(r"[,.!?;:，。！？；、：\n…]+|\bbut\b|\band\b|但|可是")


def parts(text: str) -> list[str]:
    """Return the parts of danger that `text` holds."""
    return _lexicon().find(text)


def pairs(text: str) -> list[str]:
    """Return which parts of danger come together in one clause."""
    found = (_lexicon().find(clause) for clause in _CLAUSE.split(text) if clause.strip())
    return sorted({f"{first}+{second}" for names in found for first, second in combinations(names, 2)})


# The first are those of the intent model in its order, so that a text need only be read once for both.
BLOCKS = (
    Block("words", 1.0, words),
    Block("pieces", 0.4, pieces),
    Block("syllables", 0.4, syllables),
    Block("meanings", 1.0, meanings),
    Block("triples", 0.7, triples),
    Block("parts", 1.0, parts),
    Block("pairs", 1.0, pairs),
)


def dangers() -> list[str]:
    """Return messages that say danger, in both languages, beside those of the intents of care."""
    return _lines("danger")


def look_alikes() -> list[str]:
    """Return messages that sound like danger and are none, in both languages."""
    return _lines("look_alikes")


class DangerModel:
    """How much a message sounds like danger to life or violence: above 0 more than not."""

    def __init__(self, vocabulary: Vocabulary, weights: Floats, offset: float) -> None:
        self._vocabulary = vocabulary
        self._weights = weights
        self._offset = offset

    @classmethod
    def train(cls, read_texts: Sequence[Read], dangerous: Sequence[bool], seed: int) -> DangerModel:
        """Learn from mended texts that were read by `BLOCKS`, each with whether it is danger."""
        no_vectors = np.zeros((len(read_texts), 0), dtype=np.float32)
        vocabulary, messages = Vocabulary.learn(BLOCKS, read_texts, no_vectors)
        rows = messages.weighed(vocabulary.rarity)
        # Most messages are no danger; without the balance the border would lie where it hardly ever alarms.
        machine = LinearSVC(C=_STRICTNESS, class_weight="balanced", random_state=seed).fit(rows, dangerous)
        weights = machine.coef_[0] + _BAYES_SHARE * naive_bayes(rows, dangerous)[1]
        return cls(vocabulary, weights.astype(np.float32), float(machine.intercept_[0]))

    def score(self, text: str) -> float:
        """Return how far a mended `text` lies on the side of danger."""
        numbers, weights = self._vocabulary.vector(read(text, BLOCKS))
        return float(weights @ self._weights[numbers]) + self._offset

    def save(self, folder: Path) -> None:
        """Write the model as `danger.json` and `danger.npz` in `folder`."""
        described = {"features": list(self._vocabulary.index), "offset": self._offset}
        (folder / "danger.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(folder / "danger.npz", weights=self._weights, rarity=self._vocabulary.rarity)

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Read what `save` wrote. Raises `FileNotFoundError` when nothing was saved."""
        described = json.loads((folder / "danger.json").read_text(encoding="utf-8"))
        with np.load(folder / "danger.npz", allow_pickle=False) as arrays:
            weights, rarity = arrays["weights"], arrays["rarity"]
        index = {name: number for number, name in enumerate(described["features"])}
        return cls(Vocabulary(BLOCKS, index, rarity), weights, described["offset"])


@lru_cache(maxsize=1)
def _lexicon() -> MeaningLexicon:
    return MeaningLexicon.load(LEXICON)


def _lines(name: str) -> list[str]:
    texts = (file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob(f"{name}.*.txt")))
    lines = (line.strip() for text in texts for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
