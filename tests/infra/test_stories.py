"""Every message the rules answer has a test story, in both languages where its text can stand in one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]


def _load(folder: str, key: str) -> list[dict[str, Any]]:
    paths = sorted((ROOT / folder).glob("*.yml"))
    return [item for path in paths for item in yaml.safe_load(path.read_text(encoding="utf-8"))[key]]


RULES = [rule for rule in _load("data/rules", "rules") if "intent" in rule["steps"][0]]
STORIES = _load("tests/stories", "stories")


def _turns(story: dict[str, Any]) -> set[tuple[str, str]]:
    """The (intent, action) pairs that follow each other in a story."""
    steps = story["steps"]
    pairs = zip(steps, steps[1:], strict=False)
    return {(a["intent"], b["action"]) for a, b in pairs if "intent" in a and "action" in b}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["steps"][0]["intent"])
def test_a_rule_has_a_story_with_its_action(rule: dict[str, Any]) -> None:
    turn = (rule["steps"][0]["intent"], rule["steps"][1]["action"])
    assert any(turn in _turns(story) for story in STORIES)


def test_rasa_counts_every_file_as_a_test() -> None:
    names = [path.name for path in (ROOT / "tests" / "stories").rglob("*.y*ml")]
    assert names and all(name.startswith("test_") for name in names)


def test_no_two_stories_share_a_name() -> None:
    names = [story["story"] for story in STORIES]
    assert len(names) == len(set(names))
