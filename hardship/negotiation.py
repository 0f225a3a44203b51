"""Answering a borrower's own proposal: granted, or the nearest possible and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from hardship.eligibility import propose_all, rank
from hardship.money import exact
from hardship.plans.base import Offer, PlanRequest, Refusal


@dataclass(frozen=True)
class CounterResult:
    """The answer to an ask; `stopped_by` is the clause and `reason` the code when it is not granted."""

    outcome: Literal["granted", "nearest", "refused"]
    offer: Offer | None
    stopped_by: str | None
    reason: str | None
    values: Mapping[str, int | str] = field(default_factory=dict)


def counter(request: PlanRequest) -> CounterResult:
    """The answer to `request.ask`, solved for whatever it leaves open.

    A plan of the asked kind (or of any) that meets the ask is granted. Otherwise the nearest inside
    policy comes with the clause that stops the ask; without a surplus nothing is possible.
    """
    with exact():
        answers = propose_all(request)
        wanted = [answer for answer in answers if request.ask.kind in (None, answer.kind)]
        if not wanted:
            return _kind_not_in_force(request)
        granted = [answer for answer in wanted if isinstance(answer, Offer)]
        if granted:
            return CounterResult("granted", min(granted, key=rank), None, None)
        return _nearest(request, [answer for answer in wanted if isinstance(answer, Refusal)])


def _nearest(request: PlanRequest, refusals: list[Refusal]) -> CounterResult:
    """The closest offer of the asked kind, unless only another kind can meet the amount or be had at all."""
    own = _closest(request, refusals)
    if own is not None and not _misses_amount(request, own.nearest):
        return _stopped("nearest", own, own.nearest)
    meeting, near = _elsewhere(request)
    why = own or refusals[0]
    offer = meeting or why.nearest or near
    return _stopped("nearest" if offer else "refused", why, offer)


def _closest(request: PlanRequest, refusals: list[Refusal]) -> Refusal | None:
    pairs = [(refusal.nearest, refusal) for refusal in refusals if refusal.nearest is not None]
    if not pairs:
        return None
    return min(pairs, key=lambda pair: _distance(request, pair[0]))[1]


def _stopped(outcome: Literal["nearest", "refused"], why: Refusal, offer: Offer | None) -> CounterResult:
    return CounterResult(outcome, offer, why.clause, why.reason, why.values)


def _misses_amount(request: PlanRequest, offer: Offer | None) -> bool:
    wish = request.ask.instalment
    return wish is not None and offer is not None and offer.instalment > wish


def _elsewhere(request: PlanRequest) -> tuple[Offer | None, Offer | None]:
    """Of the kinds not asked for: the best that meets the other wishes, and the nearest that does not.

    A number of months means something else in another kind, so that wish is left out.
    """
    if request.ask.kind is None:
        return None, None
    freed = replace(request, ask=replace(request.ask, kind=None, months=None))
    others = [answer for answer in propose_all(freed) if answer.kind != request.ask.kind]
    meeting = min((answer for answer in others if isinstance(answer, Offer)), key=rank, default=None)
    near = _closest(freed, [answer for answer in others if isinstance(answer, Refusal)])
    return meeting, near.nearest if near else None


def _distance(request: PlanRequest, offer: Offer) -> tuple[int, tuple[int, int, str]]:
    """How far an offer is from what was asked, by the first figure that was named, then by rank."""
    ask = request.ask
    if ask.instalment is not None:
        return abs(offer.instalment - ask.instalment), rank(offer)
    if ask.first_due is not None:
        return abs((offer.first_due - ask.first_due).days), rank(offer)
    return (abs(offer.count - ask.months) if ask.months is not None else 0), rank(offer)


def _kind_not_in_force(request: PlanRequest) -> CounterResult:
    """The asked kind has no section in the pack; the best of the others is the nearest."""
    rule = request.policy.offers.kinds_listed_only
    meeting, near = _elsewhere(request)
    offer = meeting or near
    values = {"kind": str(request.ask.kind)}
    return CounterResult("nearest" if offer else "refused", offer, rule.id, "kind_not_in_force", values)
