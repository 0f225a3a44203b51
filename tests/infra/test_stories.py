"""Every message the rules answer has a test story, in both languages where its text can stand in one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.nlu.components.care import COURTESIES

ROOT = Path(__file__).resolve().parents[2]


def _load(folder: str, key: str) -> list[dict[str, Any]]:
    paths = sorted((ROOT / folder).glob("*.yml"))
    return [item for path in paths for item in yaml.safe_load(path.read_text(encoding="utf-8"))[key]]


RULES = [rule for rule in _load("data/rules", "rules") if "intent" in rule["steps"][0]]
STORIES = _load("tests/stories", "stories")


ANSWERS_THAT_ARE_TEXTS = [rule for rule in RULES if rule["steps"][-1]["action"].startswith("utter_")]


def _said_and_done(steps: list[dict[str, Any]]) -> list[str]:
    """The intents and actions of a rule or a story, one after the other."""
    return [step.get("intent") or step.get("action") or "" for step in steps]


def _holds(story: dict[str, Any], turn: list[str]) -> bool:
    """Whether the story holds this turn, with nothing in between."""
    done = _said_and_done(story["steps"])
    return any(done[start : start + len(turn)] == turn for start in range(len(done)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["steps"][0]["intent"])
def test_a_rule_has_a_story_with_its_actions(rule: dict[str, Any]) -> None:
    turn = _said_and_done(rule["steps"])
    assert any(_holds(story, turn) for story in STORIES)


def test_only_courtesies_are_answered_by_a_plain_text() -> None:
    """A plain text hears no distress beside the matter; beside a courtesy distress is the meaning itself."""
    assert {rule["steps"][0]["intent"] for rule in ANSWERS_THAT_ARE_TEXTS} <= COURTESIES


def test_rasa_counts_every_file_as_a_test() -> None:
    names = [path.name for path in (ROOT / "tests" / "stories").rglob("*.y*ml")]
    assert names and all(name.startswith("test_") for name in names)


def test_no_two_stories_share_a_name() -> None:
    names = [story["story"] for story in STORIES]
    assert len(names) == len(set(names))
