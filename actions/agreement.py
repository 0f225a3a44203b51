"""Skill agreement: the read-back and the explicit acceptance."""

from __future__ import annotations

import structlog

from actions import cards, offer_facts, wishes
from actions.bargaining import (
    answer_facts,
    ask_what_is_unclear,
    asked,
    choose,
    chosen_option,
    correct_figure,
    gives_in,
    negotiate,
    on_table,
    says_former,
    says_which,
    talked_about,
    tell_of_late,
)
from actions.base import RespiteAction
from actions.choosing import with_wish
from actions.events import Events
from actions.explaining import tell_why_no_more_is_waived
from actions.forms import Answer, FormValidator, ask_again, explanation_of
from actions.links import agreement_link
from actions.plain_yes import is_plain_yes
from actions.situation import is_correction
from actions.turn import Turn
from casestore import agreement, plan
from casestore.agreement import Accepted, AgreementView, OfferNotAcceptable
from casestore.documents import AgreementDraft, render_agreement
from casestore.pdf import pdf_available, render_agreement_pdf
from casestore.plan import StoredOffer

log = structlog.get_logger(__name__)


class ActionAskAgreementAccepted(RespiteAction):
    """Reads the chosen plan back and asks for a plain yes."""

    action_name = "action_ask_agreement_accepted"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        chosen = chosen_offer(turn)
        if chosen is None:
            turn.say("utter_choose_plan")
            return []
        held = cards.notes(turn, chosen.offer)
        turn.say(
            "utter_agreement_read_back",
            **cards.offer_values(turn, chosen.offer),
            notes="".join(f"\n· {note}" for note in held),
            breaks=cards.breaking_rule(turn),
            cooling_off=turn.services.policy.offers.cooling_off_days.value,
        )
        return []


def _number_chosen(turn: Turn) -> int | None:
    chosen = chosen_offer(turn)
    return chosen.option_number if chosen else None


def chosen_offer(turn: Turn) -> StoredOffer | None:
    """The offer named by the choice, if it is still on the table."""
    proposal = plan.current(turn.services.store, str(turn.session.case_id))
    return next((o for o in proposal.offers if o.offer_id == turn.slot("plan_choice")), None)


class ValidateAgreementForm(FormValidator):
    """A plain yes makes the agreement, once; anything else makes none."""

    form = "agreement_form"

    def is_digression(self, turn: Turn) -> bool:
        """A wish at the read-back is a counter-offer."""
        return super().is_digression(turn) and turn.intent not in wishes.WISHES

    def asked_back(self, turn: Turn) -> Answer | None:
        """A fact of the plan, or the read-back once more."""
        if turn.entity("offer_wish") == "again" and not turn.entities("money"):
            return ask_again("agreement_accepted")
        if tell_why_no_more_is_waived(turn, chosen_offer(turn)):
            return ask_again("agreement_accepted")
        if len(turn.entities("date")) > 1 and not turn.entities("month_count"):
            return None  # "the 5th? I said the 15th" wishes for another day
        return tell_of_late(turn, "agreement_accepted") or answer_facts(turn, "agreement_accepted")

    def correct(self, turn: Turn) -> Answer | None:
        """A figure of the statement that was wrong: nothing is agreed, and new offers follow."""
        if not is_correction(turn) or not turn.entities("statement_field"):
            return None
        answer = correct_figure(turn)
        return answer and Answer({**answer.slots, "agreement_accepted": "declined"}, answer.events)

    def answer_agreement_accepted(self, turn: Turn) -> Answer | None:
        """Record the agreement, read another option back, go back to the offers, or bargain on."""
        number = turn.entity("option_number")
        # "How do I pay the first one" asks about paying and takes nothing.
        if number is not None and number != _number_chosen(turn) and turn.intent != "ask_how_to_pay":
            return self._read_back_another(turn)
        if names_another(turn) or says_former(turn):
            return self._read_back_another(turn)
        if answer := _with_another_day(turn):
            return answer
        if turn.intent in ("affirm", "accept_offer"):
            if is_plain_yes(turn.text):
                return self._accept(turn)
            turn.say(explanation_of("agreement_accepted"))
            return ask_again("agreement_accepted")
        if gives_in(turn):
            turn.say(explanation_of("agreement_accepted"))
            return ask_again("agreement_accepted")
        if ask_what_is_unclear(turn):
            return Answer({"agreement_accepted": None, **wishes.kept(turn)})
        if ask := asked(turn):
            answer = negotiate(turn, wishes.with_earlier(turn, ask))
            answer.slots["agreement_accepted"] = "declined"
            return answer
        if turn.intent in ("deny", "reject_offer", "correct_detail", *wishes.WISHES):
            turn.say("utter_agreement_declined")
            return Answer({"agreement_accepted": "declined"})
        return None

    @staticmethod
    def _read_back_another(turn: Turn) -> Answer:
        """ "Option 2 instead" is a yes to option 2 and never to the one that was read back."""
        other = chosen_option(turn, on_table(turn))
        if other is None:
            turn.say("utter_which_plan")
            return Answer({"agreement_accepted": "declined"})
        answer = choose(turn, other)
        is_chosen = answer.slots.get("plan_choice") is not None
        return Answer({**answer.slots, "agreement_accepted": None if is_chosen else "declined"})

    def _accept(self, turn: Turn) -> Answer:
        offer_id = str(turn.slot("plan_choice"))
        try:
            accepted = accept(turn, offer_id)
        except OfferNotAcceptable:
            turn.say("utter_offer_not_acceptable")
            return Answer({"agreement_accepted": "declined", "offers_shown": None})
        say_accepted(turn, accepted)
        return Answer({"agreement_accepted": "given"})


