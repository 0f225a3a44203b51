"""Legal holds: orders to keep everything on a borrower, whatever period is over and whoever asks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.sql import Select

from casestore.errors import NotFound
from casestore.lookups import LOAN_NUMBER
from casestore.models import BorrowerRow, LegalHoldRow, LoanRow, SessionRow
from casestore.references import new_id, new_reference
from casestore.store import CaseStore, UnitOfWork


@dataclass(frozen=True)
class LegalHold:
    """An order in force. `reason` is for the lender's people only."""

    reference: str
    reason: str
    placed_at: datetime
    placed_by: str


def place(store: CaseStore, loan_number: str, reason: str, staff: str, today: date) -> LegalHold:
    """Keep everything on the borrower of this loan until the hold is lifted. Raises `NotFound`."""
    with store.unit() as unit:
        loan = select(LoanRow.borrower_id).where(LOAN_NUMBER.finds(unit.keys, [loan_number]))
        borrower_id = unit.session.scalars(loan).one_or_none()
        if borrower_id is None:
            raise NotFound("loan")
        # Against an erasure that is under way.
        lock_borrower(unit, borrower_id)
        row = LegalHoldRow(
            hold_id=new_id(),
            reference=new_reference("LH", today),
            borrower_id=borrower_id,
            reason=reason,
            placed_at=unit.now,
            placed_by=staff,
        )
        unit.session.add(row)
        unit.audit("legal_hold_placed", row.reference, actor=staff)
        return _view(row)


def lift(store: CaseStore, reference: str, staff: str) -> None:
    """End a hold. Raises `NotFound` unless it is in force."""
    with store.unit() as unit:
        query = select(LegalHoldRow).where(LegalHoldRow.reference == reference, *_in_force())
        row = unit.session.scalars(query.with_for_update()).one_or_none()
        if row is None:
            raise NotFound("legal hold in force")
        row.lifted_at, row.lifted_by = unit.now, staff
        unit.audit("legal_hold_lifted", reference, actor=staff)


def in_force(store: CaseStore) -> tuple[LegalHold, ...]:
    """All holds in force, the oldest first."""
    with store.reading() as unit:
        query = select(LegalHoldRow).where(*_in_force()).order_by(LegalHoldRow.placed_at)
        return tuple(_view(row) for row in unit.session.scalars(query))


def of_borrower(borrower_id: Any) -> Iterator[Select]:
    """The query for the references of a borrower's holds; `borrower_id` is a value or a column."""
    yield select(LegalHoldRow.reference).where(LegalHoldRow.borrower_id == borrower_id, *_in_force())


def conversations(store: CaseStore) -> frozenset[str]:
    """The sessions of everybody who is under a hold."""
    query = select(SessionRow.session_id).join(
        LegalHoldRow, LegalHoldRow.borrower_id == SessionRow.borrower_id
    )
    with store.reading() as unit:
        return frozenset(unit.session.scalars(query.where(*_in_force())))


def lock_borrower(unit: UnitOfWork, borrower_id: str) -> None:
    """Let nobody place a hold on, or erase, this borrower until the unit ends. Raises `NotFound`."""
    query = select(BorrowerRow.borrower_id).where(BorrowerRow.borrower_id == borrower_id)
    if unit.session.scalars(query.with_for_update()).one_or_none() is None:
        raise NotFound("borrower")


def _in_force() -> tuple[Any, ...]:
    return (LegalHoldRow.lifted_at.is_(None),)


def _view(row: LegalHoldRow) -> LegalHold:
    return LegalHold(row.reference, row.reason, row.placed_at, row.placed_by)
