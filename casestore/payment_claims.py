"""Payments that a borrower says were made and the lender has not booked: noted, and checked by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from casestore import handoffs
from casestore.errors import NotFound
from casestore.models import PaymentClaimRow, SessionRow
from casestore.references import new_id, new_reference
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.policy import Policy


@dataclass(frozen=True)
class PaymentClaim:
    """A reported payment; `amount` in minor units, None when it was not told. `due_at` is UTC."""

    reference: str
    amount: int | None
    paid_on: date | None
    claimed_at: datetime
    due_at: datetime


def claim(
    store: CaseStore, session_id: str, amount: int | None, paid_on: date | None, policy: Policy, today: date
) -> PaymentClaim:
    """Note the payment on the session's loan and let a person check it.

    A report that fits an open one, told in part before, completes that one instead of making another.
    Raises `NotFound` for an unknown session or one without a loan.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        if session.loan_id is None:
            raise NotFound("loan")
        rows = _open_rows(unit, session.loan_id)
        row = next((each for each in rows if _fits(each, amount, paid_on)), None)
        if row is None:
            row = _new(unit, session, policy, today)
        row.amount = amount if row.amount is None else row.amount
        row.paid_on = paid_on if row.paid_on is None else row.paid_on
        unit.session.flush()
        return _view(row)


def change_amount(store: CaseStore, session_id: str, amount: int) -> PaymentClaim:
    """Correct the amount of what this conversation reported last. Raises `NotFound`."""
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        rows = [row for row in _open_rows(unit, session.loan_id) if row.session_id == session_id]
        if not rows:
            raise NotFound("open claim")
        rows[-1].amount = amount
        unit.audit("payment_claim_corrected", rows[-1].reference)
        return _view(rows[-1])


def open_claims(store: CaseStore, loan_id: str) -> tuple[PaymentClaim, ...]:
    """The loan's reported payments that nobody has checked yet, the oldest first."""
    with store.reading() as unit:
        return tuple(_view(row) for row in _open_rows(unit, loan_id))


def _open_rows(unit: UnitOfWork, loan_id: str | None) -> list[PaymentClaimRow]:
    query = select(PaymentClaimRow).where(
        PaymentClaimRow.loan_id == loan_id, PaymentClaimRow.closed_at.is_(None)
    )
    return list(unit.session.scalars(query.order_by(PaymentClaimRow.claimed_at, PaymentClaimRow.reference)))


def _fits(row: PaymentClaimRow, amount: int | None, paid_on: date | None) -> bool:
    """Whether nothing told now differs from what was told before."""
    return amount in (None, row.amount or amount) and paid_on in (None, row.paid_on or paid_on)


def _new(unit: UnitOfWork, session: SessionRow, policy: Policy, today: date) -> PaymentClaimRow:
    handoffs.open_for(unit, session, "payment_claim", policy)
    row = PaymentClaimRow(
        claim_id=new_id(),
        reference=new_reference("PC", today),
        session_id=session.session_id,
        loan_id=session.loan_id,
        claimed_at=unit.now,
        due_at=handoffs.answer_due(unit.now, policy),
    )
    unit.session.add(row)
    unit.audit("payment_claimed", row.reference, loan=row.loan_id)
    return row


def _view(row: PaymentClaimRow) -> PaymentClaim:
    return PaymentClaim(row.reference, row.amount, row.paid_on, row.claimed_at, row.due_at)
