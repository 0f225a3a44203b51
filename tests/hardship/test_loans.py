"""What is owed on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hardship.allocation import Payment
from hardship.annualised import annualised_cost
from hardship.calendar import DayCount, due_dates
from hardship.loans import Loan, LoanError, Method, contract_rate, contract_schedule, position_on
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


def test_a_day_no_loan_can_see_is_refused() -> None:
    with pytest.raises(LoanError, match="day is out of range"):
        position_on(consumer_loan(), date.max)


def test_penalty_interest_follows_the_loans_own_day_count() -> None:
    loan = consumer_loan(day_count=DayCount.ACTUAL_365)
    # 2,600.00 x 9.8 % x 1.5 x 10/365 = 10.47
    assert position_on(loan, TODAY + timedelta(days=10)).penalty_interest == 4_200 + 1_047


def test_a_payment_that_clears_overdue_principal_stops_the_penalty_from_that_day() -> None:
    paid_on = TODAY + timedelta(days=4)
    # 2,600.00 x 9.8 % x 1.5 x 4/360 = 4.25
    arrears = 260_000 + 68_000 + 4_200 + 425
    payments = (Payment(paid_on, arrears),)
    position = position_on(consumer_loan(), TODAY + timedelta(days=10), payments)
    assert (position.arrears, position.days_overdue, position.principal) == (0, 0, 3_940_000)


def test_a_partial_payment_settles_interest_first_and_penalty_runs_on_the_rest() -> None:
    payments = (Payment(TODAY + timedelta(days=4), 172_625),)
    position = position_on(consumer_loan(), TODAY + timedelta(days=10), payments)
    assert (position.interest, position.overdue_principal) == (0, 160_000)
    # the payment took 680.00 interest, 46.25 penalty and 1,000.00 principal; then 1,600.00 x 14.7 % x 6/360
    assert position.penalty_interest == 392
    assert position.days_overdue == 60


def test_the_policy_may_say_that_principal_comes_first() -> None:
    order = ("principal", "interest", "fees")
    payments = (Payment(TODAY + timedelta(days=1), 260_000),)
    position = position_on(consumer_loan(), TODAY + timedelta(days=1), payments, order)
    assert (position.overdue_principal, position.interest) == (0, 68_000)


@pytest.mark.parametrize("received", [TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=11)])
def test_a_payment_in_the_snapshot_or_after_the_day_changes_nothing(received: date) -> None:
    day = TODAY + timedelta(days=10)
    assert position_on(consumer_loan(), day, (Payment(received, 5_000),)) == position_on(consumer_loan(), day)


def test_an_instalment_paid_on_its_due_date_is_never_overdue() -> None:
    loan = free_loan(principal=600_000, instalment=100_000, remaining_instalments=6)
    payments = (Payment(date(2026, 12, 5), 100_000),)
    for day in (date(2026, 12, 5), date(2026, 12, 20)):
        position = position_on(loan, day, payments)
        assert (position.arrears, position.principal, position.remaining_instalments) == (0, 500_000, 5)
        assert position.next_due == date(2027, 1, 5)


def test_an_instalment_paid_in_the_month_before_it_is_due_is_paid() -> None:
    loan = free_loan(principal=600_000, instalment=100_000, remaining_instalments=6)
    payments = (Payment(date(2026, 11, 28), 60_000), Payment(date(2026, 12, 1), 40_000))
    position = position_on(loan, date(2026, 12, 20), payments)
    assert (position.arrears, position.principal, position.remaining_instalments) == (0, 500_000, 5)
    assert position.next_due == date(2027, 1, 5)


def test_money_beyond_the_arrears_repays_principal_and_lowers_the_instalments_that_follow() -> None:
    loan = consumer_loan(overdue_principal=0, interest=0, penalty_interest=0, overdue_since=None)
    day = date(2026, 11, 25)
    position = position_on(loan, day, (Payment(day, 1_000_000),))
    # since 5 November 20 days at 9.8 %: of 10,000.00 the early principal is 9,945.85 and its interest 54.15
    assert (position.principal, position.interest) == (4_200_000 - 994_585, 0)
    rows = contract_schedule(loan, position)
    assert (len(rows), rows[-1].due, rows[-1].balance) == (29, date(2029, 5, 5), 0)
    assert rows[0].payment < loan.instalment
    assert position.next_instalment == rows[0].payment


def test_more_than_everything_owed_is_left_over_and_ends_the_loan() -> None:
    loan = consumer_loan()
    position = position_on(loan, TODAY + timedelta(days=1), (Payment(TODAY + timedelta(days=1), 10**9),))
    assert (position.total_owed, position.remaining_instalments, position.next_instalment) == (0, 0, 0)
    assert contract_schedule(loan, position) == ()


def test_a_missed_flat_fee_is_owed_as_interest() -> None:
    position = position_on(flat_fee_loan(), date(2026, 12, 15))
    assert (position.overdue_principal, position.interest, position.fees) == (100_000, 7_200, 0)


def test_a_flat_fee_of_7_2_percent_over_a_year_is_really_13_03_percent() -> None:
    rate = contract_rate(flat_fee_loan())
    cost = annualised_cost(
        1_200_000, TODAY, [(due, 107_200) for due in due_dates(date(2026, 12, 24), 12, 24)]
    )
    assert round(rate, 4) == cost == Decimal("0.1303")


def test_the_contract_rate_of_any_other_loan_is_its_rate() -> None:
    assert contract_rate(consumer_loan()) == Decimal("0.098")


def test_a_flat_fee_whose_instalment_says_nothing_is_taken_at_its_nominal_rate() -> None:
    assert contract_rate(flat_fee_loan(instalment=0)) == Decimal("0.072")


def flat_fee_loan(**changes: Any) -> Loan:
    """12,000.00 over 12 months at a nominal 7.2 %, six to come."""
    plain = {"method": Method.FLAT_FEE, "annual_rate": Decimal("0.072"), "original_principal": 1_200_000}
    shape = {"principal": 600_000, "remaining_instalments": 6, "instalment": 107_200}
    return free_loan(**{**plain, **shape, **changes})


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
        ({"as_of": date.min}, "as_of"),
        ({"next_due": date.max}, "next_due"),
        ({"annual_rate": Decimal("1E-400")}, "annual_rate"),
        ({"penalty_multiplier": Decimal("Infinity")}, "penalty_multiplier"),
        ({"method": Method.FLAT_FEE}, "original_principal"),
        ({"original_principal": 4_199_999}, "original_principal"),
        ({"original_principal": 10**15}, "original_principal"),
    ],
)
def test_figures_that_cannot_be_true_are_named_without_the_amount(
    changes: dict[str, Any], field: str
) -> None:
    with pytest.raises(LoanError, match=field):
        replace(consumer_loan(), **changes)
