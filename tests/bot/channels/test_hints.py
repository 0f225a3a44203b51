"""What responses tell a page besides their words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.channels.protocol import HINTS

DATA = Path(__file__).resolve().parents[3] / "data" / "responses"
RESPONSES: dict[str, list[dict[str, Any]]] = {
    response: variants
    for file in sorted(DATA.glob("*.yml"))
    for response, variants in yaml.safe_load(file.read_text(encoding="utf-8"))["responses"].items()
}
FIELDS: list[object] = [{"type": "amount"}, {"type": "date", "past": True}, {"type": "code"}]


def hints(response: str) -> list[dict[str, object]]:
    """The hints of each wording of a response."""
    metadata = [variant.get("metadata") or {} for variant in RESPONSES[response]]
    return [{name: each[name] for name in HINTS if name in each} for each in metadata]


HINTING = [response for response in RESPONSES if any(hints(response))]


@pytest.mark.parametrize("response", HINTING)
def test_a_hint_is_the_same_in_both_languages_and_one_that_the_page_knows(response: str) -> None:
    chinese, english = hints(response)
    assert chinese == english
    assert chinese.get("input") in [None, *FIELDS]
    assert chinese.get("meanwhile") in [None, "options"]


@pytest.mark.parametrize("figure", ["monthly_income", "housing", "living_costs", "other_debts"])
def test_every_figure_of_the_statement_is_asked_for_with_a_field_for_an_amount(figure: str) -> None:
    assert {"input": {"type": "amount"}} in hints(f"utter_ask_{figure}")
