"""Whether the requests that persons decide are still what was asked for, and as they were decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import select

from casestore import audit, erased
from casestore.asks import ask_hash
from casestore.encrypted import UNREADABLE
from casestore.models import CaseRow, PlanRequestRow
from casestore.store import CaseStore, UnitOfWork

ASKED, DECIDED = "plan_requested", ("request_granted", "request_refused", "request_withdrawn")


def verify(store: CaseStore) -> list[tuple[str, str]]:
    """Requests that are not as the audit trail says, as (reference, what is wrong).

    What is wrong is "missing", "inserted", "unreadable", "plan changed", "wish changed" or "state changed".
    One that was erased with its borrower is not missing.
    """
    with store.reading() as unit:
        # Asked for again, a request is what was asked for last.
        asked = {entry.subject: entry for entry in audit.entries(unit.session, ASKED)}
        decided = {entry.subject: entry for entry in audit.entries(unit.session, *DECIDED)}
        query = select(PlanRequestRow.request_id, PlanRequestRow.reference).order_by(PlanRequestRow.reference)
        found = unit.session.execute(query).all()
        gone = asked.keys() - {reference for _, reference in found} - erased.references(unit)
        problems = [(reference, "missing") for reference in sorted(gone)]
        for request_id, reference in found:
            if reference not in asked:
                problems.append((reference, "inserted"))
                continue
            wrong = _problems(unit, request_id, asked[reference], decided.get(reference))
            problems += [(reference, each) for each in wrong]
        return problems


def _problems(
    unit: UnitOfWork, request_id: str, asked: audit.Entry, decided: audit.Entry | None
) -> list[str]:
    try:
        row = unit.session.get(PlanRequestRow, request_id)
        return [f"{part} changed" for part in _parts(unit, row, asked, decided)]
    except UNREADABLE:
        return ["unreadable"]


def _parts(
    unit: UnitOfWork, row: PlanRequestRow, asked: audit.Entry, decided: audit.Entry | None
) -> Iterator[str]:
    # Whoever changes plan and hash in the row can't change the hash in the trail.
    content = hashlib.sha256(row.content.encode()).hexdigest()
    if not content == row.content_hash == asked.details.get("offer"):
        yield "plan"
    case = unit.session.get(CaseRow, row.case_id)
    wish = {
        "kind": row.kind,
        "case": case.reference if case else None,
        "loan": row.loan_id,
        "ask": ask_hash(unit.keys, row.ask),
    }
    # Entries of older programs say less.
    if any(name in asked.details and asked.details[name] != value for name, value in wish.items()):
        yield "wish"
    state = (decided.action.removeprefix("request_"), decided.at) if decided else ("open", None)
    if (row.state, row.decided_at) != state:
        yield "state"
