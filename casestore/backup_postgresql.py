"""Backups of a PostgreSQL store by pg_dump, pg_restore and psql, which must be on the path."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import text
from sqlalchemy.engine import Engine
from sqlalchemy.engine.url import URL

from casestore.engine import lock_milliseconds
from casestore.errors import BackupFailed
from casestore.models import metadata

VERSION_TABLE = "alembic_version"
OURS = (*(table.name for table in metadata.sorted_tables), VERSION_TABLE)
# Tables, views and sequences of others; a sequence is its table's.
FOREIGN = text(
    "SELECT relation.relname FROM pg_class relation "
    "WHERE relation.relnamespace = CAST(current_schema() AS regnamespace) "
    "AND relation.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') AND relation.relname <> ALL(:ours) "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend JOIN pg_class owner ON owner.oid = pg_depend.refobjid "
    "WHERE pg_depend.objid = relation.oid AND relation.relkind = 'S' "
    "AND pg_depend.deptype IN ('a', 'i') AND owner.relname = ANY(:ours))"
)
OTHER_SCHEMAS = text(
    "SELECT nspname FROM pg_namespace "
    "WHERE nspname <> current_schema() AND nspname !~ '^pg_' AND nspname <> 'information_schema'"
)
# What the triggers of the store's tables run comes with the backup.
TRIGGER_FUNCTIONS = text(
    "SELECT DISTINCT pg_proc.proname FROM pg_trigger JOIN pg_proc ON pg_proc.oid = pg_trigger.tgfoid "
    "JOIN pg_class ON pg_class.oid = pg_trigger.tgrelid "
    "WHERE NOT pg_trigger.tgisinternal AND pg_class.relname = ANY(:ours)"
)
# Who may do what is the installation's, not the backup's.
AS_DATA = ("--no-owner", "--no-privileges")


def write(engine: Engine, file: Path) -> None:
    """Dump the store's tables into `file`, nothing else that lies in the database. Raises `BackupFailed`."""
    with engine.connect() as connection:
        names = connection.execute(FOREIGN, {"ours": list(OURS)}).scalars().all()
        schemas = connection.execute(OTHER_SCHEMAS).scalars().all()
    foreign = [f'--exclude-table="{name}"' for name in names]
    foreign += [f'--exclude-schema="{name}"' for name in schemas]
    _run(engine, "pg_dump", "--format=custom", *AS_DATA, *foreign, f"--file={file}")


def version(file: Path) -> str:
    """The schema's version in a backup. Raises `BackupFailed` unless the file is one."""
    words = ("pg_restore", "--data-only", f"--table={VERSION_TABLE}", "--file=-", str(file))
    found = re.search(r"^(\w+)\n\\\.$", _output(words, os.environ), re.MULTILINE)
    if found is None:
        raise BackupFailed("This file is no backup of a case store.")
    return found[1]


def read(engine: Engine, file: Path) -> None:
    """Put what is in `file` in the place of the store's tables, in one transaction. Raises `BackupFailed`."""
    tables = ", ".join(f'"{name}"' for name in OURS)
    with engine.connect() as connection:
        functions = connection.execute(TRIGGER_FUNCTIONS, {"ours": list(OURS)}).scalars().all()
    drops = [f"DROP TABLE IF EXISTS {tables} CASCADE;", *(f'DROP FUNCTION "{name}"();' for name in functions)]
    with tempfile.TemporaryDirectory(prefix="respite-restore-") as folder:
        emptying, filling = Path(folder) / "empty.sql", Path(folder) / "fill.sql"
        emptying.write_text("\n".join(drops))
        # Written out before the first change: a file that breaks off in the middle must change nothing.
        _output(("pg_restore", *AS_DATA, f"--file={filling}", str(file)), os.environ)
        _run(
            engine,
            "psql",
            "--no-psqlrc",
            "--quiet",
            "--set=ON_ERROR_STOP=1",
            "--single-transaction",
            f"--file={emptying}",
            f"--file={filling}",
        )


def _run(engine: Engine, program: str, *words: str) -> None:
    """Run a program on the engine's database. The password goes by the environment: words show in `ps`."""
    url = engine.url
    where = URL.create("postgresql", url.username, None, url.host, url.port, url.database, url.query)
    environment = {**os.environ, "PGOPTIONS": f"-c lock_timeout={lock_milliseconds()}"}
    if url.password is not None:
        environment["PGPASSWORD"] = str(url.password)
    address = where.render_as_string(hide_password=False)
    _output((program, "--no-password", f"--dbname={address}", *words), environment)


def _output(words: tuple[str, ...], environment: Mapping[str, str]) -> str:
    try:
        done = subprocess.run(
            words, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL, check=False
        )
    except FileNotFoundError:
        raise BackupFailed(f"{words[0]} is not installed (Debian: postgresql-client).") from None
    if done.returncode:
        # The line of the error says what failed; its details may quote rows.
        lines = [line for line in done.stderr.splitlines() if "error" in line.lower()]
        told = lines[0] if lines else f"{words[0]} failed"
        raise BackupFailed(f"{told}. Nothing was changed.")
    return done.stdout
