"""The audit trail: a chain in which each entry carries the keyed hash of the one before.

Entries are written at the end of the transaction they describe, behind a lock on the chain's head, so two
writers can't fork it and no change is without its entry. The hash is keyed: whoever can write to the
database but has no key can't re-compute the chain. An anchor, the last entry's number and hash kept
elsewhere, shows entries that were cut off together with the head.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timezone
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text, select, type_coerce
from sqlalchemy.orm import Session

from casestore.keys import Keys
from casestore.models import AuditHeadRow, AuditRow
from casestore.upsert import insert_if_new

if TYPE_CHECKING:
    from casestore.store import CaseStore

HEAD = 1
START = "0" * 64


@dataclass(frozen=True)
class Entry:
    """One thing that happened. `details` holds codes, references and counts, never personal data."""

    at: datetime
    actor: str
    action: str
    subject: str
    details: Mapping[str, object]


@dataclass(frozen=True)
class AuditProblem:
    """Entries that are not as written: changed, missing, inserted, removed_at_end or head_missing.

    `until` is the number of the last of several that are missing or removed together.
    """

    seq: int
    reason: str
    until: int | None = None

    def __str__(self) -> str:
        """In words, for a list of problems."""
        numbers = f"entry {self.seq}" if self.until is None else f"entries {self.seq} to {self.until}"
        return f"audit {numbers}: {self.reason}"


@dataclass(frozen=True)
class Anchor:
    """An entry's number and hash, as they were seen at an earlier time."""

    seq: int
    hash: str


def append(session: Session, keys: Keys, entries: list[Entry]) -> None:
    """Add `entries` to the chain inside the session's transaction."""
    if not entries:
        return
    head = _locked_head(session)
    for entry in entries:
        row = _chained(entry, head.seq + 1, head.hash, keys)
        session.add(row)
        head.seq, head.hash = row.seq, row.hash
    session.flush()


def verify(store: CaseStore, anchor: Anchor | None = None) -> list[AuditProblem]:
    """Re-compute the whole chain; each problem names an entry that is not as written, or is gone.

    `anchor`: an entry that must still be there as it was.
    """
    with store.moment() as unit:
        rows = _rows(unit.session)
        head = _head(unit.session)
    problems = [*_broken_links(rows, head, store.keys), *_wrong_end(rows, head), *_unanchored(rows, anchor)]
    return list(dict.fromkeys(problems))


def entries(session: Session, *actions: str) -> Iterator[Entry]:
    """The entries of these actions, the oldest first; one that can't be read is left to `verify`."""
    return _entries(session, AuditRow.action.in_(actions))


def entries_with(session: Session, text: str) -> Iterator[Entry]:
    """The entries whose details hold this text, the oldest first; see `entries`."""
    return _entries(session, AuditRow.details.contains(text, autoescape=True))


def any_with(session: Session, text: str) -> bool:
    """Whether an entry's details hold this text."""
    query = select(AuditRow.seq).where(AuditRow.details.contains(text, autoescape=True)).limit(1)
    return session.scalar(query) is not None


def with_details(entry: Entry, more: Mapping[str, object]) -> Entry:
    """The entry with more details."""
    return replace(entry, details={**entry.details, **more})


def last(store: CaseStore) -> Anchor | None:
    """The newest entry, to be kept elsewhere as an anchor; None while there is none."""
    with store.reading() as unit:
        row = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)).one_or_none()
    return Anchor(row.seq, row.hash) if row else None


def _entries(session: Session, condition: Any) -> Iterator[Entry]:
    for row in _rows(session, condition):
        if row.at is not None and (details := _details(row)) is not None:
            yield Entry(row.at, row.actor, row.action, row.subject, details)


@dataclass(frozen=True)
class _Row:
    """An entry as it lies in the database, whatever lies there; `at` is None where no time does."""

    seq: int
    at: datetime | None
    actor: Any
    action: Any
    subject: Any
    details: Any
    previous: Any
    hash: Any


