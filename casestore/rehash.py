"""Look-up hashes are made again with the newest look-up key, from what they are hashes of, while servers run.

As with encrypted values, each batch is a short transaction of its own and what is done shows in the rows.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Column, Text, select, type_coerce, update

from casestore.encrypted import opens
from casestore.keys import Keys
from casestore.lookups import LOOKUPS, Lookup
from casestore.store import CaseStore, UnitOfWork

# Key, stored hash, and the encrypted value that it is a hash of.
HashedRow = tuple[Any, str, str]


def rehash(store: CaseStore, batch: int) -> int:
    """Make again every look-up hash that is not under the newest key; returns how many there were."""
    return sum(
        _renew(store, lookup, older) for lookup in LOOKUPS for older in _older(store, lookup, batch) if older
    )


def left(store: CaseStore, batch: int) -> int:
    """How many look-up hashes are not under the newest key now."""
    return sum(len(older) for lookup in LOOKUPS for older in _older(store, lookup, batch))


def _older(store: CaseStore, lookup: Lookup, batch: int) -> Iterator[list[Any]]:
    """The keys of rows with another hash than the newest key makes, so many rows looked at for each list."""
    key, last = _key(lookup), None
    while True:
        query = _rows(lookup).order_by(key).limit(batch)
        with store.reading() as unit:
            rows = unit.session.execute(query if last is None else query.where(key > last)).all()
        if not rows:
            return
        yield [row[0] for row in rows if _newest(store.keys, lookup, row) not in (None, row[1])]
        last = rows[-1][0]


def _renew(store: CaseStore, lookup: Lookup, keys: Collection[Any]) -> int:
    """A row that a server holds is waited for alone, so that rotation never waits while it holds one."""
    with store.unit() as unit:
        reached = _renew_locked(unit, lookup, keys, skip_held=True)
    for key in keys:
        if key not in reached:
            with store.unit() as unit:
                reached |= _renew_locked(unit, lookup, [key], skip_held=False)
    return len(reached)


def _renew_locked(unit: UnitOfWork, lookup: Lookup, keys: Collection[Any], skip_held: bool) -> set[Any]:
    # Read again under the lock: a server may have written since.
    query = _rows(lookup).where(_key(lookup).in_(list(keys))).with_for_update(skip_locked=skip_held)
    locked = unit.session.execute(query).all()
    for row in locked:
        newest = _newest(unit.keys, lookup, row)
        if newest not in (None, row[1]):
            change = update(_table(lookup)).where(_key(lookup) == row[0])
            unit.session.execute(change.values({lookup.column.key: newest}))
    return {row[0] for row in locked}


def _rows(lookup: Lookup) -> Any:
    return select(_key(lookup), lookup.column, type_coerce(lookup.source, Text))


def _newest(keys: Keys, lookup: Lookup, row: HashedRow) -> str | None:
    """The hash under the newest key; None where no key opens what it should be of."""
    value = row[2].encode()
    return lookup.hash(keys, keys.cipher.decrypt(value).decode()) if opens(keys.cipher, value) else None


def _table(lookup: Lookup) -> Any:
    return lookup.column.class_.__table__


def _key(lookup: Lookup) -> Column:
    (key,) = _table(lookup).primary_key.columns
    return key
