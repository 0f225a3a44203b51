"""What a loan comes to when nothing more is paid: the other side of the comparison with a plan.

What loans.position_on says of those days, to the rounding of one fen, but for many days in one pass over
the instalments; and from what is owed today, so that payments received since the snapshot count.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from datetime import date

from hardship.calendar import year_fraction
from hardship.loans import contract_schedule
from hardship.money import round_half_up
from hardship.snapshot import Loan, Position


def owed_if_unpaid(loan: Loan, position: Position) -> Callable[[date], int]:
    """A function from a day, not before that of `position`, to all that is owed then, minor units."""
    days, totals, overdue = _steps(loan, position)

    def owed(day: date) -> int:
        last = bisect_left(days, day, lo=1) - 1
        return totals[last] + _penalty(loan, overdue[last], days[last], day)

    return owed


def _steps(loan: Loan, position: Position) -> tuple[list[date], list[int], list[int]]:
    """From each day on which an instalment falls due: the total owed, and the overdue principal in it."""
    days, totals, overdue = [position.day], [position.total_owed], [position.overdue_principal]
    for row in contract_schedule(loan, position):
        totals.append(totals[-1] + row.interest + row.other + _penalty(loan, overdue[-1], days[-1], row.due))
        overdue.append(overdue[-1] + row.principal)
        days.append(row.due)
    return days, totals, overdue


def _penalty(loan: Loan, principal: int, start: date, end: date) -> int:
    """Default interest by the day: contract rate x multiplier on overdue principal (CN-PENALTY)."""
    if principal == 0 or end <= start:
        return 0
    rate = loan.annual_rate * loan.penalty_multiplier
    return round_half_up(principal * rate * year_fraction(start, end, loan.day_count))
