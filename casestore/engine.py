"""Database engines: SQLite made safe for several writers, or PostgreSQL, chosen by the URL."""

from __future__ import annotations

import os
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

from casestore.errors import BadSetting

# How long the database may take for one answer unless RESPITE_DATABASE_SECONDS says: a borrower waits as long
# before they hear that something is wrong. Without a limit a database that stands still has no end.
ANSWER_SECONDS = 7.0
LEAST_SECONDS, MOST_SECONDS = 3.0, 60.0

# The wait for another writer ends so much earlier, so that the database's own error comes first.
LOCK_MARGIN_SECONDS = 2.0

WRITES = "respite_writes"


class BoundedConnection(extensions.connection):
    """A connection that is given up when an answer takes longer; None waits for ever."""

    answer_seconds: float | None = None

    def __init__(self, *args: Any, **options: Any) -> None:
        self.answer_seconds = answer_seconds()
        super().__init__(*args, **options)


def answer_seconds() -> float:
    """How long the database may take for one answer. Raises `BadSetting`."""
    named = os.environ.get("RESPITE_DATABASE_SECONDS")
    try:
        seconds = float(named) if named else ANSWER_SECONDS
    except ValueError:
        seconds = 0.0
    if not LEAST_SECONDS <= seconds <= MOST_SECONDS:
        raise BadSetting(
            f"RESPITE_DATABASE_SECONDS must be a number from {LEAST_SECONDS:.0f} to {MOST_SECONDS:.0f}."
        )
    return seconds


def lock_milliseconds() -> int:
    """How long a writer waits for another before it gives up. Raises `BadSetting`."""
    return round((answer_seconds() - LOCK_MARGIN_SECONDS) * 1000)


def open_engine(url: str) -> Engine:
    """An engine for `url`. A SQLite file's folder is created. Its errors quote no values.

    Raises `BadSetting`.
    """
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
            "options": f"-c lock_timeout={lock_milliseconds()} -c timezone=UTC",
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
        f"busy_timeout={lock_milliseconds()}",
        "journal_mode=WAL",
        "foreign_keys=ON",
        "synchronous=FULL",
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(WRITES)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
