"""What time and payments do to agreements and cases: run daily and after every file of payments."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

import structlog
from sqlalchemy import exists, select

from casestore import agreement_end, notices
from casestore.account import view as loan_view
from casestore.agreement_end import missed_event
from casestore.agreement_views import ACTIVE, Standing, standings
from casestore.hardship import supersede_offers
from casestore.instalments import InstalmentView, missed_in_a_row, plain_rows, schedule_of, spread
from casestore.models import AgreementRow, CaseRow, OfferRow, ProposalRow
from casestore.received import paid_on, payments_on
from casestore.rows import case_row, loan_row
from casestore.store import CaseStore, UnitOfWork
from hardship.cases import CaseEvent, CaseState, transition
from hardship.payoff import settled_on
from hardship.policy import Policy

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Review:
    """How many agreements did what; `missed` counts instalments found missed for the first time.

    `resumed` are renegotiations that fell asleep, `expired` cases whose offers have all run out.
    """

    activated: int
    missed: int
    broken: int
    completed: int
    resumed: int
    expired: int


def review(store: CaseStore, policy: Policy, today: date) -> Review:
    """Bring every agreement in force, and every case with offers, to the state of `today` (the lender's).

    Running it again changes nothing. Each case is one transaction, so a failure in one harms no other.
    """
    counts = review_loans(store, policy, today) + Counter(expired=_expire_offers(store))
    if counts:
        with store.unit() as unit:
            unit.audit("agreements_reviewed", "agreements", "staff", **counts)
    return _counted(counts)


def review_loans(
    store: CaseStore, policy: Policy, today: date, loan_ids: Collection[str] | None = None
) -> Counter[str]:
    """The same for the agreements of these loans only (None is all); how often each thing happened."""
    counts = Counter[str]()
    for case_id, loan_id in _in_force(store):
        if loan_ids is None or loan_id in loan_ids:
            counts += _review_case(store, case_id, policy, today)
    return counts


def _counted(counts: Counter[str]) -> Review:
    done = Review(**{name: counts[name] for name in Review.__dataclass_fields__})
    log.info("agreements_reviewed", **counts)
    return done


def _in_force(store: CaseStore) -> list[tuple[str, str]]:
    query = select(AgreementRow.case_id, AgreementRow.loan_id).where(AgreementRow.state == ACTIVE)
    with store.reading() as unit:
        return [tuple(found) for found in unit.session.execute(query.order_by(AgreementRow.reference))]


def _review_case(store: CaseStore, case_id: str, policy: Policy, today: date) -> Counter[str]:
    with store.unit() as unit:
        case = case_row(unit.session, case_id, lock=True)
        loan_row(unit.session, case.loan_id, lock=True)
        found = standings(unit, AgreementRow.case_id == case_id, AgreementRow.state == ACTIVE)
        return _review(unit, case, found[0], policy, today) if found else Counter()


def _review(unit: UnitOfWork, case: CaseRow, standing: Standing, policy: Policy, today: date) -> Counter[str]:
    row = standing.row
    paid = paid_on(unit, row.agreement_id)
    rows = spread(schedule_of(unit, row.agreement_id), paid, today)
    counts = Counter[str]()
    counts["resumed"] = _resume_if_asleep(unit, case, policy)
    counts["activated"] = _activate(unit, case, started=paid > 0 or today > standing.withdraw_until)
    if _is_settled(unit, standing, policy):
        counts["completed"] = _complete(unit, case, row)
        return counts
    counts["missed"] = _note_missed(unit, case, row, rows)
    if not any(each.unpaid for each in rows):
        counts["completed"] = _complete(unit, case, row)
    elif _breaks(case, standing, rows, today):
        counts["broken"] = _break(unit, case, row)
    return counts


def _is_settled(unit: UnitOfWork, standing: Standing, policy: Policy) -> bool:
    """Whether it was paid off early: what was quoted on the day is all that is to be paid."""
    row = standing.row
    loan = loan_view(loan_row(unit.session, row.loan_id)).loan
    return bool(
        settled_on(
            plain_rows(schedule_of(unit, row.agreement_id)),
            payments_on(unit, row.agreement_id),
            standing.day_of(row.accepted_at),
            loan.day_count,
            rules=policy.early_repayment,
        )
    )


def _resume_if_asleep(unit: UnitOfWork, case: CaseRow, policy: Policy) -> bool:
    """A renegotiation in which nothing has happened for as long as an offer is valid is over."""
    asleep = unit.now - case.updated_at > timedelta(days=policy.offers.validity_days.value)
    if case.state != CaseState.RENEGOTIATING or not asleep:
        return False
    agreement_end.resume(unit, case)
    return True


def _activate(unit: UnitOfWork, case: CaseRow, started: bool) -> bool:
    if case.state != CaseState.ACCEPTED or not started:
        return False
    case.state, case.updated_at = transition(CaseState.ACCEPTED, CaseEvent.ACTIVATE).value, unit.now
    unit.audit("agreement_activated", case.reference)
    return True


def _note_missed(unit: UnitOfWork, case: CaseRow, row: AgreementRow, rows: tuple[InstalmentView, ...]) -> int:
    """A notice for each newly missed instalment; one that was paid after all needs no telling."""
    new = 0
    for each in rows:
        event = missed_event(row, each.number)
        if each.state == "missed":
            new += notices.add(unit, "instalment_missed", event, case, _missed_values(row, each))
        elif each.state == "paid":
            notices.withdraw(unit, event)
    return new


def _missed_values(row: AgreementRow, instalment: InstalmentView) -> dict[str, object]:
    return {
        "reference": row.reference,
        "number": instalment.number,
        "due": instalment.due.isoformat(),
        "unpaid": instalment.unpaid,
    }


def _breaks(case: CaseRow, standing: Standing, rows: tuple[InstalmentView, ...], today: date) -> bool:
    """As many missed in a row as were agreed to break it; never while the borrower is here to talk."""
    enough = missed_in_a_row(rows, today) >= standing.terms.missed_in_a_row_to_break
    return enough and case.state != CaseState.RENEGOTIATING


def _break(unit: UnitOfWork, case: CaseRow, row: AgreementRow) -> int:
    agreement_end.end(unit, case, row, agreement_end.BROKEN)
    event = f"agreement_broken:{row.agreement_id}"
    return int(notices.add(unit, "agreement_broken", event, case, {"reference": row.reference}))


def _complete(unit: UnitOfWork, case: CaseRow, row: AgreementRow) -> int:
    agreement_end.end(unit, case, row, agreement_end.COMPLETED)
    event = f"agreement_completed:{row.agreement_id}"
    return int(notices.add(unit, "agreement_completed", event, case, {"reference": row.reference}))


def _expire_offers(store: CaseStore) -> int:
    """Cases on whose table nothing can be accepted any more; asking again makes new offers."""
    with store.reading() as unit:
        case_ids = list(unit.session.scalars(select(CaseRow.case_id).where(*_run_out(unit))))
    return sum(_expire(store, case_id) for case_id in case_ids)


def _expire(store: CaseStore, case_id: str) -> bool:
    with store.unit() as unit:
        case = case_row(unit.session, case_id, lock=True)
        still = select(CaseRow.case_id).where(CaseRow.case_id == case_id, *_run_out(unit))
        if unit.session.scalars(still).first() is None:
            return False
        supersede_offers(unit, case_id)
        case.state, case.updated_at = transition(CaseState(case.state), CaseEvent.EXPIRE).value, unit.now
        unit.audit("offers_expired", case.reference)
        return True


def _run_out(unit: UnitOfWork) -> tuple[object, ...]:
    """The conditions for a case with offers on the table of which none is valid any more."""
    on_table = (
        select(OfferRow.offer_id)
        .join(ProposalRow, ProposalRow.proposal_id == OfferRow.proposal_id)
        .where(OfferRow.case_id == CaseRow.case_id, ProposalRow.superseded_at.is_(None))
    )
    bargaining = CaseRow.state.in_([CaseState.OFFERED.value, CaseState.COUNTERED.value])
    return (bargaining, exists(on_table), ~exists(on_table.where(OfferRow.valid_until > unit.now)))
