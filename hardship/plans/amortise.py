"""Turning what is owed into level monthly instalments: interest on the balance, charges beside it.

Charges (billed interest, penalty interest, fees, deferred interest) are spread evenly and bear no
interest, so nothing compounds and the balance never grows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardship.calendar import DAYS_PER_MONTH_30_360, MONTHS_PER_YEAR, DayCount, add_months, days_between
from hardship.contract import contract_rate
from hardship.loans import Position
from hardship.money import round_half_up, split_evenly
from hardship.plans.base import PlanRequest
from hardship.schedules import Row, annuity_factor


@dataclass(frozen=True)
class Debt:
    """What is re-amortised, minor units; `rate` is monthly, `first_interest` that of the first period."""

    principal: int
    rate: Decimal
    first_interest: int
    charges: int


def monthly_rate(request: PlanRequest) -> Decimal:
    """The contract rate for one month of 30/360; for a flat fee what its fees amount to."""
    return contract_rate(request.loan) / MONTHS_PER_YEAR


def whole_debt(request: PlanRequest, first_due: date, defer: bool = True) -> Debt:
    """All that is owed, as it stands when the first instalment falls due on `first_due`.

    Principal that is not overdue bears interest since the last due date, overdue principal from today
    (until today it bore penalty interest). More than one month of interest is put among the charges, or
    dropped when `defer` is false.
    """
    position, rate = request.position, monthly_rate(request)
    current = days_between(interest_since(request, position), first_due, DayCount.THIRTY_360)
    overdue = days_between(request.today, first_due, DayCount.THIRTY_360)
    parts = ((position.current_principal, current), (position.overdue_principal, overdue))
    first, excess = _interest(parts, rate)
    charges = position.charges + (excess if defer else 0)
    return Debt(position.principal, rate, first, charges)


def arrears_debt(request: PlanRequest, first_due: date) -> Debt:
    """The arrears alone; overdue principal bears contract interest from today."""
    position, rate = request.position, monthly_rate(request)
    days = days_between(request.today, first_due, DayCount.THIRTY_360)
    first, excess = _interest(((position.overdue_principal, days),), rate)
    return Debt(position.overdue_principal, rate, first, position.charges + excess)


def accrued_today(request: PlanRequest) -> int:
    """Contract interest that has built up since the last due date but is not billed, minor units."""
    position = request.owed_now
    days = max(days_between(interest_since(request, position), request.today, DayCount.THIRTY_360), 0)
    unbilled = (position.current_principal, min(days, DAYS_PER_MONTH_30_360))
    return _interest((unbilled,), monthly_rate(request))[0]


def interest_since(request: PlanRequest, position: Position) -> date:
    """The day up to which contract interest on principal that is not overdue has been billed."""
    return position.interest_from or add_months(position.next_due, -1, request.loan.due_day)


def _interest(parts: tuple[tuple[int, int], ...], rate: Decimal) -> tuple[int, int]:
    """Interest of (principal, days) parts: of the last month, and of the days before it."""
    month = DAYS_PER_MONTH_30_360
    regular = sum(principal * min(max(days, 0), month) for principal, days in parts)
    excess = sum(principal * max(days - month, 0) for principal, days in parts)
    return round_half_up(regular * rate / month), round_half_up(excess * rate / month)


def level(debt: Debt, count: int, grace: int = 0, early: int = 0) -> int:
    """The level instalment of `count` repaying ones after `grace` others, minor units.

    During grace `early` is paid, and never less than the interest.
    """
    balance = debt.principal - sum(row[1] for row in _grace_rows(debt, grace, early))
    return _core(debt, balance, count, grace) + round_half_up(Decimal(debt.charges) / count)


def _core(debt: Debt, balance: int, count: int, grace: int) -> int:
    """The part of the instalment that is interest and principal, solved for the odd first period."""
    if grace:
        return round_half_up(balance / annuity_factor(debt.rate, count))
    worth = Decimal(balance + debt.first_interest)
    return round_half_up(worth / (1 + annuity_factor(debt.rate, count - 1)))


def _grace_rows(debt: Debt, grace: int, early: int) -> list[tuple[int, int]]:
    """(interest, principal) of the instalments before the level ones."""
    balance, pairs = debt.principal, []
    for index in range(grace):
        interest = round_half_up(balance * debt.rate) if index else debt.first_interest
        pairs.append((interest, min(max(early - interest, 0), balance)))
        balance -= pairs[-1][1]
    return pairs


def rows(debt: Debt, dues: list[date], grace: int = 0, early: int = 0) -> tuple[Row, ...]:
    """One row for each due date, the first `grace` as in `level`; the last absorbs the difference."""
    pairs = _grace_rows(debt, grace, early)
    balance = debt.principal - sum(principal for _, principal in pairs)
    pairs += _level_rows(debt, balance, len(dues) - grace, grace)
    others = [0] * grace + split_evenly(debt.charges, len(dues) - grace)
    return _without_empty_end(_assembled(debt.principal, dues, pairs, others))


def _level_rows(debt: Debt, balance: int, count: int, grace: int) -> list[tuple[int, int]]:
    core, pairs = _core(debt, balance, count, grace), []
    for index in range(count):
        interest = round_half_up(balance * debt.rate) if index or grace else debt.first_interest
        principal = balance if index == count - 1 else min(max(core - interest, 0), balance)
        pairs.append((interest, principal))
        balance -= principal
    return pairs


def _assembled(balance: int, dues: list[date], pairs: list[tuple[int, int]], others: list[int]) -> list[Row]:
    built = []
    for number, (due, (interest, principal), other) in enumerate(
        zip(dues, pairs, others, strict=True), start=1
    ):
        balance -= principal
        built.append(Row(number, due, interest + principal + other, interest, principal, other, balance))
    return built


def _without_empty_end(built: list[Row]) -> tuple[Row, ...]:
    """A debt of a few fen may be paid before the last due date; rows of nothing are not instalments."""
    while len(built) > 1 and built[-1].payment == 0:
        built.pop()
    return tuple(built)


def merge(first: tuple[Row, ...], second: tuple[Row, ...]) -> tuple[Row, ...]:
    """Two schedules paid side by side as one, row by due date."""
    by_due: dict[date, list[Row]] = {}
    for row in sorted((*first, *second), key=lambda each: each.due):
        by_due.setdefault(row.due, []).append(row)
    balance, merged = sum(row.principal for row in (*first, *second)), []
    for number, (due, parts) in enumerate(by_due.items(), start=1):
        interest, principal = sum(row.interest for row in parts), sum(row.principal for row in parts)
        other = sum(row.other for row in parts)
        balance -= principal
        merged.append(Row(number, due, interest + principal + other, interest, principal, other, balance))
    return tuple(merged)
