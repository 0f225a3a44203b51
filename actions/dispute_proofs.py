""" "I have the statements": what proves a dispute goes with it, and asks for nothing of the data held."""

from __future__ import annotations

from actions.turn import Turn
from casestore import disputes

EVIDENCE = "evidence"
# Within so many messages of a dispute a proof belongs to it.
SOON = 4
# What a question where a paper goes comes near to, from that score on: "was it recorded" is another.
NEAR, UNCLEAR = frozenset({None, "police", "proof_needed", "send_document", EVIDENCE}), -0.2
TAKES_DISPUTES = frozenset({"action_dispute_debt", "dispute_form"})


def tells_a_proof(turn: Turn) -> bool:
    """Whether the message names a proof, in few messages of a dispute that is open, and asks for nothing."""
    named = any(each["value"] == EVIDENCE for each in turn.entities("complaint_hint"))
    if not named or turn.asks or not turn.typed or not turn.acted_within(SOON, TAKES_DISPUTES):
        return False
    return disputes.open_of(turn.services.store, turn.session.session_id) is not None


def say_where(turn: Turn) -> bool:
    """ "Where do I hand in the police receipt": a person says where. False with no dispute open."""
    named = any(each["value"] == EVIDENCE for each in turn.entities("complaint_hint"))
    named = named and turn.small_question(UNCLEAR) in NEAR
    known = disputes.open_of(turn.services.store, turn.session.session_id)
    if not named or not turn.asks or known is None or turn.entities("data_wish"):
        return False
    turn.say("utter_dispute_proof_where", reference=known.reference, due=turn.day(known.due_on))
    return True


def add(turn: Turn) -> bool:
    """Add a proof that is named to the dispute; False where none is."""
    if not tells_a_proof(turn):
        return False
    services = turn.services
    dispute = disputes.raise_dispute(
        services.store, turn.session.session_id, None, services.policy, services.today(), turn.typed
    )
    turn.say("utter_dispute_added", reference=dispute.reference, due=turn.day(dispute.due_on))
    return True
