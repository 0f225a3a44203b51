"""Small questions that come up anywhere: will my family hear of it, when are people there, how long it takes.

They have no intent of their own: the words for them are in `data/lookups/asked_about.yml`. They count only in
a message that asks, and that was not understood or taken for a question near them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from actions.callbacks import working_hours
from actions.cancelling import is_short
from actions.formats import bullets
from actions.lender import lender_values
from actions.turn import FALLBACK, Turn
from casestore import complaints, disputes

SECRECY, HOURS, PROGRESS, OUTCOME = "secrecy", "working_hours", "progress", "outcome"
MONEY_BACK = "money_back"

# What such a question is taken for. A message of another meaning is about that.
_NEAR = frozenset({FALLBACK, "out_of_scope", "refuse_identity", "request_human", "give_feedback"})
# Only these of them may also be heard as what happened already: "you'll tell my wife, won't you?"
_NEAR_SECRECY = frozenset({"complain_disclosure", "set_contact_preference"})

# The words for these are questions themselves.
_QUESTIONS = frozenset({HOURS, PROGRESS})

KINDS: tuple[complaints.Kind, ...] = ("contact", "disclosure", "impostor")


def answer(turn: Turn) -> bool:
    """Answer the small question in the message; False when there is none, or nothing to say of it."""
    if _speaks_for_another(turn):
        turn.say("utter_speaks_for_another", **lender_values(turn))
        return True
    if not is_asked(turn):
        return False
    return any(_ANSWERS[about](turn) for about in _asked_about(turn))


def is_asked(turn: Turn) -> bool:
    """Whether the message asks, and is about nothing else."""
    about = set(_asked_about(turn))
    in_words = bool(turn.entities("question")) or bool(about & _QUESTIONS)
    asks = in_words or "?" in turn.text or "？" in turn.text
    near = _is_near(turn) or SECRECY in about and turn.heard in _NEAR_SECRECY
    return near and asks and not turn.is_chosen and is_short(turn)


def _is_near(turn: Turn) -> bool:
    return turn.heard in _NEAR or turn.heard.startswith("ask_")


def _speaks_for_another(turn: Turn) -> bool:
    """Whether somebody who is not verified asks for the borrower, as a wife for her husband."""
    return bool(turn.entities("speaks_for")) and turn.session.borrower_id is None and _is_near(turn)


def _asked_about(turn: Turn) -> list[str]:
    named = [str(each["value"]) for each in turn.entities("asked_about")]
    return [each for each in named if each in _ANSWERS and (each != SECRECY or turn.entities("told_party"))]


def _say_secrecy(turn: Turn) -> bool:
    turn.say("utter_kept_secret", **lender_values(turn))
    return True


def _say_hours(turn: Turn) -> bool:
    turn.say("utter_working_hours", **working_hours(turn), **lender_values(turn))
    return True


def _say_progress(turn: Turn) -> bool:
    under_way = list(_under_way(turn))
    if under_way:
        turn.say("utter_under_way", matters=bullets(under_way))
    return bool(under_way)


def _say_outcome(turn: Turn) -> bool:
    for complaint in _complaints(turn):
        turn.say(
            "utter_complaint_outcome", reference=complaint.reference, due=turn.day(complaint.due_on)
        )
        return True
    return False


def _say_money_back(turn: Turn) -> bool:
    policy = turn.services.policy
    lines = {name: policy.hotline(name) for name in ("anti_fraud", "police")}
    turn.say("utter_fraud_money_gone", **lines)
    return True


def _under_way(turn: Turn) -> Iterator[str]:
    """What waits for an answer, each with its number and the last day for it."""
    for complaint in _complaints(turn):
        day = turn.day(complaint.due_on)
        yield turn.phrase("utter_under_way_complaint", reference=complaint.reference, due=day)
    dispute = disputes.open_of(turn.services.store, turn.session.session_id)
    if dispute:
        day = turn.day(dispute.due_on)
        response = "utter_under_way_dispute_on_hold" if dispute.on_hold else "utter_under_way_dispute"
        yield turn.phrase(response, reference=dispute.reference, due=day)


def _complaints(turn: Turn) -> Iterator[complaints.Complaint]:
    store, session_id = turn.services.store, turn.session.session_id
    for kind in KINDS:
        if found := complaints.open_of(store, session_id, kind):
            yield found


_ANSWERS: dict[str, Callable[[Turn], bool]] = {
    SECRECY: _say_secrecy,
    HOURS: _say_hours,
    PROGRESS: _say_progress,
    OUTCOME: _say_outcome,
    MONEY_BACK: _say_money_back,
}
