"""Whether the consents are still what borrowers said."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import select

from casestore import audit, erased
from casestore.models import ConsentRow, SessionRow
from casestore.store import CaseStore

Consent = tuple[object, object, object, object]


def verify(store: CaseStore) -> list[str]:
    """Sessions, by their audit mark, whose consents are not those of the audit trail, in its order.

    A conversation that was erased has none, and is not named; one that was emptied begins anew.
    """
    told: defaultdict[str, list[Consent]] = defaultdict(list)
    kept: defaultdict[str, list[Consent]] = defaultdict(list)
    with store.moment() as unit:
        for entry in audit.entries(unit.session, "consent_recorded", erased.ACTION):
            if entry.action == erased.ACTION:
                told.pop(str(entry.details.get("conversation")), None)
                continue
            said = (entry.details.get("purpose"), entry.details.get("version"), entry.details.get("given"))
            told[entry.subject].append((*said, entry.at))
        marks = {each: unit.mark(each) for each in unit.session.scalars(select(SessionRow.session_id))}
        for row in unit.session.scalars(select(ConsentRow).order_by(ConsentRow.consent_id)):
            consent = (row.purpose, row.version, row.given, row.decided_at)
            kept[marks.get(row.session_id) or unit.mark(row.session_id)].append(consent)
    known = {*marks.values(), *kept}
    return sorted(mark for mark in known if told[mark] != kept[mark])
