"""Skill agreement: the read-back, the explicit acceptance, and what was agreed."""

from __future__ import annotations

import os

from actions import cards
from actions.account import AccountAnswer
from actions.base import Events, RespiteAction
from actions.formats import day, money
from actions.forms import Answer, FormValidator
from actions.plan import asked, negotiate
from actions.turn import Turn
from casestore import agreement, plan
from casestore.account import LoanView
from casestore.agreement import Accepted, OfferNotAcceptable
from casestore.documents import render_agreement
from casestore.plan import StoredOffer
from hardship.loans import Position

DEFAULT_PUBLIC_URL = "http://127.0.0.1:5005"


class ActionAskAgreementAccepted(RespiteAction):
    """Reads the chosen plan back and asks for a plain yes."""

    action_name = "action_ask_agreement_accepted"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        chosen = chosen_offer(turn)
        if chosen is None:
            turn.say("utter_choose_plan")
            return []
        turn.say(
            "utter_agreement_read_back",
            **cards.offer_values(turn, chosen.offer),
            breaks=cards.breaking_rule(turn),
        )
        return []


def chosen_offer(turn: Turn) -> StoredOffer | None:
    """The offer named by the choice, if it is still on the table."""
    proposal = plan.current(turn.services.store, str(turn.session.case_id))
    return next((o for o in proposal.offers if o.offer_id == turn.slot("plan_choice")), None)


class ValidateAgreementForm(FormValidator):
    """A plain yes makes the agreement, once; anything else makes none."""

    form = "agreement_form"

    def answer_agreement_accepted(self, turn: Turn) -> Answer | None:
        """Record the agreement, go back to the offers, or bargain on."""
        if turn.intent in ("affirm", "accept_offer"):
            return self._accept(turn)
        if ask := asked(turn):
            answer = negotiate(turn, ask)
            answer.slots["agreement_accepted"] = "declined"
            return answer
        if turn.intent in ("deny", "reject_offer", "correct_detail", "counter_offer"):
            turn.say("utter_agreement_declined")
            return Answer({"agreement_accepted": "declined"})
        return None

    def _accept(self, turn: Turn) -> Answer:
        offer_id = str(turn.slot("plan_choice"))
        try:
            accepted = accept(turn, offer_id)
        except OfferNotAcceptable:
            turn.say("utter_offer_not_acceptable")
            return Answer({"agreement_accepted": "declined", "offers_shown": None})
        say_accepted(turn, accepted)
        return Answer({"agreement_accepted": "given"})


def accept(turn: Turn, offer_id: str) -> Accepted:
    """One transaction; the key makes a second yes find the first agreement instead of making another.

    Raises `OfferNotAcceptable` when the offer has expired or belongs to another case.
    """
    return agreement.accept(
        turn.services.store,
        str(turn.session.case_id),
        offer_id,
        f"{turn.session_id}:{offer_id}",
        turn.language,
        lambda draft: render_agreement(draft, turn.language),
    )


def say_accepted(turn: Turn, accepted: Accepted) -> None:
    """The reference number, the document and what happens next."""
    view = agreement.for_case(turn.services.store, str(turn.session.case_id))
    link = document_link(accepted.document_token)
    turn.say(
        "utter_agreement_made" if accepted.created else "utter_agreement_already",
        reference=accepted.reference,
        link=link,
        first_due=day(view.next_due, turn.language) if view else "",
        next_payment=money(view.next_payment, turn.language) if view else "",
        card=cards.document_card(turn, accepted.reference, link),
    )


def document_link(token: str) -> str:
    """The private address of an agreement's document."""
    base = os.environ.get("RESPITE_PUBLIC_URL", DEFAULT_PUBLIC_URL).rstrip("/")
    return f"{base}/chat/documents/{token}"


class ActionAskAgreementStatus(AccountAnswer):
    """What is agreed on this loan, and the next instalment."""

    action_name = "action_ask_agreement_status"
    goal = "agreement_status"

    def tell(self, turn: Turn, view: LoanView, position: Position) -> None:
        made = agreement.status(turn.services.store, view.loan.loan_id)
        if made is None:
            turn.say("utter_no_agreement")
            return
        turn.say(
            "utter_agreement_status",
            reference=made.reference,
            next_due=day(made.next_due, turn.language) if made.next_due else "",
            next_payment=money(made.next_payment, turn.language),
        )
