"""The model of danger: one linear score over what talk of danger is made of, beside words and their order.

The expressions of `bot.nlu.care` know wordings; this knows which of who, whom, when and with what come
together when danger is meant (`data/lookups/danger_meanings.yml`), so that a wording nobody wrote down can be
noticed. The same features tell whose danger it is: the borrower's own life, violence against the borrower, or
what the borrower threatens to do to others.

Kept as plain arrays and JSON, so that loading a model never runs code from it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import combinations
from pathlib import Path

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.nlu.care import CareLevel
from bot.nlu.features import Block, meanings, pieces, read, syllables, triples, words
from bot.nlu.linear import naive_bayes
from bot.nlu.meanings import MeaningLexicon
from bot.nlu.vocabulary import Floats, Read, Vocabulary

ROOT = Path(__file__).resolve().parents[2]
LEXICON = ROOT / "data" / "lookups" / "danger_meanings.yml"
EXAMPLES = ROOT / "data" / "danger"
# Under what names the score of a message, and how far each kind is meant, go to the care detector.
DANGER = "danger"
KINDS = "danger_kinds"
# The kinds of danger, and the files of `EXAMPLES` that hold messages of each.
_FILES = {CareLevel.SELF_HARM: "life", CareLevel.ABUSE: "violence", CareLevel.THREAT: "threat"}

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


def dangers() -> dict[str, CareLevel]:
    """Return messages that say danger, each with its kind, beside the examples of the intents of care."""
    return {line: kind for kind, name in _FILES.items() for line in _lines(name)}


def look_alikes() -> list[str]:
    """Return messages that sound like danger and are none, in both languages."""
    return _lines("look_alikes")


@dataclass(frozen=True)
class Heard:
    """How far a message lies on the side of danger, and how much each kind would be meant (highest: most)."""

    score: float
    kinds: dict[CareLevel, float]


class DangerModel:
    """How much a message sounds like danger to life or violence: above 0 more than not; and of which kind.

    `weights` has a row for danger, then one for each of `kinds`; `offsets` a number for each row.
    """

    def __init__(
        self, vocabulary: Vocabulary, kinds: Sequence[CareLevel], weights: Floats, offsets: Floats
    ) -> None:
        self._vocabulary = vocabulary
        self._kinds = tuple(kinds)
        self._weights = weights
        self._offsets = offsets

    @classmethod
    def train(cls, read_texts: Sequence[Read], kinds: Sequence[CareLevel | None], seed: int) -> DangerModel:
        """Learn from mended texts that were read by `BLOCKS`, each with the kind of danger it is, if any.

        At least three kinds of danger must be among them.
        """
        no_vectors = np.zeros((len(read_texts), 0), dtype=np.float32)
        vocabulary, messages = Vocabulary.learn(BLOCKS, read_texts, no_vectors)
        rows = messages.weighed(vocabulary.rarity)
        weights, offset = _told_apart(rows, [kind is not None for kind in kinds], seed)
        # Whose danger it is, is only asked where there is one.
        dangerous = [place for place, kind in enumerate(kinds) if kind is not None]
        meant = [str(kind.value) for kind in kinds if kind is not None]
        by_kind, offsets = _told_apart(rows[dangerous], meant, seed)
        names = [CareLevel(name) for name in sorted(set(meant))]
        every = np.vstack([weights[-1:], by_kind]).astype(np.float32)
        return cls(vocabulary, names, every, np.append(offset[-1:], offsets).astype(np.float32))

    def hear(self, text: str) -> Heard:
        """Return how far a mended `text` lies on the side of danger, and on that of each kind."""
        numbers, weights = self._vocabulary.vector(read(text, BLOCKS))
        score, *kinds = (self._weights[:, numbers] @ weights + self._offsets).tolist()
        return Heard(score, dict(zip(self._kinds, kinds, strict=True)))

    def save(self, folder: Path) -> None:
        """Write the model as `danger.json` and `danger.npz` in `folder`."""
        described = {
            "features": list(self._vocabulary.index),
            "kinds": [kind.value for kind in self._kinds],
            "offsets": self._offsets.tolist(),
        }
        (folder / "danger.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(folder / "danger.npz", weights=self._weights, rarity=self._vocabulary.rarity)

    @classmethod
    def load(cls, folder: Path) -> DangerModel:
        """Read what `save` wrote. Raises `FileNotFoundError` when nothing was saved."""
        described = json.loads((folder / "danger.json").read_text(encoding="utf-8"))
        with np.load(folder / "danger.npz", allow_pickle=False) as arrays:
            weights, rarity = arrays["weights"], arrays["rarity"]
        index = {name: number for number, name in enumerate(described["features"])}
        kinds = [CareLevel(name) for name in described["kinds"]]
        offsets = np.array(described["offsets"], dtype=np.float32)
        return cls(Vocabulary(BLOCKS, index, rarity), kinds, weights, offsets)


def _told_apart(rows: csr_matrix, classes: Sequence[object], seed: int) -> tuple[Floats, Floats]:
    """Return weights and offsets, a row for each class in order; of two only the last row counts."""
    # Most messages are no danger; without the balance the border would lie where it hardly ever alarms.
    machine = LinearSVC(C=_STRICTNESS, class_weight="balanced", random_state=seed).fit(rows, classes)
    weights = machine.coef_ + _BAYES_SHARE * naive_bayes(rows, classes)
    return weights.astype(np.float32), machine.intercept_.astype(np.float32)


@lru_cache(maxsize=1)
def _lexicon() -> MeaningLexicon:
    return MeaningLexicon.load(LEXICON)


def _lines(name: str) -> list[str]:
    texts = (file.read_text(encoding="utf-8") for file in sorted(EXAMPLES.glob(f"{name}.*.txt")))
    lines = (line.strip() for text in texts for line in text.splitlines())
    return [line for line in lines if line and not line.startswith("#")]
