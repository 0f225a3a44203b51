"""Hardship cases: opened at the first word, filled answer by answer, every version of an answer kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import select, update

from casestore.errors import CaseClosed, CaseStoreError, UnknownField
from casestore.models import AnswerRow, CaseRow, ProposalRow, SessionRow
from casestore.references import new_id, new_reference
from casestore.rows import case_row, own_loan_row, session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.cases import CaseEvent, CaseState, transition
from hardship.plans.base import Ask
from hardship.situations import Cause
from hardship.statements import FIELDS as STATEMENT_FIELDS

# In these states a conversation goes on with the same case; later ones have an outcome.
OPEN_STATES = frozenset(
    {
        CaseState.DRAFT,
        CaseState.OFFERED,
        CaseState.COUNTERED,
        CaseState.REFUSED,
        CaseState.EXPIRED,
        CaseState.ON_HOLD,
        CaseState.HANDED_OFF,
        CaseState.RENEGOTIATING,
    }
)


# Nothing but talk so far. A case with a person stays with them; a refused or expired one has its outcome.
TALKED_ABOUT = frozenset({CaseState.DRAFT, CaseState.OFFERED, CaseState.COUNTERED})


class BadAnswer(CaseStoreError):
    """An answer of the wrong type; the message names the field only."""


@dataclass(frozen=True)
class CaseView:
    """Where a case stands. `rounds` counts the borrower's counter-offers."""

    case_id: str
    reference: str
    state: CaseState
    borrower_id: str | None
    loan_id: str | None
    opened_at: datetime
    rounds: int


def open_case(store: CaseStore, session_id: str, cause: str | None) -> CaseView:
    """The session's open case, made when there is none; `cause` (a code) becomes its latest answer.

    A new case takes over what the same borrower said in the one before, so that nothing is asked twice.

    Raises `NotFound` for an unknown session, `BadAnswer` for an unknown cause.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        case = _open_case_of(unit, session) or _new_case(unit, session)
        if cause is not None:
            _note_answer(unit, case, "cause", cause)
        return case_view(case)


def attach_loan(store: CaseStore, session_id: str, loan_id: str) -> None:
    """Say which of the borrower's loans session and case are about. Another loan's offers fall away.

    Raises `NotFound` unless the loan is the verified borrower's own.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        own_loan_row(unit.session, loan_id, session.borrower_id)
        session.loan_id = loan_id
        case = _open_case_of(unit, session)
        if case is not None and case.loan_id != loan_id:
            case.loan_id, case.updated_at = loan_id, unit.now
            supersede_offers(unit, case.case_id)
            unit.audit("case_loan_attached", case.reference, loan=loan_id)


def record_answer(store: CaseStore, case_id: str, field: str, value: object) -> None:
    """Keep an answer as the newest version of its field; a changed figure makes offers stale.

    Amounts are minor units a month, `since` an ISO date, `lasting` and `business` true or false.
    Raises `NotFound`, `UnknownField`, `BadAnswer` or `CaseClosed`.
    """
    with store.unit() as unit:
        case = case_row(unit.session, case_id, lock=True)
        if case.state not in OPEN_STATES:
            raise CaseClosed("The case has an outcome and takes no more answers.")
        _note_answer(unit, case, field, value)


def answers(store: CaseStore, case_id: str) -> dict[str, Any]:
    """The newest answer to each question that was answered."""
    with store.reading() as unit:
        return latest_answers(unit, case_id)


def case(store: CaseStore, case_id: str) -> CaseView:
    """The case. Raises `NotFound`."""
    with store.reading() as unit:
        return case_view(case_row(unit.session, case_id))


def latest_answers(unit: UnitOfWork, case_id: str) -> dict[str, Any]:
    """The newest answers, inside a transaction that does more."""
    query = select(AnswerRow).where(AnswerRow.case_id == case_id).order_by(AnswerRow.version)
    return {row.field: row.value for row in unit.session.scalars(query)}


def copy_answers(unit: UnitOfWork, source: CaseRow, target: CaseRow) -> None:
    """Take one case's newest answers over into another, as its newest."""
    for field, value in latest_answers(unit, source.case_id).items():
        _note_answer(unit, target, field, value)


