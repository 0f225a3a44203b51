"""Repayment schedules: annuity, equal principal, interest first, flat fee; monthly rows that close exactly.

Conventions (plans.md): interest = balance x rate, principal = payment - interest, each row HALF_UP
to the minor unit, the last instalment absorbs the difference. A rate that changes from row k
recomputes the instalment on what is left; during principal grace only interest is paid. A flat fee is
charged on the original principal whatever is left of it, and is `other`, not interest.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardship.calendar import MONTHS_PER_YEAR, DayCount, due_dates, is_plausible, year_fraction
from hardship.money import exact, round_half_up
from hardship.products import Method

_ONE = Decimal(1)
# Bounds of representation, not of policy.
_LARGEST = 10**14
LONGEST = 1200
_SMALLEST_RATE = Decimal("0.000000001")
_LAST_DAY_OF_MONTH = 31


class ScheduleError(ValueError):
    """The terms do not make a schedule; says which term and why."""


@dataclass(frozen=True)
class Row:
    """One instalment, minor units; `other` is what is neither interest of the period nor principal.

    payment = interest + principal + other; `balance` is the principal left afterwards.
    """

    number: int
    due: date
    payment: int
    interest: int
    principal: int
    other: int
    balance: int


@dataclass(frozen=True)
class Terms:
    """What makes a schedule.

    `principal` and `payment` are minor units, `annual_rate` and `rates_from` annual fractions,
    `count` is the number of instalments including `principal_grace` ones that pay interest only.
    `rates_from` holds (row number, rate from that row on). Without `start` every period is a month.
    A flat fee is charged on `fee_base` minor units, None for `principal`.
    """

    principal: int
    annual_rate: Decimal
    count: int
    method: Method
    first_due: date
    due_day: int | None = None
    start: date | None = None
    day_count: DayCount = DayCount.THIRTY_360
    payment: int | None = None
    rates_from: tuple[tuple[int, Decimal], ...] = ()
    principal_grace: int = 0
    fee_base: int | None = None


def is_rate(rate: Decimal) -> bool:
    """Whether `rate` can be an annual rate: a fraction from 0 to 1 that is not vanishingly small."""
    return rate.is_finite() and (rate == 0 or _SMALLEST_RATE <= rate <= 1)


def annuity_factor(rate: Decimal, count: int) -> Decimal:
    """The present value of `count` payments of one at `rate` a period: (1-(1+i)^-n)/i."""
    return Decimal(count) if rate == 0 else (_ONE - (_ONE + rate) ** -count) / rate


def level_payment(principal: int, rates: Sequence[Decimal]) -> Decimal:
    """The constant payment, unrounded minor units, that repays `principal` at one rate for each period."""
    if rates.count(rates[0]) == len(rates):
        return principal / annuity_factor(rates[0], len(rates))
    discount, value = _ONE, Decimal(0)
    for rate in rates:
        discount /= _ONE + rate
        value += discount
    return principal / value


def build(terms: Terms) -> tuple[Row, ...]:
    """The schedule of `terms`; ScheduleError when they contradict each other."""
    _check(terms)
    with exact():
        dues = due_dates(terms.first_due, terms.count, terms.due_day or terms.first_due.day)
        rates = _period_rates(terms, dues)
        return _rows(terms, dues, rates, _principal_rule(terms, rates))


def _check(terms: Terms) -> None:
    rates = [terms.annual_rate, *(rate for _, rate in terms.rates_from)]
    if not 0 < terms.principal <= _LARGEST:
        raise ScheduleError("principal must be above zero and below a million million")
    if not 1 <= terms.count <= LONGEST:
        raise ScheduleError(f"the number of instalments must be from 1 to {LONGEST}")
    if not all(is_rate(rate) for rate in rates):
        raise ScheduleError("an annual rate must be a fraction from 0 to 1")
    if not 0 <= terms.principal_grace < terms.count:
        raise ScheduleError("principal grace must leave at least one instalment that repays")
    if any(not 1 <= number <= terms.count for number, _ in terms.rates_from):
        raise ScheduleError("a rate must change at a row of the schedule")
    _check_dates(terms)
    _check_payment(terms)


def _check_dates(terms: Terms) -> None:
    if not (is_plausible(terms.first_due) and (terms.start is None or is_plausible(terms.start))):
        raise ScheduleError("the start and the first due date must be dates of our time")
    if terms.due_day is not None and not 1 <= terms.due_day <= _LAST_DAY_OF_MONTH:
        raise ScheduleError("the due day must be a day of month")
    if terms.start is not None and terms.start >= terms.first_due:
        raise ScheduleError("the start must be before the first due date")
    if terms.start is None and terms.day_count is not DayCount.THIRTY_360:
        raise ScheduleError("counting actual days needs a start date")


def _check_payment(terms: Terms) -> None:
    if terms.payment is not None and terms.method is not Method.ANNUITY:
        raise ScheduleError("a given payment belongs to an annuity")
    if terms.payment is not None and not 0 < terms.payment <= _LARGEST:
        raise ScheduleError("a given payment must be above zero and below a million million")
    if terms.fee_base is not None and not 0 <= terms.fee_base <= _LARGEST:
        raise ScheduleError("a flat fee must be charged on an amount below a million million")


def _period_rates(terms: Terms, dues: list[date]) -> list[Decimal]:
    """The rate of each period: the annual rate in force times the part of a year."""
    changes = dict(terms.rates_from)
    starts = [terms.start, *dues[:-1]]
    month = _ONE / MONTHS_PER_YEAR
    annual, rates = terms.annual_rate, []
    for number, (start, due) in enumerate(zip(starts, dues, strict=True), start=1):
        annual = changes.get(number, annual)
        monthly = terms.day_count is DayCount.THIRTY_360 and (number > 1 or start is None)
        part = month if monthly or start is None else year_fraction(start, due, terms.day_count)
        rates.append(annual * part)
    return rates


class _Repayment(ABC):
    """How much principal a row repays; the last row repays the rest whatever this says."""

    def __init__(self, terms: Terms, rates: list[Decimal]) -> None:
        self.terms, self.rates = terms, rates
        self.restarts = {number - 1 for number, _ in terms.rates_from} | {terms.principal_grace}
        self.payment = 0

    @abstractmethod
    def principal(self, index: int, balance: int, interest: int) -> int:
        """Minor units of principal in the row at `index`, which opens with `balance`."""


class _Annuity(_Repayment):
    def principal(self, index: int, balance: int, interest: int) -> int:
        if index in self.restarts:
            level = round_half_up(level_payment(balance, self.rates[index:]))
            self.payment = self.terms.payment or level
        if self.terms.payment and self.payment <= interest < balance:
            raise ScheduleError("the payment does not even cover the interest")
        return self.payment - interest


class _EqualPrincipal(_Repayment):
    def principal(self, index: int, balance: int, interest: int) -> int:
        repaying = self.terms.count - self.terms.principal_grace
        return round_half_up(Decimal(self.terms.principal) / repaying)


class _InterestFirst(_Repayment):
    def principal(self, index: int, balance: int, interest: int) -> int:
        return 0


_RULES: dict[Method, Callable[[Terms, list[Decimal]], _Repayment]] = {
    Method.ANNUITY: _Annuity,
    Method.EQUAL_PRINCIPAL: _EqualPrincipal,
    Method.INTEREST_FIRST: _InterestFirst,
    Method.FLAT_FEE: _EqualPrincipal,
}


def _principal_rule(terms: Terms, rates: list[Decimal]) -> _Repayment:
    return _RULES[terms.method](terms, rates)


def _rows(terms: Terms, dues: list[date], rates: list[Decimal], rule: _Repayment) -> tuple[Row, ...]:
    rows: list[Row] = []
    balance = terms.principal
    for index, (due, rate) in enumerate(zip(dues, rates, strict=True)):
        interest, fee = _price(terms, balance, rate)
        principal = 0
        if index == terms.count - 1:
            principal = balance
        elif index >= terms.principal_grace:
            principal = min(max(rule.principal(index, balance, interest), 0), balance)
        balance -= principal
        rows.append(Row(index + 1, due, interest + principal + fee, interest, principal, fee, balance))
        if balance == 0:
            break
    return tuple(rows)


def _price(terms: Terms, balance: int, rate: Decimal) -> tuple[int, int]:
    """(interest, flat fee) of a period, minor units."""
    if terms.method is not Method.FLAT_FEE:
        return round_half_up(balance * rate), 0
    base = terms.principal if terms.fee_base is None else terms.fee_base
    return 0, round_half_up(base * rate)
