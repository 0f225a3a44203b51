"""Erasing a borrower's data because they ask: what nothing needs goes, and what stays has its reason.

The grounds on which data stays are rules of the policy (PIPL art. 47). Without a ground the borrower is
forgotten as a whole. All that is left then is the conversation in which they asked, emptied, and the request
without a name, so that they hear of it there; both go after the days of a stranger's conversation. So does
the request's hand-off, emptied, where the lender's desk has still to hear that it is closed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, delete, exists, false, func, or_, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.sql import ColumnElement

from casestore import data_requests, erased, flow_record, handoffs, legal_holds, open_matters, retention
from casestore.errors import NotFound
from casestore.models import (
    AgreementRow,
    BorrowerRow,
    CaseRow,
    ChallengeRow,
    ChannelAddressRow,
    DataRequestRow,
    DeskEventRow,
    HandoffRow,
    LoanRow,
    MessageRow,
    PaymentClaimRow,
    PaymentRow,
    SessionRow,
)
from casestore.store import CaseStore, UnitOfWork
from hardship.calendar import add_months
from hardship.policy import Policy

ERASED, KEPT = "erased", "kept"


@dataclass(frozen=True)
class Ground:
    """Why data stays: a code, the policy's rule, what holds it, and until when if that is known."""

    code: str
    rule: str
    matters: tuple[str, ...] = ()
    until: str | None = None


@dataclass(frozen=True)
class Decision:
    """What became of a request: "erased", or "kept" with the grounds."""

    reference: str
    outcome: str
    grounds: tuple[Ground, ...]


def decide(
    store: CaseStore, flow: Engine | None, reference: str, staff: str, policy: Policy, dry_run: bool = False
) -> Decision:
    """Erase what may go of the borrower who asked, and note why the rest stays.

    `flow` is Rasa's record, None where there is none. A dry run only tells what would be decided.
    Raises `NotFound` unless `reference` is an open request to delete.
    """
    with store.unit() as unit:
        request = _request(unit, reference)
        borrower_id = request.borrower_id
        retention.let_nobody_write(unit, [borrower_id])
        legal_holds.lock_borrower(unit, borrower_id)
        grounds = tuple(_grounds(unit, request, policy))
        decision = Decision(reference, KEPT if grounds else ERASED, grounds)
        if dry_run:
            return decision
        spoken = unit.session.scalars(
            select(SessionRow.session_id).where(SessionRow.borrower_id == borrower_id)
        ).all()
        _close(unit, request, decision, staff)
        if not grounds:
            _forget(unit, borrower_id, request, staff)
        elif not _held(grounds):
            _erase_unbound(unit, borrower_id)
    if flow is not None and not _held(grounds):
        flow_record.erase(flow, spoken)
    return decision


def _held(grounds: tuple[Ground, ...]) -> bool:
    """Whether an order keeps everything, also what nothing else needs."""
    return any(ground.code == "legal_hold" for ground in grounds)


def _request(unit: UnitOfWork, reference: str) -> DataRequestRow:
    query = select(DataRequestRow).where(
        DataRequestRow.reference == reference,
        DataRequestRow.kind == "delete",
        DataRequestRow.state == data_requests.OPEN,
    )
    row = unit.session.scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise NotFound("open request to delete")
    return row


def _grounds(unit: UnitOfWork, request: DataRequestRow, policy: Policy) -> Iterator[Ground]:
    borrower_id, rules = request.borrower_id, policy.privacy
    orders = open_matters.references(unit.session, legal_holds.of_borrower(borrower_id))
    if orders:
        yield Ground("legal_hold", rules.erasure.legal_hold.id, tuple(sorted(orders)))
    matters = open_matters.references(unit.session, open_matters.of_borrower(borrower_id))
    matters -= {*orders, request.reference, *_asked_with(unit, request)}
    if matters and rules.erasure.open_matter.value:
        yield Ground("open_matter", rules.erasure.open_matter.id, tuple(sorted(matters)))
    if rules.erasure.running_loan.value and _owes(unit, borrower_id):
        yield Ground("running_loan", rules.erasure.running_loan.id)
    last = _last_record(unit, borrower_id)
    until = add_months(last, retention.MONTHS_IN_A_YEAR * rules.retention_years.value) if last else None
    if until is not None and until >= unit.now.date():
        yield Ground("records", rules.retention_years.id, until=until.isoformat())


def _asked_with(unit: UnitOfWork, request: DataRequestRow) -> list[str]:
    """The hand-off that the request itself made, if a person has nothing else to answer in it."""
    return list(unit.session.scalars(select(HandoffRow.reference).where(*_own_handoff(request))))


def _own_handoff(request: DataRequestRow) -> tuple[Any, ...]:
    reported = PaymentClaimRow.session_id == request.session_id
    return (
        ~exists().where(reported, PaymentClaimRow.closed_at.is_(None)),
        HandoffRow.session_id == request.session_id,
        HandoffRow.reason == data_requests.HANDOFF_REASON,
        HandoffRow.closed_at.is_(None),
    )


def _owes(unit: UnitOfWork, borrower_id: str) -> bool:
    owed = LoanRow.principal + LoanRow.interest + LoanRow.penalty_interest + LoanRow.fees
    query = select(LoanRow.loan_id).where(LoanRow.borrower_id == borrower_id, owed > 0)
    return unit.session.scalars(query).first() is not None


