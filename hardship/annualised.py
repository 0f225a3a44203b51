"""The annualised cost of a stream of payments: actuarial method, US Regulation Z, Appendix J.

The unit period is a month. Months are counted back from a payment to the start; what is left before
the first of them is a fraction of thirty days, discounted simply.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from decimal import ROUND_DOWN, Decimal

from hardship.calendar import DAYS_PER_MONTH_30_360, MONTHS_PER_YEAR, add_months
from hardship.money import exact

Payment = tuple[date, int]
_ONE = Decimal(1)
_SHOWN = Decimal("0.0001")
_PRECISE = Decimal("0.000001")
_USUAL = Decimal("0.05")
# Secant steps more than square what is left, so the step after this one is exact to all shown digits.
_CLOSE_ENOUGH = Decimal("0.000001")
_STEP = Decimal("0.0005")
_LOWEST, _HIGHEST = Decimal("-0.9"), Decimal(10)
_SECANT_STEPS, _BISECTION_STEPS = 25, 120
_SHORT_MONTH = 28


def annualised_cost(
    advanced: int, start: date, payments: Sequence[Payment], guess: Decimal = _USUAL
) -> Decimal:
    """The yearly rate (fraction, 4 decimals) at which `payments` are worth `advanced` minor units on `start`.

    `guess` is an annual rate to begin the search from. Without money or payments the cost is 0.
    """
    if advanced <= 0 or not any(amount for _, amount in payments):
        return Decimal(0).quantize(_SHOWN)
    with exact():
        value = _present_value(start, payments)
        monthly = _solve(lambda rate: value(rate) - advanced, guess / MONTHS_PER_YEAR)
        return (monthly * MONTHS_PER_YEAR).quantize(_SHOWN) + 0


def actuarial_rate(advanced: int, payments: Sequence[int]) -> Decimal:
    """The yearly rate (fraction, 6 decimals, cut) of `advanced` minor units repaid by monthly `payments`."""
    with exact():
        value = _monthly_value([Decimal(amount) for amount in payments], 1, Decimal(0))
        monthly = _solve(lambda rate: value(rate) - advanced, _USUAL / MONTHS_PER_YEAR)
        return (monthly * MONTHS_PER_YEAR).quantize(_PRECISE, ROUND_DOWN)


def _present_value(start: date, payments: Sequence[Payment]) -> Callable[[Decimal], Decimal]:
    amounts = [Decimal(amount) for _, amount in payments]
    if _is_monthly([due for due, _ in payments]):
        return _monthly_value(amounts, *_months_and_odd_part(start, payments[0][0]))
    times = [_months_and_odd_part(start, due) for due, _ in payments]
    return lambda rate: sum(
        (
            amount / ((_ONE + odd * rate) * (_ONE + rate) ** months)
            for amount, (months, odd) in zip(amounts, times, strict=True)
        ),
        Decimal(0),
    )


def _monthly_value(amounts: list[Decimal], months: int, odd: Decimal) -> Callable[[Decimal], Decimal]:
    """Payments a month apart, by Horner's rule: one product for each payment and no powers."""

    def value(rate: Decimal) -> Decimal:
        discount = _ONE / (_ONE + rate)
        worth = Decimal(0)
        for amount in reversed(amounts):
            worth = worth * discount + amount
        return worth * discount**months / (_ONE + odd * rate)

    return value


def _is_monthly(dues: list[date]) -> bool:
    first = dues[0]
    index = first.year * MONTHS_PER_YEAR + first.month
    return all(
        due.year * MONTHS_PER_YEAR + due.month == index + n
        and (due.day == first.day or min(due.day, first.day) >= _SHORT_MONTH)
        for n, due in enumerate(dues)
    )


def _months_and_odd_part(start: date, due: date) -> tuple[int, Decimal]:
    months = (due.year - start.year) * MONTHS_PER_YEAR + due.month - start.month
    if add_months(due, -months) < start:
        months -= 1
    odd_days = (add_months(due, -months) - start).days
    return months, Decimal(odd_days) / DAYS_PER_MONTH_30_360


def _solve(excess: Callable[[Decimal], Decimal], guess: Decimal) -> Decimal:
    """The root of a falling function: secant steps, and halving when they leave the road."""
    left, right = guess, guess + _STEP
    low, high = excess(left), excess(right)
    for _ in range(_SECANT_STEPS):
        if abs(right - left) < _CLOSE_ENOUGH or high == 0:
            return right
        if high == low:
            break
        left, right, low = right, right - high * (right - left) / (high - low), high
        if not _LOWEST < right < _HIGHEST:
            break
        high = excess(right)
    return _bisect(excess)


def _bisect(excess: Callable[[Decimal], Decimal]) -> Decimal:
    low, high = _LOWEST, _HIGHEST
    for _ in range(_BISECTION_STEPS):
        middle = (low + high) / 2
        if excess(middle) > 0:
            low = middle
        else:
            high = middle
    return high
