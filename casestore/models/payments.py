"""What borrowers paid, as the servicing system reports it."""

from __future__ import annotations

from sqlalchemy import Column, Date, ForeignKey, Integer

from casestore.models.base import HASH, ID, Base
from casestore.types import EncryptedText, MinorUnits, UtcDateTime


class PaymentRow(Base):
    """One payment on a loan, in minor units; the same reference is the same payment.

    `number` rises with every payment of a loan, so an offer can say which ones it knew. `agreement_id` is
    the agreement the payment counts towards, empty when none was in force.
    """

    __tablename__ = "payments"

    number = Column(Integer, primary_key=True)
    loan_id = Column(ID, ForeignKey("loans.loan_id"), nullable=False, index=True)
    agreement_id = Column(ID, ForeignKey("agreements.agreement_id"), index=True)
    received_on = Column(Date, nullable=False)
    amount = Column(MinorUnits, nullable=False)
    reference = Column(EncryptedText, nullable=False)
    reference_hash = Column(HASH, nullable=False, unique=True)
    loaded_at = Column(UtcDateTime, nullable=False)
