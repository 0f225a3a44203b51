"""How a position came about, line by line."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from hardship.allocation import ORDER, Payment
from hardship.ledger import Line, run
from hardship.snapshot import Loan

__all__ = ["CODES", "Line", "explain"]

# Every code a line can have, so that whoever words them can check that none is missing.
CODES = (
    "opening_principal",
    "opening_interest",
    "opening_penalty_interest",
    "opening_fees",
    "instalment_due",
    "interest_billed",
    "interest_on_early_principal",
    "penalty_interest",
    "payment",
    "left_over",
)


def explain(
    loan: Loan, day: date, payments: Iterable[Payment] = (), order: Sequence[str] = ORDER
) -> tuple[Line, ...]:
    """The lines that lead from the snapshot to what is owed on `day`; arguments as in `position_on`.

    The last line's total is `position_on(...).total_owed`.
    """
    day = max(day, loan.as_of)
    return tuple(run(loan, day, payments, order, bill_through=day - timedelta(days=1)).lines)
