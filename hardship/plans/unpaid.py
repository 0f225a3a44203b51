"""What a loan comes to when nothing more is paid: the other side of the comparison with a plan.

The same figures as loans.position_on, but for many days of one loan in one pass over its instalments.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import date

from hardship.calendar import add_months, year_fraction
from hardship.contract import contract_rows
from hardship.money import round_half_up
from hardship.snapshot import Loan


def owed_if_unpaid(loan: Loan) -> Callable[[date], int]:
    """A function from a day, not before the snapshot, to all that is owed then, minor units."""
    days, totals, overdue = _steps(loan)

    def owed(day: date) -> int:
        last = bisect_left(days, day, lo=1) - 1
        return totals[last] + _penalty(loan, overdue[last], days[last], day)

    return owed


def _steps(loan: Loan) -> tuple[list[date], list[int], list[int]]:
    """From each day on which an instalment falls due: the total owed, and the overdue principal in it."""
    days, overdue = [loan.as_of], [loan.overdue_principal]
    totals = [loan.principal + loan.interest + loan.penalty_interest + loan.fees]
    interest_from = add_months(loan.next_due, -1, loan.due_day)
    current = loan.principal - loan.overdue_principal
    for row in contract_rows(loan, current, loan.remaining_instalments, loan.next_due, interest_from):
        totals.append(totals[-1] + row.interest + row.other + _penalty(loan, overdue[-1], days[-1], row.due))
        overdue.append(overdue[-1] + row.principal)
        days.append(max(row.due, loan.as_of))
    return days, totals, overdue


def _penalty(loan: Loan, principal: int, start: date, end: date) -> int:
    """Default interest by the day: contract rate x multiplier on overdue principal (CN-PENALTY)."""
    if principal == 0 or end <= start:
        return 0
    rate = loan.annual_rate * loan.penalty_multiplier
    return round_half_up(principal * rate * year_fraction(start, end, loan.day_count))
