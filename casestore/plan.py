"""Offers: worked out by `hardship`, numbered as shown, kept with the terms of the day they were made."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from casestore.account import view as loan_view
from casestore.errors import CaseClosed, CaseStoreError
from casestore.hardship import OPEN_STATES, latest_answers, supersede_offers
from casestore.models import CaseRow, CounterRow, OfferRow, ProposalRow
from casestore.positions import position_to_json
from casestore.references import new_id
from casestore.rows import case_row, loan_row
from casestore.store import CaseStore, UnitOfWork
from casestore.terms import terms_of, terms_to_json
from hardship import negotiation
from hardship.cases import CaseEvent, CaseState, allowed, transition
from hardship.eligibility import assess
from hardship.loans import position_on
from hardship.negotiation import CounterResult
from hardship.plans.base import Ask, Offer, PlanRequest, Refusal, content_hash, from_json, to_json
from hardship.policy import Policy
from hardship.situations import Cause, Situation
from hardship.statements import FIELDS as STATEMENT_FIELDS
from hardship.statements import Statement


class CaseIncomplete(CaseStoreError):
    """A plan was asked for before loan and statement are known; the message lists the fields missing."""


@dataclass(frozen=True)
class StoredOffer:
    """An offer on the table, under the number the borrower sees."""

    offer_id: str
    option_number: int
    offer: Offer
    expires_on: date


@dataclass(frozen=True)
class Proposal:
    """What is on the table, in the order shown, and the kinds refused."""

    offers: tuple[StoredOffer, ...]
    refusals: tuple[Refusal, ...]


@dataclass(frozen=True)
class StoredCounter:
    """What came of a counter-offer; `offer` is on the table now. `rounds` counts all so far."""

    result: CounterResult
    offer: StoredOffer | None
    rounds: int


def propose(store: CaseStore, case_id: str, policy: Policy, today: date) -> Proposal:
    """Work out all offers for the case as answered; they replace those on the table.

    Raises `NotFound`, `CaseClosed` or `CaseIncomplete`.
    """
    with store.unit() as unit:
        case = _open_case(unit, case_id)
        proposal = _propose(unit, case, _request(unit, case, policy, today, Ask()))
        return _proposal(unit, proposal)


def current(store: CaseStore, case_id: str) -> Proposal:
    """What is on the table now; empty when nothing is."""
    with store.reading() as unit:
        return _proposal(unit, _current_row(unit, case_id))


def counter(store: CaseStore, case_id: str, ask: Ask, policy: Policy, today: date) -> StoredCounter:
    """Answer what the borrower asks for instead; a new offer joins the table under the next number.

    Raises `NotFound`, `CaseClosed` or `CaseIncomplete`.
    """
    with store.unit() as unit:
        case = _open_case(unit, case_id)
        request = _request(unit, case, policy, today, ask)
        proposal = _current_row(unit, case_id) or _propose(
            unit, case, _request(unit, case, policy, today, Ask())
        )
        result = negotiation.counter(request)
        row = _on_table(unit, proposal, result.offer, request) if result.offer else None
        _note_round(unit, case, ask, result, row)
        return StoredCounter(result, _stored(row) if row else None, case.rounds)


def _open_case(unit: UnitOfWork, case_id: str) -> CaseRow:
    case = case_row(unit.session, case_id, lock=True)
    if case.state not in OPEN_STATES:
        raise CaseClosed("The case has an outcome and takes no more offers.")
    return case


def _request(unit: UnitOfWork, case: CaseRow, policy: Policy, today: date, ask: Ask) -> PlanRequest:
    given = latest_answers(unit, case.case_id)
    missing = [field for field in ("cause", *STATEMENT_FIELDS) if field not in given]
    if case.loan_id is None or missing:
        raise CaseIncomplete(f"The case lacks: {', '.join(missing) or 'loan'}.")
    loan = loan_view(loan_row(unit.session, case.loan_id)).loan
    return PlanRequest(
        loan=loan,
        position=position_on(loan, today),
        statement=Statement(**{field: given[field] for field in STATEMENT_FIELDS}),
        situation=_situation(given),
        policy=policy,
        today=today,
        ask=ask,
    )


def _situation(given: dict[str, Any]) -> Situation:
    since = given.get("since")
    return Situation(
        cause=Cause(given["cause"]),
        since=date.fromisoformat(since) if since else None,
        lasting=bool(given.get("lasting", False)),
        business=bool(given.get("business", False)),
    )


def _propose(unit: UnitOfWork, case: CaseRow, request: PlanRequest) -> ProposalRow:
    assessment = assess(request)
    supersede_offers(unit, case.case_id)
    proposal = ProposalRow(
        proposal_id=new_id(),
        case_id=case.case_id,
        policy_version=assessment.policy_version,
        position=position_to_json(request.position),
        terms=terms_to_json(terms_of(request.policy)),
        refusals=[_refusal_to_json(refusal) for refusal in assessment.refusals],
        made_at=unit.now,
    )
    unit.session.add(proposal)
    unit.session.flush()
    for offer in assessment.offers:
        _on_table(unit, proposal, offer, request)
    _move(unit, case, CaseEvent.PROPOSE if assessment.offers else CaseEvent.REFUSE)
    unit.audit(
        "plans_proposed",
        case.reference,
        policy=assessment.policy_version,
        offered=[offer.kind for offer in assessment.offers],
        refused={refusal.kind: refusal.reason for refusal in assessment.refusals},
    )
    return proposal


def _on_table(unit: UnitOfWork, proposal: ProposalRow, offer: Offer, request: PlanRequest) -> OfferRow:
    """The offer's row in the proposal: an equal offer keeps the number it has."""
    same = select(OfferRow).where(
        OfferRow.proposal_id == proposal.proposal_id, OfferRow.content_hash == content_hash(offer)
    )
    row = unit.session.scalars(same).first()
    return row or _new_offer(unit, proposal, offer, request)


