"""Erasing what is no longer needed, by the periods of the policy (PIPL arts. 19 and 47).

A borrower is forgotten as a whole, once nothing has happened for the policy's years: that is when a
relationship counts as ended. Who still has a matter open is held, however long ago it was. The audit trail
stays: it names references and counts, never a person.

A table is gone through in the order of its key, some rows at a time, and erased in short transactions: no
statement grows with the store, no borrower waits for a run, and a run that was stopped is simply run again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import Table, and_, delete, exists, false, or_, select, tuple_, update
from sqlalchemy.engine import Engine
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import aliased
from sqlalchemy.sql import ColumnElement, Select

from casestore import erased, flow_record, legal_holds, open_matters
from casestore.models import (
    BorrowerRow,
    CaseRow,
    ChallengeRow,
    ChannelAddressRow,
    DataRequestRow,
    DemoCodeRow,
    HandoffRow,
    LoanRow,
    MessageRow,
    PaymentRow,
    PersonMessageRow,
    SessionRow,
    TrainingCandidateRow,
    metadata,
)
from casestore.store import CaseStore, UnitOfWork
from hardship.calendar import add_months
from hardship.policy import Policy
from hardship.policy_rules import Positive, Rule

log = structlog.get_logger(__name__)

MONTHS_IN_A_YEAR = 12

# Rows looked at by one statement: tens of milliseconds, far below what a database may take for an answer.
LOOKED_AT = 1000

# Rows, or borrowers with all that hangs on them, erased in one transaction: a server waits for it no longer
# than for another borrower's turn.
AT_ONCE = 100

# Not of one borrower or conversation: counts, hashes, and what has a period of its own below.
NOT_PERSONAL = frozenset(
    {"audit_entries", "audit_head", "feedback_counts", "identity_locks", "demo_codes", "training_candidates"}
)

# Parents first; sorting them anew for every transaction would cost more than the erasing.
TABLES = tuple(metadata.sorted_tables)

Key = tuple[Any, ...]


@dataclass(frozen=True)
class Erasure:
    """One kind of data: how many were erased (in a dry run: are due), and how many are due but held.

    `matters` are the references of what holds them, for a person to look into.
    """

    kind: str
    rule: str
    since: datetime
    erased: int
    held: int = 0
    matters: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Order:
    """Who erases, where, and whether it is only to be counted."""

    store: CaseStore
    staff: str
    dry_run: bool

    def note(self, unit: UnitOfWork, kind: str, rule: str, count: int, **named: list[Any]) -> int:
        """Note what the unit erased in the unit itself, so that none goes without its entry."""
        if count:
            unit.audit(erased.ACTION, kind, actor=self.staff, rule=rule, count=count, **named)
        return count


@dataclass(frozen=True)
class _Kind:
    """Rows of one table that go by one rule, with all that hangs on them; or lose their `emptied` column.

    `matters` are queries for what may hold such a row.
    """

    name: str
    rule: str
    since: datetime
    row: Any
    due: ColumnElement
    matters: Callable[[], Iterator[Select]] = lambda: iter(())
    emptied: str | None = None

    @property
    def table(self) -> Table:
        """The table of the rows."""
        return self.row.__table__

    @property
    def key(self) -> tuple[Any, ...]:
        """The columns of its primary key."""
        return tuple(self.table.primary_key.columns)

    @property
    def held(self) -> ColumnElement:
        """The condition that an open matter needs the row."""
        return open_matters.there_are(self.matters())

    def among(self, keys: Sequence[Key]) -> ColumnElement:
        """The condition of being one of these rows."""
        return (
            self.key[0].in_([key[0] for key in keys]) if len(self.key) == 1 else tuple_(*self.key).in_(keys)
        )


def run(
    store: CaseStore, flow: Engine | None, policy: Policy, staff: str, dry_run: bool = False
) -> tuple[Erasure, ...]:
    """Erase what is due. `flow` is Rasa's record, None where there is none.

    A dry run counts and erases nothing.
    """
    order, rules, now = _Order(store, staff, dry_run), policy.privacy, store.clock()
    since = _days_before(now, rules.flow_days)
    return (
        _flow(order, flow, rules.flow_days.id, since),
        *(_total([_erase(order, kind) for kind in kinds]) for kinds in _kinds(policy, now)),
    )


def _kinds(policy: Policy, now: datetime) -> Iterator[tuple[_Kind, ...]]:
    """What goes, kind by kind; whole borrowers last."""
    rules = policy.privacy

    def kind(name: str, rule: Rule[Positive], since: datetime, *args: Any) -> _Kind:
        return _Kind(name, rule.id, since, *args)

    since = _days_before(now, rules.code_days)
    yield (
        kind("codes", rules.code_days, since, ChallengeRow, _code_is_old(since), _codes_holds),
        kind("codes", rules.code_days, since, DemoCodeRow, DemoCodeRow.sent_at < since),
    )
    since = _days_before(now, rules.wording_days)
    unread = and_(TrainingCandidateRow.last_on < since.date(), TrainingCandidateRow.reviewed_on.is_(None))
    yield (kind("wordings", rules.wording_days, since, TrainingCandidateRow, unread),)
    ended = and_(DataRequestRow.expires_at < now, DataRequestRow.content.is_not(None))
    yield (kind("copies", rules.copy_link_days, now, DataRequestRow, ended, _copys_holds, "content"),)
    since = _days_before(now, rules.address_days)
    unused = ChannelAddressRow.heard_at < since
    yield (kind("addresses", rules.address_days, since, ChannelAddressRow, unused, _waits_for_a_message),)
    since = _years_before(now, rules.message_years)
    yield (
        kind("messages", rules.message_years, since, MessageRow, MessageRow.at < since, _speakers_matters),
    )
    since = _days_before(now, rules.unidentified_days)
    yield (kind("unidentified", rules.unidentified_days, since, SessionRow, _is_strangers(since), _sessions),)
    since = _years_before(now, rules.retention_years)
    quiet = ~or_(*_signs_of_life(since))
    yield (kind("borrowers", rules.retention_years, since, BorrowerRow, quiet, _borrowers),)


def _days_before(now: datetime, rule: Rule[Positive]) -> datetime:
    return now - timedelta(days=rule.value)


def _years_before(now: datetime, rule: Rule[Positive]) -> datetime:
    day = add_months(now.date(), -MONTHS_IN_A_YEAR * rule.value)
    return datetime.combine(day, now.timetz())


def _flow(order: _Order, flow: Engine | None, rule: str, since: datetime) -> Erasure:
    """Rasa's record of the flow. Only a legal hold keeps it: what was said is kept as messages too."""
    if flow is None:
        return Erasure("flow", rule, since, 0)
    kept = legal_holds.conversations(order.store)
    if order.dry_run:
        return Erasure("flow", rule, since, flow_record.count_quiet(flow, since, kept))
    gone = flow_record.erase_quiet(flow, since, kept)
    with order.store.unit() as unit:
        return Erasure("flow", rule, since, order.note(unit, "flow", rule, gone))


