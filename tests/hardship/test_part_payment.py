"""A part paid on a loan without an agreement: what is told beforehand is what the ledger books afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from hardship.allocation import Payment
from hardship.loans import contract_schedule, position_on
from hardship.part_payment import Coming, PartPayment, pay_part
from tests.hardship.builders import TODAY, consumer_loan, policy

# 42,000.00 at 9.8 %, two instalments in arrears; thirty of 1,520.00 to come, the next on 5 December.
LOAN = consumer_loan(as_of=TODAY - timedelta(days=1))
LAST_DUE = date(2029, 5, 5)


def part(amount: int) -> PartPayment:
    return pay_part(LOAN, amount, TODAY)


@pytest.mark.parametrize("amount", [50_000, 332_000, 400_000, 500_000, 1_332_200, 2_500_000])
def test_is_what_the_ledger_books_when_it_comes(amount: int) -> None:
    said, booked = part(amount), position_on(LOAN, TODAY, [Payment(TODAY, amount)])
    assert said.after is not None
    assert (said.arrears_left, said.after.next_due) == (booked.arrears, booked.next_due)
    assert said.after.next_instalment == booked.next_instalment
    rows = contract_schedule(LOAN, booked)
    assert (said.after.last_due, said.after.count) == (rows[-1].due, len(rows))


def test_every_cent_of_it_is_used() -> None:
    said = part(1_332_200)
    settled = said.arrears - said.arrears_left
    assert settled + said.early_principal + said.early_interest == said.amount


def test_less_than_the_arrears_leaves_the_rest_overdue_and_pays_nothing_early() -> None:
    said = part(100_000)
    assert said.arrears_left == said.arrears - 100_000
    assert (said.early_principal, said.before) == (0, said.after)


def test_what_is_over_is_paid_early_so_that_the_next_ones_are_smaller_and_the_last_day_stays() -> None:
    said = part(1_332_200)
    assert said.arrears_left == 0 and said.early_principal > 0
    assert said.before == Coming(date(2026, 12, 5), 152_000, LAST_DUE, 30)
    assert said.after is not None and said.after.next_instalment < 152_000
    assert said.after.last_due == LAST_DUE


def test_a_small_sum_over_takes_from_the_last_one_alone() -> None:
    said = pay_part(LOAN, LOAN.interest + LOAN.penalty_interest + LOAN.overdue_principal + 10_000, TODAY)
    assert said.arrears_left == 0 and said.early_principal > 0
    assert said.after is not None and said.after.next_instalment == 152_000
    assert not said.lowers_the_next and not said.pays_an_instalment


def test_a_whole_instalment_in_its_month_counts_as_paid() -> None:
    said = pay_part(LOAN, part(1).arrears + 152_000, TODAY)
    assert said.pays_an_instalment and not said.lowers_the_next
    assert said.after is not None and (said.after.next_due, said.after.count) == (date(2027, 1, 5), 29)
    assert said.after.last_due == LAST_DUE


def test_who_pays_everything_has_nothing_to_come() -> None:
    assert part(5_000_000).after is None


def test_a_fee_is_for_the_principal_that_was_not_due_and_comes_on_top() -> None:
    rules = policy("uk").early_repayment
    charged = rules.copy(update={"fee_share": rules.fee_share.copy(update={"value": Decimal("0.01")})})
    said = pay_part(LOAN, 1_332_200, TODAY, rules=charged)
    assert said.fee == said.early_principal // 100
    assert pay_part(LOAN, 100_000, TODAY, rules=charged).fee == 0
    assert pay_part(LOAN, 1_332_200, TODAY, rules=rules).fee == 0
