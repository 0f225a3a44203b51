"""Whether rows that somebody may rely on are what the program wrote: the trail tells a keyed hash of each.

Whatever a unit of work writes to one of these tables, it tells in its last audit entry: the row's name and a
hash of what stands in it now. A row that is not as told last was changed, one that is told and gone was
removed, unless an entry tells of its erasure, and one that was never told was inserted by another way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timezone
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import Table, event, inspect, or_, select, tuple_
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from casestore import audit
from casestore.models import (
    AnswerRow,
    BorrowerRow,
    CaseRow,
    CollectionHoldRow,
    ComplaintRow,
    ContactPreferenceRow,
    CounterRow,
    DataRequestRow,
    DisputeRow,
    HandoffRow,
    LegalHoldRow,
    LoanRow,
    MessageRow,
    OfferRow,
    PaymentClaimRow,
    PlanRequestRow,
    ProposalRow,
)
from casestore.types import UNOPENED, UNREADABLE

if TYPE_CHECKING:
    from casestore.store import CaseStore, UnitOfWork

# Of an entry's details: the rows told, by name; and the names of those erased.
ROWS, ERASED = "rows", "rows_erased"
# The entry of a unit that has no other, and that of rows which an older program wrote.
WRITTEN, TAKEN_UP = "rows_written", "rows_taken_up"
# Between these two the rows of a store that an older program filled are taken up.
BEGUN, ENDED = "rows_take_up_begun", "rows_take_up_ended"
# 128 bits, see `casestore.payment_checks`.
CHARACTERS = 32
# Rows looked at by one statement, or told by one entry.
AT_ONCE = 200


def _in_a_talk() -> ColumnElement:
    """Messages of a conversation that was handed to a person; the rest is told by nobody."""
    handed = MessageRow.session_id.in_(select(HandoffRow.session_id))
    return or_(handed, MessageRow.author == "person")


@dataclass(frozen=True)
class Told:
    """One kind of row. `by` names it; `untold` are columns that change or go without an entry."""

    row: Any
    kind: str
    by: tuple[str, ...] = ("reference",)
    untold: frozenset[str] = frozenset()

    @property
    def table(self) -> Table:
        """The table of the rows."""
        return self.row.__table__

    @property
    def columns(self) -> list[str]:
        """The columns of which the hash is."""
        return [column.name for column in self.table.columns if column.name not in self.untold]

    @property
    def key(self) -> tuple[Any, ...]:
        """The columns of the primary key."""
        return tuple(self.table.primary_key.columns)


# Of hashes that look-ups go by the values are told; the copy behind a link and what was said already of an
# outcome go by themselves; who works on a message says nothing about it.
KINDS = (
    Told(BorrowerRow, "borrower", ("borrower_id",), frozenset({"phone_hash", "id_number_hash"})),
    Told(LoanRow, "loan", ("loan_id",), frozenset({"number_hash"})),
    Told(CaseRow, "case"),
    Told(AnswerRow, "answer", ("case_id", "field", "version")),
    Told(ProposalRow, "proposal", ("proposal_id",), frozenset({"superseded_at"})),
    Told(OfferRow, "offer", ("offer_id",)),
    Told(CounterRow, "counter-offer", ("case_id", "round")),
    Told(PlanRequestRow, "request"),
    Told(CollectionHoldRow, "collection hold", ("hold_id",)),
    Told(HandoffRow, "hand-off"),
    Told(ComplaintRow, "complaint"),
    Told(DisputeRow, "dispute"),
    Told(ContactPreferenceRow, "contact preference", ("number",)),
    Told(PaymentClaimRow, "payment claim"),
    Told(
        DataRequestRow,
        "data request",
        untold=frozenset({"content", "token_hash", "expires_at", "told_at"}),
    ),
    Told(LegalHoldRow, "legal hold"),
    Told(
        MessageRow,
        "message",
        ("session_id", "seq"),
        frozenset({"client_id", "answered_at", "working_at", "attempt"}),
    ),
)
_OF_ROW = {each.row: each for each in KINDS}


class TellingSession(Session):
    """A session that remembers which rows it wrote of those that the trail tells."""


@event.listens_for(TellingSession, "after_flush")
def _remember(session: Session, _context: Any) -> None:
    written = session.info.setdefault(ROWS, {})
    for row in session.new:
        if _is_told(row):
            written[row] = True
    for row in session.dirty:
        if _is_told(row) and session.is_modified(row):
            written.setdefault(row, False)


def _is_told(row: Any) -> bool:
    return type(row) in _OF_ROW and (type(row) is not MessageRow or row.author == "person")


def tell(unit: UnitOfWork) -> None:
    """Put what the unit wrote into its last entry, or into one of its own when it has none."""
    written: dict[Any, bool] = unit.session.info.pop(ROWS, {})
    rows = [*unit.told, *(row for row, is_new in written.items() if is_new)]
    rows += _read_again(unit, [row for row, is_new in written.items() if not is_new])
    if not rows:
        return
    told = dict(_hashed(unit, _OF_ROW[type(row)], row) for row in rows)
    if not unit.entries:
        unit.audit(WRITTEN, "store")
    unit.entries[-1] = audit.with_details(unit.entries[-1], {ROWS: told})


def _read_again(unit: UnitOfWork, rows: Iterable[Any]) -> Iterator[Any]:
    """Changed rows as they lie in the database: another unit may have changed other columns meanwhile."""
    keys: dict[Any, list[Any]] = {}
    for row in rows:
        keys.setdefault(type(row), []).append(inspect(row).identity)
    for model, listed in keys.items():
        query = select(model).where(_among(_OF_ROW[model], listed))
        yield from unit.session.scalars(query.execution_options(populate_existing=True))


def erased_names(unit: UnitOfWork, doomed: Mapping[Table, ColumnElement]) -> list[str]:
    """What names the rows about to go, for the entry of their erasure."""
    return sorted(
        name for each in KINDS if each.table in doomed for _, name in _names(unit, each, doomed[each.table])
    )


def take_up(store: CaseStore) -> None:
    """Tell all rows of a store that an older program filled; one whose trail tells of any stays as it is.

    A few rows in each transaction: what was stopped goes on where it was. Only what was begun and not ended
    goes on: whatever comes in later by another way must never be taken up.
    """
    with store.reading() as unit:
        begun, ended = (any(audit.entries(unit.session, each)) for each in (BEGUN, ENDED))
        if ended or (not begun and (audit.any_with(unit.session, f'"{ROWS}"') or _is_empty(unit))):
            return
        told = frozenset(_told(unit))
    if not begun:
        _note(store, BEGUN)
    for each in KINDS:
        with store.reading() as unit:
            untold = [key for key, name in _names(unit, each) if name not in told]
        for part in _parts(untold):
            _take_up_some(store, each, part)
    _note(store, ENDED)


def _is_empty(unit: UnitOfWork) -> bool:
    return all(unit.session.execute(select(*each.key).limit(1)).first() is None for each in KINDS)


def _note(store: CaseStore, action: str) -> None:
    with store.unit() as unit:
        unit.audit(action, "store")


def _take_up_some(store: CaseStore, each: Told, keys: list[Any]) -> None:
    with store.unit() as unit:
        # What no key opens is left to `verify`, which names it.
        rows = [row for _, row in _opened(unit, each, keys) if row is not None]
        told = dict(_hashed(unit, each, row) for row in rows if _counts(each, row))
        if told:
            unit.audit(TAKEN_UP, "store", rows=told)


def verify(store: CaseStore) -> list[tuple[str, str]]:
    """Rows that are not as the trail tells, as (name, what is wrong).

    What is wrong is "changed", "missing", "inserted" or "unreadable". One that was erased on purpose is not
    missing.
    """
    with store.moment() as unit:
        told = _told(unit)
        problems = [found for each in KINDS for found in _problems(unit, each, told)]
    return [*problems, *((name, "missing") for name in sorted(told))]


def _told(unit: UnitOfWork) -> dict[str, str]:
    """The hash that was told last of each row, by name."""
    told: dict[str, str] = {}
    for entry in audit.entries_with(unit.session, f'"{ROWS}'):
        gone, rows = entry.details.get(ERASED), entry.details.get(ROWS)
        for name in gone if isinstance(gone, list) else ():
            told.pop(str(name), None)
        if isinstance(rows, dict):
            told.update((str(name), str(each)) for name, each in rows.items())
    return told


def _problems(unit: UnitOfWork, each: Told, told: dict[str, str]) -> Iterator[tuple[str, str]]:
    """What is wrong with the rows of one kind that are there; they are taken out of `told`."""
    for part in _parts(list(_names(unit, each))):
        names = dict(part)
        for key, row in _opened(unit, each, list(names)):
            expected = told.pop(names[key], None)
            if row is None:
                yield names[key], "unreadable"
            elif expected is None:
                if _counts(each, row):
                    yield names[key], "inserted"
            elif _hashed(unit, each, row)[1] != expected:
                yield names[key], "changed"


def _counts(each: Told, row: Any) -> bool:
    """Whether the trail should tell of this row: of messages only of a person's, unless it was emptied."""
    return each.row is not MessageRow or bool(row.author == "person" and row.body)


