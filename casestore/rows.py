"""Rows by their key, locked or not, or a clear error."""

from __future__ import annotations

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from casestore.errors import NotFound
from casestore.models import CaseRow, LoanRow, SessionRow


def session_row(session: Session, session_id: str, lock: bool = False) -> SessionRow:
    """The session's row. Raises `NotFound`."""
    return _one(session, SessionRow, SessionRow.session_id == session_id, "session", lock)


def case_row(session: Session, case_id: str, lock: bool = False) -> CaseRow:
    """The case's row. Raises `NotFound`."""
    return _one(session, CaseRow, CaseRow.case_id == case_id, "case", lock)


def loan_row(session: Session, loan_id: str, lock: bool = False) -> LoanRow:
    """The loan's row. Raises `NotFound`."""
    return _one(session, LoanRow, LoanRow.loan_id == loan_id, "loan", lock)


def own_loan_row(session: Session, loan_id: str, borrower_id: str | None) -> LoanRow:
    """The loan's row if it is this borrower's; another's loan does not exist for them. Raises `NotFound`."""
    row = loan_row(session, loan_id)
    if borrower_id is None or row.borrower_id != borrower_id:
        raise NotFound("loan")
    return row


def _one(session: Session, model: Any, condition: Any, what: str, lock: bool) -> Any:
    query = select(model).where(condition)
    if lock:
        # On SQLite the unit holds the only write lock already; PostgreSQL locks this row, but not against
        # rows that merely point to it: two units that lock in different order would wait for each other.
        query = query.with_for_update(key_share=True)
    row = session.execute(query.execution_options(populate_existing=lock)).scalar_one_or_none()
    if row is None:
        raise NotFound(what)
    return row
