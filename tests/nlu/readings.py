"""What the trained bot makes of judged sentences, and the figures that tell how well it reads."""

from __future__ import annotations

import asyncio
import os
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from sklearn.metrics import f1_score

from cli.servers import MODEL
from tests.nlu.examples import Example

FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Reading:
    """A sentence, what the bot would do (None: ask), how sure it is, and its meanings in order."""

    example: Example
    acts_on: str | None
    confidence: float
    ranking: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.ranking[0]


@dataclass(frozen=True)
class Figures:
    """How well a set of sentences was read; every figure is a share from 0 to 1."""

    sentences: int
    first_right: float
    macro_f1: float
    acts_on: float
    right_when_acting: float
    among_three: float
    f1_by_intent: dict[str, float]


def parser() -> Callable[[str], dict[str, Any]]:
    """Return what makes of a text all that the trained bot makes of it."""
    warnings.filterwarnings("ignore")
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from rasa.core.agent import Agent  # slow to import, and not needed to ask for --help

    agent = Agent.load(str(MODEL))
    return lambda text: asyncio.run(agent.parse_message(text))


def reader(parse: Callable[[str], dict[str, Any]] | None = None) -> Callable[[Example], Reading]:
    """Return what reads a sentence with the trained model, as the bot does."""
    parse = parse or parser()

    def read(example: Example) -> Reading:
        parsed = parse(example.text)
        ranked = [each for each in parsed["intent_ranking"] if each["name"] != FALLBACK]
        acting = parsed["intent"]["name"]
        return Reading(
            example,
            None if acting == FALLBACK else acting,
            ranked[0]["confidence"],
            tuple(each["name"] for each in ranked),
        )

    return read


def figures(readings: Sequence[Reading]) -> Figures:
    """Return the figures of at least one reading."""
    acting = [each for each in readings if each.acts_on]
    by_intent = _f1_by_intent(readings)
    return Figures(
        sentences=len(readings),
        first_right=_share(readings, lambda each: each.first == each.example.intent),
        macro_f1=sum(by_intent.values()) / len(by_intent),
        acts_on=len(acting) / len(readings),
        right_when_acting=_share(acting, lambda each: each.acts_on == each.example.intent),
        among_three=_share(readings, lambda each: each.example.intent in each.ranking[:3]),
        f1_by_intent=by_intent,
    )


def _share(readings: Sequence[Reading], holds: Callable[[Reading], bool]) -> float:
    return sum(map(holds, readings)) / max(len(readings), 1)


def _f1_by_intent(readings: Sequence[Reading]) -> dict[str, float]:
    truth, said = [each.example.intent for each in readings], [each.first for each in readings]
    names = sorted(set(truth))
    scores = f1_score(truth, said, labels=names, average=None, zero_division=0)
    return {name: float(score) for name, score in zip(names, scores, strict=True)}