def _new_offer(unit: UnitOfWork, proposal: ProposalRow, offer: Offer, request: PlanRequest) -> OfferRow:
    last = select(func.max(OfferRow.option_number)).where(OfferRow.proposal_id == proposal.proposal_id)
    row = OfferRow(
        offer_id=new_id(),
        proposal_id=proposal.proposal_id,
        case_id=proposal.case_id,
        option_number=(unit.session.scalar(last) or 0) + 1,
        kind=offer.kind,
        content=to_json(offer),
        content_hash=content_hash(offer),
        expires_on=offer.expires_on,
        valid_until=_end_of(offer.expires_on, request, unit.now),
        made_at=unit.now,
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def _end_of(expires_on: date, request: PlanRequest, now: datetime) -> datetime:
    """The moment the last valid day ends where the lender is, counted from now: demos fix another today."""
    zone = ZoneInfo(request.policy.lender.timezone.value)
    last_day = now.astimezone(zone).date() + (expires_on - request.today)
    return datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=zone)


def _note_round(
    unit: UnitOfWork, case: CaseRow, ask: Ask, result: CounterResult, row: OfferRow | None
) -> None:
    case.rounds += 1
    _move(unit, case, CaseEvent.COUNTER)
    unit.session.add(
        CounterRow(
            case_id=case.case_id,
            round=case.rounds,
            ask={**asdict(ask), "first_due": ask.first_due.isoformat() if ask.first_due else None},
            outcome=result.outcome,
            stopped_by=result.stopped_by,
            reason=result.reason,
            offer_id=row.offer_id if row else None,
            asked_at=unit.now,
        )
    )
    unit.audit(
        "counter_answered", case.reference, round=case.rounds, outcome=result.outcome, reason=result.reason
    )


def _move(unit: UnitOfWork, case: CaseRow, event: CaseEvent) -> None:
    """Change the state where the event changes it: bargaining in a handed-off case leaves it handed off."""
    case.updated_at = unit.now
    state = CaseState(case.state)
    if state is not CaseState.HANDED_OFF and event in allowed(state):
        case.state = transition(state, event).value


def _current_row(unit: UnitOfWork, case_id: str) -> ProposalRow | None:
    query = select(ProposalRow).where(ProposalRow.case_id == case_id, ProposalRow.superseded_at.is_(None))
    return unit.session.scalars(query).one_or_none()


def _proposal(unit: UnitOfWork, row: ProposalRow | None) -> Proposal:
    if row is None:
        return Proposal((), ())
    offers = unit.session.scalars(
        select(OfferRow).where(OfferRow.proposal_id == row.proposal_id).order_by(OfferRow.option_number)
    )
    return Proposal(
        tuple(_stored(offer) for offer in offers), tuple(Refusal(**refusal) for refusal in row.refusals)
    )


def _stored(row: OfferRow) -> StoredOffer:
    return StoredOffer(row.offer_id, row.option_number, offer_of(row), row.expires_on)


class OfferAltered(CaseStoreError):
    """A stored offer is not what it was when it was made."""


def offer_of(row: OfferRow) -> Offer:
    """The offer in a row. Raises `OfferAltered` when its content no longer has its hash."""
    if hashlib.sha256(row.content.encode()).hexdigest() != row.content_hash:
        raise OfferAltered("A stored offer does not match its hash; run `respite verify`.")
    return from_json(row.content)


def _refusal_to_json(refusal: Refusal) -> dict[str, str | dict[str, int | str]]:
    return {
        "kind": refusal.kind,
        "reason": refusal.reason,
        "clause": refusal.clause,
        "values": dict(refusal.values),
    }
