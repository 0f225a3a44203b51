"""Database engines: SQLite made safe for several writers, or PostgreSQL, chosen by the URL."""

from __future__ import annotations

import select
import time
from pathlib import Path
from typing import Any

import psycopg2
from psycopg2 import extensions
from sqlalchemy import create_engine, event
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.engine.url import URL, make_url
from sqlalchemy.pool import QueuePool

# How long a writer waits for another before it gives up; a turn of the conversation must end in seconds.
WAIT_MILLISECONDS = 5000

# How long the server may take for one answer: longer than the wait for a lock, so that its own error comes
# first, and short enough that a borrower hears of it. Without it a database that stands still has no end.
ANSWER_SECONDS = 7.0

WRITES = "respite_writes"


class BoundedConnection(extensions.connection):
    """A connection that is given up when an answer takes longer; None waits for ever."""

    answer_seconds: float | None = ANSWER_SECONDS


def open_engine(url: str) -> Engine:
    """An engine for `url`. A SQLite file's folder is created. Its errors quote no values."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return _open_sqlite(parsed)
    return create_engine(
        parsed,
        hide_parameters=True,
        future=True,
        pool_pre_ping=True,
        connect_args={
            "connect_timeout": 5,
            "connection_factory": BoundedConnection,
            "options": f"-c lock_timeout={WAIT_MILLISECONDS} -c timezone=UTC",
        },
    )


def writing(engine: Engine) -> Engine:
    """The same engine for units that write: on SQLite they take the write lock at once.

    A transaction that reads first and writes later could fail half-way, because SQLite can't
    upgrade a stale read lock.
    """
    return engine.execution_options(**{WRITES: True})


def wait_without_limit(connection: Connection) -> None:
    """Let statements on this connection take their time: a migration may rewrite a large table."""
    if connection.dialect.name == "postgresql":
        connection.connection.dbapi_connection.answer_seconds = None


def _wait_for_answer(connection: extensions.connection) -> None:
    """Wait as psycopg2 does, but not without end. Raises its `OperationalError` after too long."""
    seconds = getattr(connection, "answer_seconds", None)
    deadline = None if seconds is None else time.monotonic() + seconds
    while (state := connection.poll()) != extensions.POLL_OK:
        waits = select.poll()
        waits.register(
            connection.fileno(), select.POLLIN if state == extensions.POLL_READ else select.POLLOUT
        )
        left = None if deadline is None else max(0.0, deadline - time.monotonic()) * 1000
        if not waits.poll(left):
            # psycopg2 closes a connection whose waiting failed; closing it here would wait for its lock.
            raise psycopg2.OperationalError("the database did not answer in time")


# For all connections of the process; one that sets no limit waits as long as before.
extensions.set_wait_callback(_wait_for_answer)


def _open_sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url,
        hide_parameters=True,
        future=True,
        poolclass=QueuePool,
        connect_args={"check_same_thread": False},
        pool_pre_ping=False,
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
