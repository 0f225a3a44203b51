"""Whether the store is as it was written: everything that one look over it can find, in words."""

from __future__ import annotations

from collections.abc import Iterator

from casestore import (
    agreement_checks,
    audit,
    consent_checks,
    encrypted,
    payment_checks,
    request_checks,
    told_rows,
)
from casestore.store import CaseStore


def problems(store: CaseStore, anchor: audit.Anchor | None = None) -> Iterator[str]:
    """One line for each row that is not as it was written, named by number, reference or key.

    `anchor`: an audit entry that must still be there as it was.
    """
    yield from map(str, audit.verify(store, anchor))
    yield from (f"agreement {reference}: {wrong}" for reference, wrong in agreement_checks.verify(store))
    yield from (f"request {reference}: {wrong}" for reference, wrong in request_checks.verify(store))
    yield from (f"payment {number}: {wrong}" for number, wrong in payment_checks.verify(store))
    yield from (f"consents of {session}: changed" for session in consent_checks.verify(store))
    yield from (f"{name}: {wrong}" for name, wrong in told_rows.verify(store))
    yield from (f"{value}: unreadable" for value in encrypted.unreadable(store))
