"""Alembic's entry: runs the migrations on the connection it is handed."""

from __future__ import annotations

from typing import Any

from alembic import context
from sqlalchemy.engine import Connection

from casestore.models import metadata


def _run(connection: Connection) -> None:
    # SQLite can't alter most of a table; batch mode copies it instead.
    context.configure(
        connection=connection, target_metadata=metadata, render_as_batch=True, compare_type=True
    )
    with context.begin_transaction():
        context.run_migrations()


def _main() -> None:
    connectable: Any = context.config.attributes["connection"]
    if isinstance(connectable, Connection):
        _run(connectable)
    else:
        with connectable.connect() as connection:
            _run(connection)
            if connection.in_transaction():
                connection.commit()


_main()
