"""Borrowers and their loans, as the servicing system last told them."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer, String

from casestore.models.base import CODE, HASH, ID, Base
from casestore.types import EncryptedText, ExactDecimal, MinorUnits, UtcDateTime


class BorrowerRow(Base):
    """A person. A phone may be shared by two people, an ID number may not."""

    __tablename__ = "borrowers"

    borrower_id = Column(ID, primary_key=True)
    name = Column(EncryptedText, nullable=False)
    phone = Column(EncryptedText, nullable=False)
    phone_hash = Column(HASH, nullable=False, index=True)
    id_number = Column(EncryptedText, nullable=False)
    id_number_hash = Column(HASH, nullable=False, unique=True)
    language = Column(String(8), nullable=False)
    updated_at = Column(UtcDateTime, nullable=False)


class LoanRow(Base):
    """One loan's snapshot on `as_of`. `original_principal` and all other amounts are minor units.

    `day_count` is empty when the lender's file did not say; `casestore.account.view` knows the default.
    """

    __tablename__ = "loans"

    loan_id = Column(ID, primary_key=True)
    borrower_id = Column(ID, ForeignKey("borrowers.borrower_id"), nullable=False, index=True)
    number = Column(EncryptedText, nullable=False)
    number_hash = Column(HASH, nullable=False, unique=True)
    product = Column(CODE, nullable=False)
    method = Column(CODE, nullable=False)
    original_principal = Column(MinorUnits, nullable=False)
    annual_rate = Column(ExactDecimal, nullable=False)
    penalty_multiplier = Column(ExactDecimal, nullable=False)
    as_of = Column(Date, nullable=False)
    principal = Column(MinorUnits, nullable=False)
    overdue_principal = Column(MinorUnits, nullable=False)
    interest = Column(MinorUnits, nullable=False)
    penalty_interest = Column(MinorUnits, nullable=False)
    fees = Column(MinorUnits, nullable=False)
    overdue_since = Column(Date)
    next_due = Column(Date, nullable=False)
    due_day = Column(Integer, nullable=False)
    instalment = Column(MinorUnits, nullable=False)
    remaining_instalments = Column(Integer, nullable=False)
    handler = Column(String(120))
    day_count = Column(CODE)
    updated_at = Column(UtcDateTime, nullable=False)