def _code_is_old(since: datetime) -> ColumnElement:
    """A condition on a hashed code: over, and no lock that began with it holds."""
    locked = ChallengeRow.locked_until.is_not(None) & (ChallengeRow.locked_until >= since)
    return and_(ChallengeRow.expires_at < since, ~locked)


def _is_strangers(since: datetime) -> ColumnElement:
    """A condition on a conversation: with somebody never identified, and quiet since."""
    nobodys = and_(SessionRow.borrower_id.is_(None), *(~each for each in _somebodys()))
    # A message on its way: it is noted with its address before it is read.
    here = ChannelAddressRow.session_id == SessionRow.session_id
    texted = exists().where(here, ChannelAddressRow.heard_at >= since)
    return and_(nobodys, SessionRow.started_at < since, ~_spoken_since(since), ~texted)


def _signs_of_life(since: datetime) -> Iterator[ColumnElement]:
    """Conditions on a borrower: something of theirs is as young as `since`."""
    mine = BorrowerRow.borrower_id
    yield exists().where(LoanRow.borrower_id == mine, LoanRow.as_of >= since.date())
    paid = and_(PaymentRow.loan_id == LoanRow.loan_id, PaymentRow.received_on >= since.date())
    yield exists().where(LoanRow.borrower_id == mine, paid)
    yield exists().where(CaseRow.borrower_id == mine, CaseRow.updated_at >= since)
    yield exists().where(SessionRow.borrower_id == mine, SessionRow.started_at >= since)
    yield exists().where(SessionRow.borrower_id == mine, _spoken_since(since))


def _somebodys() -> Iterator[ColumnElement]:
    """Conditions on a conversation: it is nobody's any more, but a borrower's record came out of it."""
    for table in TABLES:
        if table is not SessionRow.__table__ and {"session_id", "borrower_id"} <= set(table.columns.keys()):
            yield exists().where(
                table.c.session_id == SessionRow.session_id, table.c.borrower_id.is_not(None)
            )


def _spoken_since(since: datetime) -> ColumnElement:
    return exists().where(MessageRow.session_id == SessionRow.session_id, MessageRow.at >= since)


def _codes_holds() -> Iterator[Select]:
    return legal_holds.of_borrower(ChallengeRow.borrower_id)


def _copys_holds() -> Iterator[Select]:
    return legal_holds.of_borrower(DataRequestRow.borrower_id)


def _borrowers() -> Iterator[Select]:
    return open_matters.of_borrower(BorrowerRow.borrower_id)


def _sessions() -> Iterator[Select]:
    return open_matters.of_session(SessionRow.session_id)


def _waits_for_a_message() -> Iterator[Select]:
    """What a channel's address is still needed for: a person who answers, an answer not delivered yet."""
    here = ChannelAddressRow.session_id
    yield select(HandoffRow.reference).where(HandoffRow.session_id == here, HandoffRow.closed_at.is_(None))
    yield (
        select(HandoffRow.reference)
        .join(PersonMessageRow, PersonMessageRow.handoff_id == HandoffRow.handoff_id)
        .where(PersonMessageRow.session_id == here, PersonMessageRow.due_at.is_not(None))
    )
    writer = select(SessionRow.borrower_id).where(SessionRow.session_id == ChannelAddressRow.session_id)
    yield from legal_holds.of_borrower(writer.correlate(ChannelAddressRow).scalar_subquery())


