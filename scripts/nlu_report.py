"""How well the trained bot reads the sets that judge it: `make nlu-report`; `--curve` adds one.

First answers, precision when it acts, the right meaning among three, the weakest intents and what they are
taken for. Only a guide: the sets are small, and the messages that count are ones nobody has seen.
"""

from __future__ import annotations

import argparse
import logging
import os
import random
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import structlog
import yaml
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault(
    "TF_CPP_MIN_LOG_LEVEL", "3"
)  # read when Rasa imports TensorFlow, which is not used here

from bot.nlu.components.intents import MeaningClassifier  # noqa: E402
from bot.nlu.intents import IntentModel  # noqa: E402
from cli.servers import MODEL  # noqa: E402
from tests.nlu.examples import (  # noqa: E402
    LANGUAGES,
    Example,
    development,
    held_out,
    second,
    third,
    training,
    unseen,
)
from tests.nlu.readings import Figures, Reading, figures, reader  # noqa: E402

SEED = 20261124
SHARES = (0.1, 0.25, 0.5, 0.75, 1.0)
THRESHOLDS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.8)
MOST_CONFUSIONS = 25
JUDGES = {"dev": development, "heldout": held_out, "unseen": unseen, "second": second, "third": third}


console = Console()


def main() -> int:
    """Print the report; 0 unless there is no model."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--curve", action="store_true", help="also learn from parts of the data (minutes)")
    chosen = parser.parse_args()
    if not MODEL.exists():
        print("respite: there is no trained model; run `make train` first.", file=sys.stderr)
        return 1
    # Else Rasa writes a line for every message it reads, and nobody finds the tables.
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    read = reader()
    readings = {asked: [read(each) for each in own] for asked, own in _asked().items()}
    _print_summary({asked: figures(own) for asked, own in readings.items()})
    _print_thresholds(readings)
    for asked, own in readings.items():
        _print_weakest(asked, figures(own))
        _print_confusions(asked, own)
    if chosen.curve:
        _print_curve()
    return 0


def _asked() -> dict[str, list[Example]]:
    return {
        f"{language}, {name}": judge(language) for name, judge in JUDGES.items() for language in LANGUAGES
    }


def _print_summary(by_set: dict[str, Figures]) -> None:
    table = Table(
        "asked", "sentences", "first right", "macro F1", "acts on", "right when acting", "among three"
    )
    for asked, found in by_set.items():
        shares = (
            found.first_right,
            found.macro_f1,
            found.acts_on,
            found.right_when_acting,
            found.among_three,
        )
        table.add_row(asked, str(found.sentences), *(f"{share:.3f}" for share in shares))
    console.print(table)


def _print_thresholds(by_set: dict[str, list[Reading]]) -> None:
    """What another threshold of the fallback would bring; without the rule on two meanings that are close."""
    for asked, readings in by_set.items():
        table = Table("acts from", "acts on", "right when acting", title=f"{asked}: other thresholds")
        for threshold in THRESHOLDS:
            acting = [each for each in readings if each.confidence >= threshold]
            right = sum(each.first == each.example.intent for each in acting)
            shares = len(acting) / len(readings), right / max(len(acting), 1)
            table.add_row(f"{threshold:.2f}", *(f"{share:.3f}" for share in shares))
        console.print(table)


def _print_weakest(asked: str, found: Figures) -> None:
    table = Table("intent", "F1", title=f"{asked}: intents, the weakest first")
    for name, score in sorted(found.f1_by_intent.items(), key=lambda pair: pair[1]):
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
    asked = _asked()
    table = Table("examples", *(f"first right, {each}" for each in asked), title="learning curve")
    for share in SHARES:
        known = examples[: int(len(examples) * share)]
        texts, intents = [each.text for each in known], [each.intent for each in known]
        model = IntentModel.train(texts, intents, _strictness(), SEED)
        table.add_row(str(len(known)), *(_first_right(model, own) for own in asked.values()))
    console.print(table)


def _strictness() -> float:
    """The strictness of config.yml."""
    pipeline = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    ours = next(each for each in pipeline if each["name"].endswith(f".{MeaningClassifier.__name__}"))
    return float(ours["strictness"])


def _first_right(model: IntentModel, asked: Sequence[Example]) -> str:
    right = sum(model.rank(each.text)[0][0] == each.intent for each in asked)
    return f"{right / len(asked):.3f}"


if __name__ == "__main__":
    sys.exit(main())
