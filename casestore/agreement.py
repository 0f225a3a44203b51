"""Agreements: accepted once, in one transaction, with everything that follows from them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casestore import consents
from casestore.account import view as loan_view
from casestore.documents import AgreementDraft
from casestore.errors import OfferNotAcceptable
from casestore.keys import Keys
from casestore.models import (
    AgreementRow,
    BorrowerRow,
    CaseRow,
    CollectionHoldRow,
    IdempotencyKeyRow,
    LoanRow,
    OfferRow,
    ProposalRow,
    ScheduleRow,
)
from casestore.plan import offer_of
from casestore.positions import position_from_json
from casestore.references import new_id, new_reference
from casestore.rows import case_row
from casestore.store import CaseStore, UnitOfWork
from casestore.terms import terms_from_json
from hardship.cases import CaseEvent, CaseState, allowed, transition
from hardship.plans.base import Offer

__all__ = [
    "Accepted",
    "AgreementView",
    "OfferNotAcceptable",
    "accept",
    "document",
    "export",
    "for_case",
    "status",
    "verify",
]

ACTIVE = "active"

Render = Callable[[AgreementDraft], str]


@dataclass(frozen=True)
class Accepted:
    """The agreement made, or found when it was made before (`created` is False then)."""

    reference: str
    document_token: str
    created: bool
    agreement_id: str


@dataclass(frozen=True)
class AgreementView:
    """An agreement; amounts in minor units. After the last payment `next_due` stays the last."""

    agreement_id: str
    reference: str
    state: str
    kind: str
    language: str
    accepted_at: datetime
    total_to_pay: int
    count: int
    first_due: date
    last_due: date
    next_due: date
    next_payment: int
    document_token: str
    document_sha256: str


def accept(
    store: CaseStore, case_id: str, offer_id: str, idempotency_key: str, language: str, render: Render
) -> Accepted:
    """Make this offer's agreement with document, schedule, consent, collection hold and audit, or nothing.

    The same key or the same offer again returns the agreement already made.
    Raises `NotFound` for an unknown case and `OfferNotAcceptable` with a reason code.
    """
    try:
        return _accept(store, case_id, offer_id, idempotency_key, language, render)
    except IntegrityError:
        # Another process was faster than our locks could see; its agreement is committed now.
        return _accept(store, case_id, offer_id, idempotency_key, language, render)


def for_case(store: CaseStore, case_id: str) -> AgreementView | None:
    """The case's active agreement, None when there is none."""
    return _active(store, AgreementRow.case_id == case_id)


def status(store: CaseStore, loan_id: str) -> AgreementView | None:
    """The loan's active agreement, None when there is none."""
    return _active(store, AgreementRow.loan_id == loan_id)


def document(store: CaseStore, token: str) -> str | None:
    """The agreement's HTML behind a private link, None for a wrong token."""
    wanted = _token_hash(store.keys, token)
    query = select(AgreementRow.document).where(AgreementRow.document_token_hash == wanted)
    with store.reading() as unit:
        return unit.session.scalars(query).one_or_none()


def export(store: CaseStore) -> Iterator[dict[str, Any]]:
    """Every agreement, oldest first, as the servicing system books it. Amounts in minor units."""
    query = (
        select(AgreementRow, LoanRow, CaseRow)
        .join(LoanRow, LoanRow.loan_id == AgreementRow.loan_id)
        .join(CaseRow, CaseRow.case_id == AgreementRow.case_id)
        .order_by(AgreementRow.accepted_at, AgreementRow.reference)
    )
    with store.reading() as unit:
        for agreement, loan, case in unit.session.execute(query):
            yield _exported(unit, agreement, loan, case)


def verify(store: CaseStore) -> list[tuple[str, str]]:
    """Agreements that are not as accepted, as (reference, what differs): document, offer or schedule."""
    query = select(AgreementRow, OfferRow).join(OfferRow, OfferRow.offer_id == AgreementRow.offer_id)
    with store.reading() as unit:
        rows = unit.session.execute(query.order_by(AgreementRow.reference)).all()
        return [(row.reference, part) for row, offer in rows for part in _differences(unit, row, offer)]


def _accept(
    store: CaseStore, case_id: str, offer_id: str, key: str, language: str, render: Render
) -> Accepted:
    with store.unit() as unit:
        case = case_row(unit.session, case_id, lock=True)
        made = _made_before(unit, case, offer_id, key)
        if made is not None:
            return _accepted(unit.keys, made, created=False)
        offer, proposal = _acceptable(unit, case, offer_id)
        row = _record(unit, case, offer, proposal, language, render)
        unit.session.add(IdempotencyKeyRow(key=key, agreement_id=row.agreement_id, used_at=unit.now))
        return _accepted(unit.keys, row, created=True)


