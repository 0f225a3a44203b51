"""Backups of a SQLite store: a copy made by the database's own online backup, itself a SQLite file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy.engine import Engine

from casestore.errors import BackupFailed

NOT_OURS = "This file is no whole backup of a SQLite case store."


def write(engine: Engine, file: Path) -> None:
    """Copy the database into `file`. Raises `BackupFailed`."""
    with closing(engine.raw_connection()) as source, closing(sqlite3.connect(file)) as target:
        try:
            source.driver_connection.backup(target)
            # One file, without the side files of a database in use.
            target.execute("PRAGMA journal_mode=DELETE")
        except sqlite3.Error:
            raise BackupFailed("The copy can't be made; is there room on the disk?") from None


def version(file: Path) -> str:
    """The schema's version in a backup. Raises `BackupFailed` unless the file is whole."""
    with closing(_opened(file)) as source:
        try:
            (checked,) = source.execute("PRAGMA integrity_check(1)").fetchone()
            found = source.execute("SELECT version_num FROM alembic_version").fetchone()
        except sqlite3.DatabaseError:
            raise BackupFailed(NOT_OURS) from None
    if checked != "ok" or found is None:
        raise BackupFailed(NOT_OURS)
    return str(found[0])


def read(engine: Engine, file: Path) -> None:
    """Put what is in `file` in the database's place, in one transaction. Raises `BackupFailed`."""
    with closing(_opened(file)) as source, closing(engine.raw_connection()) as target:
        try:
            source.backup(target.driver_connection)
        except sqlite3.Error:
            raise BackupFailed("The case store is in use, or its disk is full: stop the servers.") from None


def _opened(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
