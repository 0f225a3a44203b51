"""Rasa's own record of the flow: one row per event, in a database beside the case store.

The rows have the columns of Rasa's SQL tracker store; what was said in them lies encrypted.
"""

from __future__ import annotations

import os
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


def count_quiet(engine: Engine, since: datetime) -> int:
    """How many conversations have had no event since that moment."""
    with engine.connect() as connection:
        return connection.execute(select(func.count()).select_from(_quiet(since).subquery())).scalar_one()


def erase_quiet(engine: Engine, since: datetime) -> int:
    """Erase every event of the conversations that have had none since that moment; returns how many."""
    erased = 0
    while True:
        with engine.begin() as connection:
            senders = connection.execute(_quiet(since).limit(AT_ONCE)).scalars().all()
            # Looked at again in the same statement: somebody may have come back to talk since.
            still = FlowEventRow.sender_id.in_(senders) & FlowEventRow.sender_id.in_(_quiet(since))
            connection.execute(delete(FlowEventRow).where(still))
        erased += len(senders)
        if len(senders) < AT_ONCE:
            return erased


def _quiet(since: datetime) -> Any:
    latest = func.max(FlowEventRow.timestamp)
    return select(FlowEventRow.sender_id).group_by(FlowEventRow.sender_id).having(latest < since.timestamp())
