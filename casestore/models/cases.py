"""Hardship cases: answers, proposals, offers, counter-offers and hand-offs."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, String, UniqueConstraint, text

from casestore.models.base import CODE, HASH, ID, REFERENCE, SESSION_ID, Base
from casestore.types import EncryptedBody, EncryptedJson, EncryptedText, UtcDateTime


class CaseRow(Base):
    """One borrower's request for help, from the first word to the end of the plan."""

    __tablename__ = "cases"

    case_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), index=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), index=True)
    state = Column(CODE, nullable=False)
    rounds = Column(Integer, nullable=False)
    opened_at = Column(UtcDateTime, nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)


class AnswerRow(Base):
    """One version of one answer; the highest version counts, earlier ones stay."""

    __tablename__ = "case_answers"

    case_id = Column(ID, ForeignKey("cases.case_id"), primary_key=True)
    field = Column(CODE, primary_key=True)
    version = Column(Integer, primary_key=True, autoincrement=False)
    value = Column(EncryptedJson, nullable=False)
    answered_at = Column(UtcDateTime, nullable=False)


class ProposalRow(Base):
    """What was put before the borrower at one time, with the policy's terms of that day.

    `further` are offers that are not on the table: there for the asking, or a person's to grant.
    """

    __tablename__ = "proposals"

    proposal_id = Column(ID, primary_key=True)
    case_id = Column(ID, ForeignKey("cases.case_id"), nullable=False, index=True)
    policy_version = Column(String(80), nullable=False)
    position = Column(EncryptedJson, nullable=False)
    terms = Column(EncryptedJson, nullable=False)
    refusals = Column(EncryptedJson, nullable=False)
    further = Column(EncryptedJson)
    made_at = Column(UtcDateTime, nullable=False)
    superseded_at = Column(UtcDateTime)


class OfferRow(Base):
    """One offer as shown. `content` is the whole offer, `content_hash` its canonical SHA-256.

    `position` is what was owed when it was worked out; without one the proposal's holds.
    Its figures are the loan's snapshot of `figures_as_of` with the loan's payments up to number
    `payments_seen`; any other payment counts towards the plan when the offer is accepted.
    """

    __tablename__ = "offers"
    __table_args__ = (UniqueConstraint("proposal_id", "option_number"),)

    offer_id = Column(ID, primary_key=True)
    proposal_id = Column(ID, ForeignKey("proposals.proposal_id"), nullable=False)
    case_id = Column(ID, ForeignKey("cases.case_id"), nullable=False, index=True)
    option_number = Column(Integer, nullable=False)
    kind = Column(CODE, nullable=False)
    content = Column(EncryptedText, nullable=False)
    content_hash = Column(HASH, nullable=False)
    expires_on = Column(Date, nullable=False)
    valid_until = Column(UtcDateTime, nullable=False)
    made_at = Column(UtcDateTime, nullable=False)
    position = Column(EncryptedJson)
    figures_as_of = Column(Date)
    payments_seen = Column(Integer, nullable=False, server_default="0")


class CounterRow(Base):
    """One thing the borrower asked for instead, and what came of it."""

    __tablename__ = "counters"

    case_id = Column(ID, ForeignKey("cases.case_id"), primary_key=True)
    round = Column(Integer, primary_key=True, autoincrement=False)
    ask = Column(EncryptedJson, nullable=False)
    outcome = Column(CODE, nullable=False)
    stopped_by = Column(String(80))
    reason = Column(CODE)
    offer_id = Column(ID, ForeignKey("offers.offer_id"), index=True)
    asked_at = Column(UtcDateTime, nullable=False)


class HandoffRow(Base):
    """A case or conversation that waits for a person. One open hand-off per conversation.

    From `taken_at` to `closed_at` the person talks with the borrower, and the bot is silent.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        Index(
            "uq_handoffs_open_session",
            "session_id",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    handoff_id = Column(ID, primary_key=True)
    reference = Column(REFERENCE, nullable=False, unique=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    case_id = Column(ID, ForeignKey("cases.case_id"), index=True)
    reason = Column(CODE, nullable=False)
    priority = Column(CODE, nullable=False)
    summary = Column(EncryptedBody, nullable=False)
    requested_at = Column(UtcDateTime, nullable=False)
    due_at = Column(UtcDateTime, nullable=False)
    # The window in which the borrower wants to be called, if any.
    callback_from = Column(UtcDateTime)
    callback_until = Column(UtcDateTime)
    taken_by = Column(String(80))
    taken_at = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)
