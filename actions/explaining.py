"""Skill plan: questions about the offers answered: schedules, differences, the others, why not a kind."""

from __future__ import annotations

from collections.abc import Sequence

from actions import cards, wishes
from actions.flow import has_outcome
from actions.lender import lender_values
from actions.offer_facts import named
from actions.positions import position_today
from actions.turn import Turn
from casestore import account, plan
from casestore.plan import Proposal, StoredOffer
from hardship.plans import waiver
from hardship.plans.base import Ask, Refusal


def explain(turn: Turn, proposal: Proposal, at_hand: Sequence[StoredOffer] = ()) -> None:
    """Answer a question about what is on the table, by what it names, else about the offer `at_hand`."""
    kind, numbered = wishes.kind_named(turn), named(turn, proposal)
    if not (proposal.offers or proposal.refusals):
        turn.say("utter_no_offers_yet")
    elif not (proposal.offers or proposal.requests or kind or turn.entity("offer_wish")):
        turn.say("utter_none_offered")
    elif len(numbered) > 1:
        _tell_difference(turn, numbered)
    elif kind and not numbered:
        _tell_kind(turn, proposal, kind)
    elif turn.entity("offer_wish") == "others":
        _tell_others(turn, proposal)
    elif turn.entity("offer_wish") == "refused":
        _tell_refusals(turn, proposal)
    elif numbered or at_hand:
        turn.say("utter_offer_details", details=cards.details_text(turn, numbered or at_hand))
    else:
        _tell_side_by_side(turn, proposal)


def _tell_side_by_side(turn: Turn, proposal: Proposal) -> None:
    """A question about all of them: the comparison, without the schedules that belong to one."""
    shown = shown_and_others(turn, proposal)[0]
    turn.say(
        "utter_offers_side_by_side",
        comparison=cards.offers_text(turn, shown),
        card=cards.offers_card(turn, shown),
    )


def shown_and_others(turn: Turn, proposal: Proposal) -> tuple[list[StoredOffer], list[StoredOffer]]:
    """The first offers, as many as are easy to compare, and those told when asked for."""
    most = turn.services.policy.offers.shown_at_most.value
    return list(proposal.offers[:most]), list(proposal.offers[most:])


def _tell_difference(turn: Turn, offers: Sequence[StoredOffer]) -> None:
    """Two plans beside each other, and what the difference comes to."""
    one, other = offers[0], offers[1]
    words = [
        _less(turn, "total", one, other, one.offer.total_to_pay - other.offer.total_to_pay),
        _less(turn, "instalment", one, other, one.offer.instalment - other.offer.instalment),
    ]
    turn.say(
        "utter_difference",
        comparison=cards.offers_text(turn, offers[:2]),
        verdict="\n".join(f"· {word}" for word in words),
        card=cards.offers_card(turn, offers[:2]),
    )


def _less(turn: Turn, what: str, one: StoredOffer, other: StoredOffer, difference: int) -> str:
    """Which of two plans takes less of something, in minor units, and by how much."""
    if difference == 0:
        return turn.phrase(f"utter_same_{what}")
    less = one if difference < 0 else other
    return turn.phrase(f"utter_less_{what}", number=less.option_number, amount=turn.money(abs(difference)))


def _tell_kind(turn: Turn, proposal: Proposal, kind: str) -> None:
    """A kind asked about by name: its offer, why it is refused, or that a person decides."""
    name = cards.plan_name(turn, kind)
    offers = [stored for stored in _with_more(turn, proposal).offers if stored.offer.kind == kind]
    refusal = next((each for each in proposal.refusals if each.kind == kind), None)
    if offers:
        _tell_why_not_so(turn, name)
        turn.say("utter_offer_details", details=cards.details_text(turn, offers[-1:]))
    elif any(offer.kind == kind for offer in proposal.requests):
        turn.say("utter_kind_needs_person", name=name)
    elif refusal:
        turn.say("utter_kind_refused", name=name, reason=_why(turn, refusal))
    else:
        turn.say("utter_kind_not_worked_out", name=name)


def _with_more(turn: Turn, proposal: Proposal) -> Proposal:
    """The table with the offers that are there for the asking; a case with an outcome takes none."""
    services = turn.services
    if not proposal.more or has_outcome(turn):
        return proposal
    return plan.show_more(services.store, str(turn.session.case_id), services.policy, services.today())


def _tell_refusals(turn: Turn, proposal: Proposal) -> None:
    shown = [each for each in proposal.refusals if each.shown]
    refusals = cards.refusals_text(turn, shown, with_clauses=True).strip()
    if not refusals:
        turn.say("utter_nothing_refused")
        return
    turn.say("utter_all_refusals", refusals=refusals)


def _tell_why_not_so(turn: Turn, name: str) -> None:
    """ "Why not six months": what stops the figures named, when the kind as such is possible."""
    ask, services = wishes.asked(turn), turn.services
    if ask is None or ask == Ask(kind=ask.kind) or has_outcome(turn):
        return
    result = plan.preview(services.store, str(turn.session.case_id), ask, services.policy, services.today())
    if result.reason and result.outcome != "person":
        turn.say(
            "utter_kind_refused",
            name=name,
            reason=cards.reason(turn, result.reason, result.stopped_by, result.values),
        )


def _why(turn: Turn, refusal: Refusal) -> str:
    return cards.reason(turn, refusal.reason, refusal.clause, refusal.values)


def tell_why_no_more_is_waived(turn: Turn, at_hand: StoredOffer | None) -> bool:
    """Why not all penalty interest goes: what may be let off, by whom, and what the plan `at_hand` does.

    Only for who asks why; who asks for it bargains. Says whether that was asked.
    """
    asks_why = turn.entity("offer_wish") == "refused" or turn.entities("follow_up")
    limits = turn.services.policy.plans.get(waiver.KIND_NAME)
    if wishes.kind_named(turn) != waiver.KIND_NAME or not asks_why or turn.session.loan_id is None:
        return False
    if not isinstance(limits, waiver.WaiverLimits) or not limits.offered.value:
        return False
    position = position_today(turn, account.loan(turn.services.store, turn.session.loan_id))
    most, clause = waiver.bot_ceiling(position, limits)
    turn.say(
        "utter_why_no_more_waived",
        owed=turn.money(waiver.waivable(position)),
        most=turn.money(most),
        clause=clause,
        **lender_values(turn),
    )
    if at_hand and at_hand.offer.waived:
        turn.say("utter_waived_in_this_plan", amount=turn.money(at_hand.offer.waived))
    return True


def _tell_others(turn: Turn, proposal: Proposal) -> None:
    others = shown_and_others(turn, _with_more(turn, proposal))[1]
    if not others:
        turn.say("utter_no_other_offers")
        return
    turn.say(
        "utter_other_offers",
        comparison=cards.offers_text(turn, others),
        buttons=cards.option_buttons(turn, others, others=False),
        card=cards.offers_card(turn, others),
    )
