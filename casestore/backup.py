"""Backups of the store and the way back: SQLite by its online backup, PostgreSQL by its own programs.

Encrypted columns stay encrypted in the file. A restore happens completely or not at all.
"""

from __future__ import annotations

import os
from pathlib import Path
from types import ModuleType

from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import inspect, select

from casestore import audit, backup_postgresql, backup_sqlite
from casestore.audit import AuditProblem
from casestore.errors import BackupFailed
from casestore.migrations import configuration, version_of
from casestore.models import metadata
from casestore.store import CaseStore


def backup(store: CaseStore, file: Path) -> None:
    """Write the whole store, as it is at one moment, to the new `file`, readable by its owner alone.

    Servers may write meanwhile. Raises `BackupFailed`.
    """
    if version_of(store) is None:
        raise BackupFailed("There is nothing in this case store.")
    part = file.with_name(f"{file.name}.part")
    try:
        if file.exists():
            raise BackupFailed(f"{file} is there already.")
        os.close(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600))
        _kind(store).write(store.engine, part)
        _sync(part)
        part.rename(file)
    except OSError as problem:
        raise BackupFailed(f"{file} can't be written: {problem.strerror}.") from None
    finally:
        part.unlink(missing_ok=True)


def restore(store: CaseStore, file: Path, replace: bool = False) -> list[AuditProblem]:
    """Make the store what it was when `file` was made; returns what is wrong with the audit trail in it.

    `replace` allows to remove the rows that are in the store now. Raises `BackupFailed`.
    """
    if not file.is_file():
        raise BackupFailed(f"There is no file {file}.")
    kind = _kind(store)
    _require_known(kind.version(file))
    if not replace and _has_rows(store):
        raise BackupFailed("There are rows in this case store; --replace removes them for good.")
    store.engine.dispose()
    kind.read(store.engine, file)
    problems = audit.verify(store)
    if not problems:
        with store.unit() as unit:
            unit.audit("store_restored", "store", actor="staff")
    return problems


def _kind(store: CaseStore) -> ModuleType:
    return backup_sqlite if store.engine.dialect.name == "sqlite" else backup_postgresql


def _require_known(version: str) -> None:
    try:
        ScriptDirectory.from_config(configuration()).get_revision(version)
    except CommandError:
        raise BackupFailed("The backup is from a newer program: restore it with that one.") from None


def _has_rows(store: CaseStore) -> bool:
    there = set(inspect(store.engine).get_table_names())
    with store.engine.connect() as connection:
        return any(
            connection.execute(select(*table.primary_key.columns).limit(1)).first() is not None
            for table in metadata.sorted_tables
            if table.name in there
        )


def _sync(file: Path) -> None:
    # A backup that a power cut can still take is none.
    with file.open("rb+") as written:
        os.fsync(written.fileno())
