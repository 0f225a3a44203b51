"""先息后本: interest only for some months, then what is owed is re-amortised."""

from __future__ import annotations

from hardship.plans.amortise import whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.head import Head, HeadLimits, span_after
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import (
    common_refusal,
    lasting,
    limited_months,
    months_in_all,
    solve,
    start,
    term_used_up,
)
from hardship.policy_rules import Positive, Rule


class InterestOnlyLimits(HeadLimits):
    """What a pack says of this kind."""

    default_months: Rule[Positive]
    max_interest_months: Rule[Positive]
    temporary_only: Rule[bool]


class InterestOnly:
    """Relief for a borrower who can pay something now and more later."""

    name = "interest_only"
    limits = InterestOnlyLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; when this kind is asked for, `ask.months` counts months of interest only."""
        limits = request.policy.limits(self.name, InterestOnlyLimits)
        rule, begin = limits.max_interest_months, start(request)
        wished = request.ask.months if request.ask.kind == self.name else None
        grace, stops = limited_months(wished, limits.default_months.value, rule, "interest_only_too_long")
        debt = whole_debt(request, begin.first_due)
        span = span_after(request, limits, debt, begin.first_due, begin.due_day, Head(grace))
        stop = (
            common_refusal(request) or lasting(request, limits.temporary_only) or term_used_up(request, span)
        )
        if stop:
            return refuse(self.name, stop)
        solved = solve(request, span, months_in_all(request, self.name))
        terms = OfferTerms(self.name, (rule.id, span.clause), ("interest_only_first",))
        return answer(request, terms, solved, (*begin.stops, *stops))


KIND = InterestOnly()
