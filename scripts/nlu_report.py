"""How well the trained bot reads the development and the held-out set: `make nlu-report`; `--curve` adds one.

First answers, precision when it acts, the right meaning among three, the weakest intents and what they are
taken for. Only a guide: the sets are small, and the messages that count are ones nobody has seen.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table
from sklearn.metrics import f1_score

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bot.nlu.intents import IntentModel  # noqa: E402
from tests.nlu.examples import LANGUAGES, Example, development, held_out, training  # noqa: E402

MODEL = ROOT / "models" / "respite.tar.gz"
FALLBACK = "nlu_fallback"
SEED = 20261124
STRICTNESS = 0.7  # as in config.yml
SHARES = (0.25, 0.5, 0.75, 1.0)
MOST_CONFUSIONS = 25
JUDGES = {"dev": development, "heldout": held_out}


console = Console()


@dataclass(frozen=True)
class Reading:
    """A sentence, what the bot would do (None: ask), and its meanings in order."""

    example: Example
    acts_on: str | None
    ranking: tuple[str, ...]

    @property
    def first(self) -> str:
        return self.ranking[0]


def main() -> int:
    """Print the report; 0 unless there is no model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curve", action="store_true", help="also learn from parts of the data (minutes)")
    chosen = parser.parse_args()
    if not MODEL.exists():
        print("respite: there is no trained model; run `make train` first.", file=sys.stderr)
        return 1
    parse = _parser()
    readings = {
        f"{language}, {name}": [parse(each) for each in judge(language)]
        for name, judge in JUDGES.items()
        for language in LANGUAGES
    }
    _print_summary(readings)
    for asked, own in readings.items():
        _print_weakest(asked, own)
        _print_confusions(asked, own)
    if chosen.curve:
        _print_curve()
    return 0


def _parser() -> Callable[[Example], Reading]:
    warnings.filterwarnings("ignore")
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from rasa.core.agent import Agent  # slow to import, and not needed to ask for --help

    agent = Agent.load(str(MODEL))

    def parse(example: Example) -> Reading:
        parsed = asyncio.run(agent.parse_message(example.text))
        names = [each["name"] for each in parsed["intent_ranking"] if each["name"] != FALLBACK]
        acting = parsed["intent"]["name"]
        return Reading(example, None if acting == FALLBACK else acting, tuple(names))

    return parse


def _print_summary(readings: dict[str, list[Reading]]) -> None:
    table = Table(
        "asked", "sentences", "first right", "macro F1", "acts on", "right when acting", "among three"
    )
    for asked, own in readings.items():
        acting = [each for each in own if each.acts_on]
        table.add_row(
            asked,
            str(len(own)),
            _share(own, lambda each: each.first == each.example.intent),
            f"{_macro_f1(own):.3f}",
            f"{len(acting) / len(own):.3f}",
            _share(acting, lambda each: each.acts_on == each.example.intent),
            _share(own, lambda each: each.example.intent in each.ranking[:3]),
        )
    console.print(table)


def _share(readings: Sequence[Reading], holds: Callable[[Reading], bool]) -> str:
    return f"{sum(map(holds, readings)) / max(len(readings), 1):.3f}"


def _macro_f1(readings: Sequence[Reading]) -> float:
    truth, said = [each.example.intent for each in readings], [each.first for each in readings]
    return float(f1_score(truth, said, labels=sorted(set(truth)), average="macro", zero_division=0))


def _print_weakest(asked: str, readings: Sequence[Reading]) -> None:
    truth, said = [each.example.intent for each in readings], [each.first for each in readings]
    names = sorted(set(truth))
    scores = f1_score(truth, said, labels=names, average=None, zero_division=0)
    table = Table("intent", "F1", title=f"{asked}: intents, the weakest first")
    for name, score in sorted(zip(names, scores, strict=True), key=lambda pair: pair[1]):
        table.add_row(name, f"{score:.2f}")
    console.print(table)


def _print_confusions(asked: str, readings: Sequence[Reading]) -> None:
    wrong = Counter(
        (each.example.intent, each.first) for each in readings if each.first != each.example.intent
    )
    table = Table("meant", "taken for", "times", title=f"{asked}: confusions")
    for (meant, taken), times in wrong.most_common(MOST_CONFUSIONS):
        table.add_row(meant, taken, str(times))
    console.print(table)


def _print_curve() -> None:
    """What more data brings: the intent model alone, learning from parts of the examples."""
    examples = [each for language in LANGUAGES for each in training(language)]
    random.Random(SEED).shuffle(examples)
    table = Table("examples", *(f"first right, {language}" for language in LANGUAGES), title="learning curve")
    for share in SHARES:
        known = examples[: int(len(examples) * share)]
        model = IntentModel.train(
            [each.text for each in known], [each.intent for each in known], STRICTNESS, SEED
        )
        table.add_row(str(len(known)), *(_first_right(model, language) for language in LANGUAGES))
    console.print(table)


def _first_right(model: IntentModel, language: str) -> str:
    asked = development(language)
    right = sum(model.rank(each.text)[0][0] == each.intent for each in asked)
    return f"{right / len(asked):.3f}"


if __name__ == "__main__":
    sys.exit(main())
