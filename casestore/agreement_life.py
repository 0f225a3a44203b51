"""What a borrower can do with an agreement in force: look, withdraw, talk again, pay off.

What only time and payments do is in `casestore.agreement_review`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from casestore import agreement_end, notices
from casestore.account import view as loan_view
from casestore.agreement_end import missed_event
from casestore.agreement_review import Review, review
from casestore.agreement_views import ACTIVE, AgreementView, Standing, history, standings
from casestore.errors import NotFound, NotWithdrawable
from casestore.hardship import CaseView, case_view, merge, supersede_offers
from casestore.holds import on_hold
from casestore.instalments import InstalmentView, plain_rows, schedule_of, spread
from casestore.models import AgreementRow, CaseRow, SessionRow
from casestore.received import paid_on
from casestore.rows import case_row, loan_row, own_loan_row, session_row
from casestore.store import CaseStore, UnitOfWork
from hardship.cases import CaseEvent, CaseState, transition
from hardship.payoff import Payoff, payoff_quote
from hardship.policy import EarlyRepaymentRules

__all__ = [
    "AgreementView",
    "InstalmentView",
    "NotWithdrawable",
    "Review",
    "Withdrawn",
    "after_payment",
    "history",
    "instalments",
    "keep",
    "on_hold",
    "payoff",
    "renegotiate",
    "report_missed",
    "review",
    "withdraw",
]


@dataclass(frozen=True)
class Withdrawn:
    """The agreement that was withdrawn from; the loan goes on as it was before."""

    reference: str
    agreement_id: str
    loan_id: str


def instalments(store: CaseStore, agreement_id: str, today: date) -> tuple[InstalmentView, ...]:
    """All instalments of the agreement with what was paid of each. Raises `NotFound`."""
    with store.reading() as unit:
        return _instalments(unit, _standing(unit, AgreementRow.agreement_id == agreement_id), today)


def after_payment(
    store: CaseStore, agreement_id: str, amount: int, today: date
) -> tuple[InstalmentView, ...]:
    """All instalments as they would stand if `amount` minor units came in; nothing is booked.

    Raises `NotFound`.
    """
    with store.reading() as unit:
        _standing(unit, AgreementRow.agreement_id == agreement_id)
        return spread(schedule_of(unit, agreement_id), paid_on(unit, agreement_id) + amount, today)


def payoff(
    store: CaseStore, agreement_id: str, day: date, rules: EarlyRepaymentRules | None = None
) -> Payoff:
    """What settles the agreement early on `day`, after all payments known, with the fee of `rules`.

    Raises `NotFound`.
    """
    with store.reading() as unit:
        standing = _standing(unit, AgreementRow.agreement_id == agreement_id)
        loan = loan_view(loan_row(unit.session, standing.row.loan_id)).loan
        rows = plain_rows(schedule_of(unit, agreement_id))
        since = standing.day_of(standing.row.accepted_at)
        return payoff_quote(rows, paid_on(unit, agreement_id), day, since, loan.day_count, rules=rules)


def withdraw(store: CaseStore, case_id: str, today: date) -> Withdrawn:
    """Take the borrower out of the case's agreement within its cooling-off time; the hold ends.

    Doing it again changes nothing. Raises `NotFound` without an agreement, and `NotWithdrawable`.
    """
    with store.unit() as unit:
        case = case_row(unit.session, case_id, lock=True)
        standing = _latest(unit, case)
        if standing.row.state == ACTIVE:
            if today > standing.withdraw_until:
                raise NotWithdrawable("cooling_off_over")
            agreement_end.end(unit, case, standing.row, agreement_end.WITHDRAWN)
        elif standing.row.state != agreement_end.WITHDRAWN.state:
            raise NotFound("agreement")
        return Withdrawn(standing.row.reference, standing.row.agreement_id, standing.row.loan_id)


def renegotiate(store: CaseStore, session_id: str, loan_id: str) -> CaseView:
    """Talk again about the loan's agreement: its case joins this session and takes offers once more.

    The agreement stays in force until another is accepted. What the session was told so far is taken over
    into the case, so that nothing is asked twice. Raises `NotFound` unless the loan is the verified
    borrower's own and has an agreement in force.
    """
    with store.unit() as unit:
        session = session_row(unit.session, session_id, lock=True)
        own_loan_row(unit.session, loan_id, session.borrower_id)
        found = select(AgreementRow.case_id).where(
            AgreementRow.loan_id == loan_id, AgreementRow.state == ACTIVE
        )
        case_id = unit.session.scalars(found).one_or_none()
        if case_id is None:
            raise NotFound("agreement")
        case = case_row(unit.session, case_id, lock=True)
        # Looked for again under the lock: it may have ended meanwhile.
        _standing(unit, AgreementRow.case_id == case_id, AgreementRow.state == ACTIVE)
        _reopen(unit, case)
        _take_over(unit, session, case)
        return case_view(case)


def keep(store: CaseStore, case_id: str) -> CaseView:
    """End a renegotiation without another agreement: the one in force simply goes on. Raises `NotFound`."""
    with store.unit() as unit:
        case = case_row(unit.session, case_id, lock=True)
        if case.state == CaseState.RENEGOTIATING:
            agreement_end.resume(unit, case)
        return case_view(case)


def report_missed(store: CaseStore, case_id: str, today: date) -> InstalmentView | None:
    """Note that the borrower speaks of a missed instalment; the oldest unpaid one, None when all are paid.

    They need not be told of it any more. Raises `NotFound` without an agreement in force.
    """
    with store.unit() as unit:
        case = case_row(unit.session, case_id, lock=True)
        standing = _standing(unit, AgreementRow.case_id == case_id, AgreementRow.state == ACTIVE)
        unpaid = (each for each in _instalments(unit, standing, today) if each.unpaid)
        oldest = next(unpaid, None)
        if oldest is not None:
            notices.withdraw(unit, missed_event(standing.row, oldest.number))
            unit.audit(
                "missed_instalment_reported",
                standing.row.reference,
                case=case.reference,
                number=oldest.number,
            )
        return oldest


def _reopen(unit: UnitOfWork, case: CaseRow) -> None:
    """Into the renegotiation, unless it is under way; old offers and rounds belong to the talk before."""
    if case.state == CaseState.RENEGOTIATING:
        return
    supersede_offers(unit, case.case_id)
    case.state = transition(CaseState(case.state), CaseEvent.RENEGOTIATE).value
    case.rounds, case.updated_at = 0, unit.now
    unit.audit("renegotiation_begun", case.reference)


def _take_over(unit: UnitOfWork, session: SessionRow, case: CaseRow) -> None:
    """Session and case belong together now; the case that the session began for the same thing ends."""
    begun = session.case_id
    if begun is not None and begun != case.case_id:
        merge(unit, case_row(unit.session, begun, lock=True), case)
    session.case_id, session.loan_id = case.case_id, case.loan_id
    case.session_id = session.session_id


def _standing(unit: UnitOfWork, *conditions: object) -> Standing:
    found = standings(unit, *conditions)
    if not found:
        raise NotFound("agreement")
    return found[-1]


def _latest(unit: UnitOfWork, case: CaseRow) -> Standing:
    return _standing(unit, AgreementRow.case_id == case.case_id)


def _instalments(unit: UnitOfWork, standing: Standing, today: date) -> tuple[InstalmentView, ...]:
    agreement_id = standing.row.agreement_id
    return spread(schedule_of(unit, agreement_id), paid_on(unit, agreement_id), today)
