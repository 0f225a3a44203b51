"""A lighter head before level instalments: what interest only, step-up and a paid holiday share."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from hardship.calendar import due_dates
from hardship.plans.amortise import Debt, level, rows
from hardship.plans.base import PlanRequest
from hardship.plans.solve import Span
from hardship.policy import Limits
from hardship.policy_rules import ByProduct, Rule


class HeadLimits(Limits):
    """How much longer than what is left, and how long in all, the level part may make the loan."""

    max_extra_months: Rule[ByProduct]
    max_months: Rule[ByProduct]


@dataclass(frozen=True)
class Head:
    """How many instalments come before the level ones, and what is paid in each, minor units.

    Never less than the interest is paid, so a payment of nothing means interest only.
    """

    months: int
    payment: int = 0


def span_after(
    request: PlanRequest, limits: HeadLimits, debt: Debt, first_due: date, due_day: int, head: Head
) -> Span:
    """The counts of level instalments that may follow the head."""
    longest, clause = longest_term(request, limits)
    return Span(
        # No fewer than were left, so that relief does not end in more than the contract asked for.
        low=max(request.position.remaining_instalments, 1),
        high=longest - head.months,
        clause=clause,
        level=lambda count: level(debt, count, head.months, head.payment),
        build=lambda count: rows(
            debt, due_dates(first_due, head.months + count, due_day), head.months, head.payment
        ),
        before=head.months,
    )


def longest_term(request: PlanRequest, limits: HeadLimits) -> tuple[int, str]:
    """The most instalments in all, and the clause that says so."""
    product, left = request.loan.product, request.position.remaining_instalments
    extended, most = left + limits.max_extra_months.value.of(product), limits.max_months.value.of(product)
    return (most, limits.max_months.id) if most < extended else (extended, limits.max_extra_months.id)