def _made_before(unit: UnitOfWork, case: CaseRow, offer_id: str, key: str) -> AgreementRow | None:
    used = unit.session.get(IdempotencyKeyRow, key)
    if used is not None:
        row = unit.session.get(AgreementRow, used.agreement_id)
        if row.case_id != case.case_id or row.offer_id != offer_id:
            raise OfferNotAcceptable("foreign")
        return row
    query = select(AgreementRow).where(AgreementRow.case_id == case.case_id, AgreementRow.state == ACTIVE)
    row = unit.session.scalars(query).one_or_none()
    if row is not None and row.offer_id != offer_id:
        raise OfferNotAcceptable("already_agreed")
    return row


def _acceptable(unit: UnitOfWork, case: CaseRow, offer_id: str) -> tuple[OfferRow, ProposalRow]:
    offer = unit.session.get(OfferRow, offer_id)
    if offer is None or offer.case_id != case.case_id or case.borrower_id is None:
        raise OfferNotAcceptable("foreign")
    proposal = unit.session.get(ProposalRow, offer.proposal_id)
    if proposal.superseded_at is not None:
        raise OfferNotAcceptable("superseded")
    if unit.now >= offer.valid_until:
        raise OfferNotAcceptable("expired")
    if CaseEvent.ACCEPT not in allowed(CaseState(case.state)):
        raise OfferNotAcceptable("case_closed")
    _require_free_loan(unit, case)
    return offer, proposal


def _require_free_loan(unit: UnitOfWork, case: CaseRow) -> None:
    """One loan has one active plan, whichever case it came from."""
    unit.session.execute(
        select(LoanRow.loan_id).where(LoanRow.loan_id == case.loan_id).with_for_update(key_share=True)
    )
    query = select(AgreementRow.agreement_id).where(
        AgreementRow.loan_id == case.loan_id, AgreementRow.state == ACTIVE
    )
    if unit.session.scalars(query).first() is not None:
        raise OfferNotAcceptable("already_agreed")


def _record(
    unit: UnitOfWork, case: CaseRow, stored: OfferRow, proposal: ProposalRow, language: str, render: Render
) -> AgreementRow:
    offer = offer_of(stored)
    draft = _draft(unit, case, offer, proposal)
    row = _agreement_row(unit, case, stored, draft, render(draft), language)
    unit.session.add(row)
    unit.session.flush()
    unit.session.add_all(_schedule_rows(row.agreement_id, offer))
    unit.session.add(
        CollectionHoldRow(
            hold_id=new_id(),
            loan_id=case.loan_id,
            agreement_id=row.agreement_id,
            reason="agreement",
            starts_at=unit.now,
        )
    )
    consents.note(unit, case.session_id, "agreement", stored.content_hash, given=True)
    case.state, case.updated_at = transition(CaseState(case.state), CaseEvent.ACCEPT).value, unit.now
    _note(unit, case, row)
    return row


def _draft(unit: UnitOfWork, case: CaseRow, offer: Offer, proposal: ProposalRow) -> AgreementDraft:
    loan = loan_view(unit.session.get(LoanRow, case.loan_id))
    terms = terms_from_json(proposal.terms)
    accepted_on = unit.now.astimezone(ZoneInfo(terms.timezone)).date()
    return AgreementDraft(
        reference=new_reference("RA", accepted_on),
        case_reference=case.reference,
        borrower_name=unit.session.get(BorrowerRow, case.borrower_id).name,
        loan_tail=loan.tail,
        loan=loan.loan,
        position=position_from_json(proposal.position),
        offer=offer,
        terms=terms,
        accepted_at=unit.now,
    )


def _agreement_row(
    unit: UnitOfWork, case: CaseRow, stored: OfferRow, draft: AgreementDraft, html: str, language: str
) -> AgreementRow:
    agreement_id = new_id()
    return AgreementRow(
        agreement_id=agreement_id,
        reference=draft.reference,
        case_id=case.case_id,
        offer_id=stored.offer_id,
        loan_id=case.loan_id,
        borrower_id=case.borrower_id,
        session_id=case.session_id,
        state=ACTIVE,
        kind=stored.kind,
        policy_version=draft.offer.policy_version,
        offer_hash=stored.content_hash,
        language=language,
        total_to_pay=draft.offer.total_to_pay,
        document=html,
        document_sha256=hashlib.sha256(html.encode()).hexdigest(),
        document_token_hash=_token_hash(unit.keys, _token(unit.keys, agreement_id)),
        accepted_at=unit.now,
    )


