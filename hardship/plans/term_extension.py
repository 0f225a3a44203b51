"""展期/延长期限: all that is owed, re-amortised over more months than are left."""

from __future__ import annotations

from hardship.calendar import due_dates
from hardship.plans.amortise import level, rows, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.head import HeadLimits, longest_term
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import Span, Start, common_refusal, solve, start, term_used_up


class TermExtensionLimits(HeadLimits):
    """What a pack says of this kind."""


class TermExtension:
    """Lowers the instalment by a longer term; never shorter than one month more than is left."""

    name = "term_extension"
    limits = TermExtensionLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.months` counts all instalments of the new schedule."""
        limits = request.policy.limits(self.name, TermExtensionLimits)
        begin = start(request)
        span = _span(request, limits, begin)
        stop = common_refusal(request) or term_used_up(request, span)
        if stop:
            return refuse(self.name, stop)
        clauses = (limits.max_extra_months.id, limits.max_months.id, *label_clauses(request))
        solved = solve(request, span, request.ask.months)
        terms = OfferTerms(self.name, clauses, label_notes(request))
        return answer(request, terms, solved, begin.stops)


def _span(request: PlanRequest, limits: TermExtensionLimits, begin: Start) -> Span:
    debt = whole_debt(request, begin.first_due)
    longest, clause = longest_term(request, limits)
    return Span(
        low=request.position.remaining_instalments + 1,
        high=longest,
        clause=clause,
        level=lambda count: level(debt, count),
        build=lambda count: rows(debt, due_dates(begin.first_due, count, begin.due_day)),
    )


def label_notes(request: PlanRequest) -> tuple[str, ...]:
    """展期 may only be said before the due date, else the plan is a restructuring (民法典 678)."""
    return ("label_restructuring",) if is_overdue(request) else ("label_extension",)


def label_clauses(request: PlanRequest) -> tuple[str, ...]:
    """The clause behind the label."""
    return (request.policy.offers.extension_before_due_only.id,)


def is_overdue(request: PlanRequest) -> bool:
    """Whether anything should have been paid already."""
    return request.position.arrears > 0 or request.position.days_overdue > 0


KIND = TermExtension()
