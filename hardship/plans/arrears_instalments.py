"""分期补缴: the arrears in instalments on top of the normal ones, the loan otherwise unchanged."""

from __future__ import annotations

from dataclasses import replace

from hardship.calendar import due_dates
from hardship.plans.amortise import arrears_debt, level, merge, rows
from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.offers import answer, refuse
from hardship.plans.solve import Span, Start, Stop, common_refusal, solve, start
from hardship.policy import Limits
from hardship.policy_rules import ByProduct, Rule


class ArrearsInstalmentsLimits(Limits):
    """What a pack says of this kind."""

    max_months: Rule[ByProduct]
    needs_arrears: Rule[bool]
    keeps_due_day: Rule[bool]


class ArrearsInstalments:
    """Spreads overdue principal and charges over N months beside the instalments of the contract."""

    name = "arrears_instalments"
    limits = ArrearsInstalmentsLimits

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.months` counts the instalments of the arrears."""
        limits = request.policy.limits(self.name, ArrearsInstalmentsLimits)
        stop = common_refusal(request) or _refusal(request, limits)
        if stop:
            return refuse(self.name, stop)
        begin = start(replace(request, ask=replace(request.ask, due_day=None)))
        solved = solve(request, _span(request, limits, begin), request.ask.months)
        clauses = (limits.max_months.id, request.policy.offers.penalty_stops.id)
        stops = (*begin.stops, *_due_day_stops(request, limits), *_first_due_stops(request, limits))
        return answer(request, self.name, solved, clauses, ("loan_goes_on_as_agreed",), stops)


def _refusal(request: PlanRequest, limits: ArrearsInstalmentsLimits) -> Stop | None:
    if request.position.arrears == 0:
        return Stop("no_arrears", limits.needs_arrears.id, {})
    most = max((row.payment for row in request.contract), default=0)
    if most > request.ceiling:
        share = request.policy.affordability.surplus_share.id
        return Stop("normal_instalment_too_high", share, {"instalment": most, "ceiling": request.ceiling})
    return None


def _due_day_stops(request: PlanRequest, limits: ArrearsInstalmentsLimits) -> tuple[Stop, ...]:
    asked = request.ask.due_day
    if asked is None or asked == request.loan.due_day or not limits.keeps_due_day.value:
        return ()
    return (Stop("due_day_stays", limits.keeps_due_day.id, {"asked": asked, "stays": request.loan.due_day}),)


def _first_due_stops(request: PlanRequest, limits: ArrearsInstalmentsLimits) -> tuple[Stop, ...]:
    """Whoever wants to start later means every payment, but the contract's own instalments go on."""
    asked, named = request.ask.first_due, request.ask.kind == ArrearsInstalments.name
    if asked is None or named or not request.contract or asked <= request.contract[0].due:
        return ()
    values: dict[str, int | str] = {"asked": asked.isoformat(), "latest": request.contract[0].due.isoformat()}
    return (Stop("start_too_late", limits.keeps_due_day.id, values),)


def _span(request: PlanRequest, limits: ArrearsInstalmentsLimits, begin: Start) -> Span:
    debt = arrears_debt(request, begin.first_due)
    beside = max((row.payment for row in request.contract if row.due >= begin.first_due), default=0)
    return Span(
        low=1,
        high=limits.max_months.value.of(request.loan.product),
        clause=limits.max_months.id,
        level=lambda count: beside + level(debt, count),
        build=lambda count: merge(
            request.contract, rows(debt, due_dates(begin.first_due, count, begin.due_day))
        ),
    )


KIND = ArrearsInstalments()
