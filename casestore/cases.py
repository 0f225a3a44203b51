"""The list of cases for the lender's people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select

from casestore import holds
from casestore.account import TAIL_DIGITS
from casestore.models import AgreementRow, CaseRow, LoanRow
from casestore.store import CaseStore


@dataclass(frozen=True)
class CaseSummary:
    """One case on one line. Times in UTC; the loan shows only the end of its number.

    `on_hold` says that nobody may collect on the loan now.
    """

    reference: str
    state: str
    opened_at: datetime
    updated_at: datetime
    rounds: int
    loan_tail: str | None
    agreement: str | None
    on_hold: bool


def list_cases(store: CaseStore) -> tuple[CaseSummary, ...]:
    """All cases, the latest opened first, with the reference of their agreement in force."""
    active = and_(AgreementRow.case_id == CaseRow.case_id, AgreementRow.state == "active")
    query = (
        select(CaseRow, LoanRow, AgreementRow.reference)
        .outerjoin(LoanRow, LoanRow.loan_id == CaseRow.loan_id)
        .outerjoin(AgreementRow, active)
        .order_by(CaseRow.opened_at.desc(), CaseRow.reference)
    )
    with store.reading() as unit:
        held = holds.loans_on_hold(unit)
        return tuple(_summary(case, loan, agreed, held) for case, loan, agreed in unit.session.execute(query))


def _summary(case: CaseRow, loan: LoanRow | None, agreed: str | None, held: frozenset[str]) -> CaseSummary:
    return CaseSummary(
        case.reference,
        case.state,
        case.opened_at,
        case.updated_at,
        case.rounds,
        loan.number[-TAIL_DIGITS:] if loan else None,
        agreed,
        case.loan_id in held,
    )
