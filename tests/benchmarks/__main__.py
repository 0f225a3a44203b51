"""Measures, prints the table, and fails when a limit is exceeded."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from tests.benchmarks import bots, offers, turns
from tests.benchmarks.report import Figure, print_table


def main() -> int:
    """Runs every measurement; 1 if a limit is exceeded, else 0."""
    with tempfile.TemporaryDirectory(prefix="respite-bench-") as name:
        figures = measure(Path(name))
    print_table(figures)
    return 0 if all(figure.is_within for figure in figures) else 1


def measure(folder: Path) -> list[Figure]:
    """All figures, in the order of the table."""
    assessed = offers.seconds_for_many()
    training = bots.seconds_to_train_respite(folder)
    with bots.starter(folder) as url:
        starter = turns.several(url, turns.STARTER_TALK)
    with bots.respite(folder) as stack:
        talk = turns.several(stack.base_url, turns.OUR_TALK)
        page = turns.several_on_the_page(stack.base_url, turns.OUR_TALK)
        full_path = turns.to_an_offer(stack)
        megabytes = bots.resident_megabytes(stack.process_ids())
    ours = median([*full_path, *turns.flat(talk)])
    theirs = median(turns.flat(starter))
    return [
        Figure("median turn of the starter", theirs * 1000, "ms"),
        Figure("median turn", ours * 1000, "ms"),
        Figure("median turn beside the starter's", ours / theirs, "x", limit=2.0),
        Figure("slowest turn on the way to an offer", max(full_path) * 1000, "ms"),
        Figure("median turn on the chat page", median(turns.flat(page)) * 1000, "ms"),
        Figure("turn 60 beside turn 10, on the chat page", turns.growth(page), "x", limit=1.25),
        Figure("offers for one borrower, median", offers.median_milliseconds(assessed), "ms", limit=5.0),
        Figure("offers for 10,000 borrowers, one core", sum(assessed), "s", limit=60.0),
        Figure("full training", training, "s", limit=240.0),
        Figure("resident memory of both servers", megabytes, "MB", limit=1200.0),
    ]


if __name__ == "__main__":
    sys.exit(main())
