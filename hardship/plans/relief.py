"""What may go before a schedule: charges let off first, then a lump sum now; the kind settles the rest.

Nothing that is let off is ever capitalised, because the waiver comes before the kind sees the debt.
"""

from __future__ import annotations

from dataclasses import replace

from hardship.plans.base import Offer, PlanKind, PlanRequest, Refusal, Relief
from hardship.plans.lump_sum import with_lump_sum
from hardship.plans.waiver import with_waiver


def propose(kind: PlanKind, request: PlanRequest) -> Offer | Refusal:
    """The kind's answer to the whole ask, waiver and lump sum included where the kind combines with them."""
    return kind.propose(relieved(request) if kind.combines else request)


def relieved(request: PlanRequest, waive: bool = False) -> PlanRequest:
    """The request with what is left to settle once the wished waiver and lump sum are taken off.

    `waive` asks for a waiver even when the borrower did not. A wish that policy does not allow is met
    as far as it does, with the stop in `relief.stops`.
    """
    ask = request.ask
    if waive or ask.waive or ask.waiver is not None:
        request = with_waiver(_opened(request))
    if ask.lump_sum and ask.lump_sum > 0:
        request = with_lump_sum(_opened(request))
    return request


def _opened(request: PlanRequest) -> PlanRequest:
    return request if request.relief else replace(request, relief=Relief(before=request.position))
