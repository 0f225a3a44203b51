"""Every code of the domain has words in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from actions.wording import exists, phrase
from hardship.plans.registry import plan_kind
from hardship.policy import load_policy

ROOT = Path(__file__).resolve().parents[2]
PLANS = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "hardship").rglob("*.py"))
REASONS = sorted(set(re.findall(r'Stop\(\s*"([a-z_]+)"', PLANS)) | {"kind_not_in_force"})


def test_reasons_were_found() -> None:
    assert "no_surplus" in REASONS and len(REASONS) > 10


@pytest.mark.parametrize("code", REASONS)
def test_a_reason_has_words(code: str) -> None:
    assert exists(f"utter_reason_{code}")


@pytest.mark.parametrize("kind", load_policy(ROOT / "policies" / "cn.yml").plans)
def test_a_kind_of_plan_has_a_name(kind: str) -> None:
    assert plan_kind(kind).name == kind
    assert phrase(f"utter_plan_{kind}", "zh") != phrase(f"utter_plan_{kind}", "en")
