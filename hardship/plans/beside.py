"""Arrears beside the contract: the instalments of the loan go on, the arrears are paid next to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hardship.calendar import due_dates
from hardship.plans.amortise import arrears_debt, level, merge, rows
from hardship.plans.base import PlanRequest, Stop
from hardship.plans.solve import Span, Start, start
from hardship.policy_rules import ByProduct, Rule
from hardship.schedules import Row


def nothing_to_catch_up(request: PlanRequest, rule: Rule[bool]) -> Stop | None:
    """The stop when nothing was in arrears, not even before a waiver or a lump sum."""
    return None if request.owed_now.arrears else Stop("no_arrears", rule.id, {}, shown=False)


def contract_too_high(request: PlanRequest) -> Stop | None:
    """The stop when the contract's own instalments cannot go on."""
    most = max((row.payment for row in request.contract), default=0)
    if most <= request.ceiling:
        return None
    share = request.policy.affordability.surplus_share.id
    return Stop("normal_instalment_too_high", share, {"instalment": most, "ceiling": request.ceiling})


def contract_start(request: PlanRequest) -> Start:
    """The first due date of the arrears: a wish for another day of month cannot move the contract."""
    return start(replace(request, ask=replace(request.ask, due_day=None)))


def contract_stops(request: PlanRequest, kind: str, keeps_due_day: Rule[bool]) -> tuple[Stop, ...]:
    """Wishes that the contract's own instalments, which go on, leave unmet.

    Whoever wants to start later means every payment, unless the kind is asked for by name.
    """
    stops, ask = [], request.ask
    if ask.due_day not in (None, request.loan.due_day) and keeps_due_day.value:
        asked: dict[str, int | str] = {"asked": int(ask.due_day or 0), "stays": request.loan.due_day}
        stops.append(Stop("due_day_stays", keeps_due_day.id, asked))
    first = request.contract[0].due if request.contract else None
    if ask.first_due and first and ask.kind != kind and ask.first_due > first:
        late: dict[str, int | str] = {"asked": ask.first_due.isoformat(), "latest": first.isoformat()}
        stops.append(Stop("start_too_late", keeps_due_day.id, late))
    return tuple(stops)


def span_beside(request: PlanRequest, most: Rule[ByProduct], begin: Start) -> Span:
    """The counts of instalments the arrears may be spread over; `level` is the dearest month of all."""
    debt = arrears_debt(request, begin.first_due)
    dearest = _dearest_month(request.contract, begin.first_due)
    return Span(
        low=1,
        high=most.value.of(request.loan.product) if request.position.arrears else 1,
        clause=most.id,
        level=lambda count: dearest(count, level(debt, count)),
        build=lambda count: with_arrears(request, due_dates(begin.first_due, count, begin.due_day)),
        falls=False,
    )


def _dearest_month(contract: tuple[Row, ...], first_due: date) -> Callable[[int, int], int]:
    """From the count and size of the arrears' instalments to the most that one month asks for.

    A balloon at the end only counts together with them when they last that long.
    """
    before = max((row.payment for row in contract if row.due < first_due), default=0)
    beside = [row.payment for row in contract if row.due >= first_due]

    def dearest(count: int, each: int) -> int:
        together = max(beside[:count], default=0) + each
        return max(before, together, *beside[count:])

    return dearest


def with_arrears(request: PlanRequest, dues: list[date]) -> tuple[Row, ...]:
    """The contract's instalments with the arrears in level ones on `dues`; none left means none added."""
    if request.position.arrears == 0:
        return request.contract
    return merge(request.contract, rows(arrears_debt(request, dues[0]), dues))
