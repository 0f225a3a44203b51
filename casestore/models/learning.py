"""What borrowers said they had meant: examples to learn from, nothing that points to a person."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from casestore.models.base import CODE, HASH, Base
from casestore.types import EncryptedText


class TrainingCandidateRow(Base):
    """A wording that was not understood and the meaning chosen for it, None when none offered was right.

    There is no session and no borrower, and only days, so that no row leads back to a conversation.
    `offered` are the meanings shown the last time, separated by blanks. `fingerprint` finds equal ones, also
    after a review, which erases the wording.
    """

    __tablename__ = "training_candidates"

    number = Column(Integer, primary_key=True)
    fingerprint = Column(HASH, nullable=False, unique=True)
    language = Column(String(8), nullable=False)
    wording = Column(EncryptedText)
    offered = Column(String(200), nullable=False)
    chosen = Column(CODE)
    times = Column(Integer, nullable=False)
    first_on = Column(Date, nullable=False)
    last_on = Column(Date, nullable=False, index=True)
    reviewed_on = Column(Date)
    reviewed_by = Column(String(120))
