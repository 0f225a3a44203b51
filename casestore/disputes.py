"""Disputed debts: while one is open, nobody may collect on its loan and its case is on hold."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from casestore import handoffs
from casestore.errors import NotFound
from casestore.handoffs import Priority
from casestore.models import CaseRow, DisputeRow, SessionRow
from casestore.redaction import without_contacts
from casestore.references import new_id, new_reference
from casestore.rows import case_row, session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.cases import CaseEvent, CaseState, allowed, transition
from hardship.policy import Policy

# The three grounds (UK-DISPUTE: not the borrower, does not exist, wrong amount), and a stolen identity.
Ground = Literal["not_me", "not_owed", "wrong_amount", "identity_theft"]

OPEN, WITHDRAWN, CLOSED = "open", "withdrawn", "closed"


@dataclass(frozen=True)
class Dispute:
    """A dispute. `due_on` is the last day for the written answer; `on_hold` says that collection rests."""

    reference: str
    ground: str | None
    state: str
    raised_at: datetime
    due_on: date
    on_hold: bool
    words: str | None


def raise_dispute(
    store: CaseStore,
    session_id: str,
    ground: Ground | None,
    policy: Policy,
    today: date,
    words: str = "",
    priority: Priority = "normal",
) -> Dispute:
    """Record that the debt is disputed; the session's open dispute goes on with what is new.

    With a verified borrower and a loan, collection on it rests from now on. A person gets a hand-off.
    Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        row = _open_of(unit, session_id) or _new(unit, session, policy, today)
        _note(row, ground, words)
        handoffs.open_for(unit, session, "dispute", policy, priority)
        _hold(unit, row, session)
        unit.audit("dispute_noted", row.reference, ground=row.ground, hold=row.held_from is not None)
        return _view(row)


def withdraw(store: CaseStore, session_id: str) -> Dispute:
    """Take back the session's open dispute, by the borrower's wish; its hold ends. Raises `NotFound`."""
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        row = _open_of(unit, session_id)
        if row is None:
            raise NotFound("open dispute")
        return _end(unit, row, session, WITHDRAWN, "bot")


def close(store: CaseStore, reference: str) -> Dispute:
    """Note that the lender has answered in writing; the hold ends. Raises `NotFound` unless it is open."""
    with store.unit() as unit:
        session = session_row(unit.session, _open_by(unit, reference).session_id, lock=True)
        # Looked for again under the lock: the borrower may have taken it back meanwhile.
        return _end(unit, _open_by(unit, reference), session, CLOSED, "staff")


def open_of(store: CaseStore, session_id: str) -> Dispute | None:
    """The session's open dispute, None when there is none."""
    with store.reading() as unit:
        row = _open_of(unit, session_id)
        return _view(row) if row else None


def open_disputes(store: CaseStore) -> tuple[Dispute, ...]:
    """All disputes that wait for an answer, the first due first."""
    query = select(DisputeRow).where(DisputeRow.state == OPEN)
    with store.reading() as unit:
        rows = unit.session.scalars(query.order_by(DisputeRow.due_on, DisputeRow.reference))
        return tuple(_view(row) for row in rows)


def of_borrower(unit: UnitOfWork, borrower_id: str) -> tuple[Dispute, ...]:
    """All disputes of a borrower, the oldest first, inside a transaction."""
    query = select(DisputeRow).where(DisputeRow.borrower_id == borrower_id)
    return tuple(_view(row) for row in unit.session.scalars(query.order_by(DisputeRow.raised_at)))


def _note(row: DisputeRow, ground: str | None, words: str) -> None:
    if ground is not None:
        row.ground = ground
    said = without_contacts(words)
    if said:
        row.words = f"{row.words}\n{said}" if row.words else said


def _new(unit: UnitOfWork, session: SessionRow, policy: Policy, today: date) -> DisputeRow:
    row = DisputeRow(
        dispute_id=new_id(),
        reference=new_reference("DP", today),
        session_id=session.session_id,
        state=OPEN,
        raised_at=unit.now,
        due_on=today + timedelta(days=policy.legal.complaint_days.value),
    )
    unit.session.add(row)
    unit.session.flush()
    clause = policy.legal.complaint_days.id
    unit.audit("dispute_raised", row.reference, due=row.due_on.isoformat(), clause=clause)
    return row


def _hold(unit: UnitOfWork, row: DisputeRow, session: SessionRow) -> None:
    """Collection rests once it is known whose debt it is, and so does the open case."""
    if session.borrower_id is None or session.loan_id is None:
        return
    row.borrower_id = session.borrower_id
    if row.held_from is None:
        row.loan_id, row.held_from = session.loan_id, unit.now
    case = _case_of(unit, session)
    if case is not None and CaseEvent.HOLD in allowed(CaseState(case.state)):
        _move(unit, case, CaseEvent.HOLD)


def _end(unit: UnitOfWork, row: DisputeRow, session: SessionRow, state: str, actor: str) -> Dispute:
    row.state, row.closed_at = state, unit.now
    case = _case_of(unit, session)
    if case is not None and case.state == CaseState.ON_HOLD.value:
        _move(unit, case, CaseEvent.RELEASE)
    unit.audit(f"dispute_{state}", row.reference, actor, ground=row.ground)
    return _view(row)


def _case_of(unit: UnitOfWork, session: SessionRow) -> CaseRow | None:
    return case_row(unit.session, session.case_id, lock=True) if session.case_id else None


def _move(unit: UnitOfWork, case: CaseRow, event: CaseEvent) -> None:
    case.state, case.updated_at = transition(CaseState(case.state), event).value, unit.now


def _open_of(unit: UnitOfWork, session_id: str) -> Any:
    query = select(DisputeRow).where(DisputeRow.session_id == session_id, DisputeRow.state == OPEN)
    return unit.session.scalars(query).one_or_none()


def _open_by(unit: UnitOfWork, reference: str) -> DisputeRow:
    query = select(DisputeRow).where(DisputeRow.reference == reference, DisputeRow.state == OPEN)
    row = unit.session.scalars(query.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise NotFound("open dispute")
    return row


def _view(row: DisputeRow) -> Dispute:
    return Dispute(
        row.reference,
        row.ground,
        row.state,
        row.raised_at,
        row.due_on,
        row.state == OPEN and row.held_from is not None,
        row.words,
    )
