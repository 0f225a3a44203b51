"""Every code of the domain has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from actions.wording import exists, phrase
from bot.nlu.lookups import find, load
from hardship.explanation import CODES
from hardship.plans.registry import plan_kind
from hardship.policy import load_policy

ROOT = Path(__file__).resolve().parents[2]
ANSWERED_BY = ("duration", "purpose", "identity_request")
PLANS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "hardship").rglob("*.py"))
REASONS = sorted(
    set(re.findall(r'Stop\(\s*"([a-z_]+)"', PLANS))
    | set(re.findall(r'"([a-z_]+_too_long)"', PLANS))
    | {"kind_not_in_force"}
)


def test_reasons_were_found() -> None:
    assert "no_surplus" in REASONS and len(REASONS) > 10


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_has_words(code: str) -> None:
    assert exists(f"utter_reason_{code}")


@pytest.mark.parametrize("kind", load_policy(ROOT / "policies" / "cn.yml").plans)
def test_a_kind_of_plan_has_a_name(kind: str) -> None:
    assert plan_kind(kind).name == kind
    assert phrase(f"utter_plan_{kind}", "zh") != phrase(f"utter_plan_{kind}", "en")


@pytest.mark.parametrize("code", CODES)
def test_a_line_of_a_position_has_words(code: str) -> None:
    assert exists(f"utter_line_{code}")


@pytest.mark.parametrize("state", ["withdrawn", "broken", "completed", "replaced"])
def test_a_way_an_agreement_ends_has_words(state: str) -> None:
    assert exists(f"utter_no_agreement_{state}")


def spoken_payloads() -> list[str]:
    """What buttons send when it is words and not a command."""
    variants = [v for path in (ROOT / "data" / "responses").glob("*.yml") for v in _variants_in(path)]
    payloads = (button["payload"] for variant in variants for button in variant.get("buttons", []))
    return sorted({payload for payload in payloads if not payload.startswith("/")})


def _variants_in(path: Path) -> list[dict]:
    responses = yaml.safe_load(path.read_text(encoding="utf-8"))["responses"]
    return [variant for variants in responses.values() for variant in variants]


@pytest.mark.parametrize("payload", spoken_payloads())
def test_the_words_of_a_button_are_understood(payload: str) -> None:
    lookups = [load(ROOT / "data" / "lookups" / f"{name}.yml") for name in ANSWERED_BY]
    assert any(find(lookup, payload) for lookup in lookups)
