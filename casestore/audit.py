"""The audit trail: a chain in which each entry carries the keyed hash of the one before.

Entries are written at the end of the transaction they describe, behind a lock on the chain's head, so two
writers can't fork it and no change is without its entry. The hash is keyed: whoever can write to the
database but has no key can't re-compute the chain. An anchor, the last entry's number and hash kept
elsewhere, shows entries that were cut off together with the head.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
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
    """An entry that is not as written: changed, missing, inserted, removed_at_end or head_missing."""

    seq: int
    reason: str


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
    with store.reading() as unit:
        rows = list(unit.session.scalars(select(AuditRow).order_by(AuditRow.seq)))
        head = unit.session.get(AuditHeadRow, HEAD)
    problems = [*_broken_links(rows, head, store.keys), *_wrong_end(rows, head), *_unanchored(rows, anchor)]
    return list(dict.fromkeys(problems))


def last(store: CaseStore) -> Anchor | None:
    """The newest entry, to be kept elsewhere as an anchor; None while there is none."""
    with store.reading() as unit:
        row = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc()).limit(1)).one_or_none()
    return Anchor(row.seq, row.hash) if row else None


def _broken_links(rows: list[AuditRow], head: AuditHeadRow | None, keys: Keys) -> Iterator[AuditProblem]:
    expected, previous = 1, START
    for row in rows:
        yield from (AuditProblem(seq, "missing") for seq in range(expected, row.seq))
        gap = row.seq != expected
        if head is not None and row.seq > head.seq:
            yield AuditProblem(row.seq, "inserted")
        elif row.hash != _hash(row, keys) or (not gap and row.previous != previous):
            yield AuditProblem(row.seq, "changed")
        expected, previous = row.seq + 1, row.hash


def _wrong_end(rows: list[AuditRow], head: AuditHeadRow | None) -> Iterator[AuditProblem]:
    last = rows[-1].seq if rows else 0
    if head is None:
        if rows:
            yield AuditProblem(last, "head_missing")
        return
    yield from (AuditProblem(seq, "removed_at_end") for seq in range(last + 1, head.seq + 1))
    if rows and last == head.seq and rows[-1].hash != head.hash:
        yield AuditProblem(last, "changed")


def _unanchored(rows: list[AuditRow], anchor: Anchor | None) -> Iterator[AuditProblem]:
    if anchor is None:
        return
    end = rows[-1].seq if rows else 0
    yield from (AuditProblem(seq, "removed_at_end") for seq in range(end + 1, anchor.seq + 1))
    if any(row.seq == anchor.seq and row.hash != anchor.hash for row in rows):
        yield AuditProblem(anchor.seq, "changed")


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


def _hash(row: AuditRow, keys: Keys) -> str:
    content = [row.seq, row.at.isoformat(), row.actor, row.action, row.subject, row.details, row.previous]
    return keys.hash("audit", json.dumps(content, ensure_ascii=False))
