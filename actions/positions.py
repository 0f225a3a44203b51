"""What is owed on a loan today, for every answer that tells it."""

from __future__ import annotations

from actions.turn import Turn
from casestore import payments
from casestore.account import LoanView
from casestore.payments import Payment
from hardship.loans import Position, position_on


def position_today(turn: Turn, view: LoanView) -> Position:
    """What is owed on a loan today, after every payment that is known."""
    order = turn.services.policy.legal.allocation_order.value
    return position_on(view.loan, turn.services.today(), payments_of(turn, view), order)


def payments_of(turn: Turn, view: LoanView) -> tuple[Payment, ...]:
    """The payments since the figures of the loan were handed over."""
    return payments.received(turn.services.store, view.loan.loan_id, view.loan.as_of)
