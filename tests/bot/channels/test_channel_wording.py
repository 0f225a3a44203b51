"""The channel's own sentences are there in both languages."""

from __future__ import annotations

import pytest

from bot.channels.refusals import REFUSALS, REQUEST_REFUSALS
from bot.channels.wording import wording

OF_REQUESTS = [response for _, response in REQUEST_REFUSALS.values()]
NAMES = sorted({*REFUSALS.values(), *OF_REQUESTS, "utter_technical_problem", "utter_danger_not_passed_on"})


@pytest.mark.parametrize("name", NAMES)
def test_a_sentence_is_there_in_both_languages(name: str) -> None:
    assert wording(name, "zh") != wording(name, "en")


def test_another_language_gets_the_default() -> None:
    assert wording(NAMES[0], "fr") == wording(NAMES[0], "zh")
