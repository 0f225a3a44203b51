"""Insert a row unless it is there: the same statement on both databases."""

from __future__ import annotations

from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session


def insert_if_new(session: Session, model: Any, **values: object) -> bool:
    """Insert a row of `model`; True when it was new. Two writers at once make one row and no error."""
    name = session.get_bind().dialect.name
    insert: Any = sqlite.insert if name == "sqlite" else postgresql.insert
    done: Any = session.execute(insert(model.__table__).values(**values).on_conflict_do_nothing())
    return bool(done.rowcount == 1)
