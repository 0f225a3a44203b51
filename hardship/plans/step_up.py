"""递增还款: low instalments for a known time, rising once to a figure that can be kept."""

from __future__ import annotations

from dataclasses import replace

from hardship.money import round_down
from hardship.plans.amortise import Debt, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal, Stop
from hardship.plans.head import Head, HeadLimits, span_after
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import (
    Solved,
    common_refusal,
    limited_months,
    months_in_all,
    solve,
    start,
    term_used_up,
)
from hardship.policy_rules import Positive, Rule, Share
from hardship.schedules import Row


class StepUpLimits(HeadLimits):
    """What a pack says of this kind."""

    default_months: Rule[Positive]
    max_low_months: Rule[Positive]
    low_share: Rule[Share]


class StepUp:
    """For a borrower who expects to earn more; both steps stay inside today's surplus share."""

    name = "step_up"
    limits = StepUpLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; when this kind is asked for, the ask describes the low step."""
        limits = request.policy.limits(self.name, StepUpLimits)
        begin = start(request)
        debt, step, stops = whole_debt(request, begin.first_due), *_low_step(request, limits, self.name)
        span = span_after(request, limits, debt, begin.first_due, begin.due_day, step)
        stop = (
            common_refusal(request)
            or _interest_not_covered(request, debt, step)
            or term_used_up(request, span)
        )
        if stop:
            return refuse(self.name, stop)
        later = _of_later_step(request) if request.ask.kind == self.name else request
        solved = solve(later, span, months_in_all(request, self.name))
        if isinstance(solved, Solved) and not _rises(solved.rows, step):
            return refuse(self.name, _not_needed(limits, step))
        clauses = (limits.max_low_months.id, limits.low_share.id, span.clause)
        terms = OfferTerms(self.name, clauses, ("instalment_rises",))
        return answer(request, terms, solved, (*begin.stops, *stops))


def _low_step(request: PlanRequest, limits: StepUpLimits, name: str) -> tuple[Head, tuple[Stop, ...]]:
    named, rule = request.ask.kind == name, limits.max_low_months
    wished = request.ask.months if named else None
    months, stops = limited_months(wished, limits.default_months.value, rule, "low_step_too_long")
    return Head(months, _low(request, limits, named)), stops


def _not_needed(limits: StepUpLimits, step: Head) -> Stop:
    return Stop("step_not_needed", limits.low_share.id, {"instalment": step.payment}, shown=False)


def _rises(built: tuple[Row, ...], step: Head) -> bool:
    """A debt small enough to be paid at the low figure needs no second step."""
    return len(built) > step.months and built[step.months].payment > step.payment


def _low(request: PlanRequest, limits: StepUpLimits, named: bool) -> int:
    if named and request.ask.instalment is not None:
        return min(request.ask.instalment, request.ceiling)
    return round_down(request.ceiling * limits.low_share.value)


def _of_later_step(request: PlanRequest) -> PlanRequest:
    """The wish for the low step is met by the low step; the later one is bound by its own wish and policy."""
    return replace(request, ask=replace(request.ask, instalment=request.ask.later))


def _interest_not_covered(request: PlanRequest, debt: Debt, step: Head) -> Stop | None:
    """A low step below the interest would let the balance grow."""
    interest = max(debt.first_interest, round_down(debt.principal * debt.rate) + 1)
    if step.payment >= interest:
        return None
    values: dict[str, int | str] = {"asked": step.payment, "least": interest}
    return Stop("interest_not_covered", request.policy.offers.schedule_closes.id, values)


KIND = StepUp()
