"""The intent model: one linear score per intent over weighted features, turned into probabilities.

Kept as plain arrays and JSON, so that loading a model never runs code from it.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.features import BLOCKS, read, unfamiliar

_Floats = NDArray[np.float32]
_Read = list[list[str]]
_FOLDS = 3


class Vocabulary:
    """Turns a text into feature numbers and weights (term frequency damped, rare features heavier)."""

    def __init__(self, index: dict[str, int], rarity: _Floats) -> None:
        self.index = index
        self.rarity = rarity

    @classmethod
    def learn(cls, messages: Iterable[_Read]) -> Vocabulary:
        """Number every feature of the read messages and weigh it by how few of them hold it."""
        holding: Counter[str] = Counter()
        total = 0
        for message in messages:
            total += 1
            holding.update({name for block in message for name in block})
        rarity = [np.log((1 + total) / (1 + count)) + 1 for count in holding.values()]
        return cls({name: number for number, name in enumerate(holding)}, np.array(rarity, dtype=np.float32))

    def vector(self, message: _Read) -> tuple[NDArray[np.int64], _Floats]:
        """Return the numbers and weights of the known features of a read message."""
        parts = [self._block(names, block.weight) for names, block in zip(message, BLOCKS, strict=True)]
        return np.concatenate([numbers for numbers, _ in parts]), np.concatenate([w for _, w in parts])

    def matrix(self, messages: Sequence[_Read]) -> csr_matrix:
        """Return one row per read message."""
        vectors = [self.vector(message) for message in messages]
        starts = np.cumsum([0] + [len(numbers) for numbers, _ in vectors])
        numbers = np.concatenate([numbers for numbers, _ in vectors])
        weights = np.concatenate([weights for _, weights in vectors])
        return csr_matrix((weights, numbers, starts), shape=(len(messages), len(self.index)))

    def _block(self, names: list[str], weight: float) -> tuple[NDArray[np.int64], _Floats]:
        counts = Counter(self.index[name] for name in names if name in self.index)
        numbers = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
        often = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
        weights = (1 + np.log(often)) * self.rarity[numbers]
        return numbers, weight * weights / (np.linalg.norm(weights) or 1.0)


class IntentModel:
    """Scores of all intents for a text. `sharpness` turns scores into honest probabilities."""

    def __init__(
        self, vocabulary: Vocabulary, intents: list[str], weights: _Floats, offsets: _Floats, sharpness: float
    ) -> None:
        self._vocabulary = vocabulary
        self._intents = intents
        self._weights = weights
        self._offsets = offsets
        self._sharpness = sharpness

    @classmethod
    def train(cls, texts: Sequence[str], intents: Sequence[str], strictness: float, seed: int) -> IntentModel:
        """Fit the scores on all examples, and the sharpness on examples held out in turn."""
        messages = [read(text) for text in texts]
        vocabulary, machine = _fit(messages, intents, strictness, seed)
        names = [str(name) for name in machine.classes_]
        sharpness = _sharpness(messages, intents, names, strictness, seed)
        weights = np.ascontiguousarray(machine.coef_.T, dtype=np.float32)
        return cls(vocabulary, names, weights, machine.intercept_.astype(np.float32), sharpness)

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every intent with its probability, the likeliest first."""
        numbers, weights = self._vocabulary.vector(read(text))
        scores = weights @ self._weights[numbers] + self._offsets
        # Words never seen say nothing: without this, one unknown word would look like a short "yes".
        sharpness = self._sharpness * (1 - unfamiliar(text, self._vocabulary.index))
        chances = _softmax(scores[np.newaxis, :] * sharpness)[0]
        order = np.argsort(-chances, kind="stable")
        return [(self._intents[place], float(chances[place])) for place in order]

    def save(self, folder: Path) -> None:
        """Write the model as `intents.json` and `intents.npz` in `folder`."""
        described = {
            "intents": self._intents,
            "sharpness": self._sharpness,
            "features": list(self._vocabulary.index),
        }
        (folder / "intents.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            folder / "intents.npz",
            weights=self._weights,
            offsets=self._offsets,
            rarity=self._vocabulary.rarity,
        )

    @classmethod
    def load(cls, folder: Path) -> IntentModel:
        """Read what `save` wrote. Raises `FileNotFoundError` when nothing was saved."""
        described = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz", allow_pickle=False) as arrays:
            weights, offsets, rarity = arrays["weights"], arrays["offsets"], arrays["rarity"]
        index = {name: number for number, name in enumerate(described["features"])}
        return cls(Vocabulary(index, rarity), described["intents"], weights, offsets, described["sharpness"])


def _fit(
    messages: Sequence[_Read], intents: Sequence[str], strictness: float, seed: int
) -> tuple[Vocabulary, LinearSVC]:
    vocabulary = Vocabulary.learn(messages)
    machine = LinearSVC(C=strictness, random_state=seed)
    return vocabulary, machine.fit(vocabulary.matrix(messages), intents)


def _sharpness(
    messages: Sequence[_Read], intents: Sequence[str], names: list[str], strictness: float, seed: int
) -> float:
    """Return the factor under which the probabilities of held-out examples are the likeliest."""
    scores = np.full((len(messages), len(names)), -1.0)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    for known, held in folds.split(np.zeros(len(messages)), intents):
        vocabulary, machine = _fit(
            [messages[i] for i in known], [intents[i] for i in known], strictness, seed
        )
        places = [names.index(name) for name in machine.classes_]
        rows = vocabulary.matrix([messages[i] for i in held])
        scores[np.ix_(held, places)] = machine.decision_function(rows)
    truth = np.array([names.index(name) for name in intents])

    def loss(factor: float) -> float:
        chances = _softmax(scores * factor)[np.arange(len(truth)), truth]
        return float(-np.log(chances + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(0.5, 20.0), method="bounded").x)


def _softmax(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
