"""Skill rights: "this is not my debt", "the amount is wrong": a hold, a person, a written answer."""

from __future__ import annotations

from actions import topics
from actions.base import RespiteAction
from actions.contact_wish import REFUSES, WISHES_OF_CONTACT
from actions.events import Events, go_to, leave_form, set_slot
from actions.forms import Answer, FormValidator, ask_again
from actions.intake import (
    CALLED_OFF,
    GIVEN,
    TALK_IS_LEFT,
    UNVERIFIED,
    ended,
    is_called_off,
    is_mere_yes,
    own_words,
)
from actions.turn import CERTAIN, Turn
from casestore import disputes, payment_claims
from casestore.disputes import Dispute

GOAL = "dispute"
# The question whether the figures of the statement are right, and the answer that they are.
READ_BACK, RIGHT = "statement_confirmed", "right"
# What the entity `follow_up` says of "if I'm wrong, do I get a penalty": it asks, and wants nothing back.
IF_WRONG = "if_wrong"

# Within so many messages of a dispute a denial belongs to it.
JUST_TOLD = 4
TAKES_DISPUTES = frozenset({"action_dispute_debt", "dispute_form"})

# What a message holds that tells of the dispute, though nothing of it was understood.
TELLING = ("complaint_hint", "date", "money", "fraud_kind")

# While a plan is bargained over, a dispute comes first: agreeing would acknowledge the debt.
BARGAINING = frozenset({"plan_form", "request_form", "agreement_form"})


class ActionDisputeDebt(RespiteAction):
    """Records the dispute at the first word; outside of a form the ground and the words are asked."""

    action_name = "action_dispute_debt"

    def handle(self, turn: Turn) -> Events:
        if is_called_off(turn) and disputes.open_of(turn.services.store, turn.session.session_id):
            withdraw(turn)
            return []
        if _agrees(turn):
            turn.say("utter_nothing_disputed")
            return []
        if turn.slot("goal") == GOAL and turn.intent != "dispute_debt":
            return self._now_verified(turn)
        known = disputes.open_of(turn.services.store, turn.session.session_id)
        dispute = add(turn, turn.entity("dispute_ground"), turn.typed)
        if turn.active_form and turn.active_form not in BARGAINING:
            say_noted(turn, dispute)
            told = [set_slot("ground_named", GIVEN)] if dispute.ground else []
            return [*told, *topics.bring_up(turn, "dispute_form")]
        turn.say("utter_dispute_heard" if known is None else "utter_dispute_open", **values(turn, dispute))
        slots = {"ground_named": GIVEN if dispute.ground else None, "dispute_words": None}
        return [*_leave_bargaining(turn), *(set_slot(*each) for each in slots.items()), go_to("dispute_form")]

    @staticmethod
    def _now_verified(turn: Turn) -> Events:
        """The dispute was raised before it was known whose debt it is; from now on collection rests."""
        say_noted(turn, add(turn, None, ""))
        return [set_slot("goal", None)]


def _agrees(turn: Turn) -> bool:
    """ "The figures are correct" is near "the figures are not" in its letters, and disputes nothing."""
    refuses = any(turn.entities(name) for name in ("refusal", "correction", "dispute_ground"))
    denies = turn.asks or turn.is_chosen or refuses or turn.says_not_so
    is_sure = turn.score_of(READ_BACK) >= CERTAIN
    return is_sure and turn.answer_to(READ_BACK, surely=True) == RIGHT and not denies


def add_afterwards(turn: Turn) -> bool:
    """Add to the open dispute what is told of it when its questions are over; False when it tells nothing."""
    known = disputes.open_of(turn.services.store, turn.session.session_id)
    tells = any(turn.entities(name) for name in TELLING)
    if known is None or not tells or not turn.typed:
        return False
    dispute = add(turn, None, turn.typed)
    turn.say("utter_dispute_added", **values(turn, dispute))
    return True


def add_question(turn: Turn) -> Dispute | None:
    """The open dispute with a question added that its written answer shall take up; None without one."""
    known = disputes.open_of(turn.services.store, turn.session.session_id)
    return add(turn, None, turn.typed) if known and turn.asks and turn.typed else None


def add_denial(turn: Turn) -> bool:
    """ "It isn't mine" just after a dispute is about the loan; nobody is somebody else then."""
    known = disputes.open_of(turn.services.store, turn.session.session_id)
    if known is None or not turn.acted_within(JUST_TOLD, TAKES_DISPUTES):
        return False
    turn.say("utter_dispute_added", **values(turn, add(turn, None, turn.typed)))
    return True


