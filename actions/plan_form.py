"""Skill plan: the choice of a plan: taken, refused, asked about, corrected or bargained over."""

from __future__ import annotations

from actions import offer_facts, others_income, wishes
from actions.bargaining import ask_what_is_unclear, asked, bargain_on, negotiate
from actions.base import RespiteAction
from actions.corrections import correct_figure
from actions.events import Events, go_to, set_slot
from actions.explaining import explain, tell_why_no_more_is_waived
from actions.flow import advance
from actions.forms import Answer, FormValidator, ask_again
from actions.offer_questions import (
    NEAR_A_KIND,
    answer_facts,
    explain_a_kind,
    show_again,
    tell_facts,
    tell_of_late,
)
from actions.picked_offer import (
    choose,
    chosen_option,
    gives_in,
    on_table,
    says_former,
    takes_one,
    worked_out_last,
)
from actions.situation import is_correction
from actions.turn import QUESTION_MARKS, Turn
from hardship.plans.base import Ask


class ValidatePlanForm(FormValidator):
    """The choice of a plan: an option, a counter-offer, a correction, or a no."""

    form = "plan_form"

    def is_digression(self, turn: Turn) -> bool:
        """Asking for a plan while offers are out is an answer, not another topic."""
        return super().is_digression(turn) and turn.intent not in wishes.WISHES

    def asked_back(self, turn: Turn) -> Answer | None:
        """A fact of the offers, or all of them once more."""
        return (
            show_again(turn)
            or explain_a_kind(turn)
            or tell_of_late(turn, "plan_choice")
            or _work_out(turn)
            or answer_facts(turn, "plan_choice")
        )

    def correct(self, turn: Turn) -> Answer | None:
        """A corrected figure makes new offers; what somebody would pay a month is none of the statement's."""
        bargains = turn.intent in wishes.COUNTERS and not is_correction(turn)
        if bargains and not others_income.is_told(turn, ""):
            return None
        return correct_figure(turn)

    def answer_plan_choice(self, turn: Turn) -> Answer | None:
        """What the message does to the offers on the table."""
        if turn.intent == "ask_offer_details" and len(offer_facts.named(turn, on_table(turn))) > 1:
            return None  # two that shall be compared
        if turn.heard in NEAR_A_KIND and turn.entities("term") and not turn.entities("pay_rhythm"):
            return None  # "my principal is 21,000, I think" is answered with what it is
        if _refuses_amount(turn):
            turn.say("utter_what_can_you_pay")
            return ask_again("plan_choice")
        if chosen := chosen_option(turn, on_table(turn)):
            return choose(turn, chosen)
        if says_former(turn):
            turn.say("utter_which_plan")
            return ask_again("plan_choice")
        if tell_why_no_more_is_waived(turn, worked_out_last(turn)):
            return ask_again("plan_choice")
        if turn.entity("offer_wish"):
            explain(turn, on_table(turn))
            return ask_again("plan_choice")
        if ask_what_is_unclear(turn):
            return Answer({"plan_choice": None, **wishes.kept(turn)})
        ask = asked(turn)
        if ask and not _only_refuses_a_length(turn, ask):
            return bargain_on(turn, ask)
        return self._without_figures(turn)

    @staticmethod
    def _without_figures(turn: Turn) -> Answer | None:
        if gives_in(turn):
            turn.say("utter_which_plan")
            return ask_again("plan_choice")
        if turn.intent in ("deny", "reject_offer", *wishes.COUNTERS):
            turn.say("utter_what_can_you_pay")
            return ask_again("plan_choice")
        if turn.intent == "request_plan":
            return Answer({"plan_choice": None, "offers_shown": None})
        if takes_one(turn) and offer_facts.asked(turn):
            return tell_facts(turn, "plan_choice")
        if takes_one(turn) or turn.entity("option_number"):
            turn.say("utter_which_plan")
            return ask_again("plan_choice")
        return None


def _work_out(turn: Turn) -> Answer | None:
    """ "How much a month if it were three months": a new figure for what was wished for is worked out."""
    before = wishes.earlier(turn)
    varies = before is not None and before.kind is not None and turn.entity("month_count") is not None
    ask = wishes.asked(turn) if varies and offer_facts.are_asked(turn) else None
    return negotiate(turn, wishes.with_earlier(turn, ask)) if ask else None


def _refuses_amount(turn: Turn) -> bool:
    """Whether an amount is held against us and not offered: "you want two thousand off me?"."""
    amount = turn.entity("money")
    if amount is None or turn.intent in wishes.COUNTERS or turn.intent == "correct_detail":
        return False
    protests = turn.intent in ("reject_offer", "deny") or any(mark in turn.text for mark in QUESTION_MARKS)
    asked_for = [offer.offer.instalment for offer in on_table(turn).offers]
    return protests and bool(asked_for) and int(amount) >= min(asked_for)


def _only_refuses_a_length(turn: Turn, ask: Ask) -> bool:
    """Whether a length is named that is too long: "36 months? no" wishes for no 36 months."""
    return turn.intent in ("deny", "reject_offer") and ask == Ask(months=ask.months)


class ActionRejectOffer(RespiteAction):
    """A no outside the choice of a plan: back to the offers if there are any."""

    action_name = "action_reject_offer"

    def handle(self, turn: Turn) -> Events:
        if on_table(turn).offers:
            turn.say("utter_what_can_you_pay")
            return advance(turn, "plan")
        turn.say("utter_what_next")
        return []


class ActionChooseOption(RespiteAction):
    """An option named while no question is open: its read-back if it is on the table."""

    action_name = "action_choose_option"

    def handle(self, turn: Turn) -> Events:
        chosen = chosen_option(turn, on_table(turn))
        if chosen and not turn.active_form:
            return [set_slot("plan_choice", chosen.offer_id), go_to("agreement_form")]
        turn.say("utter_what_next")
        return []
