"""Agreements, their schedules and what follows from them.

Of an agreement only state and end change, of a hold only its end; nothing that was agreed is ever changed.
"""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, text

from casestore.models.base import CODE, HASH, ID, REFERENCE, SESSION_ID, Base
from casestore.types import EncryptedBytes, EncryptedText, MinorUnits, UtcDateTime


class AgreementRow(Base):
    """A plan that both sides agreed. Case and loan have one active agreement, an offer is accepted once.

    `state` is active while the agreement is in force, else how it ended. A renegotiated plan is a new row,
    the next `version`, that names the one it replaces.
    """

    __tablename__ = "agreements"
    __table_args__ = (
        Index(
            "uq_agreements_active_case",
            "case_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index(
            "uq_agreements_active_loan",
            "loan_id",
            unique=True,
            sqlite_where=text("state = 'active'"),
            postgresql_where=text("state = 'active'"),
        ),
        Index("uq_agreements_replaces_id", "replaces_id", unique=True),
    )

    agreement_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    case_id = Column(ID, ForeignKey("cases.case_id"), nullable=False, index=True)
    offer_id = Column(ID, ForeignKey("offers.offer_id"), nullable=False, unique=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), nullable=False, index=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), nullable=False, index=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    state = Column(CODE, nullable=False)
    kind = Column(CODE, nullable=False)
    policy_version = Column(String(80), nullable=False)
    offer_hash = Column(HASH, nullable=False)
    language = Column(String(8), nullable=False)
    total_to_pay = Column(MinorUnits, nullable=False)
    document = Column(EncryptedText, nullable=False)
    document_sha256 = Column(HASH, nullable=False)
    document_token_hash = Column(HASH, nullable=False, unique=True)
    accepted_at = Column(UtcDateTime, nullable=False)
    version = Column(Integer, nullable=False, server_default="1")
    replaces_id = Column(ID, ForeignKey("agreements.agreement_id"))
    ended_at = Column(UtcDateTime)
    end_reason = Column(CODE)
    document_pdf = Column(EncryptedBytes)
    pdf_sha256 = Column(HASH)


class ScheduleRow(Base):
    """One payment of an agreement, in minor units."""

    __tablename__ = "schedule_rows"

    agreement_id = Column(ID, ForeignKey("agreements.agreement_id"), primary_key=True)
    number = Column(Integer, primary_key=True, autoincrement=False)
    due = Column(Date, nullable=False)
    payment = Column(MinorUnits, nullable=False)
    interest = Column(MinorUnits, nullable=False)
    principal = Column(MinorUnits, nullable=False)
    other = Column(MinorUnits, nullable=False)
    balance = Column(MinorUnits, nullable=False)


class CollectionHoldRow(Base):
    """A time in which nobody may collect on a loan; an interval is closed, never removed.

    A loan has one open interval at most, so that closing it really ends the hold.
    """

    __tablename__ = "collection_holds"
    __table_args__ = (
        Index(
            "uq_collection_holds_open_loan",
            "loan_id",
            unique=True,
            sqlite_where=text("ends_at IS NULL"),
            postgresql_where=text("ends_at IS NULL"),
        ),
    )

    hold_id = Column(ID, primary_key=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), nullable=False, index=True)
    agreement_id = Column(ID, ForeignKey("agreements.agreement_id"), nullable=False, index=True)
    reason = Column(CODE, nullable=False)
    starts_at = Column(UtcDateTime, nullable=False)
    ends_at = Column(UtcDateTime)


class IdempotencyKeyRow(Base):
    """A request that was carried out, so that repeating it does nothing."""

    __tablename__ = "idempotency_keys"

    key = Column(String(128), primary_key=True)
    agreement_id = Column(ID, ForeignKey("agreements.agreement_id"), nullable=False, index=True)
    used_at = Column(UtcDateTime, nullable=False)
