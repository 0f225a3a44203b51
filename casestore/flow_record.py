"""Rasa's own record of the flow: one row per event, in a database beside the case store.

The rows have the columns of Rasa's SQL tracker store; what was said in them lies encrypted.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Float, Integer, String, delete, func, inspect, select
from sqlalchemy.engine import Dialect, Engine
from sqlalchemy.orm import declarative_base

from casestore.engine import open_engine
from casestore.types import EncryptedText

# Where the bot keeps it when RESPITE_TRACKER_URL names no other place.
DEFAULT_PATH = Path(__file__).resolve().parent.parent / "var" / "conversations.db"

# Conversations erased in one transaction: few enough that a running bot never waits long for the lock.
AT_ONCE = 200

FlowBase: Any = declarative_base()


class _EncryptedEvent(EncryptedText):
    """An event as JSON, encrypted. Rows from before there was encryption are read as they are."""

    cache_ok = True

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        """Decrypt on the way out; JSON itself begins with a brace, which no encrypted text does."""
        return (
            value if value is None or value.startswith("{") else super().process_result_value(value, dialect)
        )


class FlowEventRow(FlowBase):
    """One event of a conversation. `timestamp` is in seconds since 1970, UTC, as Rasa counts."""

    __tablename__ = "events"

    id = Column(Integer, primary_key=True)
    sender_id = Column(String(255), nullable=False, index=True)
    type_name = Column(String(255), nullable=False)
    timestamp = Column(Float)
    intent_name = Column(String(255))
    action_name = Column(String(255))
    data = Column(_EncryptedEvent)


def open_flow() -> Engine | None:
    """The record's database, or None where no bot has written one yet."""
    url = os.environ.get("RESPITE_TRACKER_URL")
    if not url and not DEFAULT_PATH.exists():
        return None
    engine = open_engine(url or f"sqlite:///{DEFAULT_PATH}")
    return engine if inspect(engine).has_table(FlowEventRow.__tablename__) else None


def count_quiet(engine: Engine, since: datetime, kept: Collection[str] = ()) -> int:
    """How many conversations, apart from the `kept`, have had no event since that moment."""
    return sum(len(senders) for senders in _quiet(engine, since, kept))


def erase_quiet(engine: Engine, since: datetime, kept: Collection[str] = ()) -> int:
    """Erase every event of those conversations; returns how many went."""
    erased = 0
    for senders in _quiet(engine, since, kept):
        with engine.begin() as connection:
            # Looked at again in the same statement: somebody may have come back to talk since.
            gone = [connection.execute(_erasing(sender, since)).rowcount for sender in senders]
        erased += sum(count > 0 for count in gone)
    return erased


def erase(engine: Engine, senders: Iterable[str]) -> None:
    """Erase every event of these conversations."""
    with engine.begin() as connection:
        connection.execute(delete(FlowEventRow).where(FlowEventRow.sender_id.in_(list(senders))))


def _erasing(sender: str, since: datetime) -> Any:
    later = select(func.max(FlowEventRow.timestamp)).where(FlowEventRow.sender_id == sender)
    own = FlowEventRow.sender_id == sender
    return delete(FlowEventRow).where(own, later.scalar_subquery() < since.timestamp())


def _quiet(engine: Engine, since: datetime, kept: Collection[str]) -> Iterator[list[str]]:
    """The quiet ones, out of some conversations after the others, so that no statement reads them all."""
    last: str | None = None
    while True:
        latest = select(FlowEventRow.sender_id, func.max(FlowEventRow.timestamp))
        some = latest.group_by(FlowEventRow.sender_id).order_by(FlowEventRow.sender_id).limit(AT_ONCE)
        with engine.connect() as connection:
            rows = connection.execute(
                some if last is None else some.where(FlowEventRow.sender_id > last)
            ).all()
        if not rows:
            return
        yield [sender for sender, at in rows if at < since.timestamp() and sender not in kept]
        last = rows[-1][0]
