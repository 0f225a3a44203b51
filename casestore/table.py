"""The options table of a case: offers numbered as shown, kept with the terms of the day they were made."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from casestore.errors import CaseStoreError
from casestore.hardship import supersede_offers
from casestore.models import CaseRow, OfferRow, ProposalRow
from casestore.positions import position_to_json
from casestore.received import last_number
from casestore.references import new_id
from casestore.store import UnitOfWork
from casestore.terms import terms_of, terms_to_json
from hardship.plans.base import Offer, PlanRequest, Refusal, content_hash, from_json, to_json


class OfferAltered(CaseStoreError):
    """A stored offer is not what it was when it was made."""


@dataclass(frozen=True)
class StoredOffer:
    """An offer on the table, under the number the borrower sees."""

    offer_id: str
    option_number: int
    offer: Offer
    expires_on: date


@dataclass(frozen=True)
class Proposal:
    """What is on the table, in the order shown, and the kinds refused.

    `more` is not shown but there for the asking; `requests` are plans that only a person may grant.
    """

    offers: tuple[StoredOffer, ...]
    refusals: tuple[Refusal, ...]
    requests: tuple[Offer, ...] = ()
    more: tuple[Offer, ...] = ()


def current_row(unit: UnitOfWork, case_id: str) -> ProposalRow | None:
    """The proposal that is on the table, None when there is none."""
    query = select(ProposalRow).where(ProposalRow.case_id == case_id, ProposalRow.superseded_at.is_(None))
    return unit.session.scalars(query).one_or_none()


def lay(
    unit: UnitOfWork,
    case: CaseRow,
    request: PlanRequest,
    refusals: tuple[Refusal, ...] = (),
    further: tuple[Offer, ...] = (),
) -> ProposalRow:
    """An empty table for the case, on today's figures and terms, in place of the one before.

    `further` offers are kept beside it: those there for the asking and those a person may grant.
    """
    supersede_offers(unit, case.case_id)
    proposal = ProposalRow(
        proposal_id=new_id(),
        case_id=case.case_id,
        policy_version=request.policy.version,
        position=position_to_json(request.position),
        terms=terms_to_json(terms_of(request.policy)),
        refusals=[_refusal_to_json(refusal) for refusal in refusals],
        further=[to_json(offer) for offer in further],
        made_at=unit.now,
    )
    unit.session.add(proposal)
    unit.session.flush()
    return proposal


def put(unit: UnitOfWork, proposal: ProposalRow, offer: Offer, request: PlanRequest) -> OfferRow:
    """The offer's row on the table, under the next number; an equal offer keeps the number it has."""
    same = select(OfferRow).where(
        OfferRow.proposal_id == proposal.proposal_id, OfferRow.content_hash == content_hash(offer)
    )
    row = unit.session.scalars(same).first()
    return row or _new_offer(unit, proposal, offer, request)


def is_fresh(unit: UnitOfWork, proposal: ProposalRow, request: PlanRequest) -> bool:
    """Whether something on this table can still be accepted, under the policy in force."""
    valid = select(OfferRow.offer_id).where(
        OfferRow.proposal_id == proposal.proposal_id, OfferRow.valid_until > unit.now
    )
    same_policy = proposal.policy_version == request.policy.version
    return same_policy and unit.session.scalars(valid).first() is not None


def view(unit: UnitOfWork, row: ProposalRow | None) -> Proposal:
    """The table as shown; empty when there is none."""
    if row is None:
        return Proposal((), ())
    offers = unit.session.scalars(
        select(OfferRow).where(OfferRow.proposal_id == row.proposal_id).order_by(OfferRow.option_number)
    )
    further = [from_json(offer) for offer in row.further or ()]
    return Proposal(
        offers=tuple(stored(offer) for offer in offers),
        refusals=tuple(Refusal(**refusal) for refusal in row.refusals),
        requests=tuple(offer for offer in further if offer.authority == "person"),
        more=tuple(offer for offer in further if offer.authority != "person"),
    )


def stored(row: OfferRow) -> StoredOffer:
    """The public view of an offer's row. Raises `OfferAltered`."""
    return StoredOffer(row.offer_id, row.option_number, offer_of(row), row.expires_on)


def offer_of(row: Any) -> Offer:
    """The offer in a row's `content`. Raises `OfferAltered` when it no longer has its `content_hash`."""
    if hashlib.sha256(row.content.encode()).hexdigest() != row.content_hash:
        raise OfferAltered("A stored offer does not match its hash; run `respite verify`.")
    return from_json(row.content)


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
        position=position_to_json(request.position),
        figures_as_of=request.loan.as_of,
        payments_seen=last_number(unit, request.loan.loan_id),
    )
    unit.session.add(row)
    unit.session.flush()
    return row


def _end_of(expires_on: date, request: PlanRequest, now: datetime) -> datetime:
    """The moment the last valid day ends where the lender is, counted from now: demos fix another today."""
    zone = ZoneInfo(request.policy.lender.timezone.value)
    last_day = now.astimezone(zone).date() + (expires_on - request.today)
    return datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=zone)


def _refusal_to_json(refusal: Refusal) -> Mapping[str, Any]:
    return {
        "kind": refusal.kind,
        "reason": refusal.reason,
        "clause": refusal.clause,
        "values": dict(refusal.values),
        "shown": refusal.shown,
    }