def _speakers_matters() -> Iterator[Select]:
    """What holds a message: a matter of its conversation, or of the borrower who spoke in it."""
    yield from open_matters.of_session(MessageRow.session_id)
    spoken = aliased(SessionRow)
    speaker = select(spoken.borrower_id).where(spoken.session_id == MessageRow.session_id)
    yield from open_matters.of_borrower(speaker.correlate(MessageRow).scalar_subquery())


def _erase(order: _Order, kind: _Kind) -> Erasure:
    """Go through the kind's table; erase what is due and not held, or only count it."""
    gone, held, matters = 0, 0, set[str]()
    for ready, kept in _due(order, kind):
        held += len(kept)
        matters |= _matters(order, kind, kept)
        parts = [ready[start : start + AT_ONCE] for start in range(0, len(ready), AT_ONCE)]
        gone += len(ready) if order.dry_run else sum(_forget(order, kind, part) for part in parts)
    return Erasure(kind.name, kind.rule, kind.since, gone, held, tuple(sorted(matters)))


def _due(order: _Order, kind: _Kind) -> Iterator[tuple[list[Key], list[Key]]]:
    """What may go and what is held, some rows of the table after the other."""
    last: Key | None = None
    while True:
        with order.store.reading() as unit:
            keys = _keys(unit, kind, *(() if last is None else [tuple_(*kind.key) > last]), limit=LOOKED_AT)
            if not keys:
                return
            here = and_(tuple_(*kind.key) >= keys[0], tuple_(*kind.key) <= keys[-1], kind.due)
            ready, kept = _keys(unit, kind, here, ~kind.held), _keys(unit, kind, here, kind.held)
        yield ready, kept
        last = keys[-1]


def _keys(unit: UnitOfWork, kind: _Kind, *conditions: Any, limit: int | None = None) -> list[Key]:
    query = select(*kind.key).where(*conditions).order_by(*kind.key).limit(limit)
    return [tuple(key) for key in unit.session.execute(query)]


def _matters(order: _Order, kind: _Kind, kept: list[Key]) -> set[str]:
    if not kept:
        return set()
    with order.store.reading() as unit:
        # The queries speak of the row they are about, which is joined here.
        found = (query.join(kind.row, kind.among(kept)) for query in kind.matters())
        return open_matters.references(unit.session, found)


def _forget(order: _Order, kind: _Kind, keys: list[Key]) -> int:
    """Erase these rows if they are still due; returns how many went."""
    try:
        with order.store.unit() as unit:
            # Looked at again once they are locked, by a statement of its own: one that waits for a lock goes
            # on with what it saw of other tables before.
            if kind.row is BorrowerRow:
                let_nobody_write(unit, [key[0] for key in keys])
            rows = select(*kind.key).where(kind.among(keys)).order_by(*kind.key)
            unit.session.execute(rows.with_for_update()).all()
            going = _keys(unit, kind, kind.among(keys), kind.due, ~kind.held)
            if not going:
                return 0
            doomed = {} if kind.emptied else dependents(kind.table, kind.among(going))
            named = erased.named(unit, doomed)
            for statement in _statements(kind, going, doomed):
                unit.session.execute(statement.execution_options(synchronize_session=False))
            return order.note(unit, kind.name, kind.rule, len(going), **named)
    except IntegrityError:
        # A new row hangs on one of them since: they all stay, and the next run looks again.
        log.info("not_erased_this_time", kind=kind.name)
        return 0


def let_nobody_write(unit: UnitOfWork, borrower_ids: Sequence[str]) -> None:
    """Lock what a conversation or an import locks before it writes, in the same order; borrowers come last.

    So nothing that would keep the data comes in between the look at what keeps it and the erasing.
    """
    for row in (SessionRow, CaseRow, LoanRow):
        key = row.__table__.primary_key.columns[0]
        theirs = select(key).where(row.borrower_id.in_(borrower_ids)).order_by(key)
        unit.session.execute(theirs.with_for_update(key_share=True)).all()


def _statements(kind: _Kind, going: list[Key], doomed: dict[Table, ColumnElement]) -> Iterator[Any]:
    if kind.emptied:
        yield update(kind.row).where(kind.among(going)).values({kind.emptied: None})
        return
    for table, rows in reversed(doomed.items()):
        yield delete(table).where(rows)


def _total(parts: list[Erasure]) -> Erasure:
    """Parts of one kind, in several tables, as one."""
    return replace(parts[0], erased=sum(part.erased for part in parts))


def dependents(root: Table, rows: ColumnElement) -> dict[Table, ColumnElement]:
    """The root's rows and, table by table, a condition on all rows that point to them, parents first."""
    doomed = {root: rows}
    for table in TABLES:
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
