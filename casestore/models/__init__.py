"""The tables, one module per subject. Column names say the unit where there could be doubt."""

from __future__ import annotations

from casestore.models.accounts import BorrowerRow, LoanRow
from casestore.models.agreements import (
    AgreementRow,
    CollectionHoldRow,
    IdempotencyKeyRow,
    ScheduleRow,
)
from casestore.models.answers import KeptAnswerRow
from casestore.models.base import metadata
from casestore.models.cases import AnswerRow, CaseRow, CounterRow, HandoffRow, OfferRow, ProposalRow
from casestore.models.conversations import (
    ChallengeRow,
    ChannelAddressRow,
    ConsentRow,
    DemoCodeRow,
    IdentityLockRow,
    MessageRow,
    SessionRow,
)
from casestore.models.decisions import PlanRequestRow
from casestore.models.desk import DeskEventRow, PersonMessageRow
from casestore.models.feedback import FeedbackCountRow
from casestore.models.learning import TrainingCandidateRow
from casestore.models.notices import NoticeRow
from casestore.models.payments import PaymentRow
from casestore.models.records import AuditHeadRow, AuditRow
from casestore.models.rights import (
    ComplaintRow,
    ContactPreferenceRow,
    DataRequestRow,
    DisputeRow,
    LegalHoldRow,
    PaymentClaimRow,
)

__all__ = [
    "AgreementRow",
    "AnswerRow",
    "AuditHeadRow",
    "AuditRow",
    "BorrowerRow",
    "CaseRow",
    "ChallengeRow",
    "ChannelAddressRow",
    "CollectionHoldRow",
    "ComplaintRow",
    "ConsentRow",
    "ContactPreferenceRow",
    "CounterRow",
    "DataRequestRow",
    "DemoCodeRow",
    "DeskEventRow",
    "DisputeRow",
    "FeedbackCountRow",
    "HandoffRow",
    "IdempotencyKeyRow",
    "IdentityLockRow",
    "KeptAnswerRow",
    "LegalHoldRow",
    "LoanRow",
    "MessageRow",
    "NoticeRow",
    "OfferRow",
    "PaymentClaimRow",
    "PaymentRow",
    "PersonMessageRow",
    "PlanRequestRow",
    "ProposalRow",
    "ScheduleRow",
    "SessionRow",
    "TrainingCandidateRow",
    "metadata",
]
