"""Agreements as others see them: where each stands, its documents, its versions, its export."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select

from casestore.instalments import InstalmentView, missed, schedule_of, spread
from casestore.keys import Keys
from casestore.lender_days import lender_day
from casestore.models import AgreementRow, CaseRow, LoanRow, OfferRow, ProposalRow
from casestore.received import paid_on
from casestore.store import CaseStore, UnitOfWork
from casestore.terms import Terms, terms_from_json

# The state of an agreement in force; any other says how it ended.
ACTIVE = "active"

SCHEDULE_COLUMNS = ("number", "due", "payment", "interest", "principal", "other", "balance")


@dataclass(frozen=True)
class AgreementView:
    """An agreement; amounts in minor units, times in UTC.

    `next_due` is the next instalment to come that is not paid, `next_payment` what is still to pay of it;
    when none is to come they stay with the last. `next_unpaid` is the oldest unpaid one, missed or not.
    `left` is how many instalments are not fully paid.
    `withdraw_until` is the last day of the cooling-off time. `state` is active, replaced, withdrawn, broken
    or completed. `replaces` is the reference of the version before.
    """

    agreement_id: str
    case_id: str
    loan_id: str
    reference: str
    version: int
    replaces: str | None
    state: str
    kind: str
    language: str
    accepted_at: datetime
    ended_at: datetime | None
    end_reason: str | None
    withdraw_until: date
    total_to_pay: int
    paid: int
    count: int
    left: int
    missed: int
    first_due: date
    last_due: date
    next_due: date
    next_payment: int
    next_unpaid: InstalmentView | None
    document_token: str
    document_sha256: str
    pdf_sha256: str | None

    @property
    def unpaid(self) -> int:
        """What is still to be paid, minor units."""
        return max(self.total_to_pay - self.paid, 0)


@dataclass(frozen=True)
class Standing:
    """An agreement's row with what it was made of, inside a transaction."""

    row: AgreementRow
    offer: OfferRow
    terms: Terms

    def day_of(self, moment: datetime) -> date:
        """The lender's day of that moment."""
        return lender_day(moment, self.terms.timezone, self.offer)

    @property
    def withdraw_until(self) -> date:
        """The last day of the cooling-off time that was agreed."""
        return self.day_of(self.row.accepted_at) + timedelta(days=self.terms.cooling_off_days)


def for_case(store: CaseStore, case_id: str, today: date | None = None) -> AgreementView | None:
    """The case's agreement in force, None when there is none. `today` is the lender's, else by the clock."""
    return _only(_views(store, today, AgreementRow.case_id == case_id, AgreementRow.state == ACTIVE))


def status(store: CaseStore, loan_id: str, today: date | None = None) -> AgreementView | None:
    """The loan's agreement in force, None when there is none. `today` is the lender's, else by the clock."""
    return _only(_views(store, today, AgreementRow.loan_id == loan_id, AgreementRow.state == ACTIVE))


def history(store: CaseStore, case_id: str, today: date | None = None) -> tuple[AgreementView, ...]:
    """All versions that were agreed in the case, the first one first."""
    return _views(store, today, AgreementRow.case_id == case_id)


def document(store: CaseStore, token: str) -> str | None:
    """The agreement's HTML behind a private link, None for a wrong token."""
    return _behind(store, token, AgreementRow.document)


def document_pdf(store: CaseStore, token: str) -> bytes | None:
    """The agreement's PDF behind a private link, None for a wrong token or when none was made."""
    return _behind(store, token, AgreementRow.document_pdf)


def export(store: CaseStore) -> Iterator[dict[str, Any]]:
    """Every agreement, oldest first, as the servicing system books it. Amounts in minor units."""
    query = (
        select(AgreementRow, LoanRow, CaseRow)
        .join(LoanRow, LoanRow.loan_id == AgreementRow.loan_id)
        .join(CaseRow, CaseRow.case_id == AgreementRow.case_id)
        .order_by(AgreementRow.accepted_at, AgreementRow.version, AgreementRow.reference)
    )
    with store.reading() as unit:
        for agreement, loan, case in unit.session.execute(query):
            yield _exported(unit, agreement, loan, case)


