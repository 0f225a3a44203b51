"""延期还款: no principal for some months, then what is owed is re-amortised.

Who bears the interest of those months is for the pack to say: it is deferred without compounding,
paid month by month, or dropped by the lender.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import Enum

from hardship.calendar import MONTHS_PER_YEAR, add_months
from hardship.plans.amortise import Debt, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal, Stop
from hardship.plans.head import Head, HeadLimits, span_after
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import (
    Span,
    Start,
    common_refusal,
    lasting,
    limited_months,
    months_in_all,
    solve,
    start,
    term_used_up,
)
from hardship.policy_rules import Positive, Rule


class HolidayInterest(str, Enum):
    """What happens to the interest of the holiday."""

    DEFERRED = "deferred"
    PAID = "paid"
    DROPPED = "dropped"


class PaymentHolidayLimits(HeadLimits):
    """What a pack says of this kind."""

    default_months: Rule[Positive]
    max_holiday_months: Rule[Positive]
    temporary_only: Rule[bool]
    interest: Rule[HolidayInterest]


@dataclass(frozen=True)
class _Holiday:
    """How long, from which due date on, and which wish that cuts short."""

    months: int
    begin: Start
    stops: tuple[Stop, ...]

    @property
    def after(self) -> date:
        """The first due date after the holiday."""
        return add_months(self.begin.first_due, self.months, self.begin.due_day)


class PaymentHoliday:
    """A pause for a borrower whose difficulty passes."""

    name = "payment_holiday"
    limits = PaymentHolidayLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; when this kind is asked for, `ask.months` counts months of holiday."""
        limits = request.policy.limits(self.name, PaymentHolidayLimits)
        stop = common_refusal(request) or lasting(request, limits.temporary_only)
        if stop:
            return refuse(self.name, stop)
        holiday = _holiday(request, limits, self.name)
        span = _span(request, limits, holiday)
        if stop := term_used_up(request, span):
            return refuse(self.name, stop)
        solved = solve(request, span, months_in_all(request, self.name))
        note = f"interest_{limits.interest.value.value}"
        clauses = (limits.max_holiday_months.id, limits.interest.id, span.clause)
        return answer(request, OfferTerms(self.name, clauses, (note,)), solved, holiday.stops)


def _holiday(request: PlanRequest, limits: PaymentHolidayLimits, name: str) -> _Holiday:
    begin = start(replace(request, ask=replace(request.ask, first_due=None)))
    wished, rule = _wished_months(request, begin, name), limits.max_holiday_months
    months, stops = limited_months(wished, limits.default_months.value, rule, "holiday_too_long")
    return _Holiday(months, begin, (*begin.stops, *stops))


def _wished_months(request: PlanRequest, begin: Start, name: str) -> int | None:
    """The holiday asked for: its length, or the day from which payments are possible again."""
    if request.ask.kind == name and request.ask.months is not None:
        return request.ask.months
    until = request.ask.first_due
    if until is None:
        return None
    months = (until.year - begin.first_due.year) * MONTHS_PER_YEAR + until.month - begin.first_due.month
    return months if add_months(begin.first_due, months, begin.due_day) >= until else months + 1


def _span(request: PlanRequest, limits: PaymentHolidayLimits, holiday: _Holiday) -> Span:
    debt, grace = _debt(request, limits, holiday)
    first = holiday.begin.first_due if grace else holiday.after
    return span_after(request, limits, debt, first, holiday.begin.due_day, Head(grace))


def _debt(request: PlanRequest, limits: PaymentHolidayLimits, holiday: _Holiday) -> tuple[Debt, int]:
    """What is re-amortised, and how many interest-only rows come before."""
    interest = limits.interest.value
    if interest is HolidayInterest.PAID:
        return whole_debt(request, holiday.begin.first_due), holiday.months
    return whole_debt(request, holiday.after, defer=interest is HolidayInterest.DEFERRED), 0


KIND = PaymentHoliday()
