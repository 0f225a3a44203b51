"""Whether the requests that persons decide are still what was asked for, and as they were decided."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

from casestore import audit
from casestore.asks import ask_hash
from casestore.models import CaseRow, PlanRequestRow
from casestore.store import CaseStore, UnitOfWork
from casestore.trail_checks import compare

ASKED, DECIDED = "plan_requested", ("request_granted", "request_refused", "request_withdrawn")


def verify(store: CaseStore) -> list[tuple[str, str]]:
    """Requests that are not as the audit trail says, as (reference, what is wrong).

    What is wrong is "missing", "inserted", "unreadable", "plan changed", "wish changed" or "state changed".
    One that was erased with its borrower is not missing.
    """
    with store.moment() as unit:
        # Asked for again, a request is what was asked for last.
        asked = {entry.subject: entry for entry in audit.entries(unit.session, ASKED)}
        decided = {entry.subject: entry for entry in audit.entries(unit.session, *DECIDED)}

        def parts(row: PlanRequestRow, entry: audit.Entry) -> Iterator[str]:
            return _parts(unit, row, entry, decided.get(row.reference))

        return compare(unit, asked, PlanRequestRow, parts)


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
