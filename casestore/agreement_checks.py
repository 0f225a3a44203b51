"""Whether the agreements are still what was accepted: as their own parts say, and as the audit trail says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casestore import audit
from casestore.agreement_views import SCHEDULE_COLUMNS, schedule_values, token_hash, token_of
from casestore.models import AgreementRow, CaseRow, OfferRow
from casestore.store import CaseStore, UnitOfWork
from casestore.trail_checks import compare
from hardship.plans.base import Offer, from_json

ACCEPTED, ENDED = "agreement_accepted", ("withdrawn", "broken", "completed")


@dataclass(frozen=True)
class _End:
    """How an agreement should stand: its state, and when and why it ended if it has."""

    state: str = "active"
    reason: str | None = None
    at: datetime | None = None


def verify(store: CaseStore) -> list[tuple[str, str]]:
    """Agreements that are not as accepted, as (reference, what is wrong), whether in force or ended.

    What is wrong is "missing", "inserted", "unreadable", or a part with the word "changed", such as
    "schedule changed". One that was erased with its borrower is not missing.
    """
    with store.moment() as unit:
        accepted = {entry.subject: entry for entry in audit.entries(unit.session, ACCEPTED)}
        ends = _ends(unit)

        def parts(row: AgreementRow, entry: audit.Entry) -> Iterator[str]:
            yield from _own(unit, row, unit.session.get(OfferRow, row.offer_id))
            yield from _told(unit, row, entry)
            if _End(row.state, row.end_reason, row.ended_at) != ends.get(row.reference, _End()):
                yield "state"

        return compare(unit, accepted, AgreementRow, parts)


def _ends(unit: UnitOfWork) -> dict[str, _End]:
    """How each agreement that has ended, ended, by the audit trail."""
    ends = {}
    for entry in audit.entries(unit.session, ACCEPTED, *(f"agreement_{state}" for state in ENDED)):
        if entry.action != ACCEPTED:
            state = entry.action.removeprefix("agreement_")
            ends[entry.subject] = _End(state, str(entry.details.get("reason")), entry.at)
        elif replaced := entry.details.get("replaces"):
            ends[str(replaced)] = _End("replaced", "renegotiated", entry.at)
    return ends


def _own(unit: UnitOfWork, row: AgreementRow, offer: OfferRow | None) -> Iterator[str]:
    """Parts that don't fit the agreement's own hashes."""
    if hashlib.sha256(row.document.encode()).hexdigest() != row.document_sha256:
        yield "document"
    if _pdf_differs(row):
        yield "pdf"
    if token_hash(unit.keys, token_of(unit.keys, row.agreement_id)) != row.document_token_hash:
        yield "document's link"
    if offer is None or hashlib.sha256(offer.content.encode()).hexdigest() != row.offer_hash:
        yield "offer"
        return
    yield from _unlike(unit, row, from_json(offer.content))


def _unlike(unit: UnitOfWork, row: AgreementRow, offer: Offer) -> Iterator[str]:
    if (row.kind, row.total_to_pay) != (offer.kind, offer.total_to_pay):
        yield "terms"
    agreed = [{name: getattr(each, name) for name in SCHEDULE_COLUMNS} for each in offer.schedule]
    if schedule_values(unit, row.agreement_id) != agreed:
        yield "schedule"


def _pdf_differs(row: AgreementRow) -> bool:
    if row.document_pdf is None or row.pdf_sha256 is None:
        return (row.document_pdf is None) != (row.pdf_sha256 is None)
    return hashlib.sha256(row.document_pdf).hexdigest() != row.pdf_sha256


def _told(unit: UnitOfWork, row: AgreementRow, entry: audit.Entry) -> Iterator[str]:
    """Parts that are not what the audit trail says of the acceptance, though they may fit each other."""
    for part, names, found in _facts(unit, row):
        told: Mapping[str, Any] = entry.details
        # Entries of older programs say less.
        if any(name in told and told[name] != value for name, value in zip(names, found, strict=True)):
            yield part
    if row.accepted_at != entry.at:
        yield "time"


def _facts(unit: UnitOfWork, row: AgreementRow) -> Iterator[tuple[str, tuple[str, ...], tuple[object, ...]]]:
    """What the trail tells of an acceptance, as the store has it now: part, names there, values here."""
    case = unit.session.get(CaseRow, row.case_id)
    before = unit.session.get(AgreementRow, row.replaces_id) if row.replaces_id else None
    yield "document", ("document_sha256",), (row.document_sha256,)
    yield "pdf", ("pdf_sha256",), (row.pdf_sha256,)
    yield "offer", ("offer", "offer_sha256"), (row.offer_id, row.offer_hash)
    yield "terms", ("policy", "language"), (row.policy_version, row.language)
    yield "version", ("version", "replaces"), (row.version, before.reference if before else row.replaces_id)
    yield "case", ("case",), (case.reference if case else None,)
    yield "loan", ("loan", "borrower"), (row.loan_id, row.borrower_id)
    yield "session", ("session",), (unit.mark(row.session_id),)
