"""Random loans, payments and wishes for tests that hold for all of them; amounts are minor units."""

from __future__ import annotations

import os
from datetime import date, timedelta
from decimal import Decimal
from functools import lru_cache

from hypothesis import strategies as st

from hardship.allocation import Payment
from hardship.calendar import DayCount, add_months
from hardship.loans import Loan, Method, Product, position_on
from hardship.plans import Ask, PlanRequest
from hardship.schedules import Row
from tests.hardship.builders import TODAY, policy, situation, statement

# How many cases the properties of money go through: many before a merge, fewer while writing. Drawing a
# loan with payments or several debts takes longer than checking them, so those go through `SOME`.
CASES, SOME = (10_000, 1_000) if os.environ.get("CI") == "true" else (150, 80)


RATES = st.integers(0, 3600).map(lambda basis_points: Decimal(basis_points) / 10_000)
METHODS = st.sampled_from(list(Method))


PRODUCTS = st.sampled_from(list(Product))
DAY_COUNTS = st.sampled_from(list(DayCount))
PACK_NAMES = st.sampled_from(["cn", "uk"])
YES_OR_NO = st.booleans()
MAYBE_A_DAY = st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1))


# A strategy that is made anew for each case costs more than the case itself, so they are kept.
@lru_cache(maxsize=64)
def ints(low: int, high: int) -> st.SearchStrategy[int]:
    return st.integers(low, high)


@lru_cache(maxsize=64)
def maybe(low: int, high: int) -> st.SearchStrategy[int | None]:
    return st.none() | st.integers(low, high)


@lru_cache(maxsize=1)
def wished_kinds() -> st.SearchStrategy[str | None]:
    return st.sampled_from([None, *policy().plans])


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    principal = draw(ints(1, 100_000_000))
    remaining = draw(ints(0, 120))
    overdue = principal if remaining == 0 else draw(ints(0, principal))
    late = draw(ints(0, 200))
    day = draw(ints(1, 31))
    next_due = add_months(TODAY.replace(day=1), draw(ints(0, 1)), day)
    if next_due < TODAY:
        next_due = add_months(next_due, 1, day)
    return Loan(
        loan_id="LN20260099",
        product=draw(PRODUCTS),
        method=draw(METHODS),
        annual_rate=draw(RATES),
        penalty_multiplier=Decimal("1.5"),
        as_of=TODAY - timedelta(days=draw(ints(0, 3))),
        principal=principal,
        overdue_principal=overdue,
        interest=draw(ints(0, 1_000_000)),
        penalty_interest=draw(ints(0, 1_000_000)),
        fees=draw(ints(0, 100_000)),
        overdue_since=TODAY - timedelta(days=late + 3) if overdue else None,
        next_due=next_due,
        due_day=day,
        instalment=draw(ints(0, 5_000_000)),
        remaining_instalments=remaining,
        handler=None,
        day_count=draw(DAY_COUNTS),
        original_principal=principal * draw(ints(1, 4)),
    )


PAYMENTS = st.lists(
    st.builds(
        Payment,
        received=st.integers(-10, 400).map(lambda days: TODAY + timedelta(days=days)),
        amount=st.integers(1, 500_000) | st.integers(1, 200_000_000),
    ),
    max_size=5,
).map(tuple)
"""Up to five payments, some of them before the snapshot."""


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    return Ask(
        kind=draw(wished_kinds()),
        instalment=draw(maybe(1, 5_000_000)),
        first_due=draw(MAYBE_A_DAY),
        months=draw(maybe(1, 120)),
        due_day=draw(maybe(1, 31)),
        lump_sum=draw(maybe(1, 20_000_000)),
        waive=draw(YES_OR_NO),
        waiver=draw(maybe(1, 1_500_000)),
    )


@st.composite
def requests(draw: st.DrawFn, wishes: st.SearchStrategy[Ask] = st.just(Ask())) -> PlanRequest:  # noqa: B008
    loan = draw(loans())
    today = TODAY + timedelta(days=draw(ints(0, 40)))
    return PlanRequest(
        loan=loan,
        position=position_on(loan, today),
        statement=statement(draw(ints(-100_000, 6_000_000))),
        situation=situation(draw(YES_OR_NO)),
        policy=policy(draw(PACK_NAMES)),
        today=today,
        ask=draw(wishes),
    )


def must_close(rows: tuple[Row, ...], principal: int) -> None:
    """A schedule repays exactly `principal`, never grows and adds up in every row."""
    assert sum(row.principal for row in rows) == principal
    before = principal
    for number, row in enumerate(rows, start=1):
        assert row.number == number
        assert row.payment == row.interest + row.principal + row.other
        assert min(row.interest, row.principal, row.other) >= 0
        assert row.balance == before - row.principal
        before = row.balance
    assert before == 0
    assert [row.due for row in rows] == sorted({row.due for row in rows})
