"""Solving a plan for what the borrower left open, inside policy; and saying which clause stops a wish."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from hardship.calendar import add_months, on_or_after
from hardship.plans.base import PlanRequest, Stop
from hardship.policy_rules import Positive, Rule
from hardship.schedules import Row


@dataclass(frozen=True)
class Span:
    """The counts of instalments a kind may have.

    `level` gives the instalment (minor units) for a count and, when it `falls`, never rises with it;
    `build` gives the whole schedule; `clause` is the rule behind `high`. `before` instalments come ahead of
    those counted here and are counted in what a borrower wishes for and is told.
    """

    low: int
    high: int
    clause: str
    level: Callable[[int], int]
    build: Callable[[int], tuple[Row, ...]]
    falls: bool = True
    before: int = 0


@dataclass(frozen=True)
class Solved:
    """A schedule inside policy and, when it is not quite what was wished, what stopped the wish."""

    rows: tuple[Row, ...]
    stops: tuple[Stop, ...]


@dataclass(frozen=True)
class Start:
    """When a plan begins and on which day of the month it is due."""

    first_due: date
    due_day: int
    stops: tuple[Stop, ...]


def common_refusal(request: PlanRequest) -> Stop | None:
    """What refuses every kind: nothing owed, or nothing left to pay from."""
    share = request.policy.affordability.surplus_share.id
    if request.position.total_owed == 0:
        return _nothing_left(request)
    if request.ceiling <= 0:
        return Stop("no_surplus", share, {"surplus": request.statement.surplus})
    return None


def _nothing_left(request: PlanRequest) -> Stop:
    """Nothing is owed, or all of it would be let off, which leaves no plan to agree: a person decides."""
    relief = request.relief
    if relief and relief.waived_clause:
        return Stop("waiver_needs_person", relief.waived_clause, {"asked": relief.waived})
    return Stop("nothing_owed", request.policy.offers.schedule_closes.id, {})


def start(request: PlanRequest) -> Start:
    """The first due date and day of month for a plan, as wished as far as policy allows."""
    due_day, stops = _due_day(request)
    earliest = on_or_after(_earliest(request), due_day)
    wished, rule = request.ask.first_due or earliest, request.policy.offers.max_start_delay_days
    latest = max(_last_before(request.today + timedelta(days=rule.value), due_day), earliest)
    if wished > latest:
        values: dict[str, int | str] = {"asked": wished.isoformat(), "latest": latest.isoformat()}
        return Start(latest, due_day, (*stops, Stop("start_too_late", rule.id, values)))
    return Start(max(on_or_after(wished, due_day), earliest), due_day, stops)


def _earliest(request: PlanRequest) -> date:
    """The loan's own next due date that still leaves the notice policy wants."""
    day, notice = request.position.next_due, timedelta(days=request.policy.offers.min_notice_days.value)
    while day < request.today + notice:
        day = add_months(day, 1, request.loan.due_day)
    return day


def _last_before(latest: date, due_day: int) -> date:
    """The last date on `due_day` that is not after `latest`."""
    following = on_or_after(latest, due_day)
    return following if following == latest else add_months(following, -1, due_day)


def _due_day(request: PlanRequest) -> tuple[int, tuple[Stop, ...]]:
    asked, rule = request.ask.due_day, request.policy.offers.latest_due_day
    if asked is None or asked == request.loan.due_day:
        return request.loan.due_day, ()
    allowed = min(max(asked, 1), rule.value)
    if allowed == asked:
        return asked, ()
    return allowed, (Stop("due_day_not_possible", rule.id, {"asked": asked, "latest": rule.value}),)


def term_used_up(request: PlanRequest, span: Span) -> Stop | None:
    """A kind has no room when the loan is already as long as the pack allows."""
    if span.low <= span.high:
        return None
    values: dict[str, int | str] = {"left": request.position.remaining_instalments, "most": span.high}
    return Stop("term_limit_reached", span.clause, values)


def lasting(request: PlanRequest, rule: Rule[bool]) -> Stop | None:
    """Relief for a while only moves a lasting difficulty to a later month."""
    if request.situation.lasting and rule.value:
        return Stop("difficulty_lasting", rule.id, {})
    return None


