"""What people wrote to borrowers, on its way: shown live on open pages, pushed where messages are sent."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from casestore.models import HandoffRow, MessageRow, PersonMessageRow
from casestore.retries import again_at, lease_until
from casestore.store import CaseStore, UnitOfWork

# An hour's pause at last: after a day of failures it is left to the person, who sees it undelivered.
MOST_TRIES = 34


@dataclass(frozen=True)
class PersonMessage:
    """A message of a person, or a notice that one came or went, to the borrower of `session_id`.

    `author` and `body` are as in the conversation.
    """

    session_id: str
    seq: int
    author: str
    body: Mapping[str, Any]
    written_at: datetime


def add(unit: UnitOfWork, handoff: HandoffRow, channel: str, seq: int) -> None:
    """Note that message number `seq` of the hand-off's conversation has to reach the borrower."""
    unit.session.add(
        PersonMessageRow(
            session_id=handoff.session_id,
            seq=seq,
            channel=channel,
            handoff_id=handoff.handoff_id,
            written_at=unit.now,
            tries=0,
            due_at=unit.now,
        )
    )


def recent(store: CaseStore, channel: str, since: datetime) -> tuple[PersonMessage, ...]:
    """What was written on `channel` from `since` (UTC) on, oldest first, delivered or not."""
    query = _with_body().where(PersonMessageRow.channel == channel, PersonMessageRow.written_at >= since)
    with store.reading() as unit:
        return tuple(_view(*pair) for pair in unit.session.execute(query))


def claim(store: CaseStore, channel: str) -> PersonMessage | None:
    """The oldest message due on `channel`, kept from other senders for a while; None when there is none.

    Messages of one conversation go out in order: a later one waits for the earlier.
    """
    with store.unit() as unit:
        key = next((key for key, due_at in _firsts(unit, channel) if due_at <= unit.now), None)
        row = _unclaimed(unit, *key) if key is not None else None
        if row is None:
            return None
        row.tries, row.due_at = row.tries + 1, lease_until(unit.now)
        return _view(row, unit.session.get(MessageRow, (row.session_id, row.seq)))


def delivered(store: CaseStore, message: PersonMessage) -> None:
    """The borrower's channel has taken this message."""
    with store.unit() as unit:
        row = unit.session.get(PersonMessageRow, (message.session_id, message.seq))
        row.delivered_at, row.due_at = unit.now, None


def failed(store: CaseStore, message: PersonMessage, wait: timedelta = timedelta()) -> datetime | None:
    """The channel did not take this message, and takes none for so long as it says.

    When it is tried again (UTC), None when it is given up.
    """
    with store.unit() as unit:
        row = unit.session.get(PersonMessageRow, (message.session_id, message.seq))
        again = max(again_at(unit.now, row.tries), unit.now + wait)
        row.due_at = again if row.tries < MOST_TRIES else None
        return row.due_at


def seen(store: CaseStore, session_id: str, seq: int) -> None:
    """The borrower has this conversation before them, as far as message number `seq`."""
    if not any(number <= seq for number in undelivered(store, session_id)):
        return
    with store.unit() as unit:
        unit.session.execute(
            update(PersonMessageRow)
            .where(
                PersonMessageRow.session_id == session_id,
                PersonMessageRow.seq <= seq,
                PersonMessageRow.delivered_at.is_(None),
            )
            .values(delivered_at=unit.now, due_at=None)
            .execution_options(synchronize_session=False)
        )


def undelivered(store: CaseStore, session_id: str) -> frozenset[int]:
    """The numbers of a person's messages that have not reached the borrower of this conversation."""
    query = select(PersonMessageRow.seq).where(
        PersonMessageRow.session_id == session_id, PersonMessageRow.delivered_at.is_(None)
    )
    with store.reading() as unit:
        return frozenset(unit.session.scalars(query))


def _with_body() -> Any:
    same = (MessageRow.session_id == PersonMessageRow.session_id) & (MessageRow.seq == PersonMessageRow.seq)
    return (
        select(PersonMessageRow, MessageRow)
        .join(MessageRow, same)
        .order_by(PersonMessageRow.written_at, PersonMessageRow.session_id, PersonMessageRow.seq)
    )


def _firsts(unit: UnitOfWork, channel: str) -> list[tuple[tuple[str, int], datetime]]:
    """Key and time of the first undelivered message of each conversation, the oldest first."""
    query = (
        select(PersonMessageRow.session_id, PersonMessageRow.seq, PersonMessageRow.due_at)
        .where(PersonMessageRow.channel == channel, PersonMessageRow.due_at.is_not(None))
        .order_by(PersonMessageRow.written_at, PersonMessageRow.seq)
    )
    firsts: dict[str, tuple[tuple[str, int], datetime]] = {}
    for session_id, seq, due_at in unit.session.execute(query):
        firsts.setdefault(session_id, ((session_id, seq), due_at))
    return list(firsts.values())


def _unclaimed(unit: UnitOfWork, session_id: str, seq: int) -> PersonMessageRow | None:
    """The message's row, locked; None when another sender was faster."""
    query = select(PersonMessageRow).where(
        PersonMessageRow.session_id == session_id,
        PersonMessageRow.seq == seq,
        PersonMessageRow.due_at <= unit.now,
    )
    return unit.session.scalars(query.with_for_update(skip_locked=True)).one_or_none()


def _view(row: PersonMessageRow, message: MessageRow) -> PersonMessage:
    return PersonMessage(row.session_id, row.seq, message.author, message.body, row.written_at)
