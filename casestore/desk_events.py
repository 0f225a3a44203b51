"""What the lender's desk must hear of: written in the transaction it tells of, sent at least once.

The desk tells a repeat by `event_id`. Bodies hold what a borrower wrote: they lie encrypted, and are emptied
once delivered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select

from casestore.models import DeskEventRow, HandoffRow
from casestore.references import new_id
from casestore.retries import again_at, lease_until
from casestore.store import CaseStore, UnitOfWork

Kind = Literal[
    "handoff_requested",
    "handoff_raised",
    "callback_chosen",
    "borrower_wrote",
    "handoff_taken",
    "handoff_closed",
]


@dataclass(frozen=True)
class DeskEvent:
    """One event to send. `handoff` is the hand-off's reference; `body` holds codes, references and texts."""

    number: int
    event_id: str
    kind: str
    handoff: str
    body: Mapping[str, Any]
    made_at: datetime
    tries: int


def add(
    unit: UnitOfWork, kind: Kind, handoff: HandoffRow, body: Mapping[str, Any], event_id: str | None = None
) -> None:
    """Leave an event about `handoff` inside the transaction that it tells of, if a desk is connected.

    An event with an `event_id` that is there already changes nothing.
    """
    if not unit.desk or (event_id and _is_known(unit, event_id)):
        return
    unit.session.add(
        DeskEventRow(
            event_id=event_id or new_id(),
            kind=kind,
            handoff_id=handoff.handoff_id,
            body=dict(body),
            made_at=unit.now,
            tries=0,
            due_at=unit.now,
        )
    )


def claim(store: CaseStore) -> DeskEvent | None:
    """The oldest event that is due, counted as tried and kept from other senders for a while; None if none.

    Events of one hand-off come in the order they happened: a later one waits for the earlier.
    """
    with store.unit() as unit:
        number = next((number for number, due_at in _firsts(unit) if due_at <= unit.now), None)
        row = _unclaimed(unit, number) if number is not None else None
        if row is None:
            return None
        row.tries, row.due_at = row.tries + 1, lease_until(unit.now)
        reference = unit.session.get(HandoffRow, row.handoff_id).reference
        return DeskEvent(row.number, row.event_id, row.kind, reference, row.body, row.made_at, row.tries)


def delivered(store: CaseStore, number: int) -> None:
    """The desk has this event."""
    with store.unit() as unit:
        row = unit.session.get(DeskEventRow, number)
        row.delivered_at, row.due_at, row.body = unit.now, None, None


def failed(store: CaseStore, number: int) -> datetime:
    """The desk did not take this event; when it is tried again (UTC). It is never given up."""
    with store.unit() as unit:
        row = unit.session.get(DeskEventRow, number)
        row.due_at = again_at(unit.now, row.tries)
        return row.due_at


def waiting(store: CaseStore) -> int:
    """How many events the desk has not got yet."""
    query = select(func.count()).select_from(DeskEventRow).where(DeskEventRow.due_at.is_not(None))
    with store.reading() as unit:
        return int(unit.session.scalar(query) or 0)


def _is_known(unit: UnitOfWork, event_id: str) -> bool:
    query = select(DeskEventRow.number).where(DeskEventRow.event_id == event_id)
    return unit.session.scalar(query) is not None


def _firsts(unit: UnitOfWork) -> list[tuple[int, datetime]]:
    """Number and time of the first undelivered event of each hand-off, the oldest first."""
    query = (
        select(DeskEventRow.number, DeskEventRow.handoff_id, DeskEventRow.due_at)
        .where(DeskEventRow.due_at.is_not(None))
        .order_by(DeskEventRow.number)
    )
    firsts: dict[str, tuple[int, datetime]] = {}
    for number, handoff_id, due_at in unit.session.execute(query):
        firsts.setdefault(handoff_id, (number, due_at))
    return list(firsts.values())


def _unclaimed(unit: UnitOfWork, number: int) -> DeskEventRow | None:
    """The event's row, locked; None when another sender was faster."""
    query = select(DeskEventRow).where(DeskEventRow.number == number, DeskEventRow.due_at <= unit.now)
    return unit.session.scalars(query.with_for_update(skip_locked=True)).one_or_none()
