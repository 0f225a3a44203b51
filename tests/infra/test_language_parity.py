"""Every response exists twice: a Chinese default, and an English variant of the same shape."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = [{"type": "slot", "name": "language", "value": "en"}]
CJK = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\u3000-\u303f\uff00-\uffef]")
PLACEHOLDER = re.compile(r"\{(\w+)\}")

# The one Chinese word an English sentence may hold: the language's name, for those who look for it.
CHINESE_BY_NAME = "中文"


def _responses() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8")).get("responses", {}))
    return found


RESPONSES = _responses()
each_response = pytest.mark.parametrize("name", sorted(RESPONSES))


def _pair(name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    variants = RESPONSES[name]
    chinese = [variant for variant in variants if "condition" not in variant]
    english = [variant for variant in variants if variant.get("condition") == ENGLISH]
    assert len(chinese) == len(english) == 1, (
        f"{name}: one default and one variant for language=en, nothing else"
    )
    assert len(variants) == 2, f"{name}: a variant is neither the default nor for language=en"
    return chinese[0], english[0]


def _texts(variant: dict[str, Any]) -> str:
    """Everything of a variant that a borrower reads, button titles included."""
    titles = [button["title"] for button in variant.get("buttons", [])]
    return "\n".join([variant.get("text", ""), *titles])


def _without_placeholders(text: str) -> str:
    return PLACEHOLDER.sub("", text)


def _shape(value: Any) -> Any:
    """A structure with its strings reduced to their placeholders, so that two languages can be compared."""
    if isinstance(value, dict):
        return {key: _shape(part) for key, part in value.items()}
    if isinstance(value, list):
        return [_shape(part) for part in value]
    return sorted(set(PLACEHOLDER.findall(value))) if isinstance(value, str) else value


def test_there_are_responses() -> None:
    assert RESPONSES


def test_a_response_is_worded_in_one_file_only() -> None:
    names: list[str] = []
    for path in sorted((ROOT / "data" / "responses").glob("*.yml")):
        names += yaml.safe_load(path.read_text(encoding="utf-8")).get("responses", {})
    assert sorted(names) == sorted(set(names))


@each_response
def test_a_response_has_a_chinese_default_and_an_english_variant(name: str) -> None:
    _pair(name)


@each_response
def test_both_languages_use_the_same_placeholders(name: str) -> None:
    chinese, english = _pair(name)
    assert set(PLACEHOLDER.findall(_texts(chinese))) == set(PLACEHOLDER.findall(_texts(english)))


@each_response
def test_both_languages_offer_the_same_buttons(name: str) -> None:
    chinese, english = (variant.get("buttons", []) for variant in _pair(name))
    assert len(chinese) == len(english)
    for ours, theirs in zip(chinese, english, strict=True):
        if ours["payload"].startswith("/") or theirs["payload"].startswith("/"):
            assert ours["payload"] == theirs["payload"]


@each_response
def test_both_languages_carry_cards_of_the_same_shape(name: str) -> None:
    chinese, english = _pair(name)
    assert _shape(chinese.get("custom")) == _shape(english.get("custom"))


@each_response
def test_the_english_text_holds_no_chinese(name: str) -> None:
    _, english = _pair(name)
    assert not CJK.findall(_texts(english).replace(CHINESE_BY_NAME, ""))


@each_response
def test_the_chinese_text_is_chinese(name: str) -> None:
    chinese, _ = _pair(name)
    words = _without_placeholders(_texts(chinese))
    if re.search(r"[A-Za-z]", words):
        assert CJK.search(words)
