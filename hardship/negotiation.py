"""Answering a borrower's own proposal: granted, or the nearest possible and what stands in the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from hardship.eligibility import propose_all, rank
from hardship.money import exact
from hardship.plans.base import Ask, Offer, PlanRequest, Refusal

Answers = list[Offer | Refusal]


@dataclass(frozen=True)
class CounterResult:
    """The answer to an ask; `stopped_by` is the clause and `reason` the code when it is not granted.

    With "person" the ask is only possible if a person grants `offer`; `alternative` is the nearest that
    can be had at once.
    """

    outcome: Literal["granted", "nearest", "refused", "person"]
    offer: Offer | None
    stopped_by: str | None
    reason: str | None
    values: Mapping[str, int | str] = field(default_factory=dict)
    alternative: Offer | None = None


def counter(request: PlanRequest) -> CounterResult:
    """The answer to `request.ask`, solved for whatever it leaves open.

    A plan of the asked kind (or of any) that meets the ask is granted. What only a person may grant is
    named as such. Otherwise the nearest inside policy comes with the clause that stops the ask.
    """
    with exact():
        answers = propose_all(request)
        wanted = [answer for answer in answers if request.ask.kind in (None, answer.kind)]
        if not wanted:
            return _kind_not_in_force(request)
        if granted := _best(wanted, "bot"):
            return CounterResult("granted", granted, None, None)
        if wish := _best(wanted, "person"):
            return _for_person(request, wish)
        return _nearest(request, [answer for answer in wanted if isinstance(answer, Refusal)])


def _best(answers: Answers, authority: str) -> Offer | None:
    offers = (each for each in answers if isinstance(each, Offer) and each.authority == authority)
    return min(offers, key=rank, default=None)


def _for_person(request: PlanRequest, wish: Offer) -> CounterResult:
    """The wish as a request, and what can be had without a person: less let off, or another kind."""
    reason, clause, values = _why_person(request, wish)
    return CounterResult("person", wish, clause, reason, values, _without_person(request))


def _why_person(request: PlanRequest, wish: Offer) -> tuple[str, str | None, Mapping[str, int | str]]:
    ask = request.ask
    if ask.waiver is not None and ask.waiver == wish.waived:
        return "waiver_needs_person", wish.waived_clause, {"asked": ask.waiver}
    if wish.lump_sum:
        return "lump_sum_needs_person", request.policy.offers.lump_sum_by_bot.id, {"asked": wish.lump_sum}
    return "person_decides", request.policy.plans[wish.kind].offered.id, {"kind": wish.kind}


def _without_person(request: PlanRequest) -> Offer | None:
    """The best a machine may grant when it leaves out, one after the other, what needs a person."""
    for ask in _smaller_asks(request):
        answers = propose_all(replace(request, ask=ask))
        if found := _best([each for each in answers if ask.kind in (None, each.kind)], "bot"):
            return found
    return None if request.ask == Ask() else _near(request)


def _smaller_asks(request: PlanRequest) -> tuple[Ask, ...]:
    ask, by_bot = request.ask, request.policy.offers.lump_sum_by_bot.value
    less = replace(ask, waive=ask.waive or ask.waiver is not None, waiver=None)
    less = less if by_bot else replace(less, lump_sum=None)
    other_kind = replace(less, kind=None, months=None)
    return less, other_kind, replace(other_kind, waive=False)


def _near(request: PlanRequest) -> Offer | None:
    freed = replace(request, ask=replace(request.ask, kind=None, months=None, lump_sum=None))
    refusals = [answer for answer in propose_all(freed) if isinstance(answer, Refusal)]
    closest = _closest(request, refusals)
    return closest.nearest if closest else None


def _nearest(request: PlanRequest, refusals: list[Refusal]) -> CounterResult:
    """The closest offer of the asked kind, unless only another kind can meet the amount or be had at all."""
    own = _closest(request, refusals)
    if own is not None and not _misses_amount(request, own.nearest):
        return _stopped("nearest", own, own.nearest)
    meeting, near = _elsewhere(request)
    why = own or refusals[0]
    offer = meeting or (own.nearest if own else None) or near
    if offer is None and (by_person := _for_person_only(refusals)):
        return _stopped("person", by_person, by_person.nearest)
    return _stopped("nearest" if offer else "refused", why, offer)


def _closest(request: PlanRequest, refusals: list[Refusal]) -> Refusal | None:
    """The refusal whose nearest offer is closest to the ask and can be had at once."""
    pairs = [(each.nearest, each) for each in refusals if each.nearest and each.nearest.authority == "bot"]
    return min(pairs, key=lambda pair: _distance(request, pair[0]))[1] if pairs else None


def _for_person_only(refusals: list[Refusal]) -> Refusal | None:
    return next((each for each in refusals if each.nearest and each.nearest.authority == "person"), None)


def _stopped(
    outcome: Literal["nearest", "refused", "person"], why: Refusal, offer: Offer | None
) -> CounterResult:
    return CounterResult(outcome, offer, why.clause, why.reason, why.values)


def _misses_amount(request: PlanRequest, offer: Offer | None) -> bool:
    wish = request.ask.most
    return wish is not None and offer is not None and offer.instalment > wish


def _elsewhere(request: PlanRequest) -> tuple[Offer | None, Offer | None]:
    """Of the kinds not asked for: the best that meets the other wishes, and the nearest that does not.

    A number of months means something else in another kind, so that wish is left out.
    """
    if request.ask.kind is None:
        return None, None
    freed = replace(request, ask=_for_other_kinds(request.ask))
    others = [answer for answer in propose_all(freed) if answer.kind != request.ask.kind]
    near = _closest(freed, [answer for answer in others if isinstance(answer, Refusal)])
    return _best(others, "bot"), near.nearest if near else None


def _for_other_kinds(ask: Ask) -> Ask:
    """The ask without its kind; who asked for a waiver as a kind wants one with any other."""
    waive = ask.waive or ask.kind == "charge_waiver"
    return replace(ask, kind=None, months=None, waive=waive, instalment=ask.most, later=None)


def _distance(request: PlanRequest, offer: Offer) -> tuple[int, tuple[int, int, str]]:
    """How far an offer is from what was asked, by the first figure that was named, then by rank."""
    ask = request.ask
    if ask.most is not None:
        return abs(offer.instalment - ask.most), rank(offer)
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
