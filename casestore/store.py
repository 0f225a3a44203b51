"""The door to the case store: one database, its keys and its clock, entered by units of work."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from casestore import audit as audit_trail
from casestore import told_rows
from casestore.clock import Clock, utc_now
from casestore.engine import open_engine, writing
from casestore.keys import Keys, keys_from_environment
from casestore.types import give_keys

# In the installation, wherever a command is called from.
DEFAULT_URL = f"sqlite:///{Path(__file__).resolve().parent.parent / 'var' / 'respite.db'}"

# The actor of what staff do, where nobody has said who; and how much of a name an entry holds.
STAFF, MAX_ACTOR = "staff", 40

# Whichever of these is set names a desk that wants to hear of hand-offs.
DESKS = ("RESPITE_DESK_URL", "RESPITE_CHATWOOT_URL")


@dataclass
class UnitOfWork:
    """One transaction: what happens in it happens completely or not at all."""

    session: Session
    now: datetime
    keys: Keys
    desk: bool = False
    staff: str = STAFF
    entries: list[audit_trail.Entry] = field(default_factory=list)
    told: list[Any] = field(default_factory=list)

    def audit(self, action: str, subject: str, actor: str = "bot", **details: object) -> None:
        """Note in the audit trail what this transaction does. `details` without personal data.

        The actor `STAFF` is whoever the store was signed by.
        """
        name = (self.staff if actor == STAFF else actor)[:MAX_ACTOR]
        self.entries.append(audit_trail.Entry(self.now, name, action, subject, details))

    def tell(self, *rows: Any) -> None:
        """Have the trail tell these rows too: written past the session, or told only sometimes."""
        self.told += rows

    def mark(self, session_id: str) -> str:
        """A session's name in the audit trail: a channel's own ids may point to a person."""
        return f"session-{self.keys.hash('session', session_id)[:24]}"


@dataclass(frozen=True)
class CaseStore:
    """A database of cases. Share one per process; it is safe in threads.

    `desk`: whether a lender's desk is connected, for which events are kept until it has them.
    `staff`: the name under which the audit trail notes what staff do.
    """

    engine: Engine = field(repr=False)
    keys: Keys = field(repr=False)
    clock: Clock = field(repr=False)
    desk: bool = False
    staff: str = STAFF

    @classmethod
    def open(cls, url: str | None = None, keys: Keys | None = None, clock: Clock = utc_now) -> CaseStore:
        """Open the store at `url` (default RESPITE_DATABASE_URL, else a SQLite file under var/).

        Raises `KeysMissing` when no keys are given or configured.
        """
        keys = keys or keys_from_environment()
        engine = open_engine(url or os.environ.get("RESPITE_DATABASE_URL") or DEFAULT_URL)
        give_keys(engine.dialect, keys)
        return cls(engine, keys, clock, any(os.environ.get(name) for name in DESKS))

    def signed_by(self, staff: str) -> CaseStore:
        """The same store; what staff do through it is noted under this name."""
        return replace(self, staff=staff)

    @contextmanager
    def unit(self) -> Iterator[UnitOfWork]:
        """A transaction that writes; its audit entries are chained just before the commit."""
        with _telling(self.engine) as session, session.begin():
            unit = UnitOfWork(session, self.clock(), self.keys, self.desk, self.staff)
            yield unit
            session.flush()
            told_rows.tell(unit)
            audit_trail.append(session, self.keys, unit.entries)

    @contextmanager
    def reading(self) -> Iterator[UnitOfWork]:
        """A transaction that only reads and never holds up a writer."""
        with Session(self.engine, future=True, expire_on_commit=False) as session, session.begin():
            yield UnitOfWork(session, self.clock(), self.keys, self.desk)

    @contextmanager
    def moment(self) -> Iterator[UnitOfWork]:
        """A reading transaction that sees the store as it is at one moment, however long it takes."""
        with self.reading() as unit:
            if self.engine.dialect.name == "postgresql":
                unit.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
            yield unit

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def _telling(engine: Engine) -> Session:
    return told_rows.TellingSession(writing(engine), future=True, expire_on_commit=False)
