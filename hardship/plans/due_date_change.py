"""调整还款日: another day of the month, the same number of instalments.

The days between the old and the new due date bear contract interest; what exceeds one month of it is
spread over the instalments without interest on it.
"""

from __future__ import annotations

from hardship.calendar import due_dates
from hardship.plans.amortise import level, rows, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal, Stop
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import Span, Start, common_refusal, solve, start
from hardship.policy import Limits
from hardship.policy_rules import Rule


class DueDateChangeLimits(Limits):
    """What a pack says of this kind."""

    needs_day: Rule[bool]
    without_arrears: Rule[bool]


class DueDateChange:
    """For a borrower whose money comes on another day than the instalment."""

    name = "due_date_change"
    limits = DueDateChangeLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.due_day` must name the day, and the number of instalments stays."""
        limits = request.policy.limits(self.name, DueDateChangeLimits)
        stop = common_refusal(request) or _refusal(request, limits)
        if stop:
            return refuse(self.name, stop)
        begin = start(request)
        solved = solve(request, _span(request, limits, begin), request.ask.months)
        clauses = (limits.needs_day.id, request.policy.offers.latest_due_day.id)
        return answer(request, OfferTerms(self.name, clauses, ("interest_to_new_day",)), solved, begin.stops)


def _refusal(request: PlanRequest, limits: DueDateChangeLimits) -> Stop | None:
    asked = request.ask.due_day
    if asked is None or asked == request.loan.due_day or not request.position.remaining_instalments:
        return Stop("due_day_not_named", limits.needs_day.id, {"stays": request.loan.due_day}, shown=False)
    if request.position.arrears and limits.without_arrears.value:
        return Stop("arrears_first", limits.without_arrears.id, {})
    return None


def _span(request: PlanRequest, limits: DueDateChangeLimits, begin: Start) -> Span:
    debt, left = whole_debt(request, begin.first_due), request.position.remaining_instalments
    return Span(
        low=left,
        high=left,
        clause=limits.needs_day.id,
        level=lambda count: level(debt, count),
        build=lambda count: rows(debt, due_dates(begin.first_due, count, begin.due_day)),
    )


KIND = DueDateChange()
