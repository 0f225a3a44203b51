"""减免: how much of penalty interest and fees may be let off, and by whom."""

from __future__ import annotations

from dataclasses import dataclass, replace

from hardship.loans import Position
from hardship.money import round_down
from hardship.plans.base import PlanRequest, Relief, Stop
from hardship.policy import Limits
from hardship.policy_rules import ByProduct, Positive, Rule, Share

KIND_NAME = "charge_waiver"


class WaiverLimits(Limits):
    """What a pack says of waivers: what the bot may let off, and over how long the rest is paid."""

    max_share: Rule[Share]
    max_amount: Rule[Positive]
    up_to_what_is_owed: Rule[bool]
    max_months: Rule[ByProduct]
    keeps_due_day: Rule[bool]


@dataclass(frozen=True)
class _Waiver:
    """An amount in minor units, the clause that allows it, who grants it, and what stopped the wish."""

    amount: int
    clause: str
    authority: str = "bot"
    stops: tuple[Stop, ...] = ()


def with_waiver(request: PlanRequest) -> PlanRequest:
    """The request with the waiver taken off its position; needs `request.relief`."""
    relief = request.relief or Relief(before=request.position)
    waiver = _waiver(request)
    relief = replace(
        relief,
        waived=waiver.amount,
        waived_clause=waiver.clause if waiver.amount else None,
        authority=waiver.authority,
        stops=(*relief.stops, *waiver.stops),
    )
    return replace(request, position=_without(request.position, waiver.amount), relief=relief)


def waivable(position: Position) -> int:
    """What can be let off: penalty interest and fees, never interest of the contract or principal."""
    return position.penalty_interest + position.fees


def bot_ceiling(position: Position, limits: WaiverLimits) -> tuple[int, str]:
    """The most the bot may let off, minor units, and the clause that says so."""
    share = round_down(waivable(position) * limits.max_share.value)
    if share <= limits.max_amount.value:
        return share, limits.max_share.id
    return limits.max_amount.value, limits.max_amount.id


def _waiver(request: PlanRequest) -> _Waiver:
    section = request.policy.plans.get(KIND_NAME)
    if not isinstance(section, WaiverLimits) or not section.offered.value:
        rule = request.policy.offers.kinds_listed_only
        return _Waiver(0, rule.id, stops=(Stop("kind_not_in_force", rule.id, {"kind": KIND_NAME}),))
    return _within(request, section)


def _within(request: PlanRequest, limits: WaiverLimits) -> _Waiver:
    owed, wish = waivable(request.position), request.ask.waiver
    ceiling, clause = bot_ceiling(request.position, limits)
    if owed == 0:
        stop = Stop("nothing_to_waive", limits.up_to_what_is_owed.id, {}, shown=False)
        return _Waiver(0, clause, stops=(stop,))
    if wish is None:
        return _Waiver(ceiling, clause)
    if wish > owed:
        values: dict[str, int | str] = {"asked": wish, "owed": owed}
        return _Waiver(
            ceiling, clause, stops=(Stop("waiver_above_owed", limits.up_to_what_is_owed.id, values),)
        )
    return _Waiver(max(wish, 0), clause, "person" if wish > ceiling else "bot")


def _without(position: Position, amount: int) -> Position:
    """Penalty interest goes first, then fees."""
    penalty = min(amount, position.penalty_interest)
    return replace(
        position,
        penalty_interest=position.penalty_interest - penalty,
        fees=position.fees - (amount - penalty),
    )
