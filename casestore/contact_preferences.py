"""How a borrower wants to be contacted. Outreach asks here before it writes or calls first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select

from casestore import handoffs
from casestore.models import ContactPreferenceRow, SessionRow
from casestore.redaction import without_contacts
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork


@dataclass(frozen=True)
class ContactPreference:
    """What was wished last. `channel` and `hours` are codes, None when it does not matter.

    `words` is what the borrower said of it, for people to read. With `stopped` nobody writes or calls first:
    it was wished, or a danger was told that a person has still to answer.
    """

    channel: str | None
    hours: str | None
    words: str | None
    stopped: bool
    set_at: datetime
    verified: bool

    @property
    def welcomes_calls(self) -> bool:
        """Whether a call is in keeping with the wish: contact is not stopped, no other way preferred."""
        return not self.stopped and self.channel in (None, "any", "call", "no_call_at_work")


def prefer(
    store: CaseStore, session_id: str, channel: str | None, hours: str | None, words: str = ""
) -> ContactPreference:
    """Keep how and when the borrower wants to be contacted; who names a way can be contacted again.

    Not before a person has answered a danger that was told: until then nobody writes or calls first.
    Raises `NotFound` for an unknown session.
    """
    return _set(store, session_id, channel, hours, words, stopped=False)


def stop(store: CaseStore, session_id: str, words: str = "") -> ContactPreference:
    """Nobody writes or calls first from now on; what was preferred before is kept beside it.

    Without `words` of its own, as after a danger, the borrower's earlier ones stay.

    Raises `NotFound` for an unknown session.
    """
    before = of_session(store, session_id)
    channel, hours = (before.channel, before.hours) if before else (None, None)
    said = words or (before.words if before else None) or ""
    return _set(store, session_id, channel, hours, said, stopped=True)


def of_session(store: CaseStore, session_id: str) -> ContactPreference | None:
    """What holds for this conversation: the verified borrower's latest wish, else the conversation's own."""
    with store.reading() as unit:
        session = session_row(unit.session, session_id)
        if session.borrower_id is not None:
            return _latest(unit, _of(session.borrower_id))
        return _latest(unit, ContactPreferenceRow.session_id == session_id)


def of_borrower(store: CaseStore, borrower_id: str) -> ContactPreference | None:
    """The borrower's latest wish, None when nothing was wished."""
    with store.reading() as unit:
        return _latest(unit, _of(borrower_id))


def _set(
    store: CaseStore, session_id: str, channel: str | None, hours: str | None, words: str, stopped: bool
) -> ContactPreference:
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        row = ContactPreferenceRow(
            session_id=session_id,
            borrower_id=session.borrower_id,
            channel=channel,
            hours=hours,
            words=without_contacts(words) or None,
            stopped=stopped,
            set_at=unit.now,
        )
        unit.session.add(row)
        unit.session.flush()
        unit.audit(
            "contact_preference_set", unit.mark(session_id), channel=channel, hours=hours, stopped=stopped
        )
        return _view(unit, row, session)


def _of(borrower_id: str) -> Any:
    """Set when verified, or set before in a conversation that was verified later."""
    later = and_(ContactPreferenceRow.borrower_id.is_(None), SessionRow.borrower_id == borrower_id)
    return or_(ContactPreferenceRow.borrower_id == borrower_id, later)


def _latest(unit: UnitOfWork, condition: Any) -> ContactPreference | None:
    query = (
        select(ContactPreferenceRow, SessionRow)
        .join(SessionRow, SessionRow.session_id == ContactPreferenceRow.session_id)
        .where(condition)
        .order_by(ContactPreferenceRow.number.desc())
        .limit(1)
    )
    found = unit.session.execute(query).first()
    return _view(unit, *found) if found else None


def _view(unit: UnitOfWork, row: ContactPreferenceRow, session: SessionRow) -> ContactPreference:
    """The wish, which holds again by itself when a person has answered the danger."""
    stopped = row.stopped or handoffs.danger_waits_for(unit, session)
    verified = (row.borrower_id or session.borrower_id) is not None
    return ContactPreference(row.channel, row.hours, row.words, stopped, row.set_at, verified)
