"""What is owed on a loan on a day, and what its contract still asks for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from hardship.allocation import ORDER, Payment
from hardship.calendar import on_or_after
from hardship.contract import contract_rate, contract_rows
from hardship.ledger import Ledger, run
from hardship.products import Method, Product
from hardship.schedules import Row
from hardship.snapshot import Loan, LoanError, Position

__all__ = [
    "Loan",
    "LoanError",
    "Method",
    "Payment",
    "Position",
    "Product",
    "contract_rate",
    "contract_schedule",
    "position_on",
]


def contract_schedule(loan: Loan, position: Position) -> tuple[Row, ...]:
    """The instalments not yet due when the loan just goes on as agreed; empty when none is left."""
    return contract_rows(
        loan,
        position.current_principal,
        position.remaining_instalments,
        position.next_due,
        position.interest_from,
    )


def position_on(
    loan: Loan, day: date, payments: Iterable[Payment] = (), order: Sequence[str] = ORDER
) -> Position:
    """What is owed on `day` after `payments`; those received up to `as_of` are in the snapshot already.

    Penalty interest runs by the day on overdue principal at contract rate x multiplier (rules.md
    CN-PENALTY), by the loan's day count. Instalments that came due before `day` count as overdue. `order`
    is the policy's order of allocation; hardship/ledger.py says what money beyond the arrears does.
    A day before the snapshot counts as the snapshot's own day. LoanError for a day out of range.
    """
    day = max(day, loan.as_of)
    ledger = run(loan, day, payments, order, bill_through=day - timedelta(days=1))
    return _position(ledger, day)


def _position(ledger: Ledger, day: date) -> Position:
    since, remaining = ledger.overdue_since, ledger.remaining
    next_due = ledger.next_due
    return Position(
        day=day,
        principal=ledger.current + ledger.overdue,
        overdue_principal=ledger.overdue,
        interest=ledger.interest,
        penalty_interest=ledger.penalty_interest,
        fees=ledger.fees,
        days_overdue=(day - since).days if since else 0,
        next_due=next_due if remaining and next_due >= day else on_or_after(day, ledger.loan.due_day),
        next_instalment=ledger.next_instalment,
        remaining_instalments=remaining,
        interest_from=ledger.interest_from,
    )
