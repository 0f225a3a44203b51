"""What somebody who owns the database can do to the audit trail: take its guards off and write."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Date, Integer, create_engine, text
from sqlalchemy.engine import Connection, Engine

from casestore.types import Encrypted, EncryptedBytes, MinorUnits, UtcDateTime

AUDIT_TABLES = ("audit_entries", "audit_head")
GUARDS = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE 'audit_%'"


@contextmanager
def unguarded(engine: Engine) -> Iterator[Connection]:
    """A transaction in which the database's guards of the audit trail are off; they are on again after it."""
    with engine.connect() as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            guards = connection.execute(text(GUARDS)).all()
            for name, _ in guards:
                connection.exec_driver_sql(f"DROP TRIGGER {name}")
            yield connection
            for _, statement in guards:
                connection.exec_driver_sql(statement)
            return
        for table in AUDIT_TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield connection
        for table in AUDIT_TABLES:
            connection.exec_driver_sql(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def tamper(engine: Engine, *statements: str) -> None:
    """Run these statements with the guards off."""
    with unguarded(engine) as connection:
        for statement in statements:
            connection.execute(text(statement))


@contextmanager
def unbound(engine: Engine) -> Iterator[Connection]:
    """A transaction in which neither guards nor foreign keys bind, as with another program on the file."""
    if engine.dialect.name == "sqlite":
        other = create_engine(engine.url)
        other.dialect.respite_keys = engine.dialect.respite_keys  # type: ignore[attr-defined]
        with other.begin() as connection:
            yield connection
        other.dispose()
        return
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield connection


UNOPENED = "not to be opened"


def other_values(column: Any, value: Any) -> Iterator[Any]:
    """Another value of the column's kind, and for an encrypted one also one that no key opens."""
    if isinstance(column.type, Encrypted):
        yield UNOPENED
    if isinstance(column.type, EncryptedBytes):
        yield b"other"
    elif isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 99
    elif isinstance(value, (date, datetime)):
        yield value + timedelta(days=1)
    elif isinstance(value, dict):
        yield {**value, "lump_sum": 1}
    elif isinstance(column.type, UtcDateTime):
        yield datetime.fromisoformat("2026-11-24T00:00:00+00:00")
    elif isinstance(column.type, Date):
        yield date(2026, 11, 24)
    else:
        yield 99 if isinstance(column.type, (Integer, MinorUnits)) else "x"
