"""Erasing what is no longer needed, by the periods of the policy (PIPL arts. 19 and 47).

A borrower is forgotten as a whole, once nothing has happened for the policy's years: that is when a
relationship counts as ended. Who still has a matter open is held, however long ago it was. The audit trail
stays: it names references and counts, never a person.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
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
from casestore.store import CaseStore
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


def run(
    store: CaseStore, flow: Engine | None, policy: Policy, staff: str, dry_run: bool = False
) -> tuple[Erasure, ...]:
    """Erase what is due, each in transactions of its own, so that a stopped run is simply run again.

    `flow` is Rasa's record, None where there is none. A dry run counts and erases nothing.
    """
    now, rules = store.clock(), policy.privacy
    done = (
        _flow(flow, rules.flow_days.id, _days_before(now, rules.flow_days), dry_run),
        _codes(store, rules.code_days.id, _days_before(now, rules.code_days), dry_run),
        _wordings(store, rules.wording_days.id, _days_before(now, rules.wording_days), dry_run),
        _copies(store, rules.copy_link_days.id, now, dry_run),
        _strangers(store, rules.unidentified_days.id, _days_before(now, rules.unidentified_days), dry_run),
        _borrowers(store, rules.retention_years.id, _years_before(now, rules.retention_years), dry_run),
    )
    if not dry_run:
        _note(store, done, staff)
    return done


def _days_before(now: datetime, rule: Rule[Positive]) -> datetime:
    return now - timedelta(days=rule.value)


def _years_before(now: datetime, rule: Rule[Positive]) -> datetime:
    day = add_months(now.date(), -MONTHS_IN_A_YEAR * rule.value)
    return datetime.combine(day, now.timetz())


def _note(store: CaseStore, done: tuple[Erasure, ...], staff: str) -> None:
    with store.unit() as unit:
        for each in done:
            if each.erased:
                unit.audit("data_erased", each.kind, actor=staff, rule=each.rule, count=each.erased)


def _flow(flow: Engine | None, rule: str, since: datetime, dry_run: bool) -> Erasure:
    act = flow_record.count_quiet if dry_run else flow_record.erase_quiet
    return Erasure("flow", rule, since, act(flow, since) if flow is not None else 0)


def _codes(store: CaseStore, rule: str, since: datetime, dry_run: bool) -> Erasure:
    """One-time codes: hashed ones, and those shown in a demo."""
    locked = ChallengeRow.locked_until.is_not(None) & (ChallengeRow.locked_until >= since)
    hashed = _delete(store, ChallengeRow, and_(ChallengeRow.expires_at < since, ~locked), dry_run)
    shown = _delete(store, DemoCodeRow, DemoCodeRow.sent_at < since, dry_run)
    return Erasure("codes", rule, since, hashed + shown)


def _wordings(store: CaseStore, rule: str, since: datetime, dry_run: bool) -> Erasure:
    """Wordings to learn from that nobody has read in time."""
    due = and_(TrainingCandidateRow.last_on < since.date(), TrainingCandidateRow.reviewed_on.is_(None))
    return Erasure("wordings", rule, since, _delete(store, TrainingCandidateRow, due, dry_run))


def _copies(store: CaseStore, rule: str, since: datetime, dry_run: bool) -> Erasure:
    """Copies of a borrower's data whose private link has ended."""
    due = and_(DataRequestRow.expires_at < since, DataRequestRow.content.is_not(None))
    emptied = update(DataRequestRow).where(due).values(content=None)
    return Erasure("copies", rule, since, _act(store, DataRequestRow, due, emptied, dry_run))


def _strangers(store: CaseStore, rule: str, since: datetime, dry_run: bool) -> Erasure:
    """Conversations with people who were never identified."""
    nobodys = and_(SessionRow.borrower_id.is_(None), *(~each for each in _somebodys()))
    quiet = and_(nobodys, SessionRow.started_at < since, ~_spoken_since(since))
    due = Erasure("unidentified", rule, since, 0)
    return _forget_each(store, SessionRow.session_id, quiet, _session_open(), due, dry_run)


def _borrowers(store: CaseStore, rule: str, since: datetime, dry_run: bool) -> Erasure:
    """Everything on borrowers with whom nothing has happened since."""
    quiet = ~or_(*_signs_of_life(since))
    due = Erasure("borrowers", rule, since, 0)
    return _forget_each(store, BorrowerRow.borrower_id, quiet, _borrower_open(), due, dry_run)


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
    store: CaseStore, key: Any, due: ColumnElement, held: ColumnElement, empty: Erasure, dry_run: bool
) -> Erasure:
    """Forget each root row that is due and not held, and all that hangs on it, one after the other."""
    with store.reading() as unit:
        holding = unit.session.scalar(select(func.count()).where(due, held)) or 0
        ready = unit.session.scalars(select(key).where(due, ~held)).all()
    erased = len(ready) if dry_run else sum(_forget(store, key, root, and_(due, ~held)) for root in ready)
    return Erasure(empty.kind, empty.rule, empty.since, erased, holding)


def _forget(store: CaseStore, key: Any, root: str, still_due: ColumnElement) -> bool:
    with store.unit() as unit:
        # Looked at again under the lock: they may have written in the meantime.
        if unit.session.scalar(select(key).where(key == root, still_due)) is None:
            return False
        doomed = dependents(key.class_.__table__, key == root)
        for table, rows in reversed(doomed.items()):
            unit.session.execute(delete(table).where(rows).execution_options(synchronize_session=False))
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


def _delete(store: CaseStore, row: Any, due: ColumnElement, dry_run: bool) -> int:
    return _act(store, row, due, delete(row).where(due), dry_run)


def _act(store: CaseStore, row: Any, due: ColumnElement, change: Any, dry_run: bool) -> int:
    if dry_run:
        with store.reading() as unit:
            return unit.session.scalar(select(func.count()).select_from(row).where(due)) or 0
    with store.unit() as unit:
        done = unit.session.execute(change.execution_options(synchronize_session=False))
        return int(done.rowcount)
