"""协商结清: one lump sum below what is owed; the pack says what happens to the rest, a person decides."""

from __future__ import annotations

from datetime import date, timedelta

from hardship.money import round_half_up
from hardship.plans.base import Ask, Offer, PlanRequest, Refusal, Stop
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import Solved
from hardship.policy import Limits
from hardship.policy_rules import Positive, Rule, Share
from hardship.schedules import Row


class SettlementLimits(Limits):
    """What a pack says of this kind."""

    by_person: Rule[bool]
    min_share: Rule[Share]
    max_days: Rule[Positive]
    below_balance: Rule[bool]
    rest_let_off: Rule[bool]


class Settlement:
    """Only ever the borrower's own idea: nobody is pressed for one large payment.

    The sum comes from savings or family, so the monthly surplus does not limit it.
    """

    name = "settlement"
    limits = SettlementLimits
    combines = False

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.lump_sum` is the sum, `ask.first_due` the day it can be paid."""
        limits = request.policy.limits(self.name, SettlementLimits)
        if stop := _refusal(request, limits):
            return refuse(self.name, stop)
        amount, short = _amount(request, limits)
        day, late = _day(request, limits)
        row = _row(request, limits, amount, day)
        return answer(request, _terms(request, limits, amount), Solved((row,), ()), (*short, *late))


def _refusal(request: PlanRequest, limits: SettlementLimits) -> Stop | None:
    owed, asked = request.position.total_owed, request.ask.lump_sum or 0
    if owed == 0:
        return Stop("nothing_owed", request.policy.offers.schedule_closes.id, {})
    if asked <= 0 or _goes_on_paying(request.ask):
        return Stop("lump_sum_not_named", limits.below_balance.id, {"owed": owed}, shown=False)
    if asked >= owed:
        return Stop("lump_sum_covers_all", limits.below_balance.id, {"asked": asked, "owed": owed})
    return None


def _goes_on_paying(ask: Ask) -> bool:
    """Whoever names instalments beside the sum means part payment, unless this kind is asked for by name."""
    instalments = (ask.instalment, ask.months, ask.due_day)
    return ask.kind != Settlement.name and any(wish is not None for wish in instalments)


def _amount(request: PlanRequest, limits: SettlementLimits) -> tuple[int, tuple[Stop, ...]]:
    """The sum wished, or the least that is passed on to a person with the stop."""
    asked, rule = request.ask.lump_sum or 0, limits.min_share
    least = round_half_up(request.position.total_owed * rule.value)
    if asked >= least:
        return asked, ()
    return least, (Stop("lump_sum_below_least", rule.id, {"asked": asked, "least": least}),)


def _day(request: PlanRequest, limits: SettlementLimits) -> tuple[date, tuple[Stop, ...]]:
    latest = request.today + timedelta(days=limits.max_days.value)
    wished = request.ask.first_due or latest
    if wished <= latest:
        return max(wished, request.today + timedelta(days=1)), ()
    values: dict[str, int | str] = {"asked": wished.isoformat(), "latest": latest.isoformat()}
    return latest, (Stop("start_too_late", limits.max_days.id, values),)


def _row(request: PlanRequest, limits: SettlementLimits, amount: int, day: date) -> Row:
    """The one payment: charges first, then principal (CN-561); the balance is what stays owed of it."""
    charges = min(amount, request.position.charges)
    principal = amount - charges
    rest = 0 if limits.rest_let_off.value else request.position.principal - principal
    return Row(1, day, amount, 0, principal, charges, rest)


def _terms(request: PlanRequest, limits: SettlementLimits, amount: int) -> OfferTerms:
    rules = (limits.offered, limits.by_person, limits.min_share, limits.max_days, limits.rest_let_off)
    gone = limits.rest_let_off.value
    return OfferTerms(
        kind=Settlement.name,
        clauses=tuple(rule.id for rule in rules),
        notes=("rest_let_off",) if gone else ("rest_stays_owed",),
        authority="person" if limits.by_person.value else "bot",
        waived=request.position.total_owed - amount if gone else 0,
        waived_clause=limits.rest_let_off.id if gone else None,
    )


KIND = Settlement()