def _last_record(unit: UnitOfWork, borrower_id: str) -> date | None:
    """The day of the last record on the contract, its payments or its collection.

    A case counts from its opening: the wish to delete, too, changes it.
    """
    loans, cases = LoanRow.borrower_id == borrower_id, CaseRow.borrower_id == borrower_id
    agreed = AgreementRow.borrower_id == borrower_id
    paid = select(func.max(PaymentRow.received_on)).join(LoanRow, LoanRow.loan_id == PaymentRow.loan_id)
    found = (
        unit.session.scalar(query)
        for query in (
            select(func.max(LoanRow.as_of)).where(loans),
            paid.where(loans),
            select(func.max(CaseRow.opened_at)).where(cases),
            select(func.max(AgreementRow.accepted_at)).where(agreed),
        )
    )
    days = [each.date() if isinstance(each, datetime) else each for each in found if each is not None]
    return max(days, default=None)


def _close(unit: UnitOfWork, request: DataRequestRow, decision: Decision, staff: str) -> None:
    for handoff_id in unit.session.scalars(select(HandoffRow.handoff_id).where(*_own_handoff(request))).all():
        handoffs.close(unit, handoff_id, staff)
    request.state, request.answered_at = data_requests.ANSWERED, unit.now
    request.outcome, request.decided_by = decision.outcome, staff
    request.grounds = [asdict(ground) for ground in decision.grounds]
    rules = [ground.rule for ground in decision.grounds]
    unit.audit("erasure_decided", request.reference, actor=staff, outcome=decision.outcome, grounds=rules)
    unit.session.flush()


def _erase_unbound(unit: UnitOfWork, borrower_id: str) -> None:
    """What no contract and no duty needs: codes, copies behind links, addresses of channels."""
    spoken = select(SessionRow.session_id).where(SessionRow.borrower_id == borrower_id)
    _execute(unit, delete(ChallengeRow).where(ChallengeRow.session_id.in_(spoken)))
    _execute(unit, delete(ChannelAddressRow).where(ChannelAddressRow.session_id.in_(spoken)))
    own = DataRequestRow.borrower_id == borrower_id
    _execute(unit, update(DataRequestRow).where(own).values(content=None))


def _forget(unit: UnitOfWork, borrower_id: str, request: DataRequestRow, staff: str) -> None:
    session = unit.session.get(SessionRow, request.session_id)
    session.borrower_id = session.verified_at = session.claimed_login = session.loan_id = None
    session.case_id = request.borrower_id = request.words = None
    session.started_at = unit.now
    unit.session.flush()
    if unit.desk:
        _empty_handoff(unit, request)
    doomed = _doomed(unit, borrower_id, request)
    # The last message stays, emptied.
    said = MessageRow.session_id == request.session_id
    going = {**doomed, MessageRow.__table__: or_(doomed[MessageRow.__table__], said)}
    emptied, named = unit.mark(request.session_id), erased.named(unit, going)
    unit.audit(erased.ACTION, request.reference, actor=staff, conversation=emptied, **named)
    for table, rows in reversed(doomed.items()):
        _execute(unit, delete(table).where(rows))
    unit.session.expunge_all()
    _execute(unit, update(MessageRow).where(MessageRow.session_id == request.session_id).values(body={}))


def _closed_now(unit: UnitOfWork, request: DataRequestRow) -> ColumnElement:
    """The condition of being the hand-off that was closed with the request."""
    return and_(
        HandoffRow.session_id == request.session_id,
        HandoffRow.reason == data_requests.HANDOFF_REASON,
        HandoffRow.closed_at == unit.now,
    )


def _empty_handoff(unit: UnitOfWork, request: DataRequestRow) -> None:
    for row in unit.session.scalars(select(HandoffRow).where(_closed_now(unit, request))):
        row.case_id = row.callback_from = row.callback_until = None
        row.summary = {}
    unit.session.flush()


def _doomed(unit: UnitOfWork, borrower_id: str, request: DataRequestRow) -> dict[Any, ColumnElement]:
    """Conditions on all that hangs on the borrower or on the conversation, parents first.

    Of the conversation the last message stays: numbers that began again would be taken for read.
    """
    of_borrower = retention.dependents(BorrowerRow.__table__, BorrowerRow.borrower_id == borrower_id)
    here = SessionRow.session_id == request.session_id
    of_session = retention.dependents(SessionRow.__table__, here)
    doomed = {
        table: or_(of_borrower.get(table, false()), of_session.get(table, false()))
        for table in retention.TABLES
        if table in of_borrower or table in of_session
    }
    doomed[SessionRow.__table__] = of_borrower[SessionRow.__table__]
    left = DataRequestRow.request_id != request.request_id
    doomed[DataRequestRow.__table__] = and_(doomed[DataRequestRow.__table__], left)
    if unit.desk:
        closed = _closed_now(unit, request)
        told = DeskEventRow.handoff_id.in_(select(HandoffRow.handoff_id).where(closed))
        told = and_(told, DeskEventRow.kind == "handoff_closed")
        doomed[HandoffRow.__table__] = and_(doomed[HandoffRow.__table__], ~closed)
        doomed[DeskEventRow.__table__] = and_(doomed[DeskEventRow.__table__], ~told)
    last = select(func.max(MessageRow.seq)).where(MessageRow.session_id == request.session_id)
    number = unit.session.scalar(last) or 0
    stays = and_(MessageRow.session_id == request.session_id, MessageRow.seq == number)
    doomed[MessageRow.__table__] = and_(doomed[MessageRow.__table__], ~stays)
    return doomed


def _execute(unit: UnitOfWork, statement: Any) -> None:
    unit.session.execute(statement.execution_options(synchronize_session=False))
