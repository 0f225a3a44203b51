"""Skill plan: which offer on the table a message takes or talks about, and its read-back."""

from __future__ import annotations

from actions import offer_facts, small_answers, wishes
from actions.cancelling import says_only_a_value
from actions.choosing import with_wish
from actions.explaining import shown_and_others
from actions.formats import as_date
from actions.forms import Answer
from actions.small_questions import QUESTION
from actions.turn import FALLBACK, Turn
from casestore import plan
from casestore.plan import Proposal, StoredOffer

# What giving in is taken for, where no offer is named: a goodbye, or nothing that was understood.
_GIVES_IN_AS = frozenset({"goodbye", "thank", FALLBACK})


def on_table(turn: Turn) -> Proposal:
    """What the case has on the table; nothing without a case."""
    case_id = turn.session.case_id
    return plan.current(turn.services.store, case_id) if case_id else Proposal((), ())


def worked_out_last(turn: Turn) -> StoredOffer | None:
    """The offer that was made last for a wish, if it is still on the table."""
    last = turn.slot("countered_option")
    return next((each for each in on_table(turn).offers if each.offer_id == last), None) if last else None


def talked_about(turn: Turn) -> list[StoredOffer]:
    """The offers a question is about: those it names, else the one read back or worked out last."""
    proposal = on_table(turn)
    at_hand = (turn.slot("plan_choice"), turn.slot("countered_option"))
    last = [next((o for o in proposal.offers if o.offer_id == each), None) for each in at_hand if each]
    known = [offer for offer in last if offer][:1]
    return offer_facts.named(turn, proposal) or known or shown_and_others(turn, proposal)[0]


def gives_in(turn: Turn) -> bool:
    """Whether somebody takes what there is: with offers on the table "fine, that'll do" is no goodbye."""
    return turn.heard in _GIVES_IN_AS and bool(turn.entities("settles")) and not turn.entities("money")


def takes_one(turn: Turn) -> bool:
    """Whether the message takes an offer, be it said which or not."""
    return turn.intent in ("accept_offer", "affirm") or gives_in(turn)


def says_which(turn: Turn) -> bool:
    """Whether the message tells offers apart by their length, their price or their kind."""
    told_apart = {*offer_facts.SUPERLATIVES, *offer_facts.BY_LENGTH, offer_facts.EITHER}
    return bool(told_apart & set(offer_facts.asked(turn)) or turn.entities("plan_kind"))


def chosen_option(turn: Turn, proposal: Proposal) -> StoredOffer | None:
    """The offer a message picks: by number, or by a plain yes when only one can be meant."""
    number = turn.entity("option_number") or _ordinal_alone(turn, proposal)
    if number is None and says_former(turn):
        return _former(turn, proposal)
    bargains = turn.intent in wishes.COUNTERS and turn.entities("money")
    if turn.intent == "ask_how_to_pay":
        return None
    if number is not None and not bargains:
        if turn.slot("wanted_kind") in wishes.NEEDED_FIGURE and turn.text.strip().isdigit():
            return None  # "8" may be the day of the month we have just asked for
        return next((o for o in proposal.offers if o.option_number == int(number)), None)
    if not takes_one(turn) or turn.entity("money") is not None:
        return None
    if offer_facts.asked(turn):
        return offer_facts.chosen(turn, proposal)
    if kinds := {str(each["value"]) for each in turn.entities("plan_kind")}:
        of_kind = [offer for offer in proposal.offers if offer.offer.kind in kinds]
        last = [offer for offer in of_kind if offer.offer_id == turn.slot("countered_option")]
        return (last or of_kind)[0] if last or len(of_kind) == 1 else None
    if len(proposal.offers) == 1:
        return proposal.offers[0]
    return next((o for o in proposal.offers if o.offer_id == turn.slot("countered_option")), None)


def says_former(turn: Turn) -> bool:
    """Whether the message goes back to the plan that was chosen before: "still the original one"."""
    return turn.entity("offer_wish") == "former" and not turn.entities("money") and not turn.asks


def _former(turn: Turn, proposal: Proposal) -> StoredOffer | None:
    """The offer that was read back or worked out before the one that is talked about now."""
    brought_up = _brought_up(turn, proposal)
    now = turn.slot("plan_choice") or (brought_up[-1][1].offer_id if brought_up else None)
    others = [(slot, offer) for slot, offer in brought_up if offer.offer_id != now]
    # Who has bargained since and chose nothing else means the plan that was chosen.
    chosen = [offer for slot, offer in others if slot == "plan_choice"]
    before = chosen or [offer for _, offer in others]
    if before:
        return before[-1]
    return next((offer for offer in proposal.offers if offer.offer_id == now), None)


def _brought_up(turn: Turn, proposal: Proposal) -> list[tuple[str, StoredOffer]]:
    """The offers on the table as they were chosen or worked out, the latest last, each with its slot."""
    by_id = {offer.offer_id: offer for offer in proposal.offers}
    return [
        (event["name"], by_id[event["value"]])
        for event in turn.tracker.events
        if event.get("event") == "slot"
        and event.get("name") in ("plan_choice", "countered_option")
        and event.get("value") in by_id
    ]


def _ordinal_alone(turn: Turn, proposal: Proposal) -> int | None:
    """ "The 2nd" alone sounds like a day; where no day was asked for it is the number of an offer."""
    named = as_date(turn.entity("date"))
    if named is None or turn.slot("wanted_kind") or turn.intent != "accept_offer":
        return None
    return named.day if says_only_a_value(turn) and named.day <= len(proposal.offers) else None


def choose(turn: Turn, chosen: StoredOffer) -> Answer:
    """Read the chosen plan back; with a day or an amount beside the choice it is worked out so first."""
    asked_beside = turn.small_question(QUESTION) if turn.asks else None
    if asked_beside and small_answers.has(asked_beside):
        small_answers.say(turn, asked_beside)
    wish = wishes.beside_a_choice(turn, chosen.offer)
    if wish is None or _is_by_ordinal(turn):
        return Answer({"plan_choice": chosen.offer_id, "wanted_kind": None})
    return with_wish(turn, chosen, wish)


def _is_by_ordinal(turn: Turn) -> bool:
    """Whether the day of the message is the number of the offer: "the 2nd"."""
    return _ordinal_alone(turn, on_table(turn)) is not None
