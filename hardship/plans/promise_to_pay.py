"""承诺还款: all arrears by one day soon, the loan otherwise unchanged."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

from hardship.plans.base import Offer, PlanRequest, Refusal, Stop
from hardship.plans.beside import nothing_to_catch_up, with_arrears
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import Solved, common_refusal
from hardship.policy import Limits
from hardship.policy_rules import Positive, Rule
from hardship.schedules import Row


class PromiseToPayLimits(Limits):
    """What a pack says of this kind."""

    default_days: Rule[Positive]
    max_days: Rule[Positive]
    needs_arrears: Rule[bool]


class PromiseToPay:
    """For a borrower who is only late: the arrears in one payment, by the day that was promised."""

    name = "promise_to_pay"
    limits = PromiseToPayLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; `ask.first_due` is the day of the one payment."""
        limits = request.policy.limits(self.name, PromiseToPayLimits)
        if stop := common_refusal(request) or nothing_to_catch_up(request, limits.needs_arrears):
            return refuse(self.name, stop)
        day, stops = _day(request, limits)
        schedule = with_arrears(request, [day])
        if stop := _too_much(request, limits, schedule):
            return refuse(self.name, stop)
        terms = OfferTerms(self.name, (limits.max_days.id,), ("loan_goes_on_as_agreed",))
        unmet = (*stops, *_unmet(request, limits, schedule))
        return answer(request, terms, Solved(schedule, ()), unmet)


def _day(request: PlanRequest, limits: PromiseToPayLimits) -> tuple[date, tuple[Stop, ...]]:
    latest = request.today + timedelta(days=limits.max_days.value)
    wished = request.ask.first_due or request.today + timedelta(days=limits.default_days.value)
    day = max(wished, request.today + timedelta(days=1))
    if day <= latest:
        return day, ()
    values: dict[str, int | str] = {"asked": wished.isoformat(), "latest": latest.isoformat()}
    return latest, (Stop("start_too_late", limits.max_days.id, values),)


def _too_much(request: PlanRequest, limits: PromiseToPayLimits, schedule: tuple[Row, ...]) -> Stop | None:
    """Arrears and a normal instalment can fall into one month; together they must be affordable."""
    most = _dearest_month(schedule)
    if most <= request.ceiling:
        return None
    values: dict[str, int | str] = {"instalment": most, "ceiling": request.ceiling, "months": 1}
    return Stop("not_affordable", request.policy.affordability.surplus_share.id, values)


def _dearest_month(schedule: tuple[Row, ...]) -> int:
    months: Counter[tuple[int, int]] = Counter()
    for row in schedule:
        months[row.due.year, row.due.month] += row.payment
    return max(months.values())


def _unmet(request: PlanRequest, limits: PromiseToPayLimits, schedule: tuple[Row, ...]) -> tuple[Stop, ...]:
    """Wishes a single payment cannot meet."""
    ask, most, clause = request.ask, _dearest_month(schedule), limits.max_days.id
    stops = []
    if ask.instalment is not None and most > ask.instalment:
        stops.append(
            Stop("instalment_below_least", clause, {"asked": ask.instalment, "least": most, "months": 1})
        )
    if ask.months is not None and ask.months > 1:
        stops.append(Stop("months_above_limit", clause, {"asked": ask.months, "most": 1}))
    if ask.due_day is not None and ask.due_day != request.loan.due_day:
        stops.append(Stop("due_day_stays", clause, {"asked": ask.due_day, "stays": request.loan.due_day}))
    return tuple(stops)


KIND = PromiseToPay()
