"""Payments that a borrower says were made and the lender has not booked: noted, and checked by a person.

One payment is one claim, in however many conversations the borrower speaks of it. It is open until the person
who checks it ends the conversation that it was first told in.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select

from casestore import handoffs
from casestore.errors import NotFound
from casestore.models import HandoffRow, PaymentClaimRow, SessionRow
from casestore.references import new_id, new_reference
from casestore.rows import case_row, loan_row, session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.policy import Policy


@dataclass(frozen=True)
class PaymentClaim:
    """A reported payment; `amount` in minor units, None when it was not told. `due_at` is UTC.

    `session_id` is the conversation in which it was told first, and in which a person answers.
    """

    reference: str
    session_id: str
    amount: int | None
    paid_on: date | None
    claimed_at: datetime
    due_at: datetime


def claim(
    store: CaseStore, session_id: str, amount: int | None, paid_on: date | None, policy: Policy, today: date
) -> PaymentClaim:
    """Note the payment on the session's loan and let a person check it.

    A report that fits an open one, told in part before or in another conversation, completes that one instead
    of making another. Raises `NotFound` for an unknown session or one without a loan.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        if session.loan_id is None:
            raise NotFound("loan")
        if session.case_id:
            case_row(unit.session, session.case_id, lock=True)
        # Another conversation may be telling of the same payment.
        loan_row(unit.session, session.loan_id, lock=True)
        rows = _locked(unit, PaymentClaimRow.loan_id == session.loan_id)
        row = next((each for each in rows if _fits(each, amount, paid_on)), None)
        if row is None:
            row = _new(unit, session, policy, today)
        row.amount = amount if row.amount is None else row.amount
        row.paid_on = paid_on if row.paid_on is None else row.paid_on
        unit.session.flush()
        return _view(row)


def correct(
    store: CaseStore, session_id: str, amount: int | None = None, paid_on: date | None = None
) -> PaymentClaim:
    """Correct the amount or the day of what was reported last, in this conversation if anything was in it.

    `amount` is in minor units; what is None stays as it was. Raises `NotFound`.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        rows = _locked(unit, PaymentClaimRow.loan_id == session.loan_id)
        if not rows:
            raise NotFound("open claim")
        row = ([row for row in rows if row.session_id == session_id] or rows)[-1]
        row.amount = row.amount if amount is None else amount
        row.paid_on = row.paid_on if paid_on is None else paid_on
        unit.audit("payment_claim_corrected", row.reference)
        return _view(row)


def open_claims(store: CaseStore, loan_id: str) -> tuple[PaymentClaim, ...]:
    """The loan's reported payments that nobody has checked yet, the oldest first."""
    with store.reading() as unit:
        return tuple(map(_view, unit.session.scalars(_open(PaymentClaimRow.loan_id == loan_id))))


def told_in(store: CaseStore, session_id: str) -> tuple[PaymentClaim, ...]:
    """The payments told first in this conversation that nobody has checked yet, the oldest first."""
    with store.reading() as unit:
        return tuple(map(_view, unit.session.scalars(_open(PaymentClaimRow.session_id == session_id))))


def wait_in(unit: UnitOfWork, session_id: str) -> bool:
    """Whether a payment told in this conversation is still to be checked."""
    return unit.session.scalars(_open(PaymentClaimRow.session_id == session_id)).first() is not None


def close(unit: UnitOfWork, session_id: str) -> None:
    """End the claims of a conversation that a person has answered."""
    for row in _locked(unit, PaymentClaimRow.session_id == session_id):
        row.closed_at = unit.now


def _open(condition: Any) -> Any:
    """The query for what nobody has checked yet, the oldest first.

    A claim of an older program stays without an end; what no hand-off waits for any more counts as checked.
    """
    waits = exists().where(
        HandoffRow.session_id == PaymentClaimRow.session_id, HandoffRow.closed_at.is_(None)
    )
    query = select(PaymentClaimRow).where(condition, PaymentClaimRow.closed_at.is_(None), waits)
    return query.order_by(PaymentClaimRow.claimed_at, PaymentClaimRow.reference)


def _locked(unit: UnitOfWork, condition: Any) -> list[PaymentClaimRow]:
    query = _open(condition).with_for_update(key_share=True)
    return list(unit.session.scalars(query.execution_options(populate_existing=True)))


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
    return PaymentClaim(row.reference, row.session_id, row.amount, row.paid_on, row.claimed_at, row.due_at)
