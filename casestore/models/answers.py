"""Answers on their way to a borrower whose channel asks for them again."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Integer, String, UniqueConstraint

from casestore.models.base import SESSION_ID, Base
from casestore.types import EncryptedJson, EncryptedText, UtcDateTime


class KeptAnswerRow(Base):
    """One message of a borrower, and what of its answer has to be kept.

    `answer` is what has not gone out, `reply` what was replied (empty: it is pushed instead); both are
    emptied at `until`. `working_at` is when a worker was last seen working on it.
    """

    __tablename__ = "kept_answers"
    __table_args__ = (UniqueConstraint("session_id", "message_id"),)

    number = Column(Integer, primary_key=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False)
    message_id = Column(String(64), nullable=False)
    working_at = Column(UtcDateTime, nullable=False)
    deliveries = Column(Integer, nullable=False)
    answer = Column(EncryptedJson)
    reply = Column(EncryptedText)
    until = Column(UtcDateTime, index=True)
