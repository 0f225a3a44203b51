"""What happened between two conversations and has to be told in the next."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, String

from casestore.models.base import CODE, ID, Base
from casestore.types import EncryptedJson, UtcDateTime


class NoticeRow(Base):
    """One thing to tell a borrower. `event` makes it unique: the same event is told once.

    A notice is told, or withdrawn when it no longer holds; its row stays.
    """

    __tablename__ = "notices"

    notice_id = Column(ID, primary_key=True)
    event = Column(String(120), nullable=False, unique=True)
    kind = Column(CODE, nullable=False)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), nullable=False, index=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), nullable=False, index=True)
    case_id = Column(ID, ForeignKey("cases.case_id"), nullable=False, index=True)
    details = Column(EncryptedJson, nullable=False)
    created_at = Column(UtcDateTime, nullable=False)
    told_at = Column(UtcDateTime)
    withdrawn_at = Column(UtcDateTime)
