""" "Keep my plan": another plan is being looked for, and the borrower would rather leave the present one."""

from __future__ import annotations

from actions.cancelling import is_short, tells_a_value
from actions.topics import LONG_FORMS
from actions.turn import Turn
from casestore import agreement_life, hardship
from hardship.cases import CaseState

# Value of `keeps_agreement` that names the plan; "keep it" alone may be said of a figure.
PLAN = "plan"


def is_left(turn: Turn) -> bool:
    """Whether the plan in force is to stay, said while another is being looked for, and asks for nothing."""
    named = any(each["value"] == PLAN for each in turn.entities("keeps_agreement"))
    if not named or turn.asks or tells_a_value(turn) or not is_short(turn):
        return False
    case_id = turn.session.case_id if turn.active_form in LONG_FORMS else None
    return bool(case_id) and hardship.case(turn.services.store, str(case_id)).state is CaseState.RENEGOTIATING


def leave(turn: Turn) -> None:
    """The plan in force simply goes on."""
    agreement_life.keep(turn.services.store, str(turn.session.case_id))
    turn.say("utter_change_not_wanted")
