"""What a payment that does not settle everything would do to a loan without an agreement. Nothing is booked.

It is worked out by the ledger itself, so that what is told beforehand is what is booked afterwards.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hardship.allocation import ORDER, Payment
from hardship.ledger import Ledger, run
from hardship.money import exact
from hardship.policy import EarlyRepaymentRules
from hardship.snapshot import Loan

_EARLY_INTEREST = "interest_on_early_principal"


@dataclass(frozen=True)
class Coming:
    """What is still to come: the next instalment (minor units), its day, the last day, how many there are."""

    next_due: date
    next_instalment: int
    last_due: date
    count: int


@dataclass(frozen=True)
class PartPayment:
    """`amount` minor units paid on `day`: what that settles, and what is left.

    `arrears` were owed before and `arrears_left` after it. `early_principal` was not due yet;
    `early_interest` is its interest for the days used. `fee` is asked on top. `before` and `after` are the
    instalments to come, None when there are none.
    """

    day: date
    amount: int
    arrears: int
    arrears_left: int
    early_principal: int
    early_interest: int
    fee: int
    before: Coming | None
    after: Coming | None

    @property
    def pays_an_instalment(self) -> bool:
        """Whether the next instalment counts as paid by it."""
        return bool(self.before and self.after and self.after.count < self.before.count)

    @property
    def lowers_the_next(self) -> bool:
        """Whether the next instalment becomes smaller; a small amount only takes from the last one."""
        smaller = self.before and self.after and self.after.next_instalment < self.before.next_instalment
        return bool(smaller) and not self.pays_an_instalment


def pay_part(
    loan: Loan,
    amount: int,
    day: date,
    payments: Iterable[Payment] = (),
    order: Sequence[str] = ORDER,
    rules: EarlyRepaymentRules | None = None,
) -> PartPayment:
    """What `amount` minor units paid on `day` do to `loan`; the other arguments as in `loan_payoff`.

    Raises `AllocationError` for an amount that cannot be.
    """
    day = max(day, loan.as_of)
    ledger = run(loan, day, payments, order, bill_through=day)
    before, arrears, current, lines = (
        _coming(ledger),
        ledger.owed_now.total,
        ledger.current,
        len(ledger.lines),
    )
    with exact():
        ledger.pay(Payment(day, amount))
    early = current - ledger.current
    return PartPayment(
        day=day,
        amount=amount,
        arrears=arrears,
        arrears_left=ledger.owed_now.total,
        early_principal=early,
        early_interest=sum(line.amount for line in ledger.lines[lines:] if line.code == _EARLY_INTEREST),
        fee=rules.fee(early, day, before.last_due) if rules and before else 0,
        before=before,
        after=_coming(ledger),
    )


def _coming(ledger: Ledger) -> Coming | None:
    rows = ledger.rows
    return Coming(rows[0].due, rows[0].payment, rows[-1].due, len(rows)) if rows else None