def add_refund(turn: Turn) -> bool:
    """ "And the penalty interest back": of who disputes the loan, or waits for a payment to be found.

    It is no wish for a plan, and nobody is asked about their income for it.
    """
    if turn.heard != "request_charge_waiver" or turn.active_form in topics.LONG_FORMS:
        return False
    known = disputes.open_of(turn.services.store, turn.session.session_id)
    if known is not None and turn.entity("follow_up") == IF_WRONG:
        turn.say("utter_dispute_if_wrong", **values(turn, known))
        return True
    if known is None and not payment_claims.told_in(turn.services.store, turn.session.session_id):
        return False
    turn.say(
        "utter_refund_disputed", **values(turn, add(turn, None if known else "wrong_amount", turn.typed))
    )
    return True


def _leave_bargaining(turn: Turn) -> Events:
    return [*leave_form(), set_slot("goal", None)] if turn.active_form else []


class ActionPlanOnHold(RespiteAction):
    """A plan would acknowledge what is disputed: it waits until the dispute is answered or taken back."""

    action_name = "action_plan_on_hold"

    def handle(self, turn: Turn) -> Events:
        known = disputes.open_of(turn.services.store, turn.session.session_id)
        turn.say("utter_plan_on_hold_take_back" if known else "utter_plan_on_hold")
        return [set_slot("goal", None)]


def add(turn: Turn, ground: disputes.Ground | None, words: str, priority: str = "normal") -> Dispute:
    """Add what was told to the dispute."""
    services = turn.services
    return disputes.raise_dispute(
        services.store,
        turn.session.session_id,
        ground,
        services.policy,
        services.today(),
        words,
        priority,  # type: ignore[arg-type]
    )


def values(turn: Turn, dispute: Dispute) -> dict[str, str]:
    """Number and deadline."""
    return {"reference": dispute.reference, "due": turn.day(dispute.due_on)}


def say_noted(turn: Turn, dispute: Dispute) -> None:
    """Number, deadline and whether collection rests."""
    response = "utter_dispute_on_hold" if dispute.on_hold else "utter_dispute_without_hold"
    turn.say(response, **values(turn, dispute))


def withdraw(turn: Turn) -> None:
    """Take the dispute back by the borrower's wish."""
    ended_now = disputes.withdraw(turn.services.store, turn.session.session_id)
    turn.say("utter_dispute_withdrawn", reference=ended_now.reference)


class ValidateDisputeForm(FormValidator):
    """The ground (three, as buttons), then what is wrong in own words."""

    form = "dispute_form"
    leaves_on = TALK_IS_LEFT

    def tells_what_is_asked(self, turn: Turn, question: str) -> bool:
        """ "My ID was lost last year" is no refusal to say who it is, nor "it wasn't me" a wrong person."""
        tells = turn.entities("fraud_kind") or turn.entities("dispute_ground")
        refuses = any(each["value"] in REFUSES for each in turn.entities("refusal")) or turn.entities(
            "question"
        )
        is_account = question == "dispute_words" and turn.heard == "refuse_identity" and not refuses
        return is_account or turn.heard in ("refuse_identity", "wrong_person") and bool(tells)

    def answer_ground_named(self, turn: Turn) -> Answer | None:
        """Not me, not owed, or the amount; who can't say is heard all the same."""
        if is_called_off(turn):
            return _call_off(turn, "ground_named")
        if is_mere_yes(turn):
            return ask_again("ground_named")
        ground = turn.entity("dispute_ground") or turn.answer_to("ground_named", surely=True)
        if ground is None and turn.intent == "report_paid":
            ground = "wrong_amount"  # a payment is missing in the books
        if ground is None and turn.intent not in ("dont_know", "dispute_debt"):
            return None
        add(turn, ground, "" if turn.intent == "dont_know" else turn.typed)
        return Answer({"ground_named": GIVEN})

    def answer_dispute_words(self, turn: Turn) -> Answer | None:
        """In own words, or nothing; then number, deadline, and whether collection rests."""
        if is_called_off(turn):
            return _call_off(turn, "dispute_words")
        words = own_words(turn)
        if words is None or _is_another_wish(turn):
            return None
        if is_mere_yes(turn):
            return ask_again("dispute_words")
        dispute = add(turn, None, words)
        say_noted(turn, dispute)
        if dispute.on_hold:
            return Answer({"dispute_words": GIVEN, "goal": None})
        # A yes leads on to verification, so that collection can rest.
        turn.say("utter_dispute_verify")
        return Answer({"dispute_words": UNVERIFIED, "goal": GOAL})


def _is_another_wish(turn: Turn) -> bool:
    """ "I want a copy of my data", "only text me from now on": no account of what is wrong."""
    wants_data = turn.heard == "request_my_data" and turn.entity("data_wish") in ("copy", "delete")
    return wants_data or turn.heard in WISHES_OF_CONTACT


def _call_off(turn: Turn, question: str) -> Answer:
    withdraw(turn)
    return ended(question, CALLED_OFF)
