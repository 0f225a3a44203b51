"""先息后本: interest only for some months, then what is owed is re-amortised."""

from __future__ import annotations

from hardship.calendar import due_dates
from hardship.plans.amortise import level, rows, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.offers import answer, refuse
from hardship.plans.solve import (
    Span,
    Start,
    Stop,
    common_refusal,
    limited_months,
    months_after,
    solve,
    start,
    term_used_up,
)
from hardship.policy import Limits
from hardship.policy_rules import ByProduct, Positive, Rule


class InterestOnlyLimits(Limits):
    """What a pack says of this kind."""

    default_months: Rule[Positive]
    max_interest_months: Rule[Positive]
    temporary_only: Rule[bool]
    max_extra_months: Rule[ByProduct]
    max_months: Rule[ByProduct]


class InterestOnly:
    """Relief for a borrower who can pay something now and more later."""

    name = "interest_only"
    limits = InterestOnlyLimits

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; when this kind is asked for, `ask.months` counts months of interest only."""
        limits = request.policy.limits(self.name, InterestOnlyLimits)
        rule, begin = limits.max_interest_months, start(request)
        wished = request.ask.months if request.ask.kind == self.name else None
        grace, stops = limited_months(wished, limits.default_months.value, rule, "interest_only_too_long")
        span = _span(request, limits, begin, grace)
        stop = common_refusal(request) or _lasting(request, limits) or term_used_up(request, span)
        if stop:
            return refuse(self.name, stop)
        solved = solve(request, span, months_after(request, self.name, grace))
        clauses = (rule.id, span.clause)
        return answer(request, self.name, solved, clauses, ("interest_only_first",), (*begin.stops, *stops))


def _lasting(request: PlanRequest, limits: InterestOnlyLimits) -> Stop | None:
    if request.situation.lasting and limits.temporary_only.value:
        return Stop("difficulty_lasting", limits.temporary_only.id, {})
    return None


def _span(request: PlanRequest, limits: InterestOnlyLimits, begin: Start, grace: int) -> Span:
    debt, product = whole_debt(request, begin.first_due), request.loan.product
    left = request.position.remaining_instalments
    extended, most = left + limits.max_extra_months.value.of(product), limits.max_months.value.of(product)
    return Span(
        # No fewer than were left, so that relief does not end in more than the contract asked for.
        low=max(left, 1),
        high=min(extended, most) - grace,
        clause=limits.max_months.id if most < extended else limits.max_extra_months.id,
        level=lambda count: level(debt, count, grace),
        build=lambda count: rows(debt, due_dates(begin.first_due, grace + count, begin.due_day), grace),
    )


KIND = InterestOnly()
