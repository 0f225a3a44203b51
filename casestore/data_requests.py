"""What borrowers ask about the data held on them: a copy at once, the rest by a person."""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal

from sqlalchemy import and_, select, update

from casestore import consents, handoffs
from casestore.errors import NotFound
from casestore.held_data import Section, gather
from casestore.keys import Keys
from casestore.models import ConsentRow, DataRequestRow, SessionRow
from casestore.redaction import without_contacts
from casestore.references import new_id, new_reference
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.policy import Policy

Kind = Literal["copy", "correct", "delete", "withdraw"]

OPEN, ANSWERED = "open", "answered"
HANDOFF_REASON = "data_request"

Render = Callable[[tuple[Section, ...]], str]


@dataclass(frozen=True)
class DataRequest:
    """A request about data. Times are UTC; `expires_at` is when the link to a copy ends."""

    reference: str
    kind: str
    state: str
    asked_at: datetime
    due_at: datetime
    expires_at: datetime | None


@dataclass(frozen=True)
class AskedRequest:
    """A wish as people of the lender see it, with what the borrower said."""

    request: DataRequest
    words: str


@dataclass(frozen=True)
class Outcome:
    """What became of a wish to delete: "erased", or "kept" with grounds (code, rule, matters, until)."""

    request_id: str
    reference: str
    outcome: str
    grounds: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Copy:
    """A copy that was made; `token` is the secret of its private link."""

    request: DataRequest
    token: str


def ask_person(
    store: CaseStore, session_id: str, kind: Kind, words: str, policy: Policy, today: date
) -> DataRequest:
    """Pass a wish to correct or delete data on to a person; asking again adds to the open one.

    Raises `NotFound` unless the session's borrower is verified.
    """
    with store.unit() as unit:
        session = _verified(unit, session_id)
        row = _open_of(unit, session, kind) or _new(unit, session, kind, policy, today)
        said = without_contacts(words)
        row.words = f"{row.words}\n{said}" if row.words and said else said or row.words
        handoffs.open_for(unit, session, HANDOFF_REASON, policy)
        return _view(row)


def make_copy(store: CaseStore, session_id: str, render: Render, policy: Policy, today: date) -> Copy:
    """Gather all that is held on the verified borrower, worded by `render`, behind a link that ends.

    Raises `NotFound` unless the session's borrower is verified.
    """
    with store.unit() as unit:
        session = _verified(unit, session_id)
        row = _new(unit, session, "copy", policy, today)
        token = _token_of(unit.keys, row.request_id)
        row.content, row.token_hash = render(gather(unit, session.borrower_id)), _hash_of(unit.keys, token)
        row.state, row.answered_at = ANSWERED, unit.now
        row.expires_at = unit.now + timedelta(days=policy.privacy.copy_link_days.value)
        unit.audit("data_copy_made", row.reference, until=row.expires_at.isoformat())
        return Copy(_view(row), token)


def withdraw_consent(store: CaseStore, session_id: str, policy: Policy, today: date) -> DataRequest:
    """Take back every consent the conversation, or its verified borrower, has given; it holds from now on.

    Raises `NotFound` for an unknown session.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        for given_in, purpose, version in sorted(_given(unit, session)):
            consents.note(unit, given_in, purpose, version, False)
        row = _new(unit, session, "withdraw", policy, today)
        row.state, row.answered_at = ANSWERED, unit.now
        return _view(row)


def open_requests(store: CaseStore) -> tuple[AskedRequest, ...]:
    """The wishes that wait for a person, the first due first."""
    with store.reading() as unit:
        query = select(DataRequestRow).where(DataRequestRow.state == OPEN).order_by(DataRequestRow.due_at)
        return tuple(AskedRequest(_view(row), row.words or "") for row in unit.session.scalars(query))


def open_of(store: CaseStore, session_id: str) -> tuple[DataRequest, ...]:
    """What was asked in this conversation and waits for a person, the first due first."""
    own = and_(DataRequestRow.session_id == session_id, DataRequestRow.state == OPEN)
    with store.reading() as unit:
        rows = unit.session.scalars(select(DataRequestRow).where(own).order_by(DataRequestRow.due_at))
        return tuple(_view(row) for row in rows)


def corrected(store: CaseStore, reference: str, staff: str) -> None:
    """Note that the borrower has the answer to a wish to correct. Raises `NotFound` unless one is open."""
    with store.unit() as unit:
        query = select(DataRequestRow).where(
            DataRequestRow.reference == reference,
            DataRequestRow.kind == "correct",
            DataRequestRow.state == OPEN,
        )
        row = unit.session.scalars(query.with_for_update()).one_or_none()
        if row is None:
            raise NotFound("open request to correct")
        row.state, row.answered_at, row.decided_by = ANSWERED, unit.now, staff
        unit.audit("data_request_answered", reference, actor=staff)


def untold(store: CaseStore, session_id: str, borrower_id: str | None) -> tuple[Outcome, ...]:
    """What became of wishes to delete and was not told yet: the borrower's, or here of one who was erased."""
    here = and_(DataRequestRow.session_id == session_id, DataRequestRow.borrower_id.is_(None))
    own = DataRequestRow.borrower_id == borrower_id if borrower_id is not None else here
    query = select(DataRequestRow).where(
        own, DataRequestRow.outcome.is_not(None), DataRequestRow.told_at.is_(None)
    )
    with store.reading() as unit:
        rows = unit.session.scalars(query.order_by(DataRequestRow.answered_at))
        return tuple(Outcome(row.request_id, row.reference, row.outcome, tuple(row.grounds)) for row in rows)


