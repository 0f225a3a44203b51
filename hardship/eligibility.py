"""Which plans a borrower can have, and why not the others."""

from __future__ import annotations

from dataclasses import dataclass

from hardship.money import exact
from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.registry import kinds_in_force


@dataclass(frozen=True)
class Assessment:
    """Offers in the order they are shown, refusals in the pack's order, and the pack that decided."""

    offers: tuple[Offer, ...]
    refusals: tuple[Refusal, ...]
    policy_version: str


def assess(request: PlanRequest) -> Assessment:
    """Every kind in force, offered or refused with reason and clause; without a surplus all are refused."""
    with exact():
        answers = propose_all(request)
    offers = sorted((answer for answer in answers if isinstance(answer, Offer)), key=rank)
    refusals = tuple(answer for answer in answers if isinstance(answer, Refusal))
    return Assessment(tuple(offers), refusals, request.policy.version)


def propose_all(request: PlanRequest) -> list[Offer | Refusal]:
    """The answer of every kind in force, in the pack's order."""
    return [kind.propose(request) for kind in kinds_in_force(request.policy)]


def rank(offer: Offer) -> tuple[int, int, str]:
    """Sort key of affordable offers whose balance never grows: shortest, then cheapest (plans.md)."""
    return offer.last_due.toordinal(), offer.total_to_pay, offer.kind
