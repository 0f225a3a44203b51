"""A borrower's loans, as the domain sees them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from casestore.errors import NotFound
from casestore.lookups import LOAN_NUMBER
from casestore.models import LoanRow
from casestore.rows import loan_row
from casestore.store import CaseStore
from hardship.calendar import DEFAULT_DAY_COUNT, DayCount
from hardship.loans import Loan, Method, Product

TAIL_DIGITS = 4


@dataclass(frozen=True)
class LoanView:
    """A loan and the last four characters of its number, all that is ever shown of it."""

    loan: Loan
    tail: str


def loans_of(store: CaseStore, borrower_id: str) -> tuple[LoanView, ...]:
    """All loans of the borrower, the longest overdue first."""
    with store.reading() as unit:
        rows = unit.session.scalars(select(LoanRow).where(LoanRow.borrower_id == borrower_id))
        views = [view(row) for row in rows]
    return tuple(sorted(views, key=lambda each: (each.loan.overdue_since or each.loan.next_due, each.tail)))


def loan(store: CaseStore, loan_id: str) -> LoanView:
    """One loan. Raises `NotFound`."""
    with store.reading() as unit:
        return view(loan_row(unit.session, loan_id))


def by_number(store: CaseStore, number: str) -> LoanView:
    """The loan with this number, however it was typed. Raises `NotFound`."""
    with store.reading() as unit:
        wanted = LOAN_NUMBER.finds(unit.keys, [number.strip()])
        row = unit.session.scalars(select(LoanRow).where(wanted)).one_or_none()
        if row is None:
            raise NotFound("loan")
        return view(row)


def view(row: LoanRow) -> LoanView:
    """The domain's view of a stored loan."""
    snapshot = Loan(
        loan_id=row.loan_id,
        product=Product(row.product),
        method=Method(row.method),
        annual_rate=row.annual_rate,
        penalty_multiplier=row.penalty_multiplier,
        as_of=row.as_of,
        principal=row.principal,
        overdue_principal=row.overdue_principal,
        interest=row.interest,
        penalty_interest=row.penalty_interest,
        fees=row.fees,
        overdue_since=row.overdue_since,
        next_due=row.next_due,
        due_day=row.due_day,
        instalment=row.instalment,
        remaining_instalments=row.remaining_instalments,
        handler=row.handler,
        day_count=DayCount(row.day_count or DEFAULT_DAY_COUNT),
        original_principal=row.original_principal,
    )
    return LoanView(snapshot, row.number[-TAIL_DIGITS:])
