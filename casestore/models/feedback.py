"""How borrowers rate the conversation: counts, nothing that points to a person."""

from __future__ import annotations

from sqlalchemy import Column, Date, Integer, String

from casestore.models.base import Base


class FeedbackCountRow(Base):
    """How often a rating was given on a day in a language; rating 0 counts remarks without a number."""

    __tablename__ = "feedback_counts"

    day = Column(Date, primary_key=True)
    language = Column(String(8), primary_key=True)
    rating = Column(Integer, primary_key=True, autoincrement=False)
    times = Column(Integer, nullable=False)
