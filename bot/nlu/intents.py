"""The intent model: one linear score per intent over weighted features, turned into probabilities.

The score is that of a support vector machine and a share of that of naive Bayes: the first knows what tells
intents apart, the second believes every word a little, which carries over to wordings nobody taught.

Kept as plain arrays and JSON, so that loading a model never runs code from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix, hstack
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.encoder.features import SentenceVectors
from bot.nlu.encoder.model import EncoderIdentity, SentenceEncoder
from bot.nlu.features import BLOCKS, read, unfamiliar
from bot.nlu.linear import naive_bayes
from bot.nlu.spelling import Spelling
from bot.nlu.vocabulary import Floats, Messages, Read, Vocabulary

_FOLDS = 3
# The share of the score of naive Bayes. Chosen on a fold of the examples, see docs/nlu.md.
_BAYES_SHARE = 0.2


class IntentModel:
    """Scores of all intents for a text. `sharpness` turns scores into honest probabilities."""

    def __init__(
        self,
        spelling: Spelling,
        vocabulary: Vocabulary,
        vectors: SentenceVectors,
        intents: list[str],
        weights: Floats,
        offsets: Floats,
        sharpness: float,
    ) -> None:
        self._spelling = spelling
        self._vocabulary = vocabulary
        self._vectors = vectors
        self._intents = intents
        self._weights = weights
        self._offsets = offsets
        self._sharpness = sharpness

    @classmethod
    def train(
        cls,
        texts: Sequence[str],
        intents: Sequence[str],
        strictness: float,
        seed: int,
        encoder: SentenceEncoder | None = None,
    ) -> IntentModel:
        """Learn to mend, read all examples and fit the model on them."""
        spelling = Spelling.learn(texts)
        read_texts = [read(spelling.mend(text)) for text in texts]
        return cls.fit(spelling, texts, read_texts, intents, strictness, seed, encoder)

    @classmethod
    def fit(
        cls,
        spelling: Spelling,
        texts: Sequence[str],
        read_texts: Sequence[Read],
        intents: Sequence[str],
        strictness: float,
        seed: int,
        encoder: SentenceEncoder | None = None,
    ) -> IntentModel:
        """Fit the scores on all examples, and the sharpness on examples held out in turn.

        `read_texts` is what `BLOCKS` read in `texts` once `spelling` had mended them.
        """
        vectors = SentenceVectors.learn(encoder, texts)
        vocabulary, messages = Vocabulary.learn(BLOCKS, read_texts, vectors.rows(texts))
        machine = _fit(messages, vocabulary.rarity, intents, strictness, seed)
        names = [str(name) for name in machine.classes_]
        sharpness = _sharpness(messages, intents, names, strictness, seed)
        weights = np.ascontiguousarray(machine.coef_.T, dtype=np.float32)
        offsets = machine.intercept_.astype(np.float32)
        return cls(spelling, vocabulary, vectors, names, weights, offsets, sharpness)

    @property
    def spelling(self) -> Spelling:
        """What mends a text before anything is read from it."""
        return self._spelling

    def rank(self, text: str) -> list[tuple[str, float]]:
        """Return every intent with its probability, the likeliest first."""
        mended = self._spelling.mend(text)
        numbers, weights = self._vocabulary.vector(read(mended))
        scores = weights @ self._weights[numbers] + self._offsets
        scores += self._vectors.rows([text])[0] @ self._weights[len(self._vocabulary.index) :]
        # Words never seen say nothing: without this, one unknown word would look like a short "yes".
        sharpness = self._sharpness * (1 - unfamiliar(mended, self._vocabulary.index))
        chances = _softmax(scores[np.newaxis, :] * sharpness)[0]
        order = np.argsort(-chances, kind="stable")
        return [(self._intents[place], float(chances[place])) for place in order]

    def save(self, folder: Path) -> None:
        """Write the model as `intents.json`, `intents.npz` and `spelling.json` in `folder`."""
        self._spelling.save(folder)
        described = {
            "intents": self._intents,
            "sharpness": self._sharpness,
            "features": list(self._vocabulary.index),
        }
        arrays = {"weights": self._weights, "offsets": self._offsets, "rarity": self._vocabulary.rarity}
        if self._vectors.encoder is not None:
            described["encoder"] = asdict(self._vectors.encoder.identity)
            arrays["middle"] = self._vectors.middle
        (folder / "intents.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(folder / "intents.npz", **arrays)

    @classmethod
    def load(cls, folder: Path, encoder_source: str | None = None) -> IntentModel:
        """Read what `save` wrote, and the sentence encoder it was trained with, if any.

        The encoder is looked for where it was, or at `encoder_source`. Raises `FileNotFoundError` when
        nothing was saved, and `EncoderError` when the encoder is missing or another one.
        """
        described = json.loads((folder / "intents.json").read_text(encoding="utf-8"))
        with np.load(folder / "intents.npz", allow_pickle=False) as arrays:
            weights, offsets, rarity = arrays["weights"], arrays["offsets"], arrays["rarity"]
            middle = arrays.get("middle", np.zeros(0, dtype=np.float32))
        index = {name: number for number, name in enumerate(described["features"])}
        return cls(
            Spelling.load(folder),
            Vocabulary(BLOCKS, index, rarity),
            SentenceVectors(_encoder_again(described.get("encoder"), encoder_source), middle),
            described["intents"],
            weights,
            offsets,
            described["sharpness"],
        )


def _encoder_again(identity: dict[str, str] | None, source: str | None) -> SentenceEncoder | None:
    return SentenceEncoder.load_again(EncoderIdentity(**identity), source) if identity else None


def _fit(
    messages: Messages, rarity: Floats, intents: Sequence[str], strictness: float, seed: int
) -> LinearSVC:
    read_alone = messages.weighed(rarity)
    machine = LinearSVC(C=strictness, random_state=seed).fit(_beside(read_alone, messages.vectors), intents)
    # Both are linear in the same features, so their sum is one set of weights.
    machine.coef_[:, : len(rarity)] += _BAYES_SHARE * naive_bayes(read_alone, intents)
    return machine


def _beside(rows: csr_matrix, vectors: Floats) -> csr_matrix:
    return hstack([rows, csr_matrix(vectors)], format="csr")


def _sharpness(
    messages: Messages, intents: Sequence[str], names: list[str], strictness: float, seed: int
) -> float:
    """Return the factor under which the probabilities of held-out examples are the likeliest."""
    scores = np.full((len(intents), len(names)), -1.0)
    folds = StratifiedKFold(_FOLDS, shuffle=True, random_state=seed)
    for known, held in folds.split(np.zeros(len(intents)), intents):
        learnt, unseen = messages.part(known), messages.part(held)
        # Of the part alone: what only held-out examples hold counts as unknown, as in a new message.
        rarity = learnt.rarity()
        machine = _fit(learnt, rarity, [intents[place] for place in known], strictness, seed)
        places = [names.index(name) for name in machine.classes_]
        rows = _beside(unseen.weighed(rarity), unseen.vectors)
        scores[np.ix_(held, places)] = machine.decision_function(rows)
    truth = np.array([names.index(name) for name in intents])

    def loss(factor: float) -> float:
        chances = _softmax(scores * factor)[np.arange(len(truth)), truth]
        return float(-np.log(chances + 1e-12).mean())

    return float(minimize_scalar(loss, bounds=(0.5, 20.0), method="bounded").x)


def _softmax(scores: NDArray[np.floating]) -> NDArray[np.floating]:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return raised / raised.sum(axis=1, keepdims=True)
