"""A loan as the servicing system tells it, and what is owed on a day."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hardship.calendar import DayCount, add_months, on_or_after, year_fraction
from hardship.money import exact, round_half_up
from hardship.products import Method, Product
from hardship.schedules import Row, ScheduleError, Terms, build

__all__ = ["Loan", "LoanError", "Method", "Position", "Product", "contract_schedule", "position_on"]


class LoanError(ValueError):
    """A loan's figures contradict each other; names the field, never the amount."""


@dataclass(frozen=True)
class Loan:
    """The servicing system's snapshot of one loan on `as_of`.

    Amounts are minor units, `annual_rate` is a fraction, `penalty_multiplier` a factor on it.
    `principal` is all that is outstanding, overdue or not; `interest` is billed and unpaid;
    `remaining_instalments` counts those not yet due; `handler` is an agency, None the lender itself.
    """

    loan_id: str
    product: Product
    method: Method
    annual_rate: Decimal
    penalty_multiplier: Decimal
    as_of: date
    principal: int
    overdue_principal: int
    interest: int
    penalty_interest: int
    fees: int
    overdue_since: date | None
    next_due: date
    due_day: int
    instalment: int
    remaining_instalments: int
    handler: str | None

    def __post_init__(self) -> None:
        """LoanError when the figures cannot be true together."""
        for field in _AMOUNTS:
            if not 0 <= getattr(self, field) <= _LARGEST:
                raise LoanError(f"{field} is out of range")
        if not (self.annual_rate.is_finite() and 0 <= self.annual_rate <= 1):
            raise LoanError("annual_rate must be a fraction from 0 to 1")
        if not (self.penalty_multiplier.is_finite() and 1 <= self.penalty_multiplier <= _LARGEST_MULTIPLIER):
            raise LoanError("penalty_multiplier must be a factor from 1")
        _require_consistent(self)


_AMOUNTS = ("principal", "overdue_principal", "interest", "penalty_interest", "fees", "instalment")
# Bounds of representation, not of policy: beyond these a figure is a mistake in a file.
_LARGEST = 10**14
_LARGEST_MULTIPLIER = 5
_LONGEST = 1200
_LAST_DAY_OF_MONTH = 31


def _require_consistent(loan: Loan) -> None:
    if loan.overdue_principal > loan.principal:
        raise LoanError("overdue_principal is more than principal")
    if not 0 <= loan.remaining_instalments <= _LONGEST:
        raise LoanError("remaining_instalments is out of range")
    if loan.remaining_instalments == 0 and loan.overdue_principal != loan.principal:
        raise LoanError("remaining_instalments is 0 but not all principal is overdue")
    if not 1 <= loan.due_day <= _LAST_DAY_OF_MONTH:
        raise LoanError("due_day must be a day of month")
    if loan.overdue_since is not None and loan.overdue_since > loan.as_of:
        raise LoanError("overdue_since is after as_of")


@dataclass(frozen=True)
class Position:
    """What is owed on `day`, minor units; `next_due` is the first instalment not yet due."""

    day: date
    principal: int
    overdue_principal: int
    interest: int
    penalty_interest: int
    fees: int
    days_overdue: int
    next_due: date
    next_instalment: int
    remaining_instalments: int

    @property
    def arrears(self) -> int:
        """What should have been paid already, minor units."""
        return self.overdue_principal + self.charges

    @property
    def charges(self) -> int:
        """Billed interest, penalty interest and fees, minor units."""
        return self.interest + self.penalty_interest + self.fees

    @property
    def current_principal(self) -> int:
        """Principal that is not overdue, minor units."""
        return self.principal - self.overdue_principal

    @property
    def total_owed(self) -> int:
        """Everything outstanding, minor units."""
        return self.principal + self.charges


def contract_schedule(loan: Loan, position: Position) -> tuple[Row, ...]:
    """The instalments not yet due when the loan just goes on as agreed; empty when none is left.

    The servicing system's instalment is used as long as it closes the loan on time; when its figures
    do not fit together the instalment is computed anew, so that the schedule still closes.
    """
    if position.remaining_instalments == 0 or position.current_principal == 0:
        return ()
    return _contract_rows(loan, position.current_principal, position.remaining_instalments, position.next_due)


def _contract_rows(loan: Loan, principal: int, count: int, next_due: date) -> tuple[Row, ...]:
    terms = Terms(principal, loan.annual_rate, count, loan.method, next_due, loan.due_day)
    agreed = _with_agreed_instalment(terms, loan.instalment)
    return agreed or build(terms)


def _with_agreed_instalment(terms: Terms, instalment: int) -> tuple[Row, ...] | None:
    if terms.method is not Method.ANNUITY or instalment <= 0:
        return None
    try:
        agreed = build(replace(terms, payment=instalment))
    except ScheduleError:
        return None
    fits = len(agreed) == terms.count and agreed[-1].payment <= _LAST_TOLERANCE * instalment
    return agreed if fits else None


# A closing instalment of up to twice the normal one is still a difference of rounding and days.
_LAST_TOLERANCE = 2


def position_on(loan: Loan, day: date) -> Position:
    """What is owed on `day`: penalty interest by the day since `as_of` (actual/360) on overdue principal.

    Default interest is contract rate x multiplier (rules.md CN-PENALTY). Instalments that came due before
    `day` count as overdue. A day before the snapshot counts as the snapshot's own day.
    """
    day = max(day, loan.as_of)
    with exact():
        missed = [row for row in _upcoming(loan) if row.due < day]
        penalty = _penalty(loan, loan.overdue_principal, loan.as_of, day)
        penalty += sum(_penalty(loan, row.principal, row.due, day) for row in missed)
        return _position(loan, day, missed, penalty)


def _upcoming(loan: Loan) -> tuple[Row, ...]:
    current = loan.principal - loan.overdue_principal
    if current == 0 or loan.remaining_instalments == 0:
        return ()
    return _contract_rows(loan, current, loan.remaining_instalments, loan.next_due)


def _penalty(loan: Loan, principal: int, start: date, end: date) -> int:
    rate = loan.annual_rate * loan.penalty_multiplier
    return round_half_up(principal * rate * year_fraction(start, end, DayCount.ACTUAL_360))


def _position(loan: Loan, day: date, missed: list[Row], penalty: int) -> Position:
    remaining = loan.remaining_instalments - len(missed)
    since = loan.overdue_since or (missed[0].due if missed else None)
    upcoming = add_months(loan.next_due, len(missed), loan.due_day)
    next_due = upcoming if remaining and upcoming >= day else on_or_after(day, loan.due_day)
    return Position(
        day=day,
        principal=loan.principal,
        overdue_principal=loan.overdue_principal + sum(row.principal for row in missed),
        interest=loan.interest + sum(row.interest for row in missed),
        penalty_interest=loan.penalty_interest + penalty,
        fees=loan.fees,
        days_overdue=(day - since).days if since else 0,
        next_due=next_due,
        next_instalment=loan.instalment if remaining else 0,
        remaining_instalments=remaining,
    )
