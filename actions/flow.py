"""Which step comes next on the way from a first word to an agreement.

The order is fixed by law and decency: notice and consent, identity, which loan, what happened and what can
be afforded, offers, acceptance. What is already done is read from the case store, so that a conversation
which was interrupted, or moved to another channel, goes on where it was.
"""

from __future__ import annotations

from actions import disputes as dispute_skill
from actions import resuming
from actions.base import RespiteAction
from actions.events import Events, go_to, set_slot
from actions.topics import LONG_FORMS, forms_left, then_waiting
from actions.turn import Turn
from casestore import account, agreement, consents, disputes, handoffs, hardship, plan
from casestore.hardship import OPEN_STATES
from hardship.cases import CaseState
from hardship.statements import FIELDS as STATEMENT_FIELDS

# A goal is what the borrower came for; the action that serves it runs once the way is clear.
GOAL_PLAN, GOAL_BALANCE, GOAL_DISPUTE = "plan", "balance", dispute_skill.GOAL
GOAL_ACTIONS = {
    GOAL_BALANCE: "action_ask_balance",
    "due_date": "action_ask_due_date",
    "charges": "action_ask_charges",
    "creditor": "action_ask_creditor_contact",
    "agreement_status": "action_ask_agreement_status",
    "offer_details": "action_ask_offer_details",
    "missed": "action_report_missed_instalment",
    "withdrawal": "action_cancel_agreement",
    "payoff": "action_request_early_payoff",
    "paid": "action_report_paid",
    GOAL_DISPUTE: "action_dispute_debt",
    "data": "action_request_my_data",
    GOAL_PLAN: "action_propose_plans",
}

# Goals that are a question about the account; a later one takes the place of an earlier one.
ASKED_OF_ACCOUNT = frozenset({GOAL_BALANCE, "due_date", "charges", "creditor"})

# The answers of a yes/no form, as its slot remembers them.
YES, NO = "given", "declined"

SITUATION_FIELDS = ("cause", "lasting", "business")


def advance(turn: Turn, goal: str | None = None) -> Events:
    """Events that lead to the next step towards `goal` (the one under way when None)."""
    goal = goal or turn.slot("goal") or GOAL_PLAN
    return [set_slot("goal", goal), set_slot("forms_left", None), go_to(next_step(turn, goal))]


def back(turn: Turn) -> Events:
    """Back to the form that was left for another topic, else to the plan under way, else what comes next."""
    left = forms_left(turn)
    if left:
        return _back_to(turn, left)
    if turn.slot("goal") == GOAL_PLAN:
        turn.say("utter_back_to_plan")
        return advance(turn)
    if turn.slot("goal") in ASKED_OF_ACCOUNT and turn.session.borrower_id is None:
        return advance(turn)
    turn.say("utter_what_next")
    return []


def _back_to(turn: Turn, left: list[str]) -> Events:
    """To the last form left, unless something comes first now: a consent taken back, a dispute."""
    form = left.pop()
    due = next_step(turn, GOAL_PLAN) if form in LONG_FORMS else form
    if due in ("hardship_form", GOAL_ACTIONS[GOAL_PLAN], form):
        turn.say("utter_back_to", place=turn.phrase(f"utter_place_{form}"))
        due = form
    return [set_slot("forms_left", left or None), go_to(due)]


def after_called_off(turn: Turn) -> Events:
    """A form was left: back to where it came from, or a rest from which it can still be gone on with."""
    called_off = turn.slot("called_off")
    cleared = [set_slot("called_off", None), set_slot("misunderstandings", 0)]
    if forms_left(turn):
        return [*cleared, *back(turn)]
    plan_is_left = [set_slot("goal", None)] if turn.slot("goal") == GOAL_PLAN else []
    return [*cleared, *plan_is_left, set_slot("forms_left", [called_off])]


def next_step(turn: Turn, goal: str) -> str:
    """The form or action that is due now."""
    if goal == GOAL_PLAN and danger_waits(turn):
        return "action_danger_waits"
    if not has_consent(turn):
        return "consent_form"
    if turn.session.borrower_id is None:
        return "identity_form"
    if goal == GOAL_PLAN and resuming.waiting(turn):
        return "resume_form"
    if turn.session.loan_id is None and not choose_only_loan(turn):
        return "loan_form"
    return _step_to_plan(turn) if goal == GOAL_PLAN else GOAL_ACTIONS[goal]


def _step_to_plan(turn: Turn) -> str:
    """Nobody is asked about income while the debt is disputed, or before a plan in force is to be changed."""
    if is_on_hold(turn):
        return "action_plan_on_hold"
    if has_other_agreement(turn):
        return "change_form"
    _open_again(turn)
    return GOAL_ACTIONS[GOAL_PLAN] if statement_complete(turn) else "hardship_form"


def danger_waits(turn: Turn) -> bool:
    """Whether a person has still to answer a danger: until then nobody is led towards a plan."""
    return handoffs.danger_waits(turn.services.store, turn.session.session_id)


def is_on_hold(turn: Turn) -> bool:
    """Whether the loan, or the conversation's case, waits for the answer to a dispute."""
    disputed = disputes.open_of(turn.services.store, turn.session.session_id)
    case_id = turn.session.case_id
    if disputed is not None and disputed.on_hold:
        return True
    return bool(case_id) and hardship.case(turn.services.store, case_id).state is CaseState.ON_HOLD


