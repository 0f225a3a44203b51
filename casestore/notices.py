"""Notices: what happened between two conversations, told once in the next one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import select, update

from casestore.models import CaseRow, NoticeRow
from casestore.references import new_id
from casestore.store import CaseStore, UnitOfWork

Kind = Literal[
    "request_granted", "request_refused", "instalment_missed", "agreement_broken", "agreement_completed"
]


@dataclass(frozen=True)
class Notice:
    """One thing to tell. `values` are codes, ISO dates, references and amounts in minor units."""

    notice_id: str
    kind: str
    values: Mapping[str, Any]
    created_at: datetime
    case_id: str
    loan_id: str


def add(unit: UnitOfWork, kind: Kind, event: str, case: CaseRow, values: Mapping[str, object]) -> bool:
    """Leave a notice for the case's borrower inside a transaction that does more; True when it is new.

    `event` names what happened, such as "instalment_missed:<agreement>:3": the same event is told once.
    """
    if unit.session.scalars(select(NoticeRow.notice_id).where(NoticeRow.event == event)).first():
        return False
    unit.session.add(
        NoticeRow(
            notice_id=new_id(),
            event=event,
            kind=kind,
            borrower_id=case.borrower_id,
            loan_id=case.loan_id,
            case_id=case.case_id,
            details=dict(values),
            created_at=unit.now,
        )
    )
    unit.audit("notice_left", case.reference, kind=kind)
    return True


def withdraw(unit: UnitOfWork, event: str) -> None:
    """Take back what no longer holds and was not told yet: `event`, and all whose name begins with it."""
    unit.session.execute(
        update(NoticeRow)
        .where(
            NoticeRow.event.startswith(event, autoescape=True),
            NoticeRow.told_at.is_(None),
            NoticeRow.withdrawn_at.is_(None),
        )
        .values(withdrawn_at=unit.now)
        .execution_options(synchronize_session=False)
    )


def untold(store: CaseStore, borrower_id: str, loan_id: str | None = None) -> tuple[Notice, ...]:
    """What the borrower has not been told yet, of one loan or of all, the oldest first."""
    query = select(NoticeRow).where(
        NoticeRow.borrower_id == borrower_id, NoticeRow.told_at.is_(None), NoticeRow.withdrawn_at.is_(None)
    )
    if loan_id is not None:
        query = query.where(NoticeRow.loan_id == loan_id)
    with store.reading() as unit:
        rows = unit.session.scalars(query.order_by(NoticeRow.created_at, NoticeRow.event))
        return tuple(_view(row) for row in rows)


def mark_told(store: CaseStore, notice_ids: Iterable[str]) -> None:
    """These notices were told; marking them again changes nothing."""
    with store.unit() as unit:
        unit.session.execute(
            update(NoticeRow)
            .where(NoticeRow.notice_id.in_(list(notice_ids)), NoticeRow.told_at.is_(None))
            .values(told_at=unit.now)
            .execution_options(synchronize_session=False)
        )


def _view(row: NoticeRow) -> Notice:
    return Notice(row.notice_id, row.kind, row.details, row.created_at, row.case_id, row.loan_id)
