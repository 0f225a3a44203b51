"""What a loan's own contract asks for: its instalments when it just goes on, and its rate."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from hardship.annualised import actuarial_rate
from hardship.calendar import MONTHS_PER_YEAR, add_months
from hardship.money import exact, round_half_up
from hardship.products import Method
from hardship.schedules import LONGEST, Row, ScheduleError, Terms, build
from hardship.snapshot import Loan

# A closing instalment of up to twice the normal one is still a difference of rounding and days.
_LAST_TOLERANCE = 2
# How many contracts are kept: one conversation asks for the same few again and again.
_KEPT = 128


def contract_rows(
    loan: Loan, principal: int, count: int, next_due: date, interest_from: date | None = None
) -> tuple[Row, ...]:
    """`count` instalments from `next_due` that repay `principal` minor units; empty when nothing is left.

    The servicing system's instalment is used as long as it closes the loan on time; when its figures
    do not fit together the instalment is computed anew, so that the schedule still closes. Interest
    runs from `interest_from`, None for the due date before `next_due`.
    """
    if principal == 0 or count == 0:
        return ()
    regular = interest_from in (None, add_months(next_due, -1, loan.due_day))
    terms = Terms(
        principal,
        loan.annual_rate,
        count,
        loan.method,
        next_due,
        loan.due_day,
        start=None if regular else interest_from,
        fee_base=loan.original_principal,
    )
    return _agreed_or_new(terms, loan.instalment)


@lru_cache(maxsize=_KEPT)
def _agreed_or_new(terms: Terms, instalment: int) -> tuple[Row, ...]:
    return _with_agreed_instalment(terms, instalment) or build(terms)


def _with_agreed_instalment(terms: Terms, instalment: int) -> tuple[Row, ...] | None:
    if terms.method is not Method.ANNUITY or instalment <= 0:
        return None
    try:
        agreed = build(replace(terms, payment=instalment))
    except ScheduleError:
        return None
    fits = len(agreed) == terms.count and agreed[-1].payment <= _LAST_TOLERANCE * instalment
    return agreed if fits else None


def contract_rate(loan: Loan) -> Decimal:
    """The annual rate (fraction) at which a debt may be re-amortised without costing more than agreed.

    It is the rate of the contract; for a flat fee the actuarial rate that its fees amount to over the
    whole contract, never rounded up. When the instalment cannot tell how long that was, it is the
    nominal rate, which is lower.
    """
    if loan.method is not Method.FLAT_FEE or loan.original_principal is None:
        return loan.annual_rate
    return _flat_fee_rate(loan.original_principal, loan.annual_rate, loan.instalment)


@lru_cache(maxsize=_KEPT)
def _flat_fee_rate(original: int, nominal: Decimal, instalment: int) -> Decimal:
    with exact():
        part = instalment - round_half_up(original * nominal / MONTHS_PER_YEAR)
        count = round_half_up(Decimal(original) / part) if part > 0 else 0
    if not 1 <= count <= LONGEST:
        return nominal
    terms = Terms(original, nominal, count, Method.FLAT_FEE, date(2000, 1, 1))
    rate = actuarial_rate(original, [row.payment for row in build(terms)])
    return min(max(rate, Decimal(0)), Decimal(1))
