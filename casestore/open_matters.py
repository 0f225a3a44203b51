"""What is still open with a borrower or in a conversation, and so keeps their data from being erased."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import false, or_, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement, Select

from casestore import agreement_views, complaints, data_requests, decisions, disputes, legal_holds
from casestore.models import (
    AgreementRow,
    CollectionHoldRow,
    ComplaintRow,
    DataRequestRow,
    DisputeRow,
    HandoffRow,
    LoanRow,
    PlanRequestRow,
    SessionRow,
)


def of_borrower(borrower_id: Any) -> Iterator[Select]:
    """Queries for the references of a borrower's open matters; `borrower_id` is a value or a column.

    They join instead of nesting: a query two levels down would no longer mean the outermost borrower.
    """
    yield from legal_holds.of_borrower(borrower_id)
    agreed = select(AgreementRow.reference).where(AgreementRow.borrower_id == borrower_id)
    yield agreed.where(AgreementRow.state == agreement_views.ACTIVE)
    yield agreed.join(CollectionHoldRow, CollectionHoldRow.agreement_id == AgreementRow.agreement_id).where(
        CollectionHoldRow.ends_at.is_(None)
    )
    asked = _open(PlanRequestRow, decisions.OPEN).join(LoanRow, LoanRow.loan_id == PlanRequestRow.loan_id)
    yield asked.where(LoanRow.borrower_id == borrower_id)
    yield _open(DisputeRow, disputes.OPEN).where(DisputeRow.borrower_id == borrower_id)
    yield _open(ComplaintRow, complaints.OPEN).where(ComplaintRow.borrower_id == borrower_id)
    yield _open(DataRequestRow, data_requests.OPEN).where(DataRequestRow.borrower_id == borrower_id)
    spoken = _waiting().join(SessionRow, SessionRow.session_id == HandoffRow.session_id)
    yield spoken.where(SessionRow.borrower_id == borrower_id)


def of_session(session_id: Any) -> Iterator[Select]:
    """Queries for the references of what somebody still has to answer in a conversation."""
    yield _open(DisputeRow, disputes.OPEN).where(DisputeRow.session_id == session_id)
    yield _open(ComplaintRow, complaints.OPEN).where(ComplaintRow.session_id == session_id)
    yield _waiting().where(HandoffRow.session_id == session_id)


def there_are(matters: Iterator[Select]) -> ColumnElement:
    """The condition that one of these queries finds something."""
    return or_(false(), *(query.exists() for query in matters))


def references(session: Session, matters: Iterator[Select]) -> set[str]:
    """What these queries find, for people who look into it."""
    return {found for query in matters for found in session.scalars(query)}


def _open(row: Any, state: str) -> Select:
    return select(row.reference).where(row.state == state)


def _waiting() -> Select:
    return select(HandoffRow.reference).where(HandoffRow.closed_at.is_(None))
