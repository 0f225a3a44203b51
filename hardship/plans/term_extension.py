"""展期/延长期限: all that is owed, re-amortised over more months than are left."""

from __future__ import annotations

from hardship.calendar import due_dates
from hardship.plans.amortise import level, rows, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.offers import answer, refuse
from hardship.plans.solve import Span, Start, common_refusal, solve, start, term_used_up
from hardship.policy import Limits
from hardship.policy_rules import ByProduct, Rule


class TermExtensionLimits(Limits):
    """What a pack says of this kind."""

    max_extra_months: Rule[ByProduct]
    max_months: Rule[ByProduct]


class TermExtension:
    """Lowers the instalment by a longer term; never shorter than one month more than is left."""

    name = "term_extension"
    limits = TermExtensionLimits

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
        return answer(request, self.name, solved, clauses, label_notes(request), begin.stops)


def _span(request: PlanRequest, limits: TermExtensionLimits, begin: Start) -> Span:
    left, product = request.position.remaining_instalments, request.loan.product
    debt = whole_debt(request, begin.first_due)
    extended, most = left + limits.max_extra_months.value.of(product), limits.max_months.value.of(product)
    return Span(
        low=left + 1,
        high=min(extended, most),
        clause=limits.max_months.id if most < extended else limits.max_extra_months.id,
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
