"""A loan from its snapshot to a later day: instalments fall due, interest runs, payments come in.

Everything that changes what is owed is a line. The position is what stands at the end of the ledger,
the explanation is its lines, so neither can say something the other does not.

What a payment does (民法典 art. 561): it settles fees, interest and overdue principal in the policy's
order. Money beyond the arrears repays principal early; principal repaid early bears interest for the
days it was used and no longer (art. 677). The last due date stays and the instalments that follow
become smaller. Whoever pays a whole instalment within the month before it is due has paid it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardship.allocation import Owed, Payment, allocate
from hardship.calendar import DayCount, add_months, days_between, is_plausible, year_fraction
from hardship.contract import contract_rows
from hardship.money import exact, round_half_up
from hardship.products import Method
from hardship.schedules import Row
from hardship.snapshot import Loan, LoanError


@dataclass(frozen=True)
class Line:
    """One change, or the reason for a later one; amounts are minor units.

    `amount` is signed and `total` what is owed after it. Interest runs from `day` to `until` over
    `days` on `base` at the annual `rate` (fraction).
    """

    code: str
    day: date
    until: date | None
    base: int
    rate: Decimal | None
    days: int
    amount: int
    total: int


class Ledger:
    """The running account of one loan; read its fields after `run`."""

    def __init__(self, loan: Loan, order: Sequence[str]) -> None:
        self.loan, self.order = loan, order
        self.lines: list[Line] = []
        self.fees, self.interest, self.penalty_interest = loan.fees, loan.interest, loan.penalty_interest
        self.overdue, self.current = loan.overdue_principal, loan.current_principal
        self.remaining, self.next_due = loan.remaining_instalments, loan.next_due
        self.overdue_since, self.penalty_from = loan.overdue_since, loan.as_of
        self.interest_from = add_months(loan.next_due, -1, loan.due_day)
        self.advance = 0
        self.rows = self._contract()
        self._open()

    def _open(self) -> None:
        loan = self.loan
        for code, amount in (
            ("opening_principal", loan.principal),
            ("opening_interest", loan.interest),
            ("opening_penalty_interest", loan.penalty_interest),
            ("opening_fees", loan.fees),
        ):
            if amount or code == "opening_principal":
                self._write(code, loan.as_of, amount)

    def _write(
        self,
        code: str,
        day: date,
        amount: int,
        base: int = 0,
        rate: Decimal | None = None,
        until: date | None = None,
    ) -> None:
        total = (self.lines[-1].total if self.lines else 0) + amount
        days = days_between(day, until, self._day_count(code)) if until else 0
        self.lines.append(Line(code, day, until, base, rate, days, amount, total))

    def _day_count(self, code: str) -> DayCount:
        return DayCount.THIRTY_360 if code == "interest_billed" else self.loan.day_count

    def _contract(self) -> tuple[Row, ...]:
        return contract_rows(self.loan, self.current, self.remaining, self.next_due, self.interest_from)

    @property
    def owed_now(self) -> Owed:
        """What has fallen due and is not paid."""
        return Owed(self.fees, self.penalty_interest, self.interest, self.overdue)

    @property
    def next_instalment(self) -> int:
        """The instalment due on `next_due`, minor units; 0 when none is left."""
        return self.rows[0].payment if self.rows else 0

    def bill(self, through: date) -> None:
        """Let every instalment due up to and including `through` fall due."""
        while self.rows and self.rows[0].due <= through:
            self._bill(self.rows[0])

    def _bill(self, row: Row) -> None:
        self.accrue(row.due)
        flat = self.loan.method is Method.FLAT_FEE
        base = self._fee_base if flat else self.current
        if row.interest + row.other:
            self._write(
                "interest_billed",
                self.interest_from,
                row.interest + row.other,
                base,
                self.loan.annual_rate,
                row.due,
            )
        if row.principal:
            self._write("instalment_due", row.due, 0, row.principal)
        self.interest += row.interest + row.other
        self.overdue += row.principal
        self.current -= row.principal
        if row.payment and self.overdue_since is None:
            self.overdue_since = row.due
        self._step(self.rows[1:], row.due)

    def _step(self, rows: tuple[Row, ...], interest_from: date) -> None:
        """On to the next instalment; `rows` are those that are left."""
        self.rows, self.interest_from, self.advance = rows, interest_from, 0
        self.remaining -= 1
        self.next_due = rows[0].due if rows else add_months(self.next_due, 1, self.loan.due_day)

    def accrue(self, day: date) -> None:
        """Penalty interest on overdue principal up to `day`, by the loan's day count (CN-PENALTY)."""
        if self.overdue and day > self.penalty_from:
            rate = self.loan.annual_rate * self.loan.penalty_multiplier
            part = year_fraction(self.penalty_from, day, self.loan.day_count)
            amount = round_half_up(self.overdue * rate * part)
            if amount:
                self._write("penalty_interest", self.penalty_from, amount, self.overdue, rate, day)
            self.penalty_interest += amount
        self.penalty_from = max(day, self.penalty_from)

    @property
    def _fee_base(self) -> int:
        return self.loan.original_principal or 0

    def accrued(self, day: date) -> int:
        """Contract interest not yet billed for the days up to `day`, minor units (民法典 art. 677).

        By the loan's day count, and never more than the same time costs by the contract's months.
        """
        if not self.rows or day <= self.interest_from:
            return 0
        base = self._fee_base if self.loan.method is Method.FLAT_FEE else self.current
        by_days = base * self.loan.annual_rate * year_fraction(self.interest_from, day, self.loan.day_count)
        return min(round_half_up(by_days), self.rows[0].interest + self.rows[0].other)

    def pay(self, payment: Payment) -> None:
        """Settle what is due and repay principal early with the rest; what is too much is left over."""
        self.accrue(payment.received)
        used = allocate(payment.amount, self.owed_now, self.order)
        self.fees -= used.fees
        self.interest -= used.interest
        self.penalty_interest -= used.penalty_interest
        self.overdue -= used.principal
        if self.interest + self.penalty_interest + self.overdue == 0:
            self.overdue_since = None
        left = used.left_over - self._repay_early(used.left_over, payment.received)
        self._write("payment", payment.received, left - payment.amount)
        if left:
            self._write("left_over", payment.received, 0, left)

    def _repay_early(self, amount: int, day: date) -> int:
        """Principal and its interest for the days used, out of `amount`; returns what that took."""
        if amount == 0 or self.current == 0:
            return 0
        principal, interest = self._early_parts(amount, self.accrued(day))
        if interest:
            rate = self.loan.annual_rate
            self._write("interest_on_early_principal", self.interest_from, interest, principal, rate, day)
        self.current -= principal
        self.advance += principal + interest
        self._after_early(day)
        return principal + interest

    def _early_parts(self, amount: int, accrued: int) -> tuple[int, int]:
        """(principal, interest) that `amount` repays when all principal would bear `accrued`.

        A flat fee does not depend on the balance, so it is asked for only when the last principal is paid.
        """
        if amount >= self.current + accrued:
            return self.current, accrued
        if self.loan.method is Method.FLAT_FEE:
            principal = min(amount, self.current)
        else:
            principal = round_half_up(Decimal(amount) * self.current / (self.current + accrued))
        return principal, amount - principal

    def _after_early(self, day: date) -> None:
        row = self.rows[0]
        if self.current == 0:
            self.rows, self.remaining = (), 0
        elif self.advance >= row.payment and self.remaining > 1 and self._is_running(row, day):
            self._step(self.rows[1:], self.interest_from)
            self.rows = self._contract()
        else:
            self.rows = self._contract()

    def _is_running(self, row: Row, day: date) -> bool:
        """Whether `day` is in the month before the instalment is due."""
        return day > add_months(row.due, -1, self.loan.due_day)


def run(
    loan: Loan, day: date, payments: Iterable[Payment], order: Sequence[str], bill_through: date
) -> Ledger:
    """The account on `day`; payments up to `as_of` are in the snapshot already, later ones than `day` wait.

    Instalments due up to and including `bill_through` are billed. LoanError for a day out of range.
    """
    if not is_plausible(day):
        raise LoanError("day is out of range")
    with exact():
        ledger = Ledger(loan, order)
        counted = (each for each in payments if loan.as_of < each.received <= day)
        for payment in sorted(counted, key=lambda each: each.received):
            ledger.bill(payment.received)
            ledger.pay(payment)
        ledger.bill(bill_through)
        ledger.accrue(max(day, loan.as_of))
        return ledger
