"""What is owed on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hardship.loans import LoanError, Method, contract_schedule, position_on
from tests.hardship.builders import TODAY, consumer_loan, free_loan


def test_on_the_day_of_the_snapshot_the_position_is_the_snapshot() -> None:
    position = position_on(consumer_loan(), TODAY)
    assert (position.principal, position.penalty_interest, position.days_overdue) == (4_200_000, 4_200, 50)
    assert position.arrears == 260_000 + 68_000 + 4_200
    assert position.total_owed == 4_200_000 + 68_000 + 4_200


def test_penalty_interest_grows_by_the_day_on_overdue_principal_only() -> None:
    ten_days_on = position_on(consumer_loan(), TODAY + timedelta(days=10))
    # 2,600.00 x 9.8 % x 1.5 x 10/360 = 10.62
    assert ten_days_on.penalty_interest == 4_200 + 1_062
    assert ten_days_on.days_overdue == 60


def test_an_instalment_that_falls_due_and_is_not_paid_becomes_arrears() -> None:
    loan = free_loan(principal=600_000, instalment=100_000, remaining_instalments=6)
    position = position_on(loan, date(2026, 12, 15))
    assert position.overdue_principal == 100_000
    assert (position.days_overdue, position.remaining_instalments) == (10, 5)
    assert position.next_due == date(2027, 1, 5)


def test_on_the_due_date_itself_nothing_is_overdue() -> None:
    position = position_on(free_loan(), date(2026, 12, 5))
    assert (position.arrears, position.days_overdue, position.next_due) == (0, 0, date(2026, 12, 5))


def test_a_loan_past_its_last_instalment_has_no_next_instalment() -> None:
    loan = consumer_loan(principal=260_000, remaining_instalments=0)
    position = position_on(loan, TODAY)
    assert (position.next_instalment, position.remaining_instalments) == (0, 0)
    assert position.next_due == date(2026, 12, 5)
    assert contract_schedule(loan, position) == ()


def test_a_day_before_the_snapshot_is_the_day_of_the_snapshot() -> None:
    assert position_on(consumer_loan(), TODAY - timedelta(days=1)) == position_on(consumer_loan(), TODAY)


def test_the_contract_goes_on_with_its_own_instalment_and_closes() -> None:
    loan = consumer_loan(instalment=149_500)
    rows = contract_schedule(loan, position_on(loan, TODAY))
    assert {row.payment for row in rows[:-1]} == {149_500}
    assert (len(rows), rows[-1].balance) == (30, 0)


@pytest.mark.parametrize("instalment", [10_000, 33_000, 900_000])
def test_an_instalment_that_cannot_be_right_is_computed_anew(instalment: int) -> None:
    loan = consumer_loan(instalment=instalment)
    rows = contract_schedule(loan, position_on(loan, TODAY))
    assert (len(rows), rows[-1].balance) == (30, 0)
    assert abs(rows[-1].payment - rows[0].payment) < 30


def test_an_interest_first_loan_ends_with_everything() -> None:
    loan = consumer_loan(method=Method.INTEREST_FIRST)
    assert contract_schedule(loan, position_on(loan, TODAY))[-1].principal == 3_940_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"principal": -1}, "principal"),
        ({"fees": 10**15}, "fees"),
        ({"annual_rate": Decimal("NaN")}, "annual_rate"),
        ({"annual_rate": Decimal("9.8")}, "annual_rate"),
        ({"penalty_multiplier": Decimal("0.5")}, "penalty_multiplier"),
        ({"overdue_principal": 5_000_000}, "overdue_principal"),
        ({"remaining_instalments": -1}, "remaining_instalments"),
        ({"remaining_instalments": 0}, "remaining_instalments"),
        ({"due_day": 32}, "due_day"),
        ({"overdue_since": date(2027, 1, 1)}, "overdue_since"),
    ],
)
def test_figures_that_cannot_be_true_are_named_without_the_amount(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(LoanError, match=field):
        replace(consumer_loan(), **changes)
