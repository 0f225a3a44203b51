"""Conversations on messaging channels: found by the borrower's address there, which nobody else learns.

A session's id is a keyed hash of channel and address, so that it can stand in logs and slots.
"""

from __future__ import annotations

from datetime import datetime

from casestore.errors import NotFound
from casestore.models import ChannelAddressRow, SessionRow
from casestore.rows import session_row
from casestore.store import CaseStore, UnitOfWork
from casestore.upsert import insert_if_new


def id_for(store: CaseStore, channel: str, address: str) -> str:
    """The id of the conversation with `address` on `channel`, whether or not there is one yet."""
    return f"{channel}-{store.keys.hash(f'address:{channel}', address)[:40]}"


def session_for(store: CaseStore, channel: str, address: str) -> str:
    """The session of whoever writes from `address` on `channel`, begun when new; notes that they wrote."""
    own = id_for(store, channel, address)
    with store.unit() as unit:
        heard(unit, own, channel, address)
    return own


def heard(unit: UnitOfWork, session_id: str, channel: str, address: str) -> None:
    """Note inside a transaction that does more that the borrower of this conversation wrote."""
    _begin(unit, session_id, channel)
    row = unit.session.get(ChannelAddressRow, session_id, with_for_update=True)
    if row is None:
        row = ChannelAddressRow(session_id=session_id, address=address)
        unit.session.add(row)
    row.heard_at = unit.now


def _begin(unit: UnitOfWork, session_id: str, channel: str) -> None:
    """Have the conversation there and locked; it is begun again when it was erased while this unit waited."""
    new = {"session_id": session_id, "channel": channel, "started_at": unit.now}
    insert_if_new(unit.session, SessionRow, **new)
    try:
        session_row(unit.session, session_id, lock=True)
    except NotFound:
        insert_if_new(unit.session, SessionRow, **new)


def address_of(store: CaseStore, session_id: str) -> str | None:
    """Where a message to this conversation goes, None when it has no address."""
    with store.reading() as unit:
        row = unit.session.get(ChannelAddressRow, session_id)
        return row.address if row else None


def heard_at(store: CaseStore, session_id: str) -> datetime | None:
    """When the borrower last wrote from there (UTC); channels let us write back for some time only."""
    with store.reading() as unit:
        row = unit.session.get(ChannelAddressRow, session_id)
        return row.heard_at if row else None
