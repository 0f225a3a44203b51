"""Skill plan: a plan picked with a wish beside it: "the first one, but on the 20th", "from January"."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any

from actions import cards, wishes
from actions.forms import Answer
from actions.turn import Turn
from casestore import plan
from casestore.plan import StoredCounter, StoredOffer
from hardship.negotiation import CounterResult
from hardship.plans.base import Ask, Offer


def with_wish(turn: Turn, chosen: StoredOffer, wish: Ask) -> Answer:
    """The plan with the wish in it, to be read back; else why not, and which plan can be so."""
    services, case_id = turn.services, str(turn.session.case_id)
    ask = like(turn, chosen, wish)
    result = plan.preview(services.store, case_id, ask, services.policy, services.today())
    if result.outcome == "granted" and not _begins_sooner(result.offer, wish):
        made = counter(turn, ask).offer
        if made is not None:
            turn.say("utter_choice_so", number=made.option_number)
            return Answer(
                {"plan_choice": made.offer_id, "wanted_kind": None, "countered_option": made.offer_id}
            )
    turn.say(
        "utter_choice_not_so",
        number=chosen.option_number,
        name=cards.plan_name(turn, chosen.offer.kind),
        reason=_why_not_so(turn, result, wish),
    )
    return _elsewhere(turn, wish)


def _begins_sooner(offer: Offer | None, wish: Ask) -> bool:
    """Whether something is due before the day wished for: beside arrears the contract's instalments go on."""
    return offer is not None and wish.first_due is not None and offer.first_due < wish.first_due


def _why_not_so(turn: Turn, result: CounterResult, wish: Ask) -> str:
    if result.offer is not None and result.outcome == "granted" and wish.first_due is not None:
        days = {"latest": result.offer.first_due.isoformat(), "asked": wish.first_due.isoformat()}
        return cards.reason(turn, "start_too_late", None, days)
    return cards.reason(turn, result.reason, result.stopped_by, result.values)


def _elsewhere(turn: Turn, wish: Ask) -> Answer:
    """A plan of another kind that can be as wished, if there is one; the choice stays open."""
    services, open_still = turn.services, {"plan_choice": None, "wanted_kind": None}
    result = plan.preview(services.store, str(turn.session.case_id), wish, services.policy, services.today())
    if result.outcome != "granted":
        return Answer(open_still)
    stored = counter(turn, wish)
    if stored.offer is not None:
        turn.say(
            "utter_other_can_be_so",
            offer=cards.offers_text(turn, (stored.offer,)),
            card=cards.offers_card(turn, (stored.offer,)),
        )
    return Answer({**open_still, **countered(stored)})


def like(turn: Turn, chosen: StoredOffer, wish: Ask) -> Ask:
    """The ask that makes the chosen plan anew with the wish in it, keeping what it was made of."""
    before = wishes.earlier(turn)
    made_of = before if before and chosen.offer_id == turn.slot("countered_option") else None
    base = replace(made_of, kind=chosen.offer.kind) if made_of else Ask(kind=chosen.offer.kind)
    base = replace(base, lump_sum=chosen.offer.lump_sum or None)
    changed = {name: value for name, value in asdict(wish).items() if value not in (None, False)}
    return replace(base, **{**changed, "first_due": wish.first_due or base.first_due})


def counter(turn: Turn, ask: Ask) -> StoredCounter:
    """The answer to an ask, on record; a new offer joins the table."""
    services = turn.services
    return plan.counter(services.store, str(turn.session.case_id), ask, services.policy, services.today())


def countered(stored: StoredCounter) -> dict[str, Any]:
    """The slot by which "that one" means the offer just worked out."""
    return {"countered_option": stored.offer.offer_id} if stored.offer else {}
