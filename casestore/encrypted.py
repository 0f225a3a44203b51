"""The encrypted columns as the bytes that lie in the database, and which of them no key opens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, MetaData, Table, and_, literal, or_, select, tuple_, type_coerce

from casestore.keys import Keys
from casestore.models import metadata
from casestore.store import CaseStore
from casestore.types import Encrypted

# Rows per transaction: with a PDF in each, a batch stays at some megabytes and is written in well under the
# time that a server waits for a lock.
BATCH = 100

# How JSON begins that was written before its column was encrypted; no encrypted value begins so.
PLAIN = b"{"

Row = tuple[Any, ...]


@dataclass(frozen=True)
class EncryptedTable:
    """A table with encrypted columns, seen as the bytes that lie in the database."""

    table: Table
    columns: tuple[Column, ...]

    @property
    def key(self) -> tuple[Column, ...]:
        """The columns of the primary key."""
        return tuple(self.table.primary_key.columns)

    def rows(self) -> Any:
        """A query for key and stored values."""
        return select(*self.key, *(type_coerce(column, column.type.impl) for column in self.columns))

    def stored(self, row: Row) -> Iterator[tuple[Column, bytes]]:
        """The values that are there in a row of `rows`."""
        for column, value in zip(self.columns, row[len(self.key) :], strict=True):
            if value is not None:
                yield column, value.encode() if isinstance(value, str) else bytes(value)

    def among(self, rows: Iterable[Row]) -> Any:
        """The condition of being one of these rows."""
        return or_(*(and_(*map(_equals, self.key, row)) for row in rows))

    def after(self, row: Row) -> Any:
        """The condition of coming after this row in the order of the key."""
        values = [literal(value, column.type) for column, value in zip(self.key, row, strict=True)]
        return tuple_(*self.key) > tuple_(*values)

    def identity(self, row: Row) -> Row:
        """The key's values."""
        return tuple(row[: len(self.key)])


def encrypted_tables(tables: MetaData = metadata) -> list[EncryptedTable]:
    """Every table with encrypted columns; they are found by their type, so none is left out."""
    found = [
        EncryptedTable(table, tuple(column for column in table.columns if isinstance(column.type, Encrypted)))
        for table in tables.sorted_tables
    ]
    return [each for each in found if each.columns]


def batches(store: CaseStore, each: EncryptedTable, batch: int) -> Iterator[list[Row]]:
    """The rows of `each.rows()`, so many in each transaction."""
    last: Row | None = None
    while True:
        query = each.rows().order_by(*each.key).limit(batch)
        with store.reading() as unit:
            rows = unit.session.execute(query if last is None else query.where(each.after(last))).all()
        if not rows:
            return
        yield rows
        last = each.identity(rows[-1])


def unreadable(store: CaseStore, but: Collection[Table] = ()) -> Iterator[str]:
    """Every value that none of the store's keys opens, by column and row; a session by its audit mark.

    `but` leaves out these tables.
    """
    for each in (each for each in encrypted_tables() if each.table not in but):
        for rows in batches(store, each, BATCH):
            for row in rows:
                for column, value in each.stored(row):
                    if not readable(store.keys, value):
                        yield f"{each.table.name}.{column.name} of {_named(store, each, row)}"


def _named(store: CaseStore, each: EncryptedTable, row: Row) -> str:
    with store.reading() as unit:
        values = {
            column.name: unit.mark(value) if column.name == "session_id" else value
            for column, value in zip(each.key, each.identity(row), strict=True)
        }
    return ", ".join(f"{name} {value}" for name, value in values.items())


def readable(keys: Keys, value: bytes) -> bool:
    """Whether one of the keys opens the value; JSON from before there was encryption counts."""
    return value.startswith(PLAIN) or opens(keys.cipher, value)


def opens(cipher: Any, value: bytes) -> bool:
    """Whether this cipher, one key or several, opens the value."""
    try:
        cipher.decrypt(value)
    except InvalidToken:
        return False
    return True


def _equals(column: Column, value: object) -> Any:
    return column == value
