"""Key rotation: encrypted values and look-up hashes are made again with the newest keys, while servers run.

Each batch is a short transaction of its own. What is done already shows in the values themselves, so a
rotation that was stopped goes on where it was, and one that is finished finds nothing to do.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import Column, type_coerce, update
from sqlalchemy.engine import Engine

from casestore.encrypted import BATCH, PLAIN, EncryptedTable, Row, batches, encrypted_tables, opens, readable
from casestore.flow_record import FlowBase
from casestore.keys import Keys
from casestore.rehash import left, rehash
from casestore.store import CaseStore, UnitOfWork


@dataclass
class Rotation:
    """How many values and hashes were renewed, and where each stood when all were looked over at the end.

    `unreadable` counts, by table and column, the values that none of the keys opens.
    """

    renewed: int = 0
    rehashed: int = 0
    newest: int = 0
    older: int = 0
    older_hashes: int = 0
    unreadable: dict[str, int] = field(default_factory=dict)


def rotate(store: CaseStore, flow: Engine | None = None, batch: int = BATCH) -> Rotation:
    """Make again, with the first of the store's keys, every value and look-up hash that lies under another.

    `flow` is Rasa's record, None where there is none; what it holds from before it was encrypted, is then.
    """
    newest, result = Fernet(store.keys.encryption[0]), Rotation()
    places = [(store, each) for each in encrypted_tables()]
    if flow is not None:
        record = CaseStore(flow, store.keys, store.clock)
        places += [(record, each) for each in encrypted_tables(FlowBase.metadata)]
    for place, each in places:
        for rows in batches(place, each, batch):
            result.renewed += _renew(place, each, rows, newest)
    result.rehashed = rehash(store, batch)
    if result.renewed or result.rehashed:
        done = {"values": result.renewed, "lookups": result.rehashed}
        with store.unit() as unit:
            unit.audit("keys_rotated", "store", actor="staff", **done)
    for place, each in places:
        _look_over(place, each, newest, batch, result)
    result.older_hashes = left(store, batch)
    return result


def _renew(store: CaseStore, each: EncryptedTable, rows: list[Row], newest: Fernet) -> int:
    """Renew what lies under older keys in these rows; returns how many values.

    The batch passes over a row that a server holds; such rows follow one by one. So rotation never waits
    while it holds a row, and can't make a borrower's turn fail by a deadlock.
    """
    waiting = [row for row in rows if any(not opens(newest, value) for _, value in each.stored(row))]
    if not waiting:
        return 0
    with store.unit() as unit:
        renewed, reached = _renew_locked(unit, each, waiting, newest, skip_held=True)
    for row in waiting:
        if each.identity(row) not in reached:
            with store.unit() as unit:
                renewed += _renew_locked(unit, each, [row], newest, skip_held=False)[0]
    return renewed


def _renew_locked(
    unit: UnitOfWork, each: EncryptedTable, rows: list[Row], newest: Fernet, skip_held: bool
) -> tuple[int, set[Row]]:
    # Read again under the lock: a server may have written since.
    query = each.rows().where(each.among(map(each.identity, rows)))
    locked = unit.session.execute(query.with_for_update(skip_locked=skip_held)).all()
    renewed = 0
    for row in locked:
        values = {
            column.name: _as_stored(column, _encrypted(unit.keys, value))
            for column, value in each.stored(row)
            if not opens(newest, value) and readable(unit.keys, value)
        }
        if values:
            unit.session.execute(update(each.table).where(each.among([each.identity(row)])).values(values))
        renewed += len(values)
    return renewed, {each.identity(row) for row in locked}


def _look_over(store: CaseStore, each: EncryptedTable, newest: Fernet, batch: int, result: Rotation) -> None:
    """Count under which key each value lies now: a server with old settings may have written meanwhile."""
    for rows in batches(store, each, batch):
        for column, value in (pair for row in rows for pair in each.stored(row)):
            if opens(newest, value):
                result.newest += 1
            elif readable(store.keys, value):
                result.older += 1
            else:
                place = f"{each.table.name}.{column.name}"
                result.unreadable[place] = result.unreadable.get(place, 0) + 1


def _as_stored(column: Column, value: bytes) -> Any:
    kind = column.type.impl
    return type_coerce(value.decode() if kind.python_type is str else value, kind)


def _encrypted(keys: Keys, value: bytes) -> bytes:
    return keys.cipher.encrypt(value) if value.startswith(PLAIN) else keys.cipher.rotate(value)
