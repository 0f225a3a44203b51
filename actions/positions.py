"""What is owed on a loan today, for answers of any skill."""

from __future__ import annotations

from actions.turn import Turn
from casestore import payments
from casestore.account import LoanView
from hardship.loans import Position, position_on


def position_today(turn: Turn, view: LoanView) -> Position:
    """What is owed on a loan today, after every payment that is known."""
    order = turn.services.policy.legal.allocation_order.value
    return position_on(view.loan, turn.services.today(), payments_of(turn, view), order)


def payments_of(turn: Turn, view: LoanView) -> tuple[payments.Payment, ...]:
    """Every payment that was received since the loan's snapshot."""
    return payments.received(turn.services.store, view.loan.loan_id, view.loan.as_of)
