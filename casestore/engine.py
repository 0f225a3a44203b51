"""Database engines: SQLite made safe for several writers, or PostgreSQL, chosen by the URL."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import QueuePool

# How long a writer waits for another before it gives up; a turn of the conversation must end in seconds.
WAIT_MILLISECONDS = 5000

WRITES = "respite_writes"


def open_engine(url: str) -> Engine:
    """An engine for `url`. A SQLite file's folder is created."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    return create_engine(
        parsed,
        future=True,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "options": f"-c lock_timeout={WAIT_MILLISECONDS} -c timezone=UTC",
        },
    )


def writing(engine: Engine) -> Engine:
    """The same engine for units that write: on SQLite they take the write lock at once.

    A transaction that reads first and writes later could fail half-way, because SQLite can't
    upgrade a stale read lock.
    """
    return engine.execution_options(**{WRITES: True})


def _open_sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, future=True, poolclass=QueuePool, connect_args={"check_same_thread": False}, pool_pre_ping=False
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver's own transaction handling starts transactions too late; ours are explicit.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout={WAIT_MILLISECONDS}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
