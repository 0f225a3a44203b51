"""An open report of fraud: what to do now, and what is told of it after it was taken in."""

from __future__ import annotations

from actions.cancelling import is_short
from actions.lender import lender_values
from actions.turn import Turn
from casestore import complaints
from casestore.complaints import Complaint

IMPOSTOR: complaints.Kind = "impostor"
# Within so many messages a payment, or a question, belongs to the swindle that was told of before.
STILL_TOLD = 4
TELLS_OF_FRAUD = frozenset({"action_report_fraud", "fraud_form"})


def is_still_told(turn: Turn) -> bool:
    """Whether a swindle was told of just now and is open."""
    known = complaints.open_of(turn.services.store, turn.session.session_id, IMPOSTOR)
    return known is not None and turn.acted_within(STILL_TOLD, TELLS_OF_FRAUD)


def add_money_gone(turn: Turn) -> None:
    """Money that went to a swindler: whom to call at once, and it goes with the report."""
    report = receive(turn)
    turn.say("utter_fraud_money_gone", **numbers(turn))
    turn.say("utter_complaint_added", **report_values(turn, report))


def say_steps(turn: Turn) -> bool:
    """What to do now that a fraud is reported; what was said goes with it. False where none is."""
    if not is_still_told(turn):
        return False
    turn.say("utter_fraud_steps", **report_values(turn, receive(turn)))
    return True


def add_afterwards(turn: Turn) -> bool:
    """Take what comes just after a reported fraud, and is nothing else, as a question about it."""
    return is_short(turn) and say_steps(turn)


def numbers(turn: Turn) -> dict[str, str]:
    """Whom to call, from the pack."""
    policy = turn.services.policy
    lines = {name: policy.hotline(name) for name in ("anti_fraud", "police")}
    return {**lines, **lender_values(turn)}


def report_values(turn: Turn, report: Complaint) -> dict[str, str]:
    """Number and deadline of the report, and whom to call."""
    return {"reference": report.reference, "due": turn.day(report.due_on), **numbers(turn)}


def receive(turn: Turn) -> Complaint:
    """Take what was said up as a report of fraud; an open one grows by it."""
    services = turn.services
    return complaints.receive(
        services.store,
        turn.session.session_id,
        IMPOSTOR,
        turn.typed,
        services.policy,
        services.today(),
    )
