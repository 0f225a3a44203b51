"""What borrowers have a right to: to complain, to dispute, to choose how they are contacted, their data."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, text

from casestore.models.base import CODE, HASH, ID, REFERENCE, SESSION_ID, Base
from casestore.types import EncryptedJson, EncryptedText, MinorUnits, UtcDateTime

IS_OPEN = "state = 'open'"


class ComplaintRow(Base):
    """A complaint about how the borrower was contacted, to whom the debt was told, or somebody who poses.

    `details` holds when, who, channel, party and words as far as they were told; no contact data of others.
    """

    __tablename__ = "complaints"
    __table_args__ = (
        Index(
            "uq_complaints_open_session_kind",
            "session_id",
            "kind",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
    )

    complaint_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), index=True)
    kind = Column(CODE, nullable=False)
    state = Column(CODE, nullable=False)
    details = Column(EncryptedJson, nullable=False)
    received_at = Column(UtcDateTime, nullable=False)
    due_on = Column(Date, nullable=False)
    closed_at = Column(UtcDateTime)


class DisputeRow(Base):
    """A debt said to be not theirs, not owed or wrong. While it is open with a loan, collection rests."""

    __tablename__ = "disputes"
    __table_args__ = (
        Index(
            "uq_disputes_open_session",
            "session_id",
            unique=True,
            sqlite_where=text(IS_OPEN),
            postgresql_where=text(IS_OPEN),
        ),
    )

    dispute_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), index=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), index=True)
    ground = Column(CODE)
    words = Column(EncryptedText)
    state = Column(CODE, nullable=False)
    raised_at = Column(UtcDateTime, nullable=False)
    held_from = Column(UtcDateTime)
    due_on = Column(Date, nullable=False)
    closed_at = Column(UtcDateTime)


class ContactPreferenceRow(Base):
    """How the borrower wants to be contacted from this moment on. The latest counts, none is ever changed."""

    __tablename__ = "contact_preferences"

    number = Column(Integer, primary_key=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), index=True)
    channel = Column(CODE)
    hours = Column(CODE)
    words = Column(EncryptedText)
    stopped = Column(Boolean, nullable=False)
    set_at = Column(UtcDateTime, nullable=False)


class DataRequestRow(Base):
    """A borrower's wish about the data held on them. `content` is the copy behind a private link.

    `outcome` is what became of a wish to delete (erased, kept), `grounds` why something stays: codes, rules,
    dates. After an erasure the row names no borrower any more: it is there to tell the outcome once.
    """

    __tablename__ = "data_requests"

    request_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), index=True)
    kind = Column(CODE, nullable=False)
    state = Column(CODE, nullable=False)
    words = Column(EncryptedText)
    asked_at = Column(UtcDateTime, nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    answered_at = Column(UtcDateTime)
    content = Column(EncryptedText)
    token_hash = Column(HASH, unique=True)
    expires_at = Column(UtcDateTime)
    outcome = Column(CODE)
    grounds = Column(EncryptedJson)
    decided_by = Column(String(120))
    told_at = Column(UtcDateTime)


class LegalHoldRow(Base):
    """An order to keep everything on a borrower, such as a court's; while it is in force nothing goes."""

    __tablename__ = "legal_holds"

    hold_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), nullable=False, index=True)
    reason = Column(EncryptedText, nullable=False)
    placed_at = Column(UtcDateTime, nullable=False)
    placed_by = Column(String(120), nullable=False)
    lifted_at = Column(UtcDateTime)
    lifted_by = Column(String(120))


class PaymentClaimRow(Base):
    """A payment that the borrower says was made and the lender has not seen yet; `amount` in minor units."""

    __tablename__ = "payment_claims"

    claim_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), nullable=False, index=True)
    amount = Column(MinorUnits)
    paid_on = Column(Date)
    claimed_at = Column(UtcDateTime, nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    closed_at = Column(UtcDateTime)
