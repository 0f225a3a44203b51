"""How well the trained bot reads sentences that it was not taught: never worse than what was promised."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.nlu.examples import LANGUAGES, Example, development, held_out, second, third, unseen
from tests.nlu.readings import Figures, Reading, figures

# The goals of the project, set for messages that nobody has seen.
RIGHT_WHEN_ACTING = 0.93
ACTS_ON = 0.70
AMONG_THREE = 0.93
MACRO_F1 = 0.85
WEAKEST_INTENT = 0.60

JUDGES = {
    "development": development,
    "held-out": held_out,
    "unseen": unseen,
    "second": second,
    "third": third,
}

each_set = pytest.mark.parametrize("asked", [(name, language) for name in JUDGES for language in LANGUAGES])


@pytest.fixture(scope="module")
def read_well(read: Callable[[Example], Reading]) -> dict[tuple[str, str], Figures]:
    return {
        (name, language): figures([read(each) for each in judge(language)])
        for name, judge in JUDGES.items()
        for language in LANGUAGES
    }


@each_set
def test_it_is_right_when_it_acts_and_acts_on_most_messages(
    read_well: dict[tuple[str, str], Figures], asked: tuple[str, str]
) -> None:
    assert read_well[asked].right_when_acting >= RIGHT_WHEN_ACTING
    assert read_well[asked].acts_on >= ACTS_ON


@each_set
def test_the_right_meaning_is_among_the_three_it_would_offer(
    read_well: dict[tuple[str, str], Figures], asked: tuple[str, str]
) -> None:
    assert read_well[asked].among_three >= AMONG_THREE


@each_set
def test_no_intent_is_read_badly(read_well: dict[tuple[str, str], Figures], asked: tuple[str, str]) -> None:
    by_intent = read_well[asked].f1_by_intent
    assert {name: score for name, score in by_intent.items() if score < WEAKEST_INTENT} == {}
    assert read_well[asked].macro_f1 >= MACRO_F1
