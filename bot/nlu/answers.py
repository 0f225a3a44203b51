"""How people answer the questions of a form in their own words, learnt from `data/answers/`.

"Once I find work" is no topic of its own; asked how long the trouble will last it means: temporary. Which
question is open is not known here, so each question has its own reader, and every reader knows from all other
messages what is no answer to it.

Kept as plain arrays and JSON, so that loading a model never runs code from it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from scipy.sparse import csr_matrix
from sklearn.svm import LinearSVC

from bot.nlu.features import BLOCKS, read
from bot.nlu.linear import naive_bayes
from bot.nlu.vocabulary import Floats, Read, Vocabulary

EXAMPLES = Path(__file__).resolve().parents[2] / "data" / "answers"
# Under what name the answers of a message are handed on to the forms.
ANSWERS = "answers"
# What is no answer to a question.
NONE = ""

# Chosen on a fold of the answers, see docs/nlu.md, "Answers".
_STRICTNESS = 1.0
_BAYES_SHARE = 0.2
_LEAST = 0.2
_LEAD = 0.8


@dataclass(frozen=True)
class Answer:
    """One example: what somebody said to a question, and which of its values it means."""

    question: str
    value: str
    text: str


def answers() -> list[Answer]:
    """Return every example of `data/answers/`, in both languages."""
    return [answer for path in sorted(EXAMPLES.glob("*.yml")) for answer in _examples(path)]


def _examples(path: Path) -> Iterator[Answer]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    for value, by_language in content["values"].items():
        for texts in by_language.values():
            yield from (Answer(content["question"], value, text) for text in texts)


@dataclass(frozen=True)
class _Reader:
    """The values of one question with a row of weights and an offset for each."""

    values: list[str]
    weights: Floats
    offsets: Floats


class AnswerModel:
    """What a message would mean as an answer, for each question to which it is one."""

    def __init__(self, vocabulary: Vocabulary, readers: dict[str, _Reader]) -> None:
        self._vocabulary = vocabulary
        self._readers = readers

    @classmethod
    def train(
        cls, examples: Sequence[Answer], read_examples: Sequence[Read], others: Sequence[Read], seed: int
    ) -> AnswerModel:
        """Learn from examples, mended and read by `BLOCKS`, and from `others`, which answer nothing."""
        read_texts = [*read_examples, *others]
        no_vectors = np.zeros((len(read_texts), 0), dtype=np.float32)
        vocabulary, messages = Vocabulary.learn(BLOCKS, read_texts, no_vectors)
        rows = messages.weighed(vocabulary.rarity)
        readers = {
            question: _fit(rows, _meant(examples, question, len(others)), seed)
            for question in dict.fromkeys(example.question for example in examples)
        }
        return cls(vocabulary, readers)

    def read(self, mended: str) -> dict[str, dict[str, Any]]:
        """Return, for each question that a mended text answers, its value and score (0 is likely)."""
        numbers, weights = self._vocabulary.vector(read(mended))
        found = {
            question: _best(reader, weights @ reader.weights[numbers] + reader.offsets)
            for question, reader in self._readers.items()
        }
        return {question: answer for question, answer in found.items() if answer}

    def save(self, folder: Path) -> None:
        """Write the model as `answers.json` and `answers.npz` in `folder`."""
        values = {question: reader.values for question, reader in self._readers.items()}
        described = {"features": list(self._vocabulary.index), "values": values}
        (folder / "answers.json").write_text(json.dumps(described, ensure_ascii=False), encoding="utf-8")
        weights = {f"{question} weights": reader.weights for question, reader in self._readers.items()}
        offsets = {f"{question} offsets": reader.offsets for question, reader in self._readers.items()}
        np.savez_compressed(folder / "answers.npz", rarity=self._vocabulary.rarity, **weights, **offsets)

    @classmethod
    def load(cls, folder: Path) -> AnswerModel:
        """Read what `save` wrote. Raises `FileNotFoundError` when nothing was saved."""
        described = json.loads((folder / "answers.json").read_text(encoding="utf-8"))
        with np.load(folder / "answers.npz", allow_pickle=False) as arrays:
            readers = {
                question: _Reader(values, arrays[f"{question} weights"], arrays[f"{question} offsets"])
                for question, values in described["values"].items()
            }
            rarity = arrays["rarity"]
        index = {name: number for number, name in enumerate(described["features"])}
        return cls(Vocabulary(BLOCKS, index, rarity), readers)


def _fit(rows: csr_matrix, meant: Sequence[str | None], seed: int) -> _Reader:
    known = [place for place, value in enumerate(meant) if value is not None]
    rows, values = rows[known], [meant[place] for place in known]
    machine = LinearSVC(C=_STRICTNESS, class_weight="balanced", random_state=seed).fit(rows, values)
    weights, offsets = machine.coef_, machine.intercept_
    if len(machine.classes_) == 2:  # then there is one row, for the second of them
        weights, offsets = np.vstack([-weights, weights]), np.hstack([-offsets, offsets])
    weights = weights + _BAYES_SHARE * naive_bayes(rows, values)
    names = [str(name) for name in machine.classes_]
    return _Reader(names, weights.T.astype(np.float32), offsets.astype(np.float32))


def _meant(examples: Sequence[Answer], question: str, others: int) -> list[str | None]:
    """Return the value of each message for `question`; None where it answers another one."""
    of_examples = [example.value if example.question == question else None for example in examples]
    return [*of_examples, *[NONE] * others]


def _best(reader: _Reader, scores: Floats) -> dict[str, Any] | None:
    """Return the likeliest value, unless the text is too far from it or another one is nearly as likely."""
    places = sorted((n for n, value in enumerate(reader.values) if value != NONE), key=lambda n: -scores[n])
    best, *others = places
    lead = float(scores[best] - scores[others[0]]) if others else _LEAD
    if scores[best] < _LEAST or lead < _LEAD:
        return None
    return {"value": reader.values[best], "score": float(scores[best])}
