"""Every meaning has a short title for its button in both languages, or is among those never offered."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from actions.meanings import NEVER_OFFERED, NONE_OF_THESE
from actions.wording import exists, phrase

ROOT = Path(__file__).resolve().parents[2]
INTENTS = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["intents"]
TITLED = [intent for intent in INTENTS if exists(f"utter_meaning_{intent}")]

# What fits on a button of a telephone without a second line.
MOST_CHARACTERS = 14
MOST_WORDS = 6


@pytest.mark.parametrize("intent", INTENTS)
def test_a_meaning_has_a_title_or_is_never_offered(intent: str) -> None:
    assert exists(f"utter_meaning_{intent}") != (intent in NEVER_OFFERED)


def test_only_meanings_have_titles() -> None:
    written = yaml.safe_load((ROOT / "data/responses/meanings.yml").read_text(encoding="utf-8"))["responses"]
    titles = {name.removeprefix("utter_meaning_") for name in written if name.startswith("utter_meaning_")}
    assert titles - {NONE_OF_THESE} == set(TITLED) and set(INTENTS) >= NEVER_OFFERED


@pytest.mark.parametrize("intent", TITLED)
def test_a_title_is_short(intent: str) -> None:
    assert len(phrase(f"utter_meaning_{intent}", "zh")) <= MOST_CHARACTERS
    assert len(phrase(f"utter_meaning_{intent}", "en").split()) <= MOST_WORDS


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_two_meanings_have_the_same_title(language: str) -> None:
    titles = [phrase(f"utter_meaning_{intent}", language) for intent in [*TITLED, NONE_OF_THESE]]
    assert len(titles) == len(set(titles))
