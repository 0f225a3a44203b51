"""A lump sum now as part payment: what it pays off, and what is left for the schedule."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hardship.allocation import Owed, allocate
from hardship.calendar import DAYS_PER_MONTH_30_360, DayCount, days_between
from hardship.loans import Position
from hardship.money import round_down, round_half_up
from hardship.plans.amortise import interest_since, monthly_rate
from hardship.plans.base import PlanRequest, Relief, Stop
from hardship.schedules import Row


def with_lump_sum(request: PlanRequest) -> PlanRequest:
    """The request with its lump sum paid; needs `request.relief`. A sum of all that is owed is no part."""
    amount, rule = request.ask.lump_sum or 0, request.policy.offers.lump_sum_by_bot
    relief = request.relief or Relief(before=request.position)
    owed = request.position.total_owed
    if amount >= owed:
        stop = Stop("lump_sum_covers_all", rule.id, {"asked": amount, "owed": owed})
        return replace(request, relief=replace(relief, stops=(*relief.stops, stop)))
    position, row = _paid(request, amount)
    authority = relief.authority if rule.value else "person"
    return replace(request, position=position, relief=replace(relief, lump=row, authority=authority))


def _paid(request: PlanRequest, amount: int) -> tuple[Position, Row]:
    """Charges first in the pack's order, then overdue principal, then what is not yet due (CN-561)."""
    day = request.today + timedelta(days=request.policy.offers.min_notice_days.value)
    after, left = _charges_paid(request, amount)
    overdue, current, interest = _principal_paid(request, left, day)
    after = replace(
        after,
        principal=after.principal - overdue - current,
        overdue_principal=after.overdue_principal - overdue,
    )
    principal = overdue + current
    return after, Row(1, day, amount, interest, principal, amount - left, 0)


def _charges_paid(request: PlanRequest, amount: int) -> tuple[Position, int]:
    """The position with charges paid as far as `amount` goes, and what is left of it."""
    position, order = request.position, request.policy.legal.allocation_order.value
    owed = Owed(position.fees, position.penalty_interest, position.interest, principal=0)
    paid = allocate(amount, owed, order)
    after = replace(
        position,
        fees=position.fees - paid.fees,
        penalty_interest=position.penalty_interest - paid.penalty_interest,
        interest=position.interest - paid.interest,
    )
    return after, paid.left_over


def _principal_paid(request: PlanRequest, amount: int, day: date) -> tuple[int, int, int]:
    """Overdue and current principal that `amount` repays, and the interest on that principal until `day`.

    Overdue principal bears contract interest from today, the other since the last due date (30/360).
    """
    position, rate = request.position, monthly_rate(request)
    overdue = min(position.overdue_principal, _net(amount, rate, request.today, day))
    spent = overdue + round_half_up(overdue * rate * _part(request.today, day))
    if overdue < position.overdue_principal or spent >= amount:
        return overdue, 0, amount - overdue
    current = min(
        position.current_principal, _net(amount - spent, rate, interest_since(request, position), day)
    )
    return overdue, current, amount - overdue - current


def _net(amount: int, rate: Decimal, start: date, end: date) -> int:
    """The principal that `amount` repays together with its interest from `start` to `end`."""
    return round_down(amount / (1 + _part(start, end) * rate))


def _part(start: date, end: date) -> Decimal:
    """Months of thirty days from `start` to `end`."""
    return Decimal(max(days_between(start, end, DayCount.THIRTY_360), 0)) / DAYS_PER_MONTH_30_360
