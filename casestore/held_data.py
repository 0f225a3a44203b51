"""Everything that is held on a borrower, gathered for the copy they have a right to (PIPL art. 45)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from casestore import complaints, disputes
from casestore.hardship import latest_answers
from casestore.models import (
    AgreementRow,
    BorrowerRow,
    CaseRow,
    ConsentRow,
    ContactPreferenceRow,
    LoanRow,
    MessageRow,
    PaymentClaimRow,
    PaymentRow,
    SessionRow,
)
from casestore.store import UnitOfWork
from casestore.types import UNOPENED
from hardship.statements import FIELDS as STATEMENT_FIELDS

# The code that stands for the text of a message that no key opens.
NOT_READABLE = "no_longer_readable"


@dataclass(frozen=True)
class Amount:
    """Money in minor units, so that it is not taken for a count."""

    minor: int


@dataclass(frozen=True)
class Section:
    """One kind of record. `rows` map names of figures to text, codes, days, moments, flags or amounts."""

    code: str
    rows: tuple[Mapping[str, Any], ...]


def gather(unit: UnitOfWork, borrower_id: str) -> tuple[Section, ...]:
    """All records on the borrower, kind by kind; kinds without a record are left out."""
    loans = list(unit.session.scalars(select(LoanRow).where(LoanRow.borrower_id == borrower_id)))
    loan_ids = [loan.loan_id for loan in loans]
    sections = (
        Section("person", (_person(unit, borrower_id),)),
        Section("loans", tuple(_loan(loan) for loan in loans)),
        Section("payments", tuple(_payments(unit, loan_ids))),
        Section("cases", tuple(_cases(unit, borrower_id))),
        Section("agreements", tuple(_agreements(unit, borrower_id))),
        Section("complaints", tuple(_complaints(unit, borrower_id))),
        Section("disputes", tuple(_disputes(unit, borrower_id))),
        Section("contact", tuple(_contact(unit, borrower_id))),
        Section("consents", tuple(_consents(unit, borrower_id))),
        Section("messages", tuple(_messages(unit, borrower_id))),
    )
    return tuple(section for section in sections if section.rows)


def _person(unit: UnitOfWork, borrower_id: str) -> dict[str, Any]:
    row = unit.session.get(BorrowerRow, borrower_id)
    return {"name": row.name, "phone": row.phone, "id_number": row.id_number}


def _loan(row: LoanRow) -> dict[str, Any]:
    return {
        "loan_number": row.number,
        "as_of": row.as_of,
        "principal": Amount(row.principal),
        "overdue_principal": Amount(row.overdue_principal),
        "interest": Amount(row.interest),
        "penalty_interest": Amount(row.penalty_interest),
        "fees": Amount(row.fees),
        "overdue_since": row.overdue_since,
        "next_due": row.next_due,
        "instalment": Amount(row.instalment),
        "handler": row.handler,
    }


def _payments(unit: UnitOfWork, loan_ids: list[str]) -> Iterator[dict[str, Any]]:
    received = select(PaymentRow.received_on, PaymentRow.amount).where(PaymentRow.loan_id.in_(loan_ids))
    for received_on, amount in unit.session.execute(received.order_by(PaymentRow.received_on)):
        yield {"received_on": received_on, "amount": Amount(amount)}
    claimed = select(PaymentClaimRow).where(PaymentClaimRow.loan_id.in_(loan_ids))
    for row in unit.session.scalars(claimed.order_by(PaymentClaimRow.claimed_at)):
        amount = None if row.amount is None else Amount(row.amount)
        yield {"reference": row.reference, "reported_on": row.claimed_at, "amount": amount}


def _cases(unit: UnitOfWork, borrower_id: str) -> Iterator[dict[str, Any]]:
    query = select(CaseRow).where(CaseRow.borrower_id == borrower_id).order_by(CaseRow.opened_at)
    for row in unit.session.scalars(query):
        given = latest_answers(unit, row.case_id)
        kept = {name: value for name, value in given.items() if not isinstance(value, dict)}
        amounts = {name: Amount(kept[name]) for name in STATEMENT_FIELDS if name in kept}
        yield {"reference": row.reference, "opened_at": row.opened_at, **kept, **amounts}


def _agreements(unit: UnitOfWork, borrower_id: str) -> Iterator[dict[str, Any]]:
    query = select(AgreementRow).where(AgreementRow.borrower_id == borrower_id)
    for row in unit.session.scalars(query.order_by(AgreementRow.accepted_at)):
        total = Amount(row.total_to_pay)
        yield {"reference": row.reference, "accepted_at": row.accepted_at, "total_to_pay": total}


def _complaints(unit: UnitOfWork, borrower_id: str) -> Iterator[dict[str, Any]]:
    for each in complaints.of_borrower(unit, borrower_id):
        yield {"reference": each.reference, "received_at": each.received_at, **each.details}


def _disputes(unit: UnitOfWork, borrower_id: str) -> Iterator[dict[str, Any]]:
    for each in disputes.of_borrower(unit, borrower_id):
        yield {
            "reference": each.reference,
            "received_at": each.raised_at,
            "ground": each.ground,
            "words": each.words,
        }


def _contact(unit: UnitOfWork, borrower_id: str) -> Iterator[dict[str, Any]]:
    query = select(ContactPreferenceRow).where(ContactPreferenceRow.borrower_id == borrower_id)
    for row in unit.session.scalars(query.order_by(ContactPreferenceRow.number)):
        yield {
            "set_at": row.set_at,
            "channel": row.channel,
            "hours": row.hours,
            "stopped": row.stopped,
            "words": row.words,
        }


def _consents(unit: UnitOfWork, borrower_id: str) -> Iterator[dict[str, Any]]:
    query = (
        select(ConsentRow)
        .join(SessionRow, SessionRow.session_id == ConsentRow.session_id)
        .where(SessionRow.borrower_id == borrower_id)
        .order_by(ConsentRow.consent_id)
    )
    for row in unit.session.scalars(query):
        yield {"decided_at": row.decided_at, "purpose": row.purpose, "given": row.given}


def _messages(unit: UnitOfWork, borrower_id: str) -> Iterator[dict[str, Any]]:
    query = (
        select(MessageRow)
        .join(SessionRow, SessionRow.session_id == MessageRow.session_id)
        .where(SessionRow.borrower_id == borrower_id)
        .order_by(MessageRow.at, MessageRow.seq)
    )
    for row in unit.session.scalars(query):
        if text := NOT_READABLE if row.body is UNOPENED else row.body.get("text"):
            yield {"at": row.at, "author": row.author, "text": text}