def mark_told(store: CaseStore, request_ids: Iterable[str]) -> None:
    """These outcomes were told; marking them again changes nothing."""
    with store.unit() as unit:
        own = DataRequestRow.request_id.in_(list(request_ids))
        unit.session.execute(
            update(DataRequestRow)
            .where(own, DataRequestRow.told_at.is_(None))
            .values(told_at=unit.now)
            .execution_options(synchronize_session=False)
        )


def copy_behind(store: CaseStore, token: str) -> str | None:
    """The copy behind a private link, None for a wrong token or when its time is over."""
    query = select(DataRequestRow).where(DataRequestRow.token_hash == _hash_of(store.keys, token))
    with store.reading() as unit:
        row = unit.session.scalars(query).one_or_none()
        return row.content if row is not None and unit.now < row.expires_at else None


def _verified(unit: UnitOfWork, session_id: str) -> SessionRow:
    session = session_row(unit.session, session_id, lock=True)
    if session.borrower_id is None:
        raise NotFound("verified borrower")
    return session


def _open_of(unit: UnitOfWork, session: SessionRow, kind: str) -> DataRequestRow | None:
    query = select(DataRequestRow).where(
        DataRequestRow.borrower_id == session.borrower_id,
        DataRequestRow.kind == kind,
        DataRequestRow.state == OPEN,
    )
    return unit.session.scalars(query.order_by(DataRequestRow.asked_at)).first()


def _new(unit: UnitOfWork, session: SessionRow, kind: str, policy: Policy, today: date) -> DataRequestRow:
    row = DataRequestRow(
        request_id=new_id(),
        reference=new_reference("DR", today),
        session_id=session.session_id,
        borrower_id=session.borrower_id,
        kind=kind,
        state=OPEN,
        asked_at=unit.now,
        due_at=handoffs.answer_due(unit.now, policy),
    )
    unit.session.add(row)
    unit.session.flush()
    unit.audit("data_requested", row.reference, kind=kind)
    return row


def _given(unit: UnitOfWork, session: SessionRow) -> set[tuple[str, str, str]]:
    """(session, purpose, version) of every consent whose latest decision is a yes."""
    query = select(ConsentRow).join(SessionRow, SessionRow.session_id == ConsentRow.session_id)
    if session.borrower_id is None:
        query = query.where(ConsentRow.session_id == session.session_id)
    else:
        query = query.where(SessionRow.borrower_id == session.borrower_id)
    rows = unit.session.scalars(query.order_by(ConsentRow.consent_id))
    latest = {(row.session_id, row.purpose, row.version): row.given for row in rows}
    return {key for key, given in latest.items() if given}


def _token_of(keys: Keys, request_id: str) -> str:
    return base64.urlsafe_b64encode(keys.digest("data_copy", request_id)).rstrip(b"=").decode()


def _hash_of(keys: Keys, token: str) -> str:
    return keys.hash("data_copy_token", token)


def _view(row: DataRequestRow) -> DataRequest:
    return DataRequest(row.reference, row.kind, row.state, row.asked_at, row.due_at, row.expires_at)
