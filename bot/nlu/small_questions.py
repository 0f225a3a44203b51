"""What a small question is about ("what's the catch", "may I sleep on it"), learnt from `data/questions/`.

There is a file for each topic, named as it. A message is scored by how much more it is about its likeliest
topic than about none of them; what is none is learnt from the examples of all intents and from the answers to
questions.

Kept as plain arrays and JSON, so that loading a model never runs code from it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import yaml
from sklearn.svm import LinearSVC

from bot.nlu.features import BLOCKS, read, unfamiliar
from bot.nlu.linear import naive_bayes
from bot.nlu.vocabulary import Floats, Read, Vocabulary

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "questions"
# Under what name the topic of a message is handed on to the actions.
SMALL_QUESTION = "small_question"
# About none of the topics.
NONE = ""

# Chosen on questions by another hand than the examples, see docs/nlu.md, "Small questions".
_STRICTNESS = 1.0
_BAYES_SHARE = 0.05
# What a single message holds says more about its writer than about a topic.
_HELD_BY = 2
# Where so large a share of the words is nobody's, the rest ("-ish") asks nothing; what such a message scores.
_STRANGE, _NOTHING = 0.45, -1.0


@dataclass(frozen=True)
class Asked:
    """The likeliest topic, and how much likelier than none it is: below 0 it is more probably none."""

    topic: str
    score: float


def questions() -> list[tuple[str, str]]:
    """Return every example of `data/questions/` in both languages, as topic and text."""
    return [
        (path.stem, str(text))
        for path in sorted(EXAMPLES.glob("*.yml"))
        for texts in yaml.safe_load(path.read_text(encoding="utf-8")).values()
        for text in texts
    ]


class SmallQuestionModel:
    """Topics with a row of weights and an offset for each, set against those of none."""

    def __init__(self, vocabulary: Vocabulary, topics: list[str], weights: Floats, offsets: Floats) -> None:
        self._vocabulary = vocabulary
        self._topics = topics
        self._weights = weights
        self._offsets = offsets

    @classmethod
    def train(
        cls, topics: Sequence[str], read_questions: Sequence[Read], others: Sequence[Read], seed: int
    ) -> SmallQuestionModel:
        """Learn from questions, mended and read by `BLOCKS`, and from `others`, which are none."""
        read_texts = [*read_questions, *others]
        no_vectors = np.zeros((len(read_texts), 0), dtype=np.float32)
        vocabulary, messages = Vocabulary.learn(BLOCKS, read_texts, no_vectors, held_by=_HELD_BY)
        rows, meant = messages.weighed(vocabulary.rarity), [*topics, *[NONE] * len(others)]
        machine = LinearSVC(C=_STRICTNESS, random_state=seed).fit(rows, meant)
        weights = machine.coef_ + _BAYES_SHARE * naive_bayes(rows, meant)
        # NONE sorts first.
        against_none, offsets = weights[1:] - weights[0], machine.intercept_[1:] - machine.intercept_[0]
        names = [str(name) for name in machine.classes_[1:]]
        return cls(vocabulary, names, against_none.T.astype(np.float32), offsets.astype(np.float32))

    def hear(self, mended: str) -> Asked:
        """Return what a mended text most probably asks about."""
        numbers, weights = self._vocabulary.vector(read(mended))
        scores = weights @ self._weights[numbers] + self._offsets
        best = int(np.argmax(scores))
        score = float(scores[best])
        if unfamiliar(mended, self._vocabulary.index) >= _STRANGE:
            score = min(score, _NOTHING)
        return Asked(self._topics[best], score)

    def save(self, folder: Path) -> None:
        """Write the model as `small_questions.json` and `small_questions.npz` in `folder`."""
        described = {"features": list(self._vocabulary.index), "topics": self._topics}
        path = folder / "small_questions.json"
        path.write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        np.savez_compressed(
            path.with_suffix(".npz"),
            rarity=self._vocabulary.rarity,
            weights=self._weights,
            offsets=self._offsets,
        )

    @classmethod
    def load(cls, folder: Path) -> SmallQuestionModel:
        """Read what `save` wrote. Raises `FileNotFoundError` when nothing was saved."""
        described = json.loads((folder / "small_questions.json").read_text(encoding="utf-8"))
        with np.load(folder / "small_questions.npz", allow_pickle=False) as arrays:
            rarity, weights, offsets = (arrays[name] for name in ("rarity", "weights", "offsets"))
        index = {name: number for number, name in enumerate(described["features"])}
        return cls(Vocabulary(BLOCKS, index, rarity), described["topics"], weights, offsets)
