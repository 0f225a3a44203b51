"""Complaints: taken in at the first word, filled in answer by answer, answered by the pack's deadline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select

from casestore.errors import NotFound, UnknownField
from casestore.models import ComplaintRow, SessionRow
from casestore.redaction import without_contacts
from casestore.references import new_id, new_reference
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.policy import Policy

Kind = Literal["contact", "disclosure", "impostor"]

OPEN, WITHDRAWN, ANSWERED = "open", "withdrawn", "answered"

# What can be told of a complaint. `party` is a group such as "family", never a name or a number.
DETAILS = ("opening", "when", "who", "channel", "party", "words")

NOT_SAID = ""


@dataclass(frozen=True)
class Complaint:
    """A complaint. `due_on` is the last day for an answer; `details` holds what was told so far."""

    reference: str
    kind: str
    state: str
    received_at: datetime
    due_on: date
    verified: bool
    details: Mapping[str, str]


def receive(
    store: CaseStore, session_id: str, kind: Kind, words: str, policy: Policy, today: date
) -> Complaint:
    """Take in a complaint with the words it began with; an open one of the same kind takes them up.

    Nobody has to be verified to complain. Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        row = _open_of(unit, session_id, kind, lock=True) or _new(unit, session, kind, policy, today)
        _add_opening(row, without_contacts(words))
        if row.borrower_id is None and session.borrower_id is not None:
            row.borrower_id = session.borrower_id
        return _view(row)


def note(store: CaseStore, session_id: str, kind: str, detail: str, text: str) -> Complaint:
    """Keep one detail of the session's open complaint; an empty text says that it was not told.

    Telephone numbers and addresses are taken out. Raises `NotFound` or `UnknownField`.
    """
    if detail not in DETAILS:
        raise UnknownField("A complaint has no such detail.")
    with store.unit() as unit:
        session_row(unit.session, session_id, lock=True)
        row = _required(unit, session_id, kind)
        row.details = {**row.details, detail: without_contacts(text)}
        unit.audit("complaint_detail_noted", row.reference, detail=detail, told=bool(text.strip()))
        return _view(row)


def withdraw(store: CaseStore, session_id: str, kind: str) -> Complaint:
    """Take back the session's open complaint, by the borrower's wish. Raises `NotFound`."""
    with store.unit() as unit:
        session_row(unit.session, session_id, lock=True)
        row = _required(unit, session_id, kind)
        row.state, row.closed_at = WITHDRAWN, unit.now
        unit.audit("complaint_withdrawn", row.reference, kind=kind)
        return _view(row)


def answered(store: CaseStore, reference: str) -> Complaint:
    """Note that the lender has answered the complaint. Raises `NotFound` unless it is open."""
    with store.unit() as unit:
        query = select(ComplaintRow).where(ComplaintRow.reference == reference, ComplaintRow.state == OPEN)
        row = unit.session.scalars(query.with_for_update(key_share=True)).one_or_none()
        if row is None:
            raise NotFound("open complaint")
        row.state, row.closed_at = ANSWERED, unit.now
        unit.audit("complaint_answered", row.reference, actor="staff", kind=row.kind)
        return _view(row)


def open_of(store: CaseStore, session_id: str, kind: str) -> Complaint | None:
    """The session's open complaint of this kind, None when there is none."""
    with store.reading() as unit:
        row = _open_of(unit, session_id, kind)
        return _view(row) if row else None


def open_complaints(store: CaseStore) -> tuple[Complaint, ...]:
    """All complaints that wait for an answer, the first due first."""
    query = select(ComplaintRow).where(ComplaintRow.state == OPEN)
    with store.reading() as unit:
        rows = unit.session.scalars(query.order_by(ComplaintRow.due_on, ComplaintRow.reference))
        return tuple(_view(row) for row in rows)


def of_borrower(unit: UnitOfWork, borrower_id: str) -> tuple[Complaint, ...]:
    """All complaints of a borrower, the oldest first, inside a transaction."""
    query = select(ComplaintRow).where(ComplaintRow.borrower_id == borrower_id)
    return tuple(_view(row) for row in unit.session.scalars(query.order_by(ComplaintRow.received_at)))


def _add_opening(row: ComplaintRow, words: str) -> None:
    before = row.details.get("opening", "")
    if words and words not in before.splitlines():
        row.details = {**row.details, "opening": f"{before}\n{words}" if before else words}


def _new(unit: UnitOfWork, session: SessionRow, kind: str, policy: Policy, today: date) -> ComplaintRow:
    row = ComplaintRow(
        complaint_id=new_id(),
        reference=new_reference("CP", today),
        session_id=session.session_id,
        borrower_id=session.borrower_id,
        kind=kind,
        state=OPEN,
        details={},
        received_at=unit.now,
        due_on=today + timedelta(days=policy.legal.complaint_days.value),
    )
    unit.session.add(row)
    unit.session.flush()
    clause = policy.legal.complaint_days.id
    unit.audit("complaint_received", row.reference, kind=kind, due=row.due_on.isoformat(), clause=clause)
    return row


def _open_of(unit: UnitOfWork, session_id: str, kind: str, lock: bool = False) -> Any:
    """The open complaint, None when there is none; `lock` against the lender's answer."""
    query = select(ComplaintRow).where(
        ComplaintRow.session_id == session_id, ComplaintRow.kind == kind, ComplaintRow.state == OPEN
    )
    if lock:
        query = query.with_for_update(key_share=True)
    return unit.session.scalars(query).one_or_none()


def _required(unit: UnitOfWork, session_id: str, kind: str) -> ComplaintRow:
    row = _open_of(unit, session_id, kind, lock=True)
    if row is None:
        raise NotFound("open complaint")
    return row


def _view(row: ComplaintRow) -> Complaint:
    return Complaint(
        row.reference,
        row.kind,
        row.state,
        row.received_at,
        row.due_on,
        row.borrower_id is not None,
        dict(row.details),
    )
