"""Skill hardship: coming back days later: an unfinished request for help is gone on with, or begun anew."""

from __future__ import annotations

from actions.base import RespiteAction
from actions.events import Events, set_slot
from actions.forms import ALWAYS_FIRST, Answer, FormValidator
from actions.plain_yes import said_yes
from actions.turn import Turn
from casestore import consents, unfinished
from casestore.unfinished import Unfinished
from hardship.statements import FIELDS as STATEMENT_FIELDS

GO_ON, ANEW = "go_on", "anew"


def waiting(turn: Turn) -> Unfinished | None:
    """The verified borrower's unfinished case from another conversation; asked about once in this one."""
    if turn.slot("resume_choice") or turn.session.borrower_id is None:
        return None
    return unfinished.find(turn.services.store, turn.session_id)


class ActionAskResumeChoice(RespiteAction):
    """Says what was told, without a figure, and asks whether to go on with it."""

    action_name = "action_ask_resume_choice"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        found = waiting(turn)
        if found is None:
            return [set_slot("resume_choice", ANEW)]
        comma = turn.phrase("utter_comma")
        turn.say(
            "utter_unfinished",
            since=turn.moment(found.last_at),
            told=comma.join(turn.phrase(f"utter_told_{name}") for name in found.told),
            loan=turn.phrase("utter_unfinished_loan", tail=found.loan_tail) if found.loan_tail else "",
        )
        return []


class ValidateResumeForm(FormValidator):
    """Go on with what was told, which allows using it here; or begin with no answers."""

    form = "resume_form"
    first = ALWAYS_FIRST - {"start_over"}  # an answer here

    def answer_resume_choice(self, turn: Turn) -> Answer | None:
        """Yes, or from the start."""
        found = waiting(turn)
        if found is None:
            return Answer({"resume_choice": ANEW})
        if turn.intent == "request_plan" or said_yes(turn):
            _go_on(turn, found)
            return Answer({"resume_choice": GO_ON})
        if turn.intent in ("deny", "start_over", "reject_offer"):
            unfinished.set_aside(turn.services.store, turn.session_id, found.case_id)
            turn.say("utter_begun_anew")
            return Answer({"resume_choice": ANEW})
        return None

    def is_digression(self, turn: Turn) -> bool:
        """Asking for a plan is a yes."""
        return super().is_digression(turn) and turn.intent != "request_plan"


def _go_on(turn: Turn, found: Unfinished) -> None:
    unfinished.go_on(turn.services.store, turn.session_id, found.case_id)
    if any(name in found.told for name in STATEMENT_FIELDS):
        # They allowed it when they told it, and the question says that going on allows it here.
        version = turn.services.policy.privacy.notice_version.value
        consents.record(turn.services.store, turn.session_id, "financial_detail", version, True)
    turn.forget_session_cache()
    turn.say("utter_resumed")
