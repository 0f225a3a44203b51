"""Paying everything early: interest only for the days the money was used (民法典 art. 677)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from hardship.allocation import ORDER, Owed, Payment, allocate
from hardship.calendar import DEFAULT_DAY_COUNT, DayCount, days_between
from hardship.ledger import run
from hardship.money import exact, round_half_up
from hardship.policy import EarlyRepaymentRules
from hardship.schedules import Row
from hardship.snapshot import Loan


@dataclass(frozen=True)
class Payoff:
    """What settles everything on `day`, minor units; `saved` is against paying on to the end.

    `fee` is for the principal that is paid before it is due, and is in `total`.
    """

    day: date
    principal: int
    interest: int
    other: int
    total: int
    saved: int
    fee: int = 0


def payoff_quote(
    rows: Sequence[Row],
    paid: int,
    day: date,
    since: date,
    day_count: DayCount = DEFAULT_DAY_COUNT,
    order: Sequence[str] = ORDER,
    rules: EarlyRepaymentRules | None = None,
) -> Payoff:
    """What settles the schedule `rows` on `day` when `paid` minor units have been paid on it so far.

    The first period begins on `since`. Instalments due up to `day` are owed whole; of the running one
    the interest for the days used; the charges spread over the rest are owed already.
    """
    with exact():
        parts = _owed(rows, day, since, day_count)
    left, unpaid = paid, []
    for owed in parts:
        used = allocate(left, owed, order)
        unpaid.append((owed.principal - used.principal, owed.interest - used.interest, owed.fees - used.fees))
        left = used.left_over
    principal, interest, other = (sum(column) for column in zip(*unpaid, strict=True))
    early = unpaid[-1][0]
    fee = rules.fee(early, day, rows[-1].due) if rules else 0
    total = principal + interest + other + fee
    to_the_end = max(sum(row.payment for row in rows) - paid, 0)
    return Payoff(day, principal, interest, other, total, to_the_end - total, fee)


def settled_on(
    rows: Sequence[Row],
    payments: Iterable[Payment],
    since: date,
    day_count: DayCount = DEFAULT_DAY_COUNT,
    order: Sequence[str] = ORDER,
    rules: EarlyRepaymentRules | None = None,
) -> date | None:
    """The day on which `payments` settled the schedule early, by the quote of that day; None when they don't.

    Whoever pays what was quoted owes nothing more, though the schedule's later interest is not paid.
    """
    paid = 0
    for day, received in groupby(sorted(payments, key=_received), key=_received):
        amount = sum(payment.amount for payment in received)
        if amount >= payoff_quote(rows, paid, day, since, day_count, order, rules).total:
            return day
        paid += amount
    return None


def _received(payment: Payment) -> date:
    return payment.received


def _owed(rows: Sequence[Row], day: date, since: date, day_count: DayCount) -> list[Owed]:
    """What payments settle one after the other: each instalment due by `day`, then all that is to come."""
    starts = [since, *(row.due for row in rows)]
    used = [_used(row, start, day, day_count) for row, start in zip(rows, starts, strict=False)]
    due = sum(row.due <= day for row in rows)
    ahead = Owed(
        fees=sum(row.other for row in rows[due:]),
        penalty_interest=0,
        interest=sum(used[due:]),
        principal=sum(row.principal for row in rows[due:]),
    )
    return [*(Owed(row.other, 0, row.interest, row.principal) for row in rows[:due]), ahead]


def _used(row: Row, start: date, day: date, day_count: DayCount) -> int:
    """The part of a row's interest that belongs to the days from `start` to `day`."""
    if day >= row.due:
        return row.interest
    if day <= start:
        return 0
    part = Decimal(days_between(start, day, day_count)) / days_between(start, row.due, day_count)
    return min(round_half_up(row.interest * part), row.interest)


def loan_payoff(
    loan: Loan,
    day: date,
    payments: Iterable[Payment] = (),
    order: Sequence[str] = ORDER,
    rules: EarlyRepaymentRules | None = None,
) -> Payoff:
    """What settles a loan without an agreement on `day`; arguments as in `position_on`.

    A payment of exactly `total` received on `day` leaves nothing owed. The servicing system books the fee.
    """
    day = max(day, loan.as_of)
    ledger = run(loan, day, payments, order, bill_through=day)
    with exact():
        accrued = ledger.accrued(day)
    principal, interest = ledger.current + ledger.overdue, ledger.interest + accrued
    other = ledger.penalty_interest + ledger.fees
    fee = rules.fee(ledger.current, day, ledger.rows[-1].due) if rules and ledger.rows else 0
    saved = sum(row.interest + row.other for row in ledger.rows) - accrued - fee
    return Payoff(day, principal, interest, other, principal + interest + other + fee, saved, fee)
