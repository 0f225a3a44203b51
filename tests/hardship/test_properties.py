"""What holds for every schedule, payment and position, and that nonsense is always named as such."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardship.allocation import (
    ORDER,
    Allocation,
    AllocationError,
    Debt,
    Owed,
    Payment,
    allocate,
    allocate_across,
)
from hardship.annualised import annualised_cost
from hardship.calendar import DayCount
from hardship.explanation import CODES, explain
from hardship.loans import Loan, LoanError, Method, Product, contract_rate, contract_schedule, position_on
from hardship.money import AmountError, parse_amount, split_evenly, split_pro_rata
from hardship.payoff import loan_payoff, payoff_quote
from hardship.schedules import Row, ScheduleError, Terms, build
from tests.hardship.builders import TODAY
from tests.hardship.strategies import CASES, METHODS, PAYMENTS, RATES, SOME, loans, must_close

DAYS = st.integers(0, 400).map(lambda days: TODAY + timedelta(days=days))


# Schedules


@settings(max_examples=CASES)
@given(
    principal=st.integers(1, 10**10),
    rate=RATES,
    count=st.integers(1, 36) | st.integers(1, 120),
    method=METHODS,
    early=st.integers(0, 1000),
    changed=st.none() | st.tuples(st.integers(0, 1000), RATES),
)
def test_a_schedule_closes_exactly(
    principal: int, rate: Decimal, count: int, method: Method, early: int, changed: tuple[int, Decimal] | None
) -> None:
    rows = build(
        Terms(
            principal,
            rate,
            count,
            method,
            date(2028, 2, 29),
            due_day=31,
            principal_grace=early % count,
            rates_from=((1 + changed[0] % count, changed[1]),) if changed else (),
        )
    )
    must_close(rows, principal)
    assert len(rows) <= count


@given(
    st.integers(1, 10**10), RATES, st.integers(1, 120), METHODS, st.sampled_from(list(DayCount)), st.data()
)
def test_a_schedule_of_actual_days_closes_exactly(
    principal: int, rate: Decimal, count: int, method: Method, day_count: DayCount, data: st.DataObject
) -> None:
    start = TODAY - timedelta(days=data.draw(st.integers(1, 90)))
    must_close(
        build(Terms(principal, rate, count, method, TODAY, start=start, day_count=day_count)), principal
    )


@given(st.integers(10_000, 10**9), RATES, st.integers(2, 240))
def test_a_longer_term_never_raises_the_instalment_and_never_lowers_the_interest(
    principal: int, rate: Decimal, count: int
) -> None:
    short, long = (build(Terms(principal, rate, n, Method.ANNUITY, TODAY)) for n in (count, count + 1))
    assert long[0].payment <= short[0].payment
    # each row may round by half a fen
    assert sum(row.interest for row in long) >= sum(row.interest for row in short) - count


@given(st.integers(1, 10**9), RATES, st.integers(2, 60), st.integers(1, 10**8))
def test_a_given_payment_closes_or_is_refused(
    principal: int, rate: Decimal, count: int, payment: int
) -> None:
    try:
        rows = build(Terms(principal, rate, count, Method.ANNUITY, TODAY, payment=payment))
    except ScheduleError:
        assert payment <= principal * rate / 12 + 1
    else:
        must_close(rows, principal)


@given(st.integers(10**6, 10**9), st.integers(1, 60))
def test_equal_principal_parts_differ_by_less_than_their_rounding(principal: int, count: int) -> None:
    parts = [
        row.principal for row in build(Terms(principal, Decimal("0.1"), count, Method.EQUAL_PRINCIPAL, TODAY))
    ]
    assert len(set(parts[:-1])) <= 1
    assert abs(parts[-1] - parts[0]) <= count


@given(st.integers(10**6, 10**9), st.integers(1, 60), st.integers(100, 3600))
def test_the_annualised_cost_of_an_annuity_is_its_rate(principal: int, count: int, basis_points: int) -> None:
    rate = Decimal(basis_points) / 10_000
    rows = build(Terms(principal, rate, count, Method.ANNUITY, date(2026, 12, 24), start=None))
    cost = annualised_cost(principal, TODAY, [(row.due, row.payment) for row in rows])
    assert abs(cost - rate) <= Decimal("0.0002")


@given(st.integers(10**5, 10**9), st.integers(1, 60), st.integers(1, 60), st.integers(0, 2400))
def test_restructuring_a_flat_fee_loan_at_its_contract_rate_never_costs_more_than_its_fees(
    original: int, count: int, left: int, basis_points: int
) -> None:
    left, nominal = min(left, count), Decimal(basis_points) / 10_000
    contract = build(Terms(original, nominal, count, Method.FLAT_FEE, TODAY))
    still_to_pay = contract[-left:]
    principal = sum(row.principal for row in still_to_pay)
    loan = flat_fee_loan(original, principal, nominal, contract[0].payment, len(still_to_pay))
    again = build(Terms(principal, contract_rate(loan), left, Method.EQUAL_PRINCIPAL, TODAY))
    # each row may round by half a fen, and the length of the contract is known to a whole month only
    assert sum(row.interest for row in again) <= sum(row.other for row in still_to_pay) + count


def flat_fee_loan(original: int, principal: int, nominal: Decimal, instalment: int, left: int) -> Loan:
    return Loan(
        loan_id="LN20260098",
        product=Product.CONSUMER,
        method=Method.FLAT_FEE,
        annual_rate=nominal,
        penalty_multiplier=Decimal("1.5"),
        as_of=TODAY,
        principal=principal,
        overdue_principal=0,
        interest=0,
        penalty_interest=0,
        fees=0,
        overdue_since=None,
        next_due=TODAY + timedelta(days=10),
        due_day=4,
        instalment=instalment,
        remaining_instalments=left,
        handler=None,
        original_principal=original,
    )


# Splits and allocation


@given(st.integers(0, 10**12), st.integers(1, 400))
def test_a_split_conserves_the_amount(amount: int, parts: int) -> None:
    shares = split_evenly(amount, parts)
    assert (sum(shares), len(shares), min(shares) >= 0) == (amount, parts, True)


@settings(max_examples=SOME)
@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=9).filter(any))
def test_a_pro_rata_split_conserves_the_amount_and_gives_nobody_more_than_they_weigh(
    amount: int, weights: list[int]
) -> None:
    shares = split_pro_rata(amount, tuple(weights))
    assert (sum(shares), min(shares) >= 0) == (amount, True)
    if amount <= sum(weights):
        assert all(share <= weight for share, weight in zip(shares, weights, strict=True))


AMOUNTS = st.integers(0, 10**6) | st.integers(0, 10**12)
OWED = st.builds(Owed, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
ORDERS = st.permutations(ORDER).map(tuple)


def must_conserve(amount: int, used: Allocation, owed: Owed) -> None:
    assert used.used + used.left_over == amount
    for part in ("fees", "penalty_interest", "interest", "principal"):
        assert 0 <= getattr(used, part) <= getattr(owed, part)
    assert used.left_over == 0 or used.used == owed.total


@settings(max_examples=SOME)
@given(AMOUNTS, OWED, ORDERS)
def test_a_payment_is_conserved_and_a_later_part_waits_for_the_earlier(
    amount: int, owed: Owed, order: tuple[str, ...]
) -> None:
    used = allocate(amount, owed, order)
    must_conserve(amount, used, owed)
    settled = {
        "fees": (used.fees, owed.fees),
        "interest": (used.interest + used.penalty_interest, owed.interest + owed.penalty_interest),
        "principal": (used.principal, owed.principal),
    }
    for earlier, later in zip(order, order[1:], strict=False):
        assert settled[later][0] == 0 or settled[earlier][0] == settled[earlier][1]


DEBTS = st.lists(
    st.builds(
        Debt,
        debt_id=st.sampled_from("abcdef"),
        owed=OWED,
        due=st.booleans(),
        secured=st.booleans(),
        rate=st.sampled_from([Decimal("0.1"), Decimal("0.2")]),
        due_since=st.sampled_from([None, date(2026, 5, 1), date(2026, 6, 1)]),
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda debt: debt.debt_id,
)


@settings(max_examples=SOME)
@given(AMOUNTS, DEBTS, ORDERS, st.booleans())
def test_a_payment_over_several_debts_is_conserved_and_the_named_one_comes_first(
    amount: int, debts: list[Debt], order: tuple[str, ...], names_one: bool
) -> None:
    named = debts[-1] if names_one else None
    shares = allocate_across(amount, debts, order, named.debt_id if named else None)
    assert sum(share.used + share.left_over for share in shares.values()) == amount
    for debt in debts:
        share = shares[debt.debt_id]
        must_conserve(share.used + share.left_over, share, debt.owed)
    if named:
        assert shares[named.debt_id].used == min(amount, named.owed.total)
    due, later = (
        [debt for debt in debts if debt.due is state and debt is not named] for state in (True, False)
    )
    if any(shares[debt.debt_id].used for debt in later):
        assert all(shares[debt.debt_id].used == debt.owed.total for debt in due)


# Positions


@given(loans(), st.integers(0, 400))
def test_a_position_conserves_principal_and_only_grows_with_time(loan: Loan, days: int) -> None:
    now, later = position_on(loan, TODAY), position_on(loan, TODAY + timedelta(days=days))
    assert now.principal == later.principal == loan.principal
    assert now.overdue_principal <= later.overdue_principal <= later.principal
    assert later.arrears >= now.arrears
    assert later.days_overdue >= now.days_overdue
    assert later.next_due >= later.day


@settings(max_examples=SOME)
@given(loans(), DAYS, PAYMENTS, ORDERS)
def test_the_explanation_always_ends_with_what_is_owed(
    loan: Loan, day: date, payments: tuple[Payment, ...], order: tuple[str, ...]
) -> None:
    lines = explain(loan, day, payments, order)
    position = position_on(loan, day, payments, order)
    assert lines[-1].total == position.total_owed
    assert {line.code for line in lines} <= set(CODES)
    total = 0
    for line in lines:
        total += line.amount
        assert line.total == total >= 0
        assert line.until is None or loan.as_of <= line.until <= day or line.code == "interest_billed"


@settings(max_examples=SOME)
@given(loans(), DAYS, PAYMENTS)
def test_a_position_after_payments_conserves_every_fen(
    loan: Loan, day: date, payments: tuple[Payment, ...]
) -> None:
    lines = explain(loan, day, payments)
    counted = [payment for payment in payments if loan.as_of < payment.received <= day]
    used = -sum(line.amount for line in lines if line.code == "payment")
    left = sum(line.base for line in lines if line.code == "left_over")
    assert used + left == sum(payment.amount for payment in counted)
    position = position_on(loan, day, payments)
    parts = (position.overdue_principal, position.interest, position.penalty_interest, position.fees)
    assert min(*parts, position.current_principal) >= 0
    rows = contract_schedule(loan, position)
    assert sum(row.principal for row in rows) == (position.current_principal if rows else 0)
    assert bool(rows) == bool(position.current_principal)


@given(loans(), st.integers(1, 250), PAYMENTS)
def test_arrears_after_payments_are_those_counted_day_by_day(
    loan: Loan, days: int, payments: tuple[Payment, ...]
) -> None:
    """A second, plainer reckoning: every day bears its own interest, unrounded; payments settle in order."""
    loan = replace(
        loan, overdue_principal=loan.principal, remaining_instalments=0, day_count=DayCount.ACTUAL_365
    )
    daily = Fraction(loan.annual_rate * loan.penalty_multiplier) / 365
    owed = [Fraction(part) for part in (loan.fees, loan.interest, loan.penalty_interest, loan.principal)]
    for day in (loan.as_of + timedelta(days=number) for number in range(1, days + 1)):
        owed[2] += owed[3] * daily
        for payment in (each for each in payments if each.received == day):
            left = Fraction(payment.amount)
            for index, part in enumerate(owed):
                owed[index] -= min(part, left)
                left -= min(part, left)
    position = position_on(loan, loan.as_of + timedelta(days=days), payments)
    # the days between two payments are rounded together, each time by half a fen, which then bears interest
    assert abs(position.total_owed - sum(owed)) <= len(payments) + 1


@given(loans(), DAYS, PAYMENTS)
def test_paying_never_makes_a_debt_bigger(loan: Loan, day: date, payments: tuple[Payment, ...]) -> None:
    with_payments, without = position_on(loan, day, payments), position_on(loan, day)
    # a payment splits the days it falls between, and each part may round by half a fen
    assert with_payments.total_owed <= without.total_owed + 2 * len(payments)
    assert with_payments.days_overdue <= without.days_overdue


@given(loans(), DAYS, PAYMENTS)
def test_paying_exactly_the_payoff_leaves_nothing_owed(
    loan: Loan, day: date, payments: tuple[Payment, ...]
) -> None:
    earlier = tuple(payment for payment in payments if payment.received < day)
    day = max(day, loan.as_of + timedelta(days=1))
    payoff = loan_payoff(loan, day, earlier)
    assert payoff.total == payoff.principal + payoff.interest + payoff.other
    assert payoff.saved >= 0
    last = (Payment(day, payoff.total),) if payoff.total else ()
    after = position_on(loan, day, (*earlier, *last))
    assert (after.total_owed, after.remaining_instalments * after.current_principal) == (0, 0)
    assert "left_over" not in {line.code for line in explain(loan, day, last)} or earlier


@given(st.integers(1, 10**9), RATES, st.integers(1, 60), METHODS, st.integers(0, 2000), st.integers(0, 10**9))
def test_the_payoff_of_a_schedule_is_never_more_than_paying_it_to_the_end(
    principal: int, rate: Decimal, count: int, method: Method, days: int, paid: int
) -> None:
    rows = build(Terms(principal, rate, count, method, date(2026, 12, 24)))
    to_the_end = sum(row.payment for row in rows)
    paid = min(paid, to_the_end)
    payoff = payoff_quote(rows, paid, TODAY + timedelta(days=days), TODAY)
    assert payoff.total == payoff.principal + payoff.interest + payoff.other
    assert payoff.total + payoff.saved == to_the_end - paid
    assert min(payoff.principal, payoff.interest, payoff.other, payoff.total, payoff.saved) >= 0


# Nonsense

WILD_AMOUNTS = st.integers(-(10**16), 10**16) | st.integers(0, 10**6)
WILD_DATES = st.dates() | st.sampled_from([date.min, date.max, TODAY])
WILD_RATES = st.decimals(allow_nan=True, allow_infinity=True) | st.sampled_from(
    [Decimal("sNaN"), Decimal("1E-400"), Decimal("0.1"), Decimal("-0"), Decimal("1E+400")]
)
WILD_COUNTS = st.integers(-5, 2000) | st.integers()
NAMED = (LoanError, ScheduleError, AllocationError, AmountError)

WILD_LOANS = st.fixed_dictionaries(
    {
        "loan_id": st.just("LN20260097"),
        "product": st.sampled_from(list(Product)),
        "method": METHODS,
        "annual_rate": WILD_RATES,
        "penalty_multiplier": WILD_RATES | st.just(Decimal("1.5")),
        "as_of": WILD_DATES,
        "principal": WILD_AMOUNTS,
        "overdue_principal": WILD_AMOUNTS | st.just(0),
        "interest": WILD_AMOUNTS,
        "penalty_interest": WILD_AMOUNTS,
        "fees": WILD_AMOUNTS,
        "overdue_since": st.none() | WILD_DATES,
        "next_due": WILD_DATES,
        "due_day": st.integers(-5, 40),
        "instalment": WILD_AMOUNTS,
        "remaining_instalments": WILD_COUNTS,
        "handler": st.none(),
        "day_count": st.sampled_from(list(DayCount)),
        "original_principal": st.none() | WILD_AMOUNTS,
    }
)


def wildly(values: dict[str, Any], good: Loan, names: list[str]) -> Loan:
    """A good loan with some of its fields replaced by anything."""
    kept = {name: getattr(good, name) for name in values if name not in names}
    return Loan(**{**values, **kept})


@given(WILD_LOANS, loans(), st.data(), WILD_DATES, WILD_DATES, WILD_AMOUNTS)
def test_a_loan_of_nonsense_is_refused_by_name_or_has_a_position(
    values: dict[str, Any], good: Loan, data: st.DataObject, day: date, received: date, amount: int
) -> None:
    names = data.draw(st.lists(st.sampled_from(sorted(values)), min_size=1, max_size=4))
    with suppress(*NAMED):
        loan = wildly(values, good, names)
        payments = (Payment(received, amount),) if amount > 0 else ()
        position = position_on(loan, day, payments)
        assert explain(loan, day, payments)[-1].total == position.total_owed
        contract_schedule(loan, position)
        assert 0 <= contract_rate(loan) <= 1
        assert loan_payoff(loan, day, payments).total >= 0


@given(
    st.builds(
        Terms,
        principal=WILD_AMOUNTS,
        annual_rate=WILD_RATES | RATES,
        count=WILD_COUNTS,
        method=METHODS,
        first_due=WILD_DATES,
        due_day=st.none() | st.integers(-5, 40),
        start=st.none() | WILD_DATES,
        day_count=st.sampled_from(list(DayCount)),
        payment=st.none() | WILD_AMOUNTS,
        rates_from=st.lists(st.tuples(WILD_COUNTS, WILD_RATES), max_size=2).map(tuple),
        principal_grace=st.just(0) | WILD_COUNTS,
        fee_base=st.none() | WILD_AMOUNTS,
    )
)
def test_terms_of_nonsense_are_refused_by_name_or_close(terms: Terms) -> None:
    try:
        rows = build(terms)
    except ScheduleError as problem:
        assert str(problem)
    else:
        must_close(rows, terms.principal)


@given(st.text() | st.integers().map(str) | st.decimals().map(str))
def test_any_text_is_an_amount_or_no_amount(text: str) -> None:
    with suppress(AmountError):
        assert 0 <= parse_amount(text) < 10**15


def nonsense_calls() -> list[Callable[[], object]]:
    row = Row(1, TODAY, 1, 0, 1, 0, 0)
    return [
        lambda: Payment(TODAY, 0),
        lambda: Payment(TODAY, -1),
        lambda: Payment(TODAY, 10**15),
        lambda: Payment(date(1, 1, 1), 1),
        lambda: Owed(-1, 0, 0, 0),
        lambda: allocate(-1, Owed(0, 0, 0, 0)),
        lambda: allocate(1, Owed(0, 0, 0, 0), ("interest",)),
        lambda: allocate_across(1, []),
        lambda: allocate_across(-1, [Debt("a", Owed(0, 0, 0, 1), True, True, Decimal(0), None)]),
        lambda: Debt("a", Owed(0, 0, 0, 1), True, True, Decimal("NaN"), None),
        lambda: payoff_quote((row,), -1, TODAY, TODAY),
    ]


@pytest.mark.parametrize("call", nonsense_calls())
def test_a_payment_of_nonsense_is_refused_by_name(call: Callable[[], object]) -> None:
    with pytest.raises(AllocationError):
        call()
