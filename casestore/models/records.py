"""The audit trail: entries that are only ever added, and the head of their chain."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, Text

from casestore.models.base import CODE, HASH, Base
from casestore.types import UtcDateTime


class AuditRow(Base):
    """Who did what to which record. `details` is canonical JSON without personal data."""

    __tablename__ = "audit_entries"

    seq = Column(BigInteger, primary_key=True, autoincrement=False)
    at = Column(UtcDateTime, nullable=False)
    actor = Column(CODE, nullable=False)
    action = Column(CODE, nullable=False)
    subject = Column(CODE, nullable=False)
    details = Column(Text, nullable=False)
    previous = Column(HASH, nullable=False)
    hash = Column(HASH, nullable=False, unique=True)


class AuditHeadRow(Base):
    """The last entry's number and hash: writers queue on it, and a cut-off tail shows."""

    __tablename__ = "audit_head"

    head_id = Column(Integer, primary_key=True, autoincrement=False)
    seq = Column(BigInteger, nullable=False)
    hash = Column(HASH, nullable=False)
