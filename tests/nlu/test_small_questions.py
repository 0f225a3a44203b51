"""Small questions in other hands' words are heard, and few other messages are taken for them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from actions import small_questions
from actions.turn import Turn
from hardship.policy import load_policy
from hardship.policy_file import DEFAULT_PACK
from tests.actions.helpers import Said, tracker
from tests.nlu.examples import LANGUAGES, development, held_out, unseen

# What is asked depends on the policy alone.
SERVICES = SimpleNamespace(policy=load_policy(DEFAULT_PACK))

HERE = Path(__file__).parent / "small_questions"
# See docs/nlu.md, "Small questions".
HEARD, WRONG = 0.65, 0.06
# Messages with a meaning of their own that are answered as a small question; most of these ask it.
TAKEN = 0.03


def lines(language: str) -> list[tuple[str, str]]:
    """The judged questions of a language, as topic and message."""
    rows = (HERE / f"{language}.txt").read_text(encoding="utf-8").splitlines()
    return [tuple(row.split("\t")) for row in rows if row and not row.startswith("#")]  # type: ignore[misc]


@pytest.fixture
def topic(parse: Callable[[str], dict[str, Any]]) -> Callable[[str], str]:
    """What the bot takes a message to ask about; empty for no small question."""

    def of(text: str) -> str:
        turn = Turn(None, tracker(Said(text, read=parse(text))), SERVICES)  # type: ignore[arg-type]
        return next(iter(small_questions.topics(turn)), "")

    return of


@pytest.mark.parametrize("language", LANGUAGES)
def test_small_questions_are_heard_in_any_words(topic: Callable[[str], str], language: str) -> None:
    asked = lines(language)
    heard = [(meant, text, topic(text)) for meant, text in asked]
    wrong = [each for each in heard if each[2] not in ("", each[0])]
    missed = [each for each in heard if not each[2]]
    assert len(wrong) <= WRONG * len(asked), wrong
    assert len(asked) - len(wrong) - len(missed) >= HEARD * len(asked), missed


@pytest.mark.parametrize("language", LANGUAGES)
def test_few_messages_about_something_else_are_taken_for_one(
    topic: Callable[[str], str], language: str
) -> None:
    others = [each.text for judge in (development, held_out, unseen) for each in judge(language)]
    taken = [(text, topic(text)) for text in others if topic(text)]
    assert len(taken) <= TAKEN * len(others), taken