def standings(unit: UnitOfWork, *conditions: Any) -> list[Standing]:
    """The agreements that meet the conditions, oldest version first, inside a transaction."""
    query = (
        select(AgreementRow, OfferRow, ProposalRow.terms)
        .join(OfferRow, OfferRow.offer_id == AgreementRow.offer_id)
        .join(ProposalRow, ProposalRow.proposal_id == OfferRow.proposal_id)
        .where(*conditions)
        .order_by(AgreementRow.accepted_at, AgreementRow.version)
        .execution_options(populate_existing=True)
    )
    return [Standing(row, offer, terms_from_json(terms)) for row, offer, terms in unit.session.execute(query)]


def token_of(keys: Keys, agreement_id: str) -> str:
    """The secret of the private link: 32 bytes that only the key's holder can work out again.

    So the second yes gets the same link, and the database holds nothing but the token's hash.
    """
    return base64.urlsafe_b64encode(keys.digest("document", agreement_id)).rstrip(b"=").decode()


def token_hash(keys: Keys, token: str) -> str:
    """The look-up hash of a private link's token."""
    return keys.hash("document_token", token)


def schedule_values(unit: UnitOfWork, agreement_id: str) -> list[dict[str, Any]]:
    """The booked schedule as plain values."""
    return [
        {name: getattr(row, name) for name in SCHEDULE_COLUMNS} for row in schedule_of(unit, agreement_id)
    ]


def _only(views: tuple[AgreementView, ...]) -> AgreementView | None:
    return views[0] if views else None


def _views(store: CaseStore, today: date | None, *conditions: Any) -> tuple[AgreementView, ...]:
    with store.reading() as unit:
        return tuple(
            _view(unit, each, today or each.day_of(unit.now)) for each in standings(unit, *conditions)
        )


def _view(unit: UnitOfWork, standing: Standing, today: date) -> AgreementView:
    row, paid = standing.row, paid_on(unit, standing.row.agreement_id)
    rows = spread(schedule_of(unit, row.agreement_id), paid, today)
    unpaid = [each for each in rows if each.unpaid]
    coming = next((each for each in unpaid if each.due >= today), rows[-1])
    before = unit.session.get(AgreementRow, row.replaces_id) if row.replaces_id else None
    return AgreementView(
        agreement_id=row.agreement_id,
        case_id=row.case_id,
        loan_id=row.loan_id,
        reference=row.reference,
        version=row.version,
        replaces=before.reference if before else None,
        state=row.state,
        kind=row.kind,
        language=row.language,
        accepted_at=row.accepted_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        withdraw_until=standing.withdraw_until,
        total_to_pay=row.total_to_pay,
        paid=paid,
        count=len(rows),
        left=len(unpaid),
        missed=len(missed(rows)),
        first_due=rows[0].due,
        last_due=rows[-1].due,
        next_due=coming.due,
        next_payment=coming.unpaid,
        next_unpaid=unpaid[0] if unpaid else None,
        document_token=token_of(unit.keys, row.agreement_id),
        document_sha256=row.document_sha256,
        pdf_sha256=row.pdf_sha256,
    )


def _behind(store: CaseStore, token: str, column: Any) -> Any:
    query = select(column).where(AgreementRow.document_token_hash == token_hash(store.keys, token))
    with store.reading() as unit:
        return unit.session.scalars(query).one_or_none()


def _exported(unit: UnitOfWork, agreement: AgreementRow, loan: LoanRow, case: CaseRow) -> dict[str, Any]:
    before = unit.session.get(AgreementRow, agreement.replaces_id) if agreement.replaces_id else None
    return {
        "reference": agreement.reference,
        "version": agreement.version,
        "replaces": before.reference if before else "",
        "case": case.reference,
        "loan_number": loan.number,
        "kind": agreement.kind,
        "state": agreement.state,
        "accepted_at": agreement.accepted_at,
        "policy_version": agreement.policy_version,
        "total_to_pay": agreement.total_to_pay,
        "offer_sha256": agreement.offer_hash,
        "document_sha256": agreement.document_sha256,
        "schedule": schedule_values(unit, agreement.agreement_id),
    }
