"""Agreements: accepted once, in one transaction, with everything that follows from them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casestore import agreement_end, consents, decisions, holds
from casestore.account import view as loan_view
from casestore.agreement_checks import verify
from casestore.agreement_views import (
    ACTIVE,
    AgreementView,
    document,
    document_pdf,
    export,
    for_case,
    history,
    status,
    token_hash,
    token_of,
)
from casestore.documents import AgreementDraft
from casestore.errors import OfferNotAcceptable
from casestore.keys import Keys
from casestore.lender_days import lender_day
from casestore.models import (
    AgreementRow,
    BorrowerRow,
    CaseRow,
    IdempotencyKeyRow,
    LoanRow,
    OfferRow,
    ProposalRow,
    ScheduleRow,
)
from casestore.plan import offer_of
from casestore.positions import position_from_json
from casestore.received import count_towards
from casestore.references import new_id, new_reference
from casestore.rows import case_row, loan_row
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
    "document_pdf",
    "export",
    "for_case",
    "history",
    "status",
    "verify",
]

RenderPage = Callable[[AgreementDraft], str]
RenderPdf = Callable[[AgreementDraft], bytes]


@dataclass(frozen=True)
class Accepted:
    """The agreement made, or found when it was made before (`created` is False then)."""

    reference: str
    document_token: str
    created: bool
    agreement_id: str


@dataclass(frozen=True)
class _Wish:
    """What an acceptance asks for, the same when it is tried again."""

    case_id: str
    offer_id: str
    key: str
    language: str
    render: RenderPage
    render_pdf: RenderPdf | None


def accept(
    store: CaseStore,
    case_id: str,
    offer_id: str,
    idempotency_key: str,
    language: str,
    render: RenderPage,
    render_pdf: RenderPdf | None = None,
) -> Accepted:
    """Make this offer's agreement with documents, schedule, consent, collection hold and audit, or nothing.

    In a renegotiated case the agreement in force ends in the same transaction and the new one is its next
    version. The same key or the same offer again returns the agreement already made.
    Raises `NotFound` for an unknown case and `OfferNotAcceptable` with a reason code.
    """
    wish = _Wish(case_id, offer_id, idempotency_key, language, render, render_pdf)
    try:
        return _accept(store, wish)
    except IntegrityError:
        # Another process was faster than our locks could see; its agreement is committed now.
        return _accept(store, wish)


def _accept(store: CaseStore, wish: _Wish) -> Accepted:
    with store.unit() as unit:
        case = case_row(unit.session, wish.case_id, lock=True)
        made = _made_before(unit, case, wish)
        if made is not None:
            return _accepted(unit.keys, made, created=False)
        offer, proposal = _acceptable(unit, case, wish.offer_id)
        row = _record(unit, case, offer, proposal, wish)
        unit.session.add(IdempotencyKeyRow(key=wish.key, agreement_id=row.agreement_id, used_at=unit.now))
        return _accepted(unit.keys, row, created=True)


def _made_before(unit: UnitOfWork, case: CaseRow, wish: _Wish) -> AgreementRow | None:
    """The agreement that this yes made before. Raises `OfferNotAcceptable` when it is no longer in force."""
    used = unit.session.get(IdempotencyKeyRow, wish.key)
    if used is not None:
        row = unit.session.get(AgreementRow, used.agreement_id)
        if row.case_id != case.case_id or row.offer_id != wish.offer_id:
            raise OfferNotAcceptable("foreign")
    else:
        query = select(AgreementRow).where(AgreementRow.offer_id == wish.offer_id)
        row = unit.session.scalars(query.where(AgreementRow.case_id == case.case_id)).one_or_none()
    if row is not None and row.state != ACTIVE:
        raise OfferNotAcceptable("case_closed")
    return row


def _acceptable(unit: UnitOfWork, case: CaseRow, offer_id: str) -> tuple[OfferRow, ProposalRow]:
    offer = unit.session.get(OfferRow, offer_id)
    if offer is None or offer.case_id != case.case_id or case.borrower_id is None:
        raise OfferNotAcceptable("foreign")
    _require_free_loan(unit, case)
    proposal = unit.session.get(ProposalRow, offer.proposal_id)
    if proposal.superseded_at is not None:
        raise OfferNotAcceptable("superseded")
    if unit.now >= offer.valid_until:
        raise OfferNotAcceptable("expired")
    if CaseEvent.ACCEPT not in allowed(CaseState(case.state)):
        raise OfferNotAcceptable("case_closed")
    return offer, proposal


def _require_free_loan(unit: UnitOfWork, case: CaseRow) -> None:
    """One loan has one agreement in force, whichever case it came from; only a renegotiation replaces it."""
    loan_row(unit.session, case.loan_id, lock=True)
    current = _in_force(unit, case.loan_id)
    renegotiated = case.state == CaseState.RENEGOTIATING and current and current.case_id == case.case_id
    if current is not None and not renegotiated:
        raise OfferNotAcceptable("already_agreed")


def _in_force(unit: UnitOfWork, loan_id: str) -> AgreementRow | None:
    query = select(AgreementRow).where(AgreementRow.loan_id == loan_id, AgreementRow.state == ACTIVE)
    return unit.session.scalars(query.execution_options(populate_existing=True)).one_or_none()


def _record(
    unit: UnitOfWork, case: CaseRow, stored: OfferRow, proposal: ProposalRow, wish: _Wish
) -> AgreementRow:
    before = _in_force(unit, case.loan_id)
    if before is not None:
        agreement_end.replace(unit, before)
    draft = _draft(unit, case, stored, proposal, before)
    row = _agreement_row(unit, case, stored, draft, wish)
    row.replaces_id = before.agreement_id if before else None
    _documents(row, draft, wish)
    unit.session.add(row)
    unit.session.flush()
    unit.session.add_all(_schedule_rows(row.agreement_id, draft.offer))
    holds.start(unit, case.loan_id, row.agreement_id)
    count_towards(unit, case.loan_id, stored, row.agreement_id, row.replaces_id)
    consents.note(unit, case.session_id, "agreement", stored.content_hash, given=True)
    case.state, case.updated_at = transition(CaseState(case.state), CaseEvent.ACCEPT).value, unit.now
    _note(unit, case, row, before)
    decisions.withdraw_open(unit, case)
    return row


def _draft(
    unit: UnitOfWork, case: CaseRow, stored: OfferRow, proposal: ProposalRow, before: AgreementRow | None
) -> AgreementDraft:
    loan = loan_view(unit.session.get(LoanRow, case.loan_id))
    terms = terms_from_json(proposal.terms)
    accepted_on = lender_day(unit.now, terms.timezone, stored)
    return AgreementDraft(
        reference=new_reference("RA", accepted_on),
        case_reference=case.reference,
        borrower_name=unit.session.get(BorrowerRow, case.borrower_id).name,
        loan_tail=loan.tail,
        loan=loan.loan,
        position=position_from_json(stored.position or proposal.position),
        offer=offer_of(stored),
        terms=terms,
        accepted_at=unit.now,
        version=before.version + 1 if before else 1,
        replaces=before.reference if before else None,
        accepted_on=accepted_on,
    )


def _agreement_row(
    unit: UnitOfWork, case: CaseRow, stored: OfferRow, draft: AgreementDraft, wish: _Wish
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
        version=draft.version,
        kind=stored.kind,
        policy_version=draft.offer.policy_version,
        offer_hash=stored.content_hash,
        language=wish.language,
        total_to_pay=draft.offer.total_to_pay,
        document_token_hash=token_hash(unit.keys, token_of(unit.keys, agreement_id)),
        accepted_at=unit.now,
    )


def _documents(row: AgreementRow, draft: AgreementDraft, wish: _Wish) -> None:
    row.document = wish.render(draft)
    row.document_sha256 = hashlib.sha256(row.document.encode()).hexdigest()
    if wish.render_pdf is not None:
        row.document_pdf = wish.render_pdf(draft)
        row.pdf_sha256 = hashlib.sha256(row.document_pdf).hexdigest()


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


def _note(unit: UnitOfWork, case: CaseRow, row: AgreementRow, before: AgreementRow | None) -> None:
    unit.audit(
        "agreement_accepted",
        row.reference,
        case=case.reference,
        offer=row.offer_id,
        offer_sha256=row.offer_hash,
        document_sha256=row.document_sha256,
        pdf_sha256=row.pdf_sha256,
        policy=row.policy_version,
        language=row.language,
        loan=row.loan_id,
        borrower=row.borrower_id,
        version=row.version,
        replaces=before.reference if before else None,
        session=unit.mark(row.session_id),
    )


def _accepted(keys: Keys, row: AgreementRow, created: bool) -> Accepted:
    return Accepted(row.reference, token_of(keys, row.agreement_id), created, row.agreement_id)
