"""Skill plan: offers compared, bargained inside policy, one chosen."""

from __future__ import annotations

from typing import Any

from actions import cards
from actions.base import Events, RespiteAction, go_to, set_slot
from actions.dialogue import hand_off
from actions.flow import advance
from actions.formats import as_date, money
from actions.forms import Answer, FormValidator, ask_again
from actions.hardship import correct_statement
from actions.turn import Turn
from casestore import agreement, plan
from casestore.plan import Proposal, StoredCounter, StoredOffer
from hardship.plans.base import Ask

# Intents that ask for one kind of plan by name.
KIND_ASKED = {"request_payment_holiday": "payment_holiday"}

COUNTERS = frozenset({"counter_offer", "request_lower_instalments", "promise_to_pay", *KIND_ASKED})


class ActionRequestPlan(RespiteAction):
    """The borrower wants a plan: the same way as for anybody in trouble, whatever they call it."""

    action_name = "action_request_plan"

    def handle(self, turn: Turn) -> Events:
        return advance(turn, "plan")


class ActionProposePlans(RespiteAction):
    """Works out the offers from loan, statement and policy; a person takes over when none is affordable."""

    action_name = "action_propose_plans"

    def handle(self, turn: Turn) -> Events:
        case_id = str(turn.session.case_id)
        if made := agreement.for_case(turn.services.store, case_id):
            turn.say("utter_agreement_already", reference=made.reference)
            return [set_slot("goal", None)]
        proposal = plan.propose(turn.services.store, case_id, turn.services.policy, turn.services.today())
        if not proposal.offers:
            hand_off(turn, "not_affordable", response="utter_not_affordable")
            return [set_slot("goal", None)]
        return [set_slot("plan_choice", None), set_slot("offers_shown", None), go_to("plan_form")]


class ActionAskPlanChoice(RespiteAction):
    """Shows the comparison once, then asks shortly."""

    action_name = "action_ask_plan_choice"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        proposal = plan.current(turn.services.store, str(turn.session.case_id))
        buttons = cards.option_buttons(turn, proposal)
        if turn.slot("offers_shown"):
            turn.say("utter_choose_plan", buttons=buttons)
            return []
        turn.say(
            "utter_offers",
            comparison=cards.offers_text(turn, proposal.offers),
            refusals=cards.refusals_text(turn, proposal.refusals),
            buttons=buttons,
            card=cards.offers_card(turn, proposal),
        )
        return [set_slot("offers_shown", "given")]


class ValidatePlanForm(FormValidator):
    """The choice of a plan: an option, a counter-offer, a correction, or a no."""

    form = "plan_form"

    def is_digression(self, turn: Turn) -> bool:
        """Asking for a plan again while offers are out is an answer, not another topic."""
        return super().is_digression(turn) and turn.intent != "request_plan"

    def correct(self, turn: Turn) -> Answer | None:
        """A corrected figure makes new offers."""
        answer = correct_statement(turn, "")
        if answer is None:
            return None
        case_id = str(turn.session.case_id)
        proposal = plan.propose(turn.services.store, case_id, turn.services.policy, turn.services.today())
        if proposal.offers:
            return Answer({"offers_shown": None, "plan_choice": None})
        hand_off(turn, "not_affordable", response="utter_not_affordable")
        return _end_without_plan()

    def answer_plan_choice(self, turn: Turn) -> Answer | None:
        """What the message does to the offers on the table."""
        proposal = plan.current(turn.services.store, str(turn.session.case_id))
        if chosen := _chosen(turn, proposal):
            return Answer({"plan_choice": chosen.offer_id})
        if turn.is_ambiguous("money"):
            turn.say("utter_unclear_amount")
            return ask_again("plan_choice")
        if ask := asked(turn):
            return negotiate(turn, ask)
        if turn.intent in ("deny", "reject_offer", *COUNTERS):
            turn.say("utter_what_can_you_pay")
            return ask_again("plan_choice")
        if turn.intent in ("affirm", "accept_offer", "request_plan") or turn.entity("option_number"):
            turn.say("utter_which_plan")
            return ask_again("plan_choice")
        return None


def _chosen(turn: Turn, proposal: Proposal) -> StoredOffer | None:
    """The offer a message picks: by number, or by a plain yes when only one can be meant."""
    number = turn.entity("option_number")
    if number is not None:
        return next((o for o in proposal.offers if o.option_number == int(number)), None)
    if turn.intent not in ("accept_offer", "affirm") or turn.entity("money") is not None:
        return None
    if len(proposal.offers) == 1:
        return proposal.offers[0]
    countered = turn.slot("countered_option")
    return next((o for o in proposal.offers if o.offer_id == countered), None)


def asked(turn: Turn) -> Ask | None:
    """What the borrower bargains for in this message, None when nothing is named."""
    first_due = turn.entity("date")
    ask = Ask(
        kind=KIND_ASKED.get(turn.intent),
        instalment=turn.entity("money"),
        months=turn.entity("month_count"),
        first_due=as_date(first_due),
    )
    return None if ask == Ask() else ask


def negotiate(turn: Turn, ask: Ask) -> Answer:
    """One round: granted, the nearest possible, or why not; after the last round a person takes over."""
    services = turn.services
    stored = plan.counter(
        services.store, str(turn.session.case_id), ask, services.policy, services.today()
    )
    say_counter(turn, ask, stored)
    slots: dict[str, Any] = {"plan_choice": None, "misunderstandings": 0}
    if stored.offer:
        slots["countered_option"] = stored.offer.offer_id
    if stored.rounds >= services.policy.negotiation.rounds.value and stored.result.outcome != "granted":
        hand_off(turn, "no_agreement", response="utter_rounds_over")
    return Answer(slots)


def say_counter(turn: Turn, ask: Ask, stored: StoredCounter) -> None:
    """Answer a counter-offer with its reasons."""
    result = stored.result
    values = {
        "wanted": money(ask.instalment, turn.language) if ask.instalment is not None else "",
        "reason": cards.reason(turn, result.reason, result.stopped_by, result.values),
    }
    if stored.offer is None:
        turn.say("utter_counter_refused", **values)
        return
    response = "utter_counter_granted" if result.outcome == "granted" else "utter_counter_nearest"
    turn.say(
        response,
        offer=cards.offers_text(turn, (stored.offer,)),
        card=cards.single_offer_card(turn, stored.offer),
        **values,
    )


def _end_without_plan() -> Answer:
    return Answer({"plan_choice": "none"}, [set_slot("requested_slot", None)])


class ActionAskOfferDetails(RespiteAction):
    """The schedule and the total of the offers on the table."""

    action_name = "action_ask_offer_details"

    def handle(self, turn: Turn) -> Events:
        case_id = turn.session.case_id
        proposal = plan.current(turn.services.store, case_id) if case_id else None
        if not proposal or not proposal.offers:
            turn.say("utter_no_offers_yet")
            return []
        number = turn.entity("option_number")
        shown = [o for o in proposal.offers if number is None or o.option_number == int(number)]
        turn.say("utter_offer_details", details=cards.details_text(turn, shown or list(proposal.offers)))
        return []


class ActionRejectOffer(RespiteAction):
    """A no outside the choice of a plan: back to the offers if there are any."""

    action_name = "action_reject_offer"

    def handle(self, turn: Turn) -> Events:
        case_id = turn.session.case_id
        if case_id and plan.current(turn.services.store, case_id).offers:
            turn.say("utter_what_can_you_pay")
            return advance(turn, "plan")
        turn.say("utter_what_next")
        return []
