"""Erasing what is no longer needed, by the periods of the policy (PIPL arts. 19 and 47).

A borrower is forgotten as a whole, once nothing has happened for the policy's years: that is when a
relationship counts as ended. Who still has a matter open is held, however long ago it was. The audit trail
stays: it names references and counts, never a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, and_, delete, exists, false, func, or_, select, tuple_, update
from sqlalchemy.engine import Engine
from sqlalchemy.sql import ColumnElement

from casestore import agreement_views, complaints, data_requests, decisions, disputes, flow_record
from casestore.models import (
    AgreementRow,
    BorrowerRow,
    CaseRow,
    ChallengeRow,
    CollectionHoldRow,
    ComplaintRow,
    DataRequestRow,
    DemoCodeRow,
    DisputeRow,
    HandoffRow,
    LoanRow,
    MessageRow,
    PaymentRow,
    PlanRequestRow,
    SessionRow,
    TrainingCandidateRow,
    metadata,
)
from casestore.store import CaseStore, UnitOfWork
from hardship.calendar import add_months
from hardship.policy import Policy
from hardship.policy_rules import Positive, Rule

MONTHS_IN_A_YEAR = 12

# Not of one borrower or conversation: counts, hashes, and what has a period of its own below.
NOT_PERSONAL = frozenset(
    {"audit_entries", "audit_head", "feedback_counts", "identity_locks", "demo_codes", "training_candidates"}
)


@dataclass(frozen=True)
class Erasure:
    """One kind of data: how many were erased, and how many are due but held by an open matter."""

    kind: str
    rule: str
    since: datetime
    erased: int
    held: int = 0


@dataclass(frozen=True)
class _Order:
    """Who erases, where, and whether it is only to be counted."""

    store: CaseStore
    staff: str
    dry_run: bool

    def note(self, unit: UnitOfWork, kind: str, rule: str, count: int) -> int:
        """Note what the unit erased in the unit itself, so that none goes without its entry."""
        if count:
            unit.audit("data_erased", kind, actor=self.staff, rule=rule, count=count)
        return count


def run(
    store: CaseStore, flow: Engine | None, policy: Policy, staff: str, dry_run: bool = False
) -> tuple[Erasure, ...]:
    """Erase what is due, each in transactions of its own, so that a stopped run is simply run again.

    `flow` is Rasa's record, None where there is none. A dry run counts and erases nothing.
    """
    now, rules, order = store.clock(), policy.privacy, _Order(store, staff, dry_run)
    return (
        _flow(order, flow, rules.flow_days.id, _days_before(now, rules.flow_days)),
        _codes(order, rules.code_days.id, _days_before(now, rules.code_days)),
        _wordings(order, rules.wording_days.id, _days_before(now, rules.wording_days)),
        _copies(order, rules.copy_link_days.id, now),
        _strangers(order, rules.unidentified_days.id, _days_before(now, rules.unidentified_days)),
        _borrowers(order, rules.retention_years.id, _years_before(now, rules.retention_years)),
    )


def _days_before(now: datetime, rule: Rule[Positive]) -> datetime:
    return now - timedelta(days=rule.value)


def _years_before(now: datetime, rule: Rule[Positive]) -> datetime:
    day = add_months(now.date(), -MONTHS_IN_A_YEAR * rule.value)
    return datetime.combine(day, now.timetz())


def _flow(order: _Order, flow: Engine | None, rule: str, since: datetime) -> Erasure:
    """Rasa's record of the flow. Nothing holds it: what was said is kept as messages too."""
    if flow is None:
        return Erasure("flow", rule, since, 0)
    if order.dry_run:
        return Erasure("flow", rule, since, flow_record.count_quiet(flow, since))
    erased = flow_record.erase_quiet(flow, since)
    with order.store.unit() as unit:
        return Erasure("flow", rule, since, order.note(unit, "flow", rule, erased))


def _codes(order: _Order, rule: str, since: datetime) -> Erasure:
    """One-time codes: hashed ones, and those shown in a demo."""
    locked = ChallengeRow.locked_until.is_not(None) & (ChallengeRow.locked_until >= since)
    hashed = _delete(order, "codes", rule, ChallengeRow, and_(ChallengeRow.expires_at < since, ~locked))
    shown = _delete(order, "codes", rule, DemoCodeRow, DemoCodeRow.sent_at < since)
    return Erasure("codes", rule, since, hashed + shown)


def _wordings(order: _Order, rule: str, since: datetime) -> Erasure:
    """Wordings to learn from that nobody has read in time."""
    due = and_(TrainingCandidateRow.last_on < since.date(), TrainingCandidateRow.reviewed_on.is_(None))
    return Erasure("wordings", rule, since, _delete(order, "wordings", rule, TrainingCandidateRow, due))


def _copies(order: _Order, rule: str, since: datetime) -> Erasure:
    """Copies of a borrower's data whose private link has ended."""
    due = and_(DataRequestRow.expires_at < since, DataRequestRow.content.is_not(None))
    emptied = update(DataRequestRow).where(due).values(content=None)
    return Erasure("copies", rule, since, _act(order, "copies", rule, DataRequestRow, due, emptied))


def _strangers(order: _Order, rule: str, since: datetime) -> Erasure:
    """Conversations with people who were never identified."""
    nobodys = and_(SessionRow.borrower_id.is_(None), *(~each for each in _somebodys()))
    quiet = and_(nobodys, SessionRow.started_at < since, ~_spoken_since(since))
    due = Erasure("unidentified", rule, since, 0)
    return _forget_each(order, due, SessionRow.session_id, quiet, _session_open())


def _borrowers(order: _Order, rule: str, since: datetime) -> Erasure:
    """Everything on borrowers with whom nothing has happened since."""
    quiet = ~or_(*_signs_of_life(since))
    due = Erasure("borrowers", rule, since, 0)
    return _forget_each(order, due, BorrowerRow.borrower_id, quiet, _borrower_open())