def merge(unit: UnitOfWork, begun: CaseRow, case: CaseRow) -> None:
    """Take what was said in the case `begun` over into `case`, if both are about the same thing."""
    same_thing = begun.loan_id in (None, case.loan_id) and begun.borrower_id in (None, case.borrower_id)
    if begun.state not in OPEN_STATES or not same_thing:
        return
    copy_answers(unit, begun, case)
    if end_talk(unit, begun):
        unit.audit("case_merged", begun.reference, into=case.reference)


def end_talk(unit: UnitOfWork, row: CaseRow) -> bool:
    """End a case that is only talked about; False for one that is with a person or has its outcome."""
    if row.state not in TALKED_ABOUT:
        return False
    supersede_offers(unit, row.case_id)
    row.state = transition(CaseState(row.state), CaseEvent.WITHDRAW).value
    row.updated_at = unit.now
    return True


def supersede_offers(unit: UnitOfWork, case_id: str) -> None:
    """Take what was offered off the table; it stays in the record."""
    unit.session.execute(
        update(ProposalRow)
        .where(ProposalRow.case_id == case_id, ProposalRow.superseded_at.is_(None))
        .values(superseded_at=unit.now)
        .execution_options(synchronize_session=False)
    )


def case_view(row: CaseRow) -> CaseView:
    """The public view of a case's row."""
    return CaseView(
        row.case_id,
        row.reference,
        CaseState(row.state),
        row.borrower_id,
        row.loan_id,
        row.opened_at,
        row.rounds,
    )


def _open_case_of(unit: UnitOfWork, session: SessionRow) -> CaseRow | None:
    if session.case_id is None:
        return None
    row = case_row(unit.session, session.case_id, lock=True)
    return row if row.state in OPEN_STATES else None


def _new_case(unit: UnitOfWork, session: SessionRow) -> CaseRow:
    row = CaseRow(
        case_id=new_id(),
        reference=new_reference("HC", unit.now.date()),
        session_id=session.session_id,
        borrower_id=session.borrower_id,
        loan_id=session.loan_id,
        state=CaseState.DRAFT.value,
        rounds=0,
        opened_at=unit.now,
        updated_at=unit.now,
    )
    before = unit.session.get(CaseRow, session.case_id) if session.case_id else None
    unit.session.add(row)
    unit.session.flush()
    session.case_id = row.case_id
    if before is not None and before.borrower_id == row.borrower_id:
        copy_answers(unit, before, row)
    unit.audit("case_opened", row.reference, session=unit.mark(session.session_id))
    return row


def _note_answer(unit: UnitOfWork, case: CaseRow, field: str, value: object) -> None:
    _check(field, value)
    known = select(AnswerRow).where(AnswerRow.case_id == case.case_id, AnswerRow.field == field)
    before = unit.session.scalars(known.order_by(AnswerRow.version.desc()).limit(1)).first()
    if before is not None and before.value == value:
        return
    version = before.version + 1 if before is not None else 1
    unit.session.add(
        AnswerRow(case_id=case.case_id, field=field, version=version, value=value, answered_at=unit.now)
    )
    case.updated_at = unit.now
    if field in STATEMENT_FIELDS:
        supersede_offers(unit, case.case_id)
    unit.audit("answer_recorded", case.reference, field=field, version=version)


def _is_cause(value: object) -> bool:
    return isinstance(value, str) and value in {cause.value for cause in Cause}


def _is_day(value: object) -> bool:
    try:
        return isinstance(value, str) and bool(date.fromisoformat(value))
    except ValueError:
        return False


def _is_flag(value: object) -> bool:
    return isinstance(value, bool)


def _is_amount(value: object) -> bool:
    return type(value) is int and value >= 0


def _is_wish(value: object) -> bool:
    """What the borrower asked for, as `casestore.asks` writes it."""
    kept = (bool, int, str, type(None))
    return isinstance(value, dict) and all(
        name in _WISH and isinstance(part, kept) for name, part in value.items()
    )


_WISH = frozenset(field.name for field in fields(Ask))

_CHECKS: Mapping[str, Callable[[object], bool]] = {
    "wish": _is_wish,
    "cause": _is_cause,
    "since": _is_day,
    "lasting": _is_flag,
    "business": _is_flag,
    **dict.fromkeys(STATEMENT_FIELDS, _is_amount),
}


def _check(field: str, value: object) -> None:
    if field not in _CHECKS:
        raise UnknownField("A case has no such question.")
    if not _CHECKS[field](value):
        raise BadAnswer(f"The answer to {field} has the wrong type.")
