"""Whether the store is as it was written: everything that one look over it can find, in words."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from casestore import (
    agreement_checks,
    audit,
    consent_checks,
    encrypted,
    payment_checks,
    request_checks,
    told_rows,
)
from casestore.models import AgreementRow, MessageRow, PlanRequestRow
from casestore.store import CaseStore

UNREADABLE = "unreadable"
# Checks of their own open every value of these tables; of messages they open some only.
OPENED = {AgreementRow.__table__, PlanRequestRow.__table__, *(each.table for each in told_rows.KINDS)} - {
    MessageRow.__table__
}


def problems(store: CaseStore, anchor: audit.Anchor | None = None) -> Iterator[str]:
    """What is wrong with each row that is not as it was written, named once by number, reference or key.

    `anchor`: an audit entry that must still be there as it was.
    """
    yield from map(str, audit.verify(store, anchor))
    yield from (f"agreement {reference}: {wrong}" for reference, wrong in agreement_checks.verify(store))
    requests = [(f"request {reference}", wrong) for reference, wrong in request_checks.verify(store)]
    yield from (f"{name}: {wrong}" for name, wrong in requests)
    payments = ((number, wrong) for number, wrong in payment_checks.verify(store) if wrong != UNREADABLE)
    yield from (f"payment {number}: {wrong}" for number, wrong in payments)
    yield from (f"consents of {session}: changed" for session in consent_checks.verify(store))
    yield from _of_rows(store, {name for name, _ in requests})
    yield from (f"{value}: {UNREADABLE}" for value in encrypted.unreadable(store, OPENED))


def _of_rows(store: CaseStore, named: Collection[str]) -> Iterator[str]:
    """What the trail says of all other rows; a message that no key opens is named with its column."""
    for name, wrong in told_rows.verify(store):
        if name not in named and not (name.startswith("message ") and wrong == UNREADABLE):
            yield f"{name}: {wrong}"