def _opened(unit: UnitOfWork, each: Told, keys: list[Any]) -> Iterator[tuple[Any, Any]]:
    """Key and row of each; None for a row that can't be read."""
    try:
        yield from ((_key_of(each, row), _if_open(row)) for row in _fetched(unit, each, keys))
        return
    except UNREADABLE:
        pass
    for key in keys:
        try:
            yield key, _if_open(next(iter(_fetched(unit, each, [key]))))
        except UNREADABLE:
            yield key, None


def _if_open(row: Any) -> Any:
    return None if any(value is UNOPENED for value in row) else row


def _fetched(unit: UnitOfWork, each: Told, keys: list[Any]) -> list[Any]:
    return list(unit.session.execute(select(*each.table.columns).where(_among(each, keys))).all())


def _among(each: Told, keys: list[Any]) -> ColumnElement:
    if len(each.key) == 1:
        return each.key[0].in_([key[0] for key in keys])
    return tuple_(*each.key).in_(keys)


def _key_of(each: Told, row: Any) -> tuple[Any, ...]:
    return tuple(getattr(row, column.name) for column in each.key)


def _names(
    unit: UnitOfWork, each: Told, condition: ColumnElement | None = None
) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Key and name of the rows that meet the condition and that the trail may tell of."""
    by = [each.table.columns[name] for name in each.by]
    query = select(*each.key, *by).order_by(*each.key)
    if condition is not None:
        query = query.where(condition)
    if each.row is MessageRow:
        query = query.where(_in_a_talk())
    for row in unit.session.execute(query):
        yield tuple(row[: len(each.key)]), _name(unit, each, row[len(each.key) :])


def _name(unit: UnitOfWork, each: Told, values: Iterable[Any]) -> str:
    named = zip(each.by, values, strict=True)
    parts = (unit.mark(value) if column == "session_id" else str(value) for column, value in named)
    return f"{each.kind} {' '.join(parts)}"


def _hashed(unit: UnitOfWork, each: Told, row: Any) -> tuple[str, str]:
    """Name and hash of a row. An empty column counts as none: later versions may add some."""
    values = {name: getattr(row, name) for name in each.columns}
    content = {name: value for name, value in values.items() if value is not None}
    text = json.dumps([each.table.name, content], sort_keys=True, ensure_ascii=False, default=_plain)
    name = _name(unit, each, [getattr(row, column) for column in each.by])
    return name, unit.keys.hash("row", text)[:CHARACTERS]


def _plain(value: Any) -> str:
    if isinstance(value, datetime):
        return value.astimezone(timezone.utc).isoformat()
    if isinstance(value, (date, Decimal)):
        return str(value)
    raise TypeError(f"no plain form of {type(value).__name__}")


def _parts(listed: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(listed), AT_ONCE):
        yield listed[start : start + AT_ONCE]
