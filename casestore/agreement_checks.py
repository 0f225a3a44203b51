"""Whether the agreements are still what was accepted: documents, offers, schedules and versions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from casestore.agreement_views import SCHEDULE_COLUMNS, schedule_values
from casestore.models import AgreementRow, OfferRow
from casestore.plan import offer_of
from casestore.store import CaseStore, UnitOfWork


def verify(store: CaseStore) -> list[tuple[str, str]]:
    """Agreements that are not as accepted, as (reference, what differs), whether in force or ended.

    What differs is document, pdf, offer, schedule or version.
    """
    query = select(AgreementRow, OfferRow).join(OfferRow, OfferRow.offer_id == AgreementRow.offer_id)
    with store.reading() as unit:
        rows = unit.session.execute(query.order_by(AgreementRow.reference)).all()
        return [(row.reference, part) for row, offer in rows for part in _differences(unit, row, offer)]


def _differences(unit: UnitOfWork, row: AgreementRow, offer: OfferRow) -> Iterator[str]:
    if hashlib.sha256(row.document.encode()).hexdigest() != row.document_sha256:
        yield "document"
    if _pdf_differs(row):
        yield "pdf"
    if not _version_follows(unit, row):
        yield "version"
    if hashlib.sha256(offer.content.encode()).hexdigest() != row.offer_hash:
        yield "offer"
        return
    agreed = [{name: getattr(each, name) for name in SCHEDULE_COLUMNS} for each in offer_of(offer).schedule]
    if schedule_values(unit, row.agreement_id) != agreed:
        yield "schedule"


def _pdf_differs(row: AgreementRow) -> bool:
    if row.document_pdf is None or row.pdf_sha256 is None:
        return (row.document_pdf is None) != (row.pdf_sha256 is None)
    return hashlib.sha256(row.document_pdf).hexdigest() != row.pdf_sha256


def _version_follows(unit: UnitOfWork, row: AgreementRow) -> bool:
    """A first version replaces nothing; a later one follows the version it replaces on the same loan."""
    if row.replaces_id is None:
        return bool(row.version == 1)
    before = unit.session.get(AgreementRow, row.replaces_id)
    return (before.state, before.loan_id, before.version + 1) == ("replaced", row.loan_id, row.version)