def names_another(turn: Turn) -> bool:
    """Whether a yes says which plan it takes, and that is not the one read back: "the longer one"."""
    if turn.intent != "accept_offer" or not says_which(turn):
        return False
    other = chosen_option(turn, on_table(turn))
    return other is None or other.offer_id != turn.slot("plan_choice")


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
        (lambda draft: _pdf(draft, turn.language)) if pdf_available() else None,
    )


def _tell_its_beginning(turn: Turn) -> Answer | None:
    """ "It says the first payment is on the 1st": what it says is told, and nothing is promised."""
    if turn.heard != "promise_to_pay" or "first_due" not in offer_facts.asked(turn):
        return None
    return Answer({"agreement_accepted": None, **offer_facts.tell(turn, on_table(turn), talked_about(turn))})


# What a day is taken for where a plan is read back and another day is wished for.
_OF_A_DAY = frozenset(
    {"affirm", "accept_offer", "deny", "reject_offer", "correct_detail", "nlu_fallback", *wishes.COUNTERS}
)


def _with_another_day(turn: Turn) -> Answer | None:
    """ "Fine, but on the 15th": the plan read back with another day, and never a yes to the one without."""
    chosen, heard = chosen_offer(turn), turn.intent in _OF_A_DAY
    says_more = turn.entities("money") or turn.entities("month_count") or turn.entities("plan_kind")
    if chosen is None or not heard or says_more or not turn.entities("date"):
        return None
    wish = wishes.beside_a_choice(turn, chosen.offer)
    if wish is None:
        return _tell_its_beginning(turn)
    answer = with_wish(turn, chosen, wish)
    is_chosen = answer.slots.get("plan_choice") is not None
    return Answer({**answer.slots, "agreement_accepted": None if is_chosen else "declined"})


def _pdf(draft: AgreementDraft, language: str) -> bytes:
    return render_agreement_pdf(draft, language)


def say_accepted(turn: Turn, accepted: Accepted) -> None:
    """The reference number, the document and what happens next.

    What is recorded must be told even when the store fails right afterwards.
    """
    link = agreement_link(accepted.document_token)
    try:
        view = agreement.for_case(turn.services.store, str(turn.session.case_id), turn.services.today())
    except Exception as problem:  # whatever it is, the agreement is there
        log.error("agreement_made_but_not_read", problem=type(problem).__name__)
        turn.say("utter_agreement_made_in_short", reference=accepted.reference, link=link)
        return
    turn.say(
        "utter_agreement_made" if accepted.created else "utter_agreement_already",
        reference=accepted.reference,
        link=link,
        pdf=_pdf_line(turn, link, view),
        first_due=turn.day(view.next_due) if view else "",
        next_payment=turn.money(view.next_payment) if view else "",
        withdraw_until=turn.day(view.withdraw_until) if view else "",
        card=cards.document_card(turn, accepted.reference, link),
    )
    if accepted.created and view and view.replaces:
        turn.say("utter_agreement_replaced", reference=view.replaces)


def _pdf_line(turn: Turn, link: str, view: AgreementView | None) -> str:
    """A line with the address of the PDF; empty when none could be made."""
    if view is None or view.pdf_sha256 is None:
        return ""
    return "\n" + turn.phrase("utter_agreement_pdf", link=f"{link}.pdf")
