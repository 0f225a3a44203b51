"""The tables, one module per subject. Column names say the unit where there could be doubt."""

from __future__ import annotations

from casestore.models.accounts import BorrowerRow, LoanRow
from casestore.models.agreements import (
    AgreementRow,
    CollectionHoldRow,
    IdempotencyKeyRow,
    ScheduleRow,
)
from casestore.models.base import metadata
from casestore.models.cases import AnswerRow, CaseRow, CounterRow, HandoffRow, OfferRow, ProposalRow
from casestore.models.conversations import (
    ChallengeRow,
    ConsentRow,
    DemoCodeRow,
    IdentityLockRow,
    MessageRow,
    SessionRow,
)
from casestore.models.records import AuditHeadRow, AuditRow

__all__ = [
    "AgreementRow",
    "AnswerRow",
    "AuditHeadRow",
    "AuditRow",
    "BorrowerRow",
    "CaseRow",
    "ChallengeRow",
    "CollectionHoldRow",
    "ConsentRow",
    "CounterRow",
    "DemoCodeRow",
    "HandoffRow",
    "IdempotencyKeyRow",
    "IdentityLockRow",
    "LoanRow",
    "MessageRow",
    "OfferRow",
    "ProposalRow",
    "ScheduleRow",
    "SessionRow",
    "metadata",
]
