"""分期补缴: the arrears in instalments on top of the normal ones, the loan otherwise unchanged."""

from __future__ import annotations

from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.beside import (
    contract_start,
    contract_stops,
    contract_too_high,
    nothing_to_catch_up,
    span_beside,
)
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import common_refusal, solve
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
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.months` counts the instalments of the arrears."""
        limits = request.policy.limits(self.name, ArrearsInstalmentsLimits)
        stop = (
            common_refusal(request)
            or nothing_to_catch_up(request, limits.needs_arrears)
            or contract_too_high(request)
        )
        if stop:
            return refuse(self.name, stop)
        begin = contract_start(request)
        solved = solve(request, span_beside(request, limits.max_months, begin), request.ask.months)
        clauses = (limits.max_months.id, request.policy.offers.penalty_stops.id)
        terms = OfferTerms(self.name, clauses, ("loan_goes_on_as_agreed",))
        stops = (*begin.stops, *contract_stops(request, self.name, limits.keeps_due_day))
        return answer(request, terms, solved, stops)


KIND = ArrearsInstalments()
