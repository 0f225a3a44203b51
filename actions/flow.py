"""Which step comes next on the way from a first word to an agreement.

The order is fixed by law and decency: notice and consent, identity, which loan, what happened and what can
be afforded, offers, acceptance. What is already done is read from the case store, so that a conversation
which was interrupted, or moved to another channel, goes on where it was.
"""

from __future__ import annotations

from actions.base import Events, RespiteAction, go_to, set_slot
from actions.turn import Turn
from casestore import account, consents, hardship
from hardship.statements import FIELDS as STATEMENT_FIELDS

# A goal is what the borrower came for; the action that serves it runs once the way is clear.
GOAL_PLAN = "plan"
GOAL_ACTIONS = {
    "balance": "action_ask_balance",
    "due_date": "action_ask_due_date",
    "charges": "action_ask_charges",
    "creditor": "action_ask_creditor_contact",
    "agreement_status": "action_ask_agreement_status",
    "offer_details": "action_ask_offer_details",
    GOAL_PLAN: "action_propose_plans",
}

SITUATION_FIELDS = ("cause", "lasting", "business")


def advance(turn: Turn, goal: str | None = None) -> Events:
    """Events that lead to the next step towards `goal` (the one under way when None)."""
    goal = goal or turn.slot("goal") or GOAL_PLAN
    return [set_slot("goal", goal), go_to(next_step(turn, goal))]


def next_step(turn: Turn, goal: str) -> str:
    """The form or action that is due now."""
    if not has_consent(turn):
        return "consent_form"
    if turn.session.borrower_id is None:
        return "identity_form"
    if turn.session.loan_id is None and not choose_only_loan(turn):
        return "loan_form"
    if goal == GOAL_PLAN and not statement_complete(turn):
        return "hardship_form"
    return GOAL_ACTIONS[goal]


def has_consent(turn: Turn) -> bool:
    """Whether the borrower has agreed to the privacy notice in its present version."""
    version = turn.services.policy.privacy.notice_version.value
    return consents.is_given(turn.services.store, turn.session_id, "privacy", version)


def choose_only_loan(turn: Turn) -> bool:
    """Settle on the borrower's loan when there is just one."""
    loans = account.loans_of(turn.services.store, str(turn.session.borrower_id))
    if len(loans) != 1:
        return False
    hardship.attach_loan(turn.services.store, turn.session_id, loans[0].loan.loan_id)
    turn.forget_session_cache()
    return True


def statement_complete(turn: Turn) -> bool:
    """Whether the case holds a situation and a statement that the borrower has confirmed."""
    if turn.session.case_id is None or not turn.slot("statement_confirmed"):
        return False
    given = hardship.answers(turn.services.store, turn.session.case_id)
    return all(name in given for name in (*SITUATION_FIELDS, *STATEMENT_FIELDS))


class ActionNextStep(RespiteAction):
    """After a form: on to the next step, unless the form ended the way (no consent, not verified)."""

    action_name = "action_next_step"

    def handle(self, turn: Turn) -> Events:
        if turn.slot("privacy_consent") == "refused":
            turn.say("utter_without_consent")
            return [set_slot("privacy_consent", None)]
        if turn.slot("identity_code") == "locked":
            names = ("identity_login", "identity_last_four", "identity_code")
            return [set_slot(name, None) for name in names]
        if turn.slot("detail_consent") == "refused":
            turn.say("utter_without_detail_consent")
            return [set_slot("detail_consent", None)]
        return _after_choice(turn) or advance(turn)


def _after_choice(turn: Turn) -> Events:
    """Read back a chosen plan; back to the offers when it was declined; nothing more once it is agreed."""
    if turn.slot("agreement_accepted") == "declined":
        return [set_slot("agreement_accepted", None), set_slot("plan_choice", None), go_to("plan_form")]
    if turn.slot("agreement_accepted") == "given":
        return [set_slot("goal", None)]
    if turn.slot("plan_choice") == "none":
        return [set_slot("plan_choice", None), set_slot("goal", None)]
    return [go_to("agreement_form")] if turn.slot("plan_choice") else []