def _rows(session: Session, *conditions: Any) -> list[_Row]:
    """The entries that meet the conditions, by number, whatever lies in their columns."""
    columns = [type_coerce(column, Text) for column in list(AuditRow.__table__.columns)[1:]]
    found = session.execute(select(AuditRow.seq, *columns).where(*conditions).order_by(AuditRow.seq)).all()
    return [_Row(_number(seq), _moment(at), *rest) for seq, at, *rest in found]


def _number(value: Any) -> int:
    # SQLite keeps whatever is written into a column; no entry has the number 0.
    return value if isinstance(value, int) else 0


def _moment(value: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else value
        return found.replace(tzinfo=found.tzinfo or timezone.utc).astimezone(timezone.utc)
    except (ValueError, AttributeError, OverflowError):
        return None


def _details(row: _Row) -> dict[str, Any] | None:
    try:
        found = json.loads(row.details)
    except (ValueError, TypeError):
        return None
    return found if isinstance(found, dict) else None


def _head(session: Session) -> Anchor | None:
    row = session.get(AuditHeadRow, HEAD)
    return Anchor(_number(row.seq), row.hash) if row else None


def _broken_links(rows: list[_Row], head: Anchor | None, keys: Keys) -> Iterator[AuditProblem]:
    expected, previous = 1, START
    end = head.seq if head else None
    for row in rows:
        gap = row.seq > expected
        # Behind the head there never was an entry.
        if gap and expected <= (last := row.seq - 1 if end is None else min(row.seq - 1, end)):
            yield _several(expected, last, "missing")
        if row.seq < expected or (end is not None and row.seq > end):
            yield AuditProblem(row.seq, "inserted")
            expected = max(expected, row.seq + 1)
            continue
        if row.hash != _hash(row, keys) or (not gap and row.previous != previous):
            yield AuditProblem(row.seq, "changed")
        expected, previous = row.seq + 1, row.hash


def _wrong_end(rows: list[_Row], head: Anchor | None) -> Iterator[AuditProblem]:
    last = rows[-1].seq if rows else 0
    if head is None:
        if rows:
            yield AuditProblem(last, "head_missing")
        return
    if last < head.seq:
        yield _several(last + 1, head.seq, "removed_at_end")
    if rows and last == head.seq and rows[-1].hash != head.hash:
        yield AuditProblem(last, "changed")


def _unanchored(rows: list[_Row], anchor: Anchor | None) -> Iterator[AuditProblem]:
    if anchor is None:
        return
    end = rows[-1].seq if rows else 0
    if end < anchor.seq:
        yield _several(end + 1, anchor.seq, "removed_at_end")
    if any(row.seq == anchor.seq and row.hash != anchor.hash for row in rows):
        yield AuditProblem(anchor.seq, "changed")


def _several(first: int, last: int, reason: str) -> AuditProblem:
    # One problem however wide the gap: whoever wrote a far number must not make a list without end.
    return AuditProblem(first, reason, last if last > first else None)


def _locked_head(session: Session) -> AuditHeadRow:
    insert_if_new(session, AuditHeadRow, head_id=HEAD, seq=0, hash=START)
    query = select(AuditHeadRow).where(AuditHeadRow.head_id == HEAD).with_for_update(key_share=True)
    return session.execute(query.execution_options(populate_existing=True)).scalar_one()


def _chained(entry: Entry, seq: int, previous: str, keys: Keys) -> AuditRow:
    details = json.dumps(dict(entry.details), sort_keys=True, ensure_ascii=False)
    row = AuditRow(
        seq=seq,
        at=entry.at,
        actor=entry.actor,
        action=entry.action,
        subject=entry.subject,
        details=details,
        previous=previous,
    )
    row.hash = _hash(row, keys)
    return row


def _hash(row: AuditRow | _Row, keys: Keys) -> str | None:
    """The keyed hash of an entry; None of what can't be one."""
    at = row.at.isoformat() if row.at else None
    content = [row.seq, at, row.actor, row.action, row.subject, row.details, row.previous]
    try:
        return keys.hash("audit", json.dumps(content, ensure_ascii=False))
    except TypeError:
        return None
