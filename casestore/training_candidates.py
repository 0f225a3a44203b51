"""Candidates for training: what was written, made anonymous, and the meaning the borrower chose for it.

A person reads them and decides what the bot shall learn; nothing is ever learnt by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select, update

from casestore.errors import CaseStoreError
from casestore.models import TrainingCandidateRow
from casestore.redaction import anonymous
from casestore.store import CaseStore
from casestore.upsert import insert_if_new

MAX_STAFF = 120


class StaffMissing(CaseStoreError):
    """It is not said who has reviewed the candidates."""


@dataclass(frozen=True)
class Candidate:
    """A wording and the meaning chosen for it; `chosen` is None when none of those `offered` was right.

    `times` counts equal wordings with the same choice, from `first_on` to `last_on`.
    """

    number: int
    language: str
    wording: str
    offered: tuple[str, ...]
    chosen: str | None
    times: int
    first_on: date
    last_on: date


def keep(
    store: CaseStore, language: str, text: str, offered: Sequence[str], chosen: str | None, today: date
) -> bool:
    """Keep a choice without what points to a person; an equal one is counted.

    False when nothing of `text` is left to learn from, and then nothing is kept.
    """
    wording = anonymous(text)
    if not wording:
        return False
    with store.unit() as unit:
        fingerprint = unit.keys.hash("training", f"{language}\0{chosen or ''}\0{wording.casefold()}")
        insert_if_new(
            unit.session,
            TrainingCandidateRow,
            fingerprint=fingerprint,
            language=language,
            wording=wording,
            offered="",
            chosen=chosen,
            times=0,
            first_on=today,
            last_on=today,
        )
        unit.session.execute(
            update(TrainingCandidateRow)
            .where(TrainingCandidateRow.fingerprint == fingerprint)
            .values(times=TrainingCandidateRow.times + 1, offered=" ".join(offered), last_on=today)
            .execution_options(synchronize_session=False)
        )
    return True


def waiting(store: CaseStore) -> tuple[Candidate, ...]:
    """The candidates nobody has reviewed, those met most often first."""
    query = select(TrainingCandidateRow).where(TrainingCandidateRow.reviewed_on.is_(None))
    with store.reading() as unit:
        rows = unit.session.scalars(
            query.order_by(TrainingCandidateRow.times.desc(), TrainingCandidateRow.number)
        )
        return tuple(_view(row) for row in rows)


def review(store: CaseStore, numbers: Collection[int], staff: str, today: date) -> int:
    """Note that `staff` has reviewed these candidates, and erase their wording; returns how many there were.

    The same wording with the same choice is not listed again. Numbers that do not wait are left out.
    Raises `StaffMissing`.
    """
    name = staff.strip()[:MAX_STAFF]
    if not name:
        raise StaffMissing("Say who has reviewed the candidates.")
    with store.unit() as unit:
        done = unit.session.execute(
            update(TrainingCandidateRow)
            .where(TrainingCandidateRow.number.in_(numbers), TrainingCandidateRow.reviewed_on.is_(None))
            .values(wording=None, reviewed_on=today, reviewed_by=name)
            .execution_options(synchronize_session=False)
        )
        reviewed = int(done.rowcount)
        if reviewed:
            unit.audit("training_reviewed", "training", actor=name, candidates=reviewed)
        return reviewed


def _view(row: TrainingCandidateRow) -> Candidate:
    return Candidate(
        row.number,
        row.language,
        row.wording,
        tuple(row.offered.split()),
        row.chosen,
        row.times,
        row.first_on,
        row.last_on,
    )
