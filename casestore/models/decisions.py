"""What borrowers asked for that only a person may grant, and what was decided."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, String, text

from casestore.models.base import CODE, HASH, ID, REFERENCE, SESSION_ID, Base
from casestore.types import EncryptedJson, EncryptedText, UtcDateTime


class PlanRequestRow(Base):
    """A plan that waits for a person; one is open per case and kind.

    `content` is the whole offer as asked for, `state` is open, granted, refused or withdrawn.
    `offer_id` is the option on the table that a grant became, `reason` what the officer wrote.
    """

    __tablename__ = "plan_requests"
    __table_args__ = (
        Index(
            "uq_plan_requests_open_case_kind",
            "case_id",
            "kind",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )

    request_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    case_id = Column(ID, ForeignKey("cases.case_id"), nullable=False, index=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), nullable=False, index=True)
    handoff_id = Column(ID, ForeignKey("handoffs.handoff_id"), index=True)
    kind = Column(CODE, nullable=False)
    ask = Column(EncryptedJson, nullable=False)
    content = Column(EncryptedText, nullable=False)
    content_hash = Column(HASH, nullable=False)
    policy_version = Column(String(80), nullable=False)
    state = Column(CODE, nullable=False)
    asked_at = Column(UtcDateTime, nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    decided_at = Column(UtcDateTime)
    decided_by = Column(String(120))
    reason = Column(EncryptedText)
    offer_id = Column(ID, ForeignKey("offers.offer_id"), index=True)