def has_other_agreement(turn: Turn) -> bool:
    """Whether the loan has a plan in force that this conversation is not renegotiating."""
    loan_id, case_id = turn.session.loan_id, turn.session.case_id
    if not loan_id or agreement.status(turn.services.store, loan_id) is None:
        return False
    return not case_id or hardship.case(turn.services.store, case_id).state is not CaseState.RENEGOTIATING


def _open_again(turn: Turn) -> None:
    """Asking again is never blocked: after a case with an outcome a new one begins with the same answers."""
    if has_outcome(turn):
        hardship.open_case(turn.services.store, turn.session_id, None)
        turn.forget_session_cache()


def has_outcome(turn: Turn) -> bool:
    """Whether the conversation's case is closed: agreed, withdrawn, broken or done."""
    case_id = turn.session.case_id
    return bool(case_id) and hardship.case(turn.services.store, case_id).state not in OPEN_STATES


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
    """Whether the case holds a situation and a statement that the borrower has confirmed for this case."""
    if turn.session.case_id is None or turn.slot("statement_confirmed") != turn.session.case_id:
        return False
    given = hardship.answers(turn.services.store, turn.session.case_id)
    return all(name in given for name in (*SITUATION_FIELDS, *STATEMENT_FIELDS))


class ActionNextStep(RespiteAction):
    """After a form: on to the next step, unless the form ended the way (no consent, not verified)."""

    action_name = "action_next_step"

    def handle(self, turn: Turn) -> Events:
        if turn.slot("called_off"):
            return after_called_off(turn)
        return then_waiting(turn, self._step(turn))

    @staticmethod
    def _step(turn: Turn) -> Events:
        if turn.slot("privacy_consent") == "refused":
            turn.say("utter_without_consent")
            return [set_slot("privacy_consent", None)]
        if turn.slot("identity_code") == "locked":
            names = ("identity_login", "identity_last_four", "identity_code")
            return [set_slot(name, None) for name in names]
        if turn.slot("detail_consent") == "refused":
            turn.say("utter_without_detail_consent")
            return [set_slot("detail_consent", None)]
        events = _after_news(turn) or _after_answer(turn) or _after_choice(turn) or advance(turn)
        let_dispute_rest(turn)
        return events


def let_dispute_rest(turn: Turn) -> None:
    """A dispute raised before it was known whose debt it is: collecting rests from now on.

    Its own way through verification says so at its end; this is for whoever was verified for something else.
    """
    turn.forget_session_cache()
    known = disputes.open_of(turn.services.store, turn.session_id)
    if known is None or known.on_hold or turn.slot("goal") == GOAL_DISPUTE or turn.session.loan_id is None:
        return
    dispute_skill.say_noted(turn, dispute_skill.add(turn, None, ""))


def _after_news(turn: Turn) -> Events:
    """A granted request that was told just now: straight on to its read-back."""
    if turn.granted_offer is None:
        return []
    return [
        set_slot("plan_choice", turn.granted_offer),
        set_slot("goal", GOAL_PLAN),
        go_to("agreement_form"),
    ]


def _after_answer(turn: Turn) -> Events:
    """What follows a yes or a no to one of the small questions."""
    if turn.slot("withdrawal_confirmed"):
        return [set_slot("withdrawal_confirmed", None), set_slot("goal", None)]
    if turn.slot("change_wanted") == YES:
        return [set_slot("change_wanted", None), set_slot("goal", GOAL_PLAN), go_to("hardship_form")]
    if turn.slot("change_wanted") == NO:
        return [set_slot("change_wanted", None), set_slot("goal", None)]
    if turn.slot("request_confirmed"):
        return _after_request(turn)
    return []


def _after_request(turn: Turn) -> Events:
    """The read-back of an offer that was taken instead; else back to the offers, if there are any."""
    offers = plan.current(turn.services.store, str(turn.session.case_id)).offers
    if any(offer.offer_id == turn.slot("plan_choice") for offer in offers):
        return [set_slot("request_confirmed", None), go_to("agreement_form")]
    cleared = [set_slot(name, None) for name in ("request_confirmed", "wanted_kind", "plan_choice")]
    return [*cleared, go_to("plan_form")] if offers else [*cleared, set_slot("goal", None)]


def _after_choice(turn: Turn) -> Events:
    """Read back a chosen plan; back to the offers when it was declined; nothing more once it is agreed."""
    if turn.slot("plan_choice") == "person":
        return [
            *(set_slot(name, None) for name in ("plan_choice", "agreement_accepted")),
            go_to("request_form"),
        ]
    if turn.slot("agreement_accepted") == "declined":
        names = ["agreement_accepted", "plan_choice"]
        # A yes to come is no yes to the very plan that was declined.
        names += ["countered_option"] if turn.slot("countered_option") == turn.slot("plan_choice") else []
        return [*(set_slot(name, None) for name in names), go_to("plan_form")]
    if turn.slot("agreement_accepted") == "given":
        names = ("goal", "agreement_accepted", "plan_choice", "countered_option")
        return [set_slot(name, None) for name in names]
    if turn.slot("plan_choice") == "none":
        return [set_slot("plan_choice", None), set_slot("goal", None)]
    return [go_to("agreement_form")] if turn.slot("plan_choice") else []
