"""The schema's history, and the two questions asked of it: bring it up to date, is it up to date?"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from casestore import told_rows
from casestore.engine import wait_without_limit, writing
from casestore.errors import StoreOutdated
from casestore.store import CaseStore

HERE = Path(__file__).resolve().parent


def configuration() -> Config:
    """Alembic's configuration; there is no ini file, the store brings its own connection."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    return config


def migrate(store: CaseStore) -> None:
    """Bring the database to this program's version; a current one is left as it is."""
    config = configuration()
    with writing(store.engine).connect() as connection, connection.begin():
        wait_without_limit(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    told_rows.take_up(store)


def version_of(store: CaseStore) -> str | None:
    """The database's version, None for an empty database."""
    with store.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def require_current(store: CaseStore) -> None:
    """Raises `StoreOutdated` unless the database has exactly this program's version."""
    wanted, found = ScriptDirectory.from_config(configuration()).get_current_head(), version_of(store)
    if found != wanted:
        raise StoreOutdated(
            f"The case store has version {found or 'none'}, this program needs {wanted}: "
            "run `respite store migrate`, or use the program that made the store."
        )
