"""What happened to the borrower, in the few words a decision needs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum


class Cause(str, Enum):
    """Why the borrower cannot pay as agreed (taxonomy after ASIC REP 815, rules.md AU-REASONS)."""

    JOB_LOSS = "job_loss"
    REDUCED_INCOME = "reduced_income"
    ILLNESS = "illness"
    BUSINESS_DOWNTURN = "business_downturn"
    FAMILY_EVENT = "family_event"
    DISASTER = "disaster"
    OVERSPENDING = "overspending"
    OVERINDEBTED = "overindebted"
    OTHER = "other"


@dataclass(frozen=True)
class Situation:
    """Cause, since when, whether it is expected to last, and whether a business is behind it."""

    cause: Cause
    since: date | None
    lasting: bool
    business: bool
