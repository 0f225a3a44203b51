"""Which plans a borrower can have, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass

from hardship.money import exact
from hardship.plans.base import Offer, PlanRequest, Refusal, Stop
from hardship.plans.offers import refuse
from hardship.plans.registry import kinds_in_force
from hardship.plans.relief import propose


@dataclass(frozen=True)
class Assessment:
    """What there is for a borrower, and the pack that decided; every kind in force is in one of the parts.

    `offers` are those to be shown, best first; `more` come after them and are there for the asking;
    `requests` are plans that only a person may grant. Refusals are in the pack's order.
    """

    offers: tuple[Offer, ...]
    refusals: tuple[Refusal, ...]
    policy_version: str
    requests: tuple[Offer, ...] = ()
    more: tuple[Offer, ...] = ()


def assess(request: PlanRequest) -> Assessment:
    """Every kind in force, offered or refused with reason and clause.

    Neither arrears nor charges nor a former broken plan stop anybody from being assessed.
    """
    with exact():
        answers = propose_all(request)
    offers = sorted((answer for answer in answers if isinstance(answer, Offer)), key=rank)
    refusals = [answer for answer in answers if isinstance(answer, Refusal)]
    by_bot, equals = _different([offer for offer in offers if offer.authority == "bot"], request)
    shown = request.policy.offers.shown_at_most.value
    return Assessment(
        offers=tuple(by_bot[:shown]),
        refusals=_in_pack_order(request, [*refusals, *equals]),
        policy_version=request.policy.version,
        requests=tuple(offer for offer in offers if offer.authority == "person"),
        more=tuple(by_bot[shown:]),
    )


def propose_all(request: PlanRequest) -> list[Offer | Refusal]:
    """The answer of every kind in force, in the pack's order."""
    return [propose(kind, request) for kind in kinds_in_force(request.policy)]


def rank(offer: Offer) -> tuple[int, int, str]:
    """Sort key of affordable offers whose balance never grows: shortest, then cheapest (plans.md)."""
    return offer.last_due.toordinal(), offer.total_to_pay, offer.kind


def _different(offers: list[Offer], request: PlanRequest) -> tuple[list[Offer], list[Refusal]]:
    """Offers without those that are paid exactly like a better one, and refusals of these."""
    kept: list[Offer] = []
    equals = []
    rule = request.policy.offers.kinds_listed_only
    for offer in offers:
        better = next((each for each in kept if each.schedule == offer.schedule), None)
        if better is None:
            kept.append(offer)
        else:
            stop = Stop("same_as_better", rule.id, {"kind": better.kind}, shown=False)
            equals.append(refuse(offer.kind, stop))
    return kept, equals


def _in_pack_order(request: PlanRequest, refusals: list[Refusal]) -> tuple[Refusal, ...]:
    order = {name: place for place, name in enumerate(request.policy.plans)}
    return tuple(sorted(refusals, key=lambda refusal: order[refusal.kind]))
