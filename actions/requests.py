"""Skill plan: what only a person may grant is put to one, with the borrower's yes."""

from __future__ import annotations

from actions import cards, wishes
from actions.bargaining import choose, chosen_option, negotiate, on_table
from actions.base import RespiteAction
from actions.events import Events, set_slot
from actions.flow import NO, YES
from actions.forms import Answer, FormValidator
from actions.intake import TALK_IS_LEFT, is_called_off
from actions.plain_yes import said_yes
from actions.turn import Turn
from casestore import decisions, plan
from casestore.plan import StoredOffer
from hardship.negotiation import CounterResult


class ActionAskRequestConfirmed(RespiteAction):
    """Says that a person must decide, what happens until then, and asks whether to send it."""

    action_name = "action_ask_request_confirmed"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        result = wished(turn)
        if result is None or result.offer is None:
            turn.say("utter_request_gone")
            return [set_slot("request_confirmed", NO)]
        turn.say(
            "utter_request_needs_person",
            reason=cards.reason(turn, result.reason, result.stopped_by, result.values),
            **cards.offer_values(turn, result.offer),
        )
        return []


def wished(turn: Turn) -> CounterResult | None:
    """What the borrower asked for, worked out again from the case; None when it can't be asked any more."""
    wish = wishes.recall(turn)
    if wish is None:
        return None
    services = turn.services
    result = plan.preview(services.store, str(turn.session.case_id), wish, services.policy, services.today())
    return result if result.outcome == "person" else None


class ValidateRequestForm(FormValidator):
    """A plain yes puts the wish to a person; another figure goes on bargaining."""

    form = "request_form"
    leaves_on = TALK_IS_LEFT

    def is_digression(self, turn: Turn) -> bool:
        """Another wish is an answer here: it takes the place of this one."""
        return super().is_digression(turn) and turn.intent not in wishes.WISHES

    def answer_request_confirmed(self, turn: Turn) -> Answer | None:
        """Send it, leave it, or ask for something else instead."""
        if chosen := _picked(turn):
            return Answer({**choose(turn, chosen).slots, "request_confirmed": NO})
        if said_yes(turn):
            return self._send(turn)
        if turn.intent in ("deny", "reject_offer") or is_called_off(turn):
            turn.say("utter_request_not_sent")
            _offer_meanwhile(turn)
            return Answer({"request_confirmed": NO})
        if ask := wishes.asked(turn):
            answer = negotiate(turn, ask)
            again = answer.slots.get("plan_choice") == "person"
            return Answer({**answer.slots, "request_confirmed": None if again else NO})
        return None

    @staticmethod
    def _send(turn: Turn) -> Answer:
        wish, result = wishes.recall(turn), wished(turn)
        if wish is None or result is None or result.offer is None:
            turn.say("utter_request_gone")
            return Answer({"request_confirmed": NO})
        services = turn.services
        sent = decisions.ask_person(
            services.store,
            str(turn.session.case_id),
            result.offer,
            wish,
            services.policy,
            services.today(),
        )
        turn.say(
            "utter_request_sent",
            reference=sent.reference,
            when=turn.moment(sent.due_at),
            name=cards.plan_name(turn, sent.kind),
        )
        _offer_meanwhile(turn)
        return Answer({"request_confirmed": YES})


def _picked(turn: Turn) -> StoredOffer | None:
    """The offer that is taken by its number instead of asking a person."""
    return chosen_option(turn, on_table(turn)) if turn.entity("option_number") is not None else None


def _offer_meanwhile(turn: Turn) -> None:
    """The nearest that can be had at once, if there is one on the table."""
    nearest = [each for each in on_table(turn).offers if each.offer_id == turn.slot("countered_option")]
    if nearest:
        turn.say(
            "utter_meanwhile",
            offer=cards.offers_text(turn, nearest),
            card=cards.offers_card(turn, nearest),
        )
