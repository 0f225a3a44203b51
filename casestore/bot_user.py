"""The rights of the database user that the servers connect as: to write cases, never to rewrite the trail."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.engine import Connection

from casestore.engine import writing
from casestore.errors import RightsRefused
from casestore.models import AuditRow, metadata
from casestore.store import CaseStore

APPENDED = "SELECT, INSERT"
# Nothing in the store is deleted by the servers.
WRITTEN = "SELECT, INSERT, UPDATE"
READ = "SELECT"
VERSION_TABLE = "alembic_version"

FOUND = text(
    "SELECT rolsuper, pg_has_role(rolname, (SELECT tableowner FROM pg_tables "
    "WHERE schemaname = current_schema() AND tablename = :table), 'MEMBER') AS owns "
    "FROM pg_roles WHERE rolname = :name"
)


def give_rights(store: CaseStore, name: str) -> None:
    """Give the PostgreSQL user `name` what the servers need on the store, and take everything else on it.

    Raises `RightsRefused` on SQLite, for an unknown user, and for one whom rights can't bind.
    """
    if store.engine.dialect.name != "postgresql":
        raise RightsRefused("SQLite knows no users: whoever may write the file may write all of it.")
    with writing(store.engine).connect() as connection, connection.begin():
        _require_bound(connection, name)
        for statement in _statements(connection, name):
            connection.exec_driver_sql(statement)
    with store.unit() as unit:
        unit.audit("rights_given", "store", "staff", user=name)


def _require_bound(connection: Connection, name: str) -> None:
    found = connection.execute(FOUND, {"name": name, "table": AuditRow.__tablename__}).one_or_none()
    if found is None:
        raise RightsRefused("There is no such database user: make it first with CREATE USER.")
    if found.rolsuper or found.owns:
        raise RightsRefused("This database user owns the tables or is a superuser: no right binds it.")


def _statements(connection: Connection, name: str) -> list[str]:
    quote = connection.dialect.identifier_preparer.quote_identifier
    user, schema = quote(name), quote(connection.exec_driver_sql("SELECT current_schema()").scalar_one())
    granted = {table.name: WRITTEN for table in metadata.sorted_tables}
    granted |= {AuditRow.__tablename__: APPENDED, VERSION_TABLE: READ}
    return [
        f"REVOKE CREATE ON SCHEMA {schema} FROM PUBLIC, {user}",
        f"GRANT USAGE ON SCHEMA {schema} TO {user}",
        f"REVOKE ALL ON ALL TABLES IN SCHEMA {schema} FROM {user}",
        *(f"GRANT {rights} ON {quote(table)} TO {user}" for table, rights in granted.items()),
        f"GRANT USAGE ON ALL SEQUENCES IN SCHEMA {schema} TO {user}",
    ]