def _schedule_rows(agreement_id: str, offer: Offer) -> list[ScheduleRow]:
    return [
        ScheduleRow(
            agreement_id=agreement_id,
            number=row.number,
            due=row.due,
            payment=row.payment,
            interest=row.interest,
            principal=row.principal,
            other=row.other,
            balance=row.balance,
        )
        for row in offer.schedule
    ]


def _note(unit: UnitOfWork, case: CaseRow, row: AgreementRow) -> None:
    unit.audit(
        "agreement_accepted",
        row.reference,
        case=case.reference,
        offer=row.offer_id,
        offer_sha256=row.offer_hash,
        document_sha256=row.document_sha256,
        policy=row.policy_version,
        session=unit.mark(row.session_id),
    )


def _accepted(keys: Keys, row: AgreementRow, created: bool) -> Accepted:
    return Accepted(row.reference, _token(keys, row.agreement_id), created, row.agreement_id)


def _token(keys: Keys, agreement_id: str) -> str:
    """The secret of the private link: 32 bytes that only the key's holder can work out again.

    So the second yes gets the same link, and the database holds nothing but the token's hash.
    """
    return base64.urlsafe_b64encode(keys.digest("document", agreement_id)).rstrip(b"=").decode()


def _token_hash(keys: Keys, token: str) -> str:
    return keys.hash("document_token", token)


def _active(store: CaseStore, condition: Any) -> AgreementView | None:
    query = (
        select(AgreementRow, ProposalRow.terms)
        .join(OfferRow, OfferRow.offer_id == AgreementRow.offer_id)
        .join(ProposalRow, ProposalRow.proposal_id == OfferRow.proposal_id)
        .where(condition, AgreementRow.state == ACTIVE)
    )
    with store.reading() as unit:
        found = unit.session.execute(query).one_or_none()
        if found is None:
            return None
        today = unit.now.astimezone(ZoneInfo(terms_from_json(found.terms).timezone)).date()
        return _view(unit, found[0], today)


def _view(unit: UnitOfWork, row: AgreementRow, today: date) -> AgreementView:
    schedule = _schedule(unit, row.agreement_id)
    coming = next((each for each in schedule if each.due >= today), schedule[-1])
    return AgreementView(
        agreement_id=row.agreement_id,
        reference=row.reference,
        state=row.state,
        kind=row.kind,
        language=row.language,
        accepted_at=row.accepted_at,
        total_to_pay=row.total_to_pay,
        count=len(schedule),
        first_due=schedule[0].due,
        last_due=schedule[-1].due,
        next_due=coming.due,
        next_payment=coming.payment,
        document_token=_token(unit.keys, row.agreement_id),
        document_sha256=row.document_sha256,
    )


def _schedule(unit: UnitOfWork, agreement_id: str) -> list[ScheduleRow]:
    query = select(ScheduleRow).where(ScheduleRow.agreement_id == agreement_id).order_by(ScheduleRow.number)
    return list(unit.session.scalars(query))


SCHEDULE_COLUMNS = ("number", "due", "payment", "interest", "principal", "other", "balance")


def _exported(unit: UnitOfWork, agreement: AgreementRow, loan: LoanRow, case: CaseRow) -> dict[str, Any]:
    schedule = _schedule(unit, agreement.agreement_id)
    return {
        "reference": agreement.reference,
        "case": case.reference,
        "loan_number": loan.number,
        "kind": agreement.kind,
        "state": agreement.state,
        "accepted_at": agreement.accepted_at,
        "policy_version": agreement.policy_version,
        "total_to_pay": agreement.total_to_pay,
        "offer_sha256": agreement.offer_hash,
        "document_sha256": agreement.document_sha256,
        "schedule": [{name: getattr(row, name) for name in SCHEDULE_COLUMNS} for row in schedule],
    }


def _differences(unit: UnitOfWork, row: AgreementRow, offer: OfferRow) -> Iterator[str]:
    if hashlib.sha256(row.document.encode()).hexdigest() != row.document_sha256:
        yield "document"
    if hashlib.sha256(offer.content.encode()).hexdigest() != row.offer_hash:
        yield "offer"
        return
    booked = [
        tuple(getattr(each, name) for name in SCHEDULE_COLUMNS) for each in _schedule(unit, row.agreement_id)
    ]
    agreed = [tuple(getattr(each, name) for name in SCHEDULE_COLUMNS) for each in offer_of(offer).schedule]
    if booked != agreed:
        yield "schedule"
