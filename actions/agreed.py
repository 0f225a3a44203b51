"""The agreement in force on the loan of a conversation, and what is due by it, for answers of any skill."""

from __future__ import annotations

from actions.turn import Turn
from casestore import agreement
from casestore.agreement import AgreementView


def in_force(turn: Turn) -> AgreementView | None:
    """The agreement in force on this conversation's loan, None without one."""
    loan_id = turn.session.loan_id
    return agreement.status(turn.services.store, loan_id, turn.services.today()) if loan_id else None


def say_due(turn: Turn, made: AgreementView | None) -> bool:
    """Say what is due next by the agreement; False without one, and where nothing is left to pay."""
    if made is None or made.next_unpaid is None:
        return False
    turn.say(
        "utter_due_by_agreement",
        reference=made.reference,
        next_payment=turn.money(made.next_payment),
        next_due=turn.day(made.next_due),
    )
    return True
