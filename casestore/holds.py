"""Collection holds: the times in which nobody may collect on a loan, by an agreement or by a dispute."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import or_, select

from casestore.models import CollectionHoldRow, DisputeRow
from casestore.references import new_id
from casestore.store import CaseStore, UnitOfWork


def on_hold(store: CaseStore, loan_id: str, now: datetime) -> bool:
    """Whether collection on the loan is on hold at that moment."""
    agreed = select(CollectionHoldRow.loan_id).where(CollectionHoldRow.loan_id == loan_id, *_at(now))
    disputed = select(DisputeRow.loan_id).where(DisputeRow.loan_id == loan_id, *_disputed_at(now))
    with store.reading() as unit:
        return any(unit.session.scalars(query).first() is not None for query in (agreed, disputed))


def loans_on_hold(unit: UnitOfWork) -> frozenset[str]:
    """All loans on which nobody may collect now, inside a transaction."""
    agreed = unit.session.scalars(select(CollectionHoldRow.loan_id).where(*_at(unit.now)))
    disputed = unit.session.scalars(select(DisputeRow.loan_id).where(*_disputed_at(unit.now)))
    return frozenset(agreed) | frozenset(disputed)


def _at(moment: datetime) -> tuple[Any, ...]:
    """The interval holds from its first moment up to, not including, its last."""
    ends = CollectionHoldRow.ends_at
    return (CollectionHoldRow.starts_at <= moment, or_(ends.is_(None), ends > moment))


def _disputed_at(moment: datetime) -> tuple[Any, ...]:
    """A dispute holds from the moment its loan is known until it is answered or taken back."""
    ends = DisputeRow.closed_at
    return (DisputeRow.held_from <= moment, or_(ends.is_(None), ends > moment))


def start(unit: UnitOfWork, loan_id: str, agreement_id: str) -> None:
    """Begin the agreement's hold now. Another hold that ends now joins it without a gap."""
    unit.session.add(
        CollectionHoldRow(
            hold_id=new_id(),
            loan_id=loan_id,
            agreement_id=agreement_id,
            reason="agreement",
            starts_at=unit.now,
        )
    )


def end(unit: UnitOfWork, agreement_id: str) -> None:
    """Close the agreement's hold now; the interval stays in the record."""
    open_one = select(CollectionHoldRow).where(
        CollectionHoldRow.agreement_id == agreement_id, CollectionHoldRow.ends_at.is_(None)
    )
    for row in unit.session.scalars(open_one):
        row.ends_at = unit.now
    # Before another hold of the loan begins: only one may be open.
    unit.session.flush()
