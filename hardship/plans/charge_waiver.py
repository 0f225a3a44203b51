"""减免罚息费用: part of penalty interest and fees let off, the rest of the arrears beside the contract."""

from __future__ import annotations

from hardship.plans.base import Offer, PlanRequest, Refusal, Relief, Stop
from hardship.plans.beside import contract_start, contract_stops, contract_too_high, span_beside
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.relief import relieved
from hardship.plans.solve import common_refusal, solve
from hardship.plans.waiver import KIND_NAME, WaiverLimits


class ChargeWaiver:
    """For a borrower who can go on paying once the charges are smaller.

    With another kind a waiver is asked for by `ask.waive`; this one leaves the loan as it is.
    """

    name = KIND_NAME
    limits = WaiverLimits
    combines = False

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.months` counts the instalments of what is left of the arrears."""
        limits = request.policy.limits(self.name, WaiverLimits)
        request = relieved(request, waive=True)
        relief = request.relief or Relief(before=request.position)
        stop = common_refusal(request) or _nothing_waived(relief) or contract_too_high(request)
        if stop:
            return refuse(self.name, stop)
        begin = contract_start(request)
        solved = solve(request, span_beside(request, limits.max_months, begin), request.ask.months)
        clauses = (limits.up_to_what_is_owed.id, limits.max_months.id)
        terms = OfferTerms(self.name, clauses, ("loan_goes_on_as_agreed",))
        stops = (*begin.stops, *contract_stops(request, self.name, limits.keeps_due_day))
        return answer(request, terms, solved, stops)


def _nothing_waived(relief: Relief) -> Stop | None:
    return None if relief.waived else next(iter(relief.stops), None)


KIND = ChargeWaiver()