def _signs_of_life(since: datetime) -> Iterator[ColumnElement]:
    """Conditions on a borrower: something of theirs is as young as `since`."""
    mine = BorrowerRow.borrower_id
    loans = select(LoanRow.loan_id).where(LoanRow.borrower_id == mine).scalar_subquery()
    yield exists().where(LoanRow.borrower_id == mine, LoanRow.as_of >= since.date())
    yield exists().where(PaymentRow.loan_id.in_(loans), PaymentRow.received_on >= since.date())
    yield exists().where(CaseRow.borrower_id == mine, CaseRow.updated_at >= since)
    yield exists().where(SessionRow.borrower_id == mine, SessionRow.started_at >= since)
    yield exists().where(SessionRow.borrower_id == mine, _spoken_since(since))


def _somebodys() -> Iterator[ColumnElement]:
    """Conditions on a conversation: it is nobody's any more, but a borrower's record came out of it."""
    for table in metadata.sorted_tables:
        if table is not SessionRow.__table__ and {"session_id", "borrower_id"} <= set(table.columns.keys()):
            yield exists().where(
                table.c.session_id == SessionRow.session_id, table.c.borrower_id.is_not(None)
            )


def _spoken_since(since: datetime) -> ColumnElement:
    return exists().where(MessageRow.session_id == SessionRow.session_id, MessageRow.at >= since)


def _borrower_open() -> ColumnElement:
    """A condition on a borrower: a complaint, dispute, request, agreement, hold or hand-off is still open."""
    mine = BorrowerRow.borrower_id
    sessions = select(SessionRow.session_id).where(SessionRow.borrower_id == mine).scalar_subquery()
    loans = select(LoanRow.loan_id).where(LoanRow.borrower_id == mine).scalar_subquery()
    return or_(
        exists().where(AgreementRow.borrower_id == mine, AgreementRow.state == agreement_views.ACTIVE),
        exists().where(PlanRequestRow.loan_id.in_(loans), PlanRequestRow.state == decisions.OPEN),
        exists().where(CollectionHoldRow.loan_id.in_(loans), CollectionHoldRow.ends_at.is_(None)),
        exists().where(DisputeRow.borrower_id == mine, DisputeRow.state == disputes.OPEN),
        exists().where(ComplaintRow.borrower_id == mine, ComplaintRow.state == complaints.OPEN),
        exists().where(DataRequestRow.borrower_id == mine, DataRequestRow.state == data_requests.OPEN),
        exists().where(HandoffRow.session_id.in_(sessions), HandoffRow.closed_at.is_(None)),
    )


def _session_open() -> ColumnElement:
    """A condition on a conversation: somebody still has to answer in it."""
    mine = SessionRow.session_id
    return or_(
        exists().where(DisputeRow.session_id == mine, DisputeRow.state == disputes.OPEN),
        exists().where(ComplaintRow.session_id == mine, ComplaintRow.state == complaints.OPEN),
        exists().where(HandoffRow.session_id == mine, HandoffRow.closed_at.is_(None)),
    )


def _forget_each(
    order: _Order, kind: Erasure, key: Any, quiet: ColumnElement, held: ColumnElement
) -> Erasure:
    """Forget each root row that is quiet and not held, and all that hangs on it, one after the other."""
    with order.store.reading() as unit:
        holding = unit.session.scalar(select(func.count()).where(quiet, held)) or 0
        ready = unit.session.scalars(select(key).where(quiet, ~held)).all()
    due = and_(quiet, ~held)
    erased = len(ready) if order.dry_run else sum(_forget(order, kind, key, root, due) for root in ready)
    return replace(kind, erased=erased, held=holding)


def _forget(order: _Order, kind: Erasure, key: Any, root: str, still_due: ColumnElement) -> bool:
    with order.store.unit() as unit:
        # Looked at again under the lock: they may have written in the meantime.
        if unit.session.scalar(select(key).where(key == root, still_due)) is None:
            return False
        doomed = dependents(key.class_.__table__, key == root)
        for table, rows in reversed(doomed.items()):
            unit.session.execute(delete(table).where(rows).execution_options(synchronize_session=False))
        order.note(unit, kind.kind, kind.rule, 1)
    return True


def dependents(root: Table, rows: ColumnElement) -> dict[Table, ColumnElement]:
    """The root's rows and, table by table, a condition on all rows that point to them, parents first."""
    doomed = {root: rows}
    for table in metadata.sorted_tables:
        pointing = [_points_to(key, doomed) for key in table.foreign_key_constraints]
        if table is not root and any(each is not None for each in pointing):
            doomed[table] = or_(false(), *(each for each in pointing if each is not None))
    return doomed


def _points_to(key: Any, doomed: dict[Table, ColumnElement]) -> ColumnElement | None:
    """A condition on the rows whose foreign key points to a doomed row of another table."""
    if key.referred_table not in doomed or key.referred_table is key.table:
        return None
    there = select(*(element.column for element in key.elements)).where(doomed[key.referred_table])
    return tuple_(*key.columns).in_(there)


def _delete(order: _Order, kind: str, rule: str, row: Any, due: ColumnElement) -> int:
    return _act(order, kind, rule, row, due, delete(row).where(due))


def _act(order: _Order, kind: str, rule: str, row: Any, due: ColumnElement, change: Any) -> int:
    if order.dry_run:
        with order.store.reading() as unit:
            return unit.session.scalar(select(func.count()).select_from(row).where(due)) or 0
    with order.store.unit() as unit:
        done = unit.session.execute(change.execution_options(synchronize_session=False))
        return order.note(unit, kind, rule, int(done.rowcount))
