"""What a borrower allowed and refused, purpose by purpose, with the version of the text they saw."""

from __future__ import annotations

from sqlalchemy import select

from casestore.models import ConsentRow, SessionRow
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork


def record(store: CaseStore, session_id: str, purpose: str, version: str, given: bool) -> None:
    """Note a decision; the latest of a purpose and version counts. Raises `NotFound`."""
    with store.unit() as unit:
        session_row(unit.session, session_id)
        note(unit, session_id, purpose, version, given)


def is_given(store: CaseStore, session_id: str, purpose: str, version: str) -> bool:
    """Whether the last decision about `purpose` under this version of the text was a yes.

    Only since the session began, or began anew after a long silence (`casestore.sessions.lapse`).
    """
    query = (
        select(ConsentRow.given)
        .join(SessionRow, SessionRow.session_id == ConsentRow.session_id)
        .where(
            ConsentRow.session_id == session_id,
            ConsentRow.purpose == purpose,
            ConsentRow.version == version,
            ConsentRow.decided_at >= SessionRow.started_at,
        )
        .order_by(ConsentRow.consent_id.desc())
        .limit(1)
    )
    with store.reading() as unit:
        return bool(unit.session.scalars(query).first())


def note(unit: UnitOfWork, session_id: str, purpose: str, version: str, given: bool) -> None:
    """Note a decision inside a transaction that does more."""
    unit.session.add(
        ConsentRow(session_id=session_id, purpose=purpose, version=version, given=given, decided_at=unit.now)
    )
    unit.audit("consent_recorded", unit.mark(session_id), purpose=purpose, version=version, given=given)
