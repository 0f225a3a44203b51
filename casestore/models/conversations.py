"""Chat sessions: consent, identity checks and the messages shown."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Integer, String, UniqueConstraint

from casestore.models.base import CODE, HASH, ID, SESSION_ID, Base
from casestore.types import EncryptedBody, EncryptedJson, EncryptedText, UtcDateTime


class SessionRow(Base):
    """One conversation on one channel. It belongs to nobody until an identity check succeeds."""

    __tablename__ = "chat_sessions"

    session_id = Column(SESSION_ID, primary_key=True)
    channel = Column(CODE, nullable=False)
    language = Column(String(8))
    started_at = Column(UtcDateTime, nullable=False)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), index=True)
    verified_at = Column(UtcDateTime)
    claimed_login = Column(EncryptedJson)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), index=True)
    # No foreign key: a case names its session, and a circle of keys can't be created on SQLite.
    case_id = Column(ID)


class ConsentRow(Base):
    """One decision about one purpose; the latest counts, none is ever changed."""

    __tablename__ = "consents"

    consent_id = Column(Integer, primary_key=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    purpose = Column(CODE, nullable=False)
    version = Column(String(80), nullable=False)
    given = Column(Boolean, nullable=False)
    decided_at = Column(UtcDateTime, nullable=False)


class ChallengeRow(Base):
    """A code that was, or seems to have been, sent. `borrower_id` is empty when nobody was sent one."""

    __tablename__ = "identity_challenges"

    number = Column(Integer, primary_key=True)
    challenge_id = Column(ID, nullable=False, unique=True)
    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), nullable=False, index=True)
    login_hash = Column(HASH, nullable=False)
    person_hash = Column(HASH, nullable=False)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), index=True)
    code_hash = Column(HASH, nullable=False)
    started_at = Column(UtcDateTime, nullable=False)
    expires_at = Column(UtcDateTime, nullable=False)
    tries = Column(Integer, nullable=False)
    locked_until = Column(UtcDateTime)
    closed_at = Column(UtcDateTime)


class IdentityLockRow(Base):
    """Wrong codes of one person over all sessions and channels."""

    __tablename__ = "identity_locks"

    person_hash = Column(HASH, primary_key=True)
    failures = Column(Integer, nullable=False)
    locked_until = Column(UtcDateTime)


class MessageRow(Base):
    """One message of a conversation, numbered per session. `client_id` recognises a repeated one.

    A borrower's was answered once its turn has ended; until then `attempt` counts who tried to, and
    `working_at` shows that the last of them lives.
    """

    __tablename__ = "messages"
    __table_args__ = (UniqueConstraint("session_id", "client_id"),)

    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), primary_key=True)
    seq = Column(Integer, primary_key=True, autoincrement=False)
    author = Column(CODE, nullable=False)
    client_id = Column(String(64))
    body = Column(EncryptedBody, nullable=False)
    at = Column(UtcDateTime, nullable=False)
    answered_at = Column(UtcDateTime)
    working_at = Column(UtcDateTime)
    attempt = Column(Integer)


class ChannelAddressRow(Base):
    """Where messages to a borrower on a messaging channel go (an open id, a number); for it alone."""

    __tablename__ = "channel_addresses"

    session_id = Column(SESSION_ID, ForeignKey("chat_sessions.session_id"), primary_key=True)
    address = Column(EncryptedText, nullable=False)
    heard_at = Column(UtcDateTime, nullable=False)


class DemoCodeRow(Base):
    """A code for the phone on the demo page. Written in demo mode only."""

    __tablename__ = "demo_codes"

    demo_code_id = Column(Integer, primary_key=True)
    phone = Column(EncryptedText, nullable=False)
    code = Column(EncryptedText, nullable=False)
    language = Column(String(8), nullable=False)
    sent_at = Column(UtcDateTime, nullable=False)
