"""An agreement to be made into documents, and its variants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

from casestore.documents import AgreementDraft
from casestore.terms import terms_of
from hardship.calendar import due_dates
from hardship.loans import Loan, Method, Product, position_on
from hardship.plans.base import Offer
from hardship.policy import Policy
from hardship.schedules import Row

SCHEDULE = tuple(
    Row(
        number,
        date(2026, 12 if number == 1 else 1, 20).replace(year=2025 + number),
        105000,
        5000,
        90000,
        10000,
        0,
    )
    for number in (1, 2)
)


def agreement_draft(policy: Policy) -> AgreementDraft:
    """An agreement over two payments."""
    loan = Loan(
        loan_id="x",
        product=Product.CONSUMER,
        method=Method.ANNUITY,
        annual_rate=Decimal("0.12"),
        penalty_multiplier=Decimal("1.5"),
        as_of=date(2026, 11, 24),
        principal=180000,
        overdue_principal=60000,
        interest=15000,
        penalty_interest=4321,
        fees=0,
        overdue_since=date(2026, 10, 20),
        next_due=date(2026, 12, 20),
        due_day=20,
        instalment=105000,
        remaining_instalments=2,
        handler=None,
    )
    offer = Offer(
        kind="arrears_instalments",
        policy_version=policy.version,
        clauses=("CN-PLAN-ARREARS-TERM",),
        schedule=SCHEDULE,
        instalment=105000,
        first_due=SCHEDULE[0].due,
        last_due=SCHEDULE[-1].due,
        count=2,
        total_to_pay=210000,
        cost_against_now=12345,
        annualised_cost=Decimal("0.123456"),
        waived=0,
        expires_on=date(2026, 12, 1),
        notes=(),
    )
    return AgreementDraft(
        reference="RA-20261124-7F3K4M",
        case_reference="HC-20261124-7F3K4M",
        borrower_name="王秀兰",
        loan_tail="0001",
        loan=loan,
        position=position_on(loan, loan.as_of),
        offer=offer,
        terms=terms_of(policy),
        accepted_at=datetime(2026, 11, 24, 16, 30, tzinfo=timezone.utc),
    )


def with_offer(draft: AgreementDraft, **changes: Any) -> AgreementDraft:
    """The same agreement with something else in its offer."""
    return replace(draft, offer=replace(draft.offer, **changes))


def with_rows(draft: AgreementDraft, count: int) -> AgreementDraft:
    """The same agreement over `count` payments, each with figures of its own."""
    dues = due_dates(date(2026, 12, 20), count, 20)
    rows = tuple(
        Row(n + 1, due, 100000 + 3 * n, 7 * n, 100000 - 4 * n, 0, 5000000 - 70001 * n)
        for n, due in enumerate(dues)
    )
    total = sum(row.payment for row in rows)
    return with_offer(draft, schedule=rows, count=count, last_due=dues[-1], total_to_pay=total)


def decided_by_person(draft: AgreementDraft) -> AgreementDraft:
    """The same plan as a person granted it."""
    clauses = (*draft.offer.clauses, "PR-20261124-9CDEFG")
    return with_offer(draft, authority="person", clauses=clauses)


def settlement(draft: AgreementDraft, note: str, waived: int, rest: int) -> AgreementDraft:
    """One payment instead of all that is owed."""
    row = Row(1, date(2026, 12, 20), 150000, 0, 130679, 19321, rest)
    settled = with_offer(
        draft,
        kind="settlement",
        schedule=(row,),
        count=1,
        instalment=row.payment,
        first_due=row.due,
        last_due=row.due,
        total_to_pay=row.payment,
        waived=waived,
        waived_clause="CN-PLAN-SETTLE-REST" if waived else None,
        notes=(note,),
    )
    return decided_by_person(settled)
