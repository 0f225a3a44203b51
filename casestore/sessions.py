"""Chat sessions: who talks, on which channel, about which loan and case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import update

from casestore.errors import NotFound
from casestore.models import ChallengeRow, SessionRow
from casestore.rows import case_row, own_loan_row, session_row
from casestore.store import CaseStore, UnitOfWork
from casestore.upsert import insert_if_new


@dataclass(frozen=True)
class Session:
    """One conversation. `borrower_id` is set only after the identity check."""

    session_id: str
    channel: str
    language: str | None
    borrower_id: str | None
    verified_at: datetime | None
    loan_id: str | None
    case_id: str | None


def start(store: CaseStore, session_id: str, channel: str) -> Session:
    """Begin the session, or return it as it is when it began before."""
    with store.unit() as unit:
        insert_if_new(unit.session, SessionRow, session_id=session_id, channel=channel, started_at=unit.now)
        return _session(session_row(unit.session, session_id))


def get(store: CaseStore, session_id: str) -> Session | None:
    """The session, or None when it never began."""
    with store.reading() as unit:
        row = unit.session.get(SessionRow, session_id)
        return _session(row) if row else None


def remember(
    store: CaseStore,
    session_id: str,
    *,
    language: str | None = None,
    loan_id: str | None = None,
    case_id: str | None = None,
) -> None:
    """Note the language, loan or case the conversation is about.

    Raises `NotFound` for an unknown session, and for a loan or case that is not the verified borrower's own.
    """
    with store.unit() as unit:
        row = session_row(unit.session, session_id, lock=True)
        if language is not None:
            row.language = language
        if loan_id is not None:
            row.loan_id = own_loan_row(unit.session, loan_id, row.borrower_id).loan_id
        if case_id is not None:
            row.case_id = _own_case(unit, case_id, row)


def forget(store: CaseStore, session_id: str) -> None:
    """Take borrower, loan and case off the session, and end an identity check that is under way."""
    with store.unit() as unit:
        _forget(unit, session_row(unit.session, session_id, lock=True))
        unit.audit("session_forgotten", unit.mark(session_id))


def lapse(store: CaseStore, session_id: str) -> None:
    """Begin the session anew after a long silence: whoever goes on consents and is verified afresh.

    The device may be in other hands by now. The language stays. Raises `NotFound`.
    """
    with store.unit() as unit:
        row = session_row(unit.session, session_id, lock=True)
        _forget(unit, row)
        row.started_at = unit.now
        unit.audit("session_lapsed", unit.mark(session_id))


def _forget(unit: UnitOfWork, row: SessionRow) -> None:
    row.borrower_id = row.verified_at = row.loan_id = row.case_id = row.claimed_login = None
    unit.session.execute(
        update(ChallengeRow)
        .where(ChallengeRow.session_id == row.session_id, ChallengeRow.closed_at.is_(None))
        .values(closed_at=unit.now)
        .execution_options(synchronize_session=False)
    )


def _own_case(unit: UnitOfWork, case_id: str, session: SessionRow) -> str:
    case = case_row(unit.session, case_id)
    same_borrower = case.borrower_id is not None and case.borrower_id == session.borrower_id
    if not same_borrower and case.session_id != session.session_id:
        raise NotFound("case")
    return str(case.case_id)


def _session(row: SessionRow) -> Session:
    return Session(
        row.session_id, row.channel, row.language, row.borrower_id, row.verified_at, row.loan_id, row.case_id
    )
