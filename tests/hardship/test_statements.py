"""A month's figures."""

from __future__ import annotations

import pytest

from hardship.statements import Statement, implausible
from tests.hardship.builders import policy


def test_the_surplus_is_what_is_left_after_essentials_and_other_debts() -> None:
    figures = Statement(monthly_income=500_000, housing=180_000, living_costs=120_000, other_debts=40_000)
    assert (figures.essentials, figures.surplus) == (300_000, 160_000)


def test_spending_more_than_coming_in_is_a_negative_surplus() -> None:
    assert Statement(100_000, 90_000, 50_000, 0).surplus == -40_000


def test_a_negative_figure_is_not_a_statement() -> None:
    with pytest.raises(ValueError, match="housing"):
        Statement(1, -1, 0, 0)


def test_an_income_of_eight_yuan_is_asked_about() -> None:
    assert implausible("monthly_income", 800, policy()) == "amount_unusually_low"


def test_an_income_of_a_million_a_month_is_asked_about() -> None:
    assert implausible("monthly_income", 100_000_000, policy()) == "amount_unusually_high"


@pytest.mark.parametrize("amount", [0, 500_000])
def test_no_income_or_an_ordinary_one_is_believed(amount: int) -> None:
    assert implausible("monthly_income", amount, policy()) is None


def test_only_fields_of_a_statement_can_be_judged() -> None:
    with pytest.raises(ValueError, match="unknown"):
        implausible("age", 40, policy())
