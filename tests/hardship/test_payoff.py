"""Paying everything early: interest only for the days used (民法典 art. 677)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hardship.allocation import Payment
from hardship.calendar import DayCount
from hardship.loans import Method
from hardship.payoff import Payoff, loan_payoff, payoff_quote, settled_on
from hardship.policy import EarlyRepaymentRules
from hardship.schedules import Row, Terms, build
from tests.hardship.builders import TODAY, consumer_loan, free_loan, policy

START = date(2026, 11, 24)
# 3,000.00 in three parts at 12 %: interest 30.00, 20.00, 10.00 on the 24th of each month.
ROWS = build(Terms(300_000, Decimal("0.12"), 3, Method.EQUAL_PRINCIPAL, date(2026, 12, 24)))


def test_on_the_day_it_begins_a_schedule_costs_its_principal_and_saves_all_interest() -> None:
    assert payoff_quote(ROWS, 0, START, START) == Payoff(START, 300_000, 0, 0, 300_000, 6_000)


def test_the_running_month_costs_its_interest_for_the_days_used() -> None:
    day = START + timedelta(days=10)
    assert payoff_quote(ROWS, 0, day, START) == Payoff(day, 300_000, 1_000, 0, 301_000, 5_000)


def test_an_instalment_that_is_due_is_owed_whole_and_the_next_by_its_days() -> None:
    paid = ROWS[0].payment
    day = date(2027, 1, 9)  # 16 of the 31 days to 24 January: 20.00 x 16/31 = 10.32
    assert payoff_quote(ROWS, paid, day, START) == Payoff(day, 200_000, 1_032, 0, 201_032, 1_968)


def test_the_days_may_be_counted_in_months_of_thirty() -> None:
    day = date(2027, 1, 9)  # 15 of 30
    assert payoff_quote(ROWS, ROWS[0].payment, day, START, DayCount.THIRTY_360).interest == 1_000


def test_charges_spread_over_the_schedule_are_owed_already() -> None:
    rows = (Row(1, date(2026, 12, 24), 60, 0, 50, 10, 50), Row(2, date(2027, 1, 24), 60, 0, 50, 10, 0))
    assert payoff_quote(rows, 60, date(2026, 12, 24), START) == Payoff(date(2026, 12, 24), 50, 0, 10, 60, 0)


def test_a_schedule_paid_to_its_end_has_nothing_to_pay_off() -> None:
    paid = sum(row.payment for row in ROWS)
    assert payoff_quote(ROWS, paid, date(2027, 3, 1), START) == Payoff(date(2027, 3, 1), 0, 0, 0, 0, 0)


def test_a_loan_is_paid_off_with_its_arrears_and_the_interest_of_the_days_used() -> None:
    payoff = loan_payoff(consumer_loan(), TODAY)
    # since 5 November 19 days on 39,400.00 at 9.8 %/360 = 203.79
    assert (payoff.principal, payoff.interest, payoff.other) == (4_200_000, 68_000 + 20_379, 4_200)
    assert payoff.total == 4_292_579
    assert payoff.saved > 0


def test_a_month_of_31_days_costs_no_more_than_the_contracts_month() -> None:
    loan = free_loan(
        annual_rate=Decimal("0.12"), principal=600_000, remaining_instalments=6, next_due=date(2027, 1, 5)
    )
    assert loan_payoff(loan, date(2027, 1, 4)).interest == 6_000
    assert loan_payoff(loan, date(2027, 1, 5)).interest == 6_000


def test_a_flat_fee_is_owed_for_the_days_used_and_not_for_the_months_to_come() -> None:
    loan = free_loan(
        method=Method.FLAT_FEE,
        annual_rate=Decimal("0.072"),
        original_principal=1_200_000,
        principal=600_000,
        remaining_instalments=6,
    )
    day = date(2026, 11, 20)  # the snapshot's own day counts: 19 days of 72.00 a month
    payoff = loan_payoff(loan, day)
    assert (payoff.day, payoff.interest) == (TODAY, 4_560)
    assert payoff.saved == 6 * 7_200 - 4_560


def charged(share: str, jurisdiction: str = "cn") -> EarlyRepaymentRules:
    """The rules of a lender that asks for a fee."""
    rules = policy(jurisdiction).early_repayment
    return rules.copy(update={"fee_share": rules.fee_share.copy(update={"value": Decimal(share)})})


def test_no_fee_is_asked_for_paying_early_in_the_demonstration() -> None:
    for jurisdiction in ("cn", "uk"):
        assert loan_payoff(consumer_loan(), TODAY, rules=policy(jurisdiction).early_repayment).fee == 0


def test_a_fee_is_for_the_principal_that_is_not_due_and_counts_into_the_total() -> None:
    free, payoff = (
        loan_payoff(consumer_loan(), TODAY),
        loan_payoff(consumer_loan(), TODAY, rules=charged("0.01")),
    )
    assert payoff.fee == 39_400  # 1 % of 39,400.00, without the 2,600.00 overdue
    assert (payoff.total, payoff.saved) == (free.total + 39_400, free.saved - 39_400)


def test_the_fee_of_an_agreement_is_for_the_instalments_to_come_only() -> None:
    day = date(2026, 12, 24)
    payoff = payoff_quote(ROWS, 0, day, START, rules=charged("0.01"))
    assert (payoff.fee, payoff.total) == (2_000, 300_000 + 3_000 + 2_000)


def test_in_the_last_year_the_law_allows_half_of_the_fee() -> None:
    rules = charged("0.01", "uk")
    assert rules.fee(100_000, TODAY, date(2028, 5, 5)) == 1_000
    assert rules.fee(100_000, TODAY, date(2027, 11, 24)) == 500


def test_a_fee_is_rounded_down() -> None:
    assert charged("0.01").fee(199, TODAY, date(2028, 5, 5)) == 1


def test_a_schedule_is_settled_on_the_day_on_which_what_was_quoted_comes_in() -> None:
    day = START + timedelta(days=10)  # 3,010.00 then, see above
    first, rest = Payment(START, 100_000), Payment(day, 201_000)
    assert payoff_quote(ROWS, 100_000, day, START).total == 201_000
    assert settled_on(ROWS, [rest, first], START) == day
    assert settled_on(ROWS, [first, Payment(day, 200_999)], START) is None
    assert settled_on(ROWS, [Payment(day, 150_000), Payment(day, 151_000)], START) == day
