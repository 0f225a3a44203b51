"""Skill rights: stolen identity and those who pose as helpers or as the lender."""

from __future__ import annotations

from actions import disputes as dispute_skill
from actions import topics
from actions.base import RespiteAction
from actions.cancelling import is_short
from actions.events import Events, go_to, set_slot
from actions.forms import Answer, FormValidator, ask_again
from actions.fraud_reports import IMPOSTOR, numbers, receive, report_values
from actions.intake import GIVEN, is_mere_yes
from actions.turn import FALLBACK, FAR, Turn
from casestore import complaints, handoffs

IDENTITY = "identity"


class ActionReportFraud(RespiteAction):
    """The warning and the numbers first; then a person at top priority, and a hold for a stolen identity."""

    action_name = "action_report_fraud"

    def handle(self, turn: Turn) -> Events:
        turn.say("utter_fraud_warning", **numbers(turn))
        handoffs.request(
            turn.services.store, turn.session.session_id, "fraud", turn.services.policy, priority="top"
        )
        turn.say("utter_fraud_passed_on")
        kind = turn.entity("fraud_kind")
        if kind is None and complaints.open_of(turn.services.store, turn.session.session_id, IMPOSTOR):
            report = receive(turn)
            turn.say("utter_complaint_added", **report_values(turn, report))
            return []
        if kind is None:
            # No question waits for an answer while somebody may be losing money.
            aside = topics.step_aside(turn) if turn.active_form else []
            return [*aside, set_slot("fraud_named", None), go_to("fraud_form")]
        record(turn, str(kind))
        return []

    def apologise(self, turn: Turn) -> None:
        turn.say("utter_fraud_warning", **numbers(turn))
        super().apologise(turn)


def record(turn: Turn, kind: str) -> None:
    """A stolen identity is a dispute with a hold, anything else is answered like a complaint."""
    if kind == IDENTITY:
        dispute = dispute_skill.add(turn, "identity_theft", turn.typed, "top")
        turn.say("utter_fraud_identity", **dispute_skill.values(turn, dispute))
        dispute_skill.say_noted(turn, dispute)
        return
    report = receive(turn)
    turn.say(f"utter_fraud_{kind}", **report_values(turn, report))


def _learnt_kind(turn: Turn) -> str | None:
    """What it would be as learnt; a stolen identity holds a loan, so it must be said plainly."""
    kind = turn.answer_to("fraud_named", surely=True)
    return kind if kind != IDENTITY or turn.score_of("fraud_named") >= FAR else None


def _tells_no_more(turn: Turn) -> bool:
    """ "I think I've been scammed" says once more that there is a fraud, and nothing of which kind."""
    is_first = not turn.slot("misunderstandings")
    return turn.intent == "report_fraud" and bool(turn.typed) and is_short(turn) and is_first


class ValidateFraudForm(FormValidator):
    """Somebody borrowed in the borrower's name, an agent asks for money, or a message is not from us."""

    form = "fraud_form"

    def answer_fraud_named(self, turn: Turn) -> Answer | None:
        """One of the three, or in own words for a person to read."""
        if is_mere_yes(turn):
            return ask_again("fraud_named")
        kind = turn.entity("fraud_kind") or _learnt_kind(turn)
        if kind is None and _tells_no_more(turn):
            return Answer({"fraud_named": None, "misunderstandings": 1})
        if kind is None and turn.intent == "report_paid":
            # Paid to whom is the open question; that money has gone is answered at once.
            turn.say("utter_fraud_money_gone", **numbers(turn))
            return ask_again("fraud_named")
        if kind is None and turn.asks and turn.heard == FALLBACK and is_short(turn):
            return None  # a question tells nothing of which kind
        if kind is None and turn.intent not in ("dont_know", "deny", "report_fraud", "nlu_fallback"):
            return None
        record(turn, str(kind or "other"))
        return Answer({"fraud_named": GIVEN})
