"""Skill plan: offers worked out and shown side by side."""

from __future__ import annotations

from actions import cards, meanings, offer_facts, paying_early, small_questions, terminal, wishes
from actions.bargaining import answer_wish
from actions.base import RespiteAction
from actions.causes import cause_beside, hear_cause, say_figures_wait
from actions.complaints import corrects_when
from actions.dialogue import hand_off
from actions.disputes import add_refund
from actions.events import Events, go_to, leave_form, set_slot
from actions.explaining import explain, shown_and_others
from actions.flow import advance, has_other_agreement, statement_complete
from actions.picked_offer import on_table, talked_about
from actions.topics import hardship_waits
from actions.turn import Turn
from casestore import plan
from casestore.plan import Proposal


class ActionRequestPlan(RespiteAction):
    """The borrower wants a plan, of a kind or of any: the wish is kept and answered when there are offers."""

    action_name = "action_request_plan"

    def handle(self, turn: Turn) -> Events:
        if add_refund(turn) or corrects_when(turn):
            return []
        if _asks_of_charges(turn):
            return [go_to("action_ask_charges")]
        if wishes.is_unsure(turn):
            # Nothing is kept of it: a yes to what comes next would be a yes to that.
            if not meanings.ask_which(turn):
                turn.say("utter_not_understood")
            return []
        wish = wishes.asked(turn)
        cause = None if turn.session.case_id or turn.active_form else cause_beside(turn)
        events = hear_cause(turn, cause) if cause else []
        if not cause:
            say_figures_wait(turn)
        events += wishes.remember(turn, wishes.with_earlier(turn, wish) if wish else None)
        if wish and not statement_complete(turn) or turn.active_form:
            turn.say("utter_wish_noted")
        if turn.active_form:
            return [*events, *hardship_waits(turn)]
        return [*events, *advance(turn, "plan")]


def _asks_of_charges(turn: Turn) -> bool:
    """ "Are there other fees besides the penalty interest" asks for no waiver, and names none."""
    near = turn.heard == "request_charge_waiver" and turn.beside({"ask_charges"}) is not None
    names_a_plan = turn.is_chosen or turn.entities("plan_kind") or turn.active_form
    return near and not names_a_plan and paying_early.asks(turn)


class ActionProposePlans(RespiteAction):
    """Works out the offers from loan, statement and policy, and answers first what was asked for."""

    action_name = "action_propose_plans"

    def handle(self, turn: Turn) -> Events:
        if has_other_agreement(turn):
            return [go_to("change_form")]
        proposal = plan.propose(
            turn.services.store, str(turn.session.case_id), turn.services.policy, turn.services.today()
        )
        fresh = [set_slot("plan_choice", None), set_slot("offers_shown", None)]
        answered = answer_wish(turn)
        if answered.for_person:
            return [*fresh, *answered.events, go_to("request_form")]
        if not proposal.offers and not answered.granted:
            hand_off(turn, "not_affordable", response="utter_not_affordable")
            return [*answered.events, set_slot("goal", None)]
        return [*fresh, *answered.events, go_to("plan_form")]


class ActionAskPlanChoice(RespiteAction):
    """Shows the comparison once, and once more to who asks for it; else asks shortly."""

    action_name = "action_ask_plan_choice"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        proposal = plan.current(turn.services.store, str(turn.session.case_id))
        shown, others = shown_and_others(turn, proposal)
        buttons = cards.option_buttons(turn, shown, bool(others or proposal.more))
        shall_repeat = turn.intent == "repeat_message" and not small_questions.topics(turn)
        if turn.slot("offers_shown") and not shall_repeat:
            turn.say("utter_choose_plan", buttons=buttons)
            return []
        refusals = [refusal for refusal in proposal.refusals if refusal.shown]
        # Rasa's shell cuts off what is too wide above buttons.
        buttons_apart = turn.channel == terminal.CHANNEL
        turn.say(
            "utter_offers",
            comparison=cards.offers_text(turn, shown),
            refusals=cards.refusals_text(turn, refusals) + _by_person(turn, proposal),
            buttons=None if buttons_apart else buttons,
            card=cards.offers_card(turn, shown, refusals),
        )
        _ask_what_is_missing(turn)
        if buttons_apart:
            turn.say("utter_choose_plan", buttons=buttons)
        return [set_slot("offers_shown", "given")]


def _by_person(turn: Turn, proposal: Proposal) -> str:
    """One line about the kinds that only a person may grant; empty when there are none."""
    if not proposal.requests:
        return ""
    comma = turn.phrase("utter_comma")
    names = comma.join(cards.plan_name(turn, offer.kind) for offer in proposal.requests)
    return "\n\n" + turn.phrase("utter_person_can_grant", kinds=names)


def _ask_what_is_missing(turn: Turn) -> None:
    """The wish that can't be answered yet, asked last so that the question stands at the end."""
    wish = wishes.recall(turn)
    if wish and (missing := wishes.missing_figure(wish)):
        turn.say(f"utter_which_{missing}")


class ActionAskOfferDetails(RespiteAction):
    """A question about the offers on the table."""

    action_name = "action_ask_offer_details"

    def handle(self, turn: Turn) -> Events:
        proposal = on_table(turn)
        if proposal.offers and offer_facts.are_asked(turn):
            slots = offer_facts.tell(turn, proposal, talked_about(turn))
            return [set_slot(name, value) for name, value in slots.items()]
        is_read_back = turn.active_form == "agreement_form"
        explain(turn, proposal, talked_about(turn) if is_read_back else [])
        return _choose_anew() if is_read_back and _names_others(turn, proposal) else []


def _names_others(turn: Turn, proposal: Proposal) -> bool:
    """Whether another offer than the one read back is asked about: then a yes could mean either."""
    return any(offer.offer_id != turn.slot("plan_choice") for offer in offer_facts.named(turn, proposal))


def _choose_anew() -> Events:
    return [*leave_form(), set_slot("plan_choice", None), go_to("plan_form")]
