"""Whether the payments are still what was imported: the trail holds a keyed hash of each, by its number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, datetime

from sqlalchemy import Text, select, type_coerce

from casestore import audit, erased
from casestore.keys import Keys
from casestore.models import PaymentRow
from casestore.store import CaseStore, UnitOfWork
from casestore.types import UNREADABLE

IMPORTED, HASHES = "payments_imported", "hashes"
# 128 bits: enough that nobody finds another payment of the same hash, and half as long an entry.
CHARACTERS = 32


# As they lie in the database: one that can't be decrypted must not stop the look.
ROWS = select(
    PaymentRow.number,
    PaymentRow.loan_id,
    PaymentRow.received_on,
    PaymentRow.amount,
    type_coerce(PaymentRow.reference, Text),
    PaymentRow.loaded_at,
).execution_options(yield_per=1000)


def hash_of(keys: Keys, number: int, loan_id: str, received_on: date, amount: int, reference: str) -> str:
    """What the trail says of a payment. Which agreement it counts towards follows from acceptances."""
    content = [number, loan_id, received_on.isoformat(), amount, reference]
    return keys.hash("payment", json.dumps(content, ensure_ascii=False))[:CHARACTERS]


def verify(store: CaseStore) -> list[tuple[int, str]]:
    """Payments that are not as imported, as (number, what is wrong).

    What is wrong is "changed", "missing", "inserted" or "unreadable". One that was erased with its borrower
    is not missing. Of payments that an older program imported the trail says nothing.
    """
    with store.moment() as unit:
        told, untold_until = _told(unit)
        problems = list(_problems(unit, told, untold_until))
    return sorted([*problems, *((number, "missing") for number in told)])


def _told(unit: UnitOfWork) -> tuple[dict[int, str], datetime | None]:
    """The hashes of the trail by number, and when the last import ended that told none."""
    told: dict[int, str] = {}
    untold_until = None
    for entry in audit.entries(unit.session, IMPORTED, erased.ACTION):
        if entry.action == erased.ACTION:
            gone = entry.details.get(erased.PAYMENTS)
            for number in gone if isinstance(gone, list) else ():
                told.pop(number, None)
        elif isinstance(hashes := entry.details.get(HASHES), dict):
            told.update((int(number), str(each)) for number, each in hashes.items())
        else:
            untold_until = entry.at
    return told, untold_until


def _problems(
    unit: UnitOfWork, told: dict[int, str], untold_until: datetime | None
) -> Iterator[tuple[int, str]]:
    """What is wrong with the payments that are there; they are taken out of `told`."""
    for number, loan_id, received_on, amount, sealed, loaded_at in unit.session.execute(ROWS):
        expected = told.pop(number, None)
        if expected is None:
            if untold_until is None or loaded_at > untold_until:
                yield number, "inserted"
            continue
        try:
            reference = unit.keys.cipher.decrypt(sealed.encode()).decode()
        except UNREADABLE:
            yield number, "unreadable"
        else:
            if hash_of(unit.keys, number, loan_id, received_on, amount, reference) != expected:
                yield number, "changed"
