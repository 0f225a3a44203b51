"""What goes to and comes from the lender's desk: people's messages to borrowers, events for the desk."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Integer

from casestore.models.base import CODE, ID, SESSION_ID, Base
from casestore.types import EncryptedBody, UtcDateTime


class PersonMessageRow(Base):
    """A message that a person wrote to a borrower, and how far its delivery has come.

    The text is in `messages`. `due_at` is when to (re)try; empty once it was delivered or given up.
    """

    __tablename__ = "person_messages"
    __table_args__ = (
        ForeignKeyConstraint(["session_id", "seq"], ["messages.session_id", "messages.seq"]),
        Index("ix_person_messages_channel_due_at", "channel", "due_at"),
        Index("ix_person_messages_channel_written_at", "channel", "written_at"),
    )

    session_id = Column(SESSION_ID, primary_key=True)
    seq = Column(Integer, primary_key=True, autoincrement=False)
    channel = Column(CODE, nullable=False)
    handoff_id = Column(ID, ForeignKey("handoffs.handoff_id"), nullable=False, index=True)
    written_at = Column(UtcDateTime, nullable=False)
    tries = Column(Integer, nullable=False)
    due_at = Column(UtcDateTime)
    delivered_at = Column(UtcDateTime)


class DeskEventRow(Base):
    """Something the lender's desk must hear of, written with what it tells of and sent at least once.

    The body is emptied once it was delivered: the desk has it then.
    """

    __tablename__ = "desk_events"

    number = Column(Integer, primary_key=True)
    event_id = Column(ID, nullable=False, unique=True)
    kind = Column(CODE, nullable=False)
    handoff_id = Column(ID, ForeignKey("handoffs.handoff_id"), nullable=False, index=True)
    body = Column(EncryptedBody)
    made_at = Column(UtcDateTime, nullable=False)
    tries = Column(Integer, nullable=False)
    due_at = Column(UtcDateTime, index=True)
    delivered_at = Column(UtcDateTime)
