"""Demo mode's telephone: the codes that would have been sent to invented borrowers."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from casestore.errors import CaseStoreError
from casestore.models import DemoCodeRow
from casestore.store import CaseStore


class OutboxClosed(CaseStoreError):
    """Outside demo mode no code may ever be stored readable."""


@dataclass(frozen=True)
class DemoCode:
    """A code as the invented borrower's phone shows it."""

    phone: str
    code: str
    language: str
    sent_at: datetime


def put(store: CaseStore, phone: str, code: str, language: str) -> None:
    """Show `code` on the demo phone. Raises `OutboxClosed` outside demo mode."""
    if os.environ.get("RESPITE_DEMO") != "1":
        raise OutboxClosed("Codes are kept readable in demo mode only (RESPITE_DEMO=1).")
    with store.unit() as unit:
        unit.session.add(DemoCodeRow(phone=phone, code=code, language=language, sent_at=unit.now))


def recent(store: CaseStore, limit: int) -> tuple[DemoCode, ...]:
    """The last `limit` codes, newest first."""
    query = select(DemoCodeRow).order_by(DemoCodeRow.demo_code_id.desc()).limit(limit)
    with store.reading() as unit:
        return tuple(
            DemoCode(row.phone, row.code, row.language, row.sent_at) for row in unit.session.scalars(query)
        )
