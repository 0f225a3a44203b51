"""个性化分期: the whole debt in equal instalments, for a borrower whose debt exceeds what can be paid."""

from __future__ import annotations

from hardship.calendar import due_dates
from hardship.plans.amortise import level, rows, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal, Stop
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import Span, Start, common_refusal, solve, start
from hardship.policy import Limits
from hardship.policy_rules import Count, Positive, Rule


class PersonalisedInstalmentsLimits(Limits):
    """What a pack says of this kind."""

    max_months: Rule[Positive]
    min_days_overdue: Rule[Count]


class PersonalisedInstalments:
    """One schedule for everything, as short as the surplus allows, whatever term was left."""

    name = "personalised_instalments"
    limits = PersonalisedInstalmentsLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.months` counts all instalments."""
        limits = request.policy.limits(self.name, PersonalisedInstalmentsLimits)
        stop = common_refusal(request) or _not_yet(request, limits)
        if stop:
            return refuse(self.name, stop)
        begin = start(request)
        solved = solve(request, _span(request, limits, begin), request.ask.months)
        clauses = (limits.max_months.id, limits.min_days_overdue.id)
        return answer(request, OfferTerms(self.name, clauses, ("label_restructuring",)), solved, begin.stops)


def _not_yet(request: PlanRequest, limits: PersonalisedInstalmentsLimits) -> Stop | None:
    days, rule = request.position.days_overdue, limits.min_days_overdue
    if days >= rule.value:
        return None
    return Stop("not_overdue_enough", rule.id, {"days": days, "least": rule.value})


def _span(request: PlanRequest, limits: PersonalisedInstalmentsLimits, begin: Start) -> Span:
    debt = whole_debt(request, begin.first_due)
    return Span(
        low=1,
        high=limits.max_months.value,
        clause=limits.max_months.id,
        level=lambda count: level(debt, count),
        build=lambda count: rows(debt, due_dates(begin.first_due, count, begin.due_day)),
    )


KIND = PersonalisedInstalments()