def limited_months(
    wished: int | None, default: int, most: Rule[Positive], reason: str
) -> tuple[int, tuple[Stop, ...]]:
    """A number of months as wished up to what the rule allows, and the stop when the wish is longer."""
    months = default if wished is None else min(max(wished, 1), most.value)
    if wished is None or wished <= most.value:
        return months, ()
    return months, (Stop(reason, most.id, {"asked": wished, "most": most.value}),)


def months_in_all(request: PlanRequest, kind: str) -> int | None:
    """A wish for so many instalments in all.

    None without a wish, and when the kind is asked for by name: those months come before the level ones.
    """
    return None if request.ask.kind == kind else request.ask.months


def solve(request: PlanRequest, span: Span, months: int | None) -> Solved | Stop:
    """The shortest schedule of `span` inside the surplus share and, if possible, as wished.

    `months` is the wished count, in all. Returns a Stop when even the longest is not affordable.
    """
    affordable = _smallest(span, request.ceiling)
    if affordable is None:
        return _not_affordable(request, span, span.level(span.high))
    count, stops = _for_instalment(request, span, affordable)
    if months is not None:
        count, more = _for_months(request, span, count, months)
        stops = (*stops, *more)
    return _fitted(request, span, count, stops)


def _smallest(span: Span, ceiling: int) -> int | None:
    """The lowest count whose level instalment is not above `ceiling`, by halving where that is possible."""
    low, high = span.low, span.high
    if not span.falls:
        return next((count for count in range(low, high + 1) if span.level(count) <= ceiling), None)
    if low > high or span.level(high) > ceiling:
        return None
    while low < high:
        middle = (low + high) // 2
        if span.level(middle) <= ceiling:
            high = middle
        else:
            low = middle + 1
    return low


def _not_affordable(request: PlanRequest, span: Span, least: int) -> Stop:
    longest = span.high + span.before
    values: dict[str, int | str] = {"instalment": least, "ceiling": request.ceiling, "months": longest}
    return Stop("not_affordable", request.policy.affordability.surplus_share.id, values)


def _for_instalment(request: PlanRequest, span: Span, affordable: int) -> tuple[int, tuple[Stop, ...]]:
    wish = request.ask.instalment
    if wish is None:
        return affordable, ()
    count = _smallest(span, request.target)
    if count is None:
        return span.high, (_below_least(span, wish, _largest(span.build(span.high))),)
    if wish > request.ceiling and _smallest(span, wish) != count:
        clause = request.policy.affordability.surplus_share.id
        return count, (Stop("above_surplus_share", clause, {"asked": wish, "ceiling": request.ceiling}),)
    return count, ()


def _below_least(span: Span, wish: int, least: int) -> Stop:
    values: dict[str, int | str] = {"asked": wish, "least": least, "months": span.high + span.before}
    return Stop("instalment_below_least", span.clause, values)


def _for_months(request: PlanRequest, span: Span, count: int, wished: int) -> tuple[int, tuple[Stop, ...]]:
    months = wished - span.before
    within = min(max(months, span.low), span.high)
    if within < months:
        values: dict[str, int | str] = {"asked": wished, "most": span.high + span.before}
        return max(count, within), (Stop("months_above_limit", span.clause, values),)
    if within < count:
        return count, (_too_few(request, wished, count + span.before, span.level(within)),)
    if within > months:
        least = span.low + span.before
        return within, (Stop("months_below_limit", span.clause, {"asked": wished, "least": least}),)
    return within, ()


def _too_few(request: PlanRequest, months: int, count: int, instalment: int) -> Stop:
    values: dict[str, int | str] = {"asked": months, "least": count, "instalment": instalment}
    return Stop("months_too_few", request.policy.affordability.surplus_share.id, values)


def _fitted(request: PlanRequest, span: Span, count: int, stops: tuple[Stop, ...]) -> Solved | Stop:
    """The built schedule; the rounding in a last row can need one instalment more than the level said."""
    wish_is_met = not any(stop.reason == "instalment_below_least" for stop in stops)
    limit = request.target if wish_is_met else request.ceiling
    rows = span.build(count)
    while _largest(rows) > limit and count < span.high:
        count += 1
        rows = span.build(count)
    if _largest(rows) > request.ceiling:
        return _not_affordable(request, span, _largest(rows))
    if _largest(rows) > limit and request.ask.instalment is not None:
        stops = (*stops, _below_least(span, request.ask.instalment, _largest(rows)))
    return Solved(rows, stops)


def _largest(rows: tuple[Row, ...]) -> int:
    return max(row.payment for row in rows)
