"""A loan as the servicing system last told it, and the position it is in on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardship.calendar import DEFAULT_DAY_COUNT, DayCount, is_plausible
from hardship.products import Method, Product
from hardship.schedules import is_rate


class LoanError(ValueError):
    """A loan's figures contradict each other; names the field, never the amount."""


@dataclass(frozen=True)
class Loan:
    """The servicing system's snapshot of one loan on `as_of`.

    Amounts are minor units, `annual_rate` is a fraction, `penalty_multiplier` a factor on it.
    `principal` is all that is outstanding, overdue or not; `interest` is billed and unpaid;
    `remaining_instalments` counts those not yet due; `handler` is an agency, None the lender itself.
    `day_count` is for daily interest. A FLAT_FEE loan pays its fee on `original_principal`, and its
    `annual_rate` is the nominal one: the fees of a year over the original principal.
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
    day_count: DayCount = DEFAULT_DAY_COUNT
    original_principal: int | None = None

    def __post_init__(self) -> None:
        """LoanError when the figures cannot be true together."""
        for name in _AMOUNTS:
            if not 0 <= getattr(self, name) <= _LARGEST:
                raise LoanError(f"{name} is out of range")
        for name in ("as_of", "next_due", "overdue_since"):
            day = getattr(self, name)
            if day is not None and not is_plausible(day):
                raise LoanError(f"{name} is out of range")
        if not is_rate(self.annual_rate):
            raise LoanError("annual_rate must be a fraction from 0 to 1")
        if not (self.penalty_multiplier.is_finite() and 1 <= self.penalty_multiplier <= _LARGEST_MULTIPLIER):
            raise LoanError("penalty_multiplier must be a factor from 1")
        _require_consistent(self)
        _require_original(self)

    @property
    def current_principal(self) -> int:
        """Principal that was not overdue on `as_of`, minor units."""
        return self.principal - self.overdue_principal


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


def _require_original(loan: Loan) -> None:
    original = loan.original_principal
    if original is None and loan.method is Method.FLAT_FEE:
        raise LoanError("original_principal is needed for a flat fee")
    if original is not None and not 0 <= original <= _LARGEST:
        raise LoanError("original_principal is out of range")
    if original is not None and original < loan.principal:
        raise LoanError("original_principal is less than principal")


@dataclass(frozen=True)
class Position:
    """What is owed on `day`, minor units; `next_due` is the first instalment not yet due.

    Contract interest on principal that is not overdue has been billed up to `interest_from`; None means
    up to the due date before `next_due`.
    """

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
    interest_from: date | None = None

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
