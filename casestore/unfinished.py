"""A request for help that was begun and not finished: found again, gone on with, or begun anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from casestore.account import view as loan_view
from casestore.agreement_views import ACTIVE
from casestore.errors import NotFound
from casestore.hardship import end_talk, latest_answers, merge
from casestore.models import AgreementRow, CaseRow, SessionRow
from casestore.rows import case_row, loan_row, session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.cases import CaseState
from hardship.statements import FIELDS as STATEMENT_FIELDS

# Not a case on hold, which waits for the answer to a dispute, nor one about an agreement in force.
RESUMABLE = frozenset(
    {
        CaseState.DRAFT,
        CaseState.OFFERED,
        CaseState.COUNTERED,
        CaseState.REFUSED,
        CaseState.EXPIRED,
        CaseState.HANDED_OFF,
    }
)

# What a borrower has told of themself, in the order it is asked.
TOLD = ("cause", "since", "lasting", "business", *STATEMENT_FIELDS)


@dataclass(frozen=True)
class Unfinished:
    """A case without an outcome: what was answered, and the loan it is about if one was chosen."""

    case_id: str
    loan_tail: str | None
    told: tuple[str, ...]
    last_at: datetime


def find(store: CaseStore, session_id: str) -> Unfinished | None:
    """The newest unfinished case that the session's verified borrower began elsewhere, None without one.

    Raises `NotFound` for an unknown session.
    """
    with store.reading() as unit:
        session = session_row(unit.session, session_id)
        if session.borrower_id is None:
            return None
        views = (_view(unit, row) for row in _others(unit, session))
        return next((view for view in views if view.told), None)


def go_on(store: CaseStore, session_id: str, case_id: str) -> None:
    """Go on with the case here; what this conversation was told is the newest.

    Raises `NotFound` unless the case is the verified borrower's own and unfinished.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        case = _own(unit, session, case_id)
        if session.case_id is not None and session.case_id != case_id:
            merge(unit, case_row(unit.session, session.case_id, lock=True), case)
        case.loan_id = case.loan_id or session.loan_id
        session.case_id, session.loan_id = case.case_id, case.loan_id
        case.session_id, case.updated_at = session_id, unit.now
        unit.audit("case_resumed", case.reference, session=unit.mark(session_id))


def set_aside(store: CaseStore, session_id: str, case_id: str) -> None:
    """Leave the case, since the borrower begins anew. It stays on record, and with a person who has it.

    Raises `NotFound` unless the case is the verified borrower's own and unfinished.
    """
    with store.unit() as unit:
        case = _own(unit, session_row(unit.session, session_id), case_id)
        if end_talk(unit, case):
            unit.audit("case_set_aside", case.reference, session=unit.mark(session_id))


def begin_anew(store: CaseStore, session_id: str) -> None:
    """The next case of this conversation begins with no answers. A dispute or an agreement in force stays.

    Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        case = case_row(unit.session, session.case_id, lock=True) if session.case_id else None
        if case is None or case.state not in RESUMABLE:
            return
        session.case_id = session.loan_id = None
        if end_talk(unit, case):
            unit.audit("case_set_aside", case.reference, session=unit.mark(session_id))


def _others(unit: UnitOfWork, session: SessionRow) -> list[CaseRow]:
    """The borrower's unfinished cases besides the session's own, newest first."""
    agreed = exists().where(AgreementRow.loan_id == CaseRow.loan_id, AgreementRow.state == ACTIVE)
    query = select(CaseRow).where(
        CaseRow.borrower_id == session.borrower_id,
        CaseRow.case_id != (session.case_id or ""),
        CaseRow.state.in_([state.value for state in RESUMABLE]),
        ~agreed,
    )
    return list(unit.session.scalars(query.order_by(CaseRow.updated_at.desc(), CaseRow.case_id)))


def _own(unit: UnitOfWork, session: SessionRow, case_id: str) -> CaseRow:
    case = case_row(unit.session, case_id, lock=True)
    if session.borrower_id is None or case.borrower_id != session.borrower_id or case.state not in RESUMABLE:
        raise NotFound("case")
    return case


def _view(unit: UnitOfWork, row: CaseRow) -> Unfinished:
    given = latest_answers(unit, row.case_id)
    tail = loan_view(loan_row(unit.session, row.loan_id)).tail if row.loan_id else None
    return Unfinished(row.case_id, tail, tuple(name for name in TOLD if name in given), row.updated_at)
