"""What the checks of records share: which of them the audit trail tells of, and which it should."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sqlalchemy import select

from casestore import erased
from casestore.audit import Entry
from casestore.store import UnitOfWork
from casestore.types import UNREADABLE


def compare(
    unit: UnitOfWork, told: Mapping[str, Entry], row: Any, parts: Callable[[Any, Entry], Iterator[str]]
) -> list[tuple[str, str]]:
    """Records of the class `row` that are not as the entries `told` by reference say: (reference, wrong).

    What is wrong is "missing", unless it was erased with its borrower, "inserted", "unreadable", or each of
    the `parts` that don't fit the entry with the word "changed".
    """
    kept = set(unit.session.scalars(select(row.reference)))
    problems = [(each, "missing") for each in sorted(told.keys() - kept - erased.references(unit))]
    for reference in sorted(kept):
        if reference not in told:
            problems.append((reference, "inserted"))
            continue
        try:
            record = unit.session.scalars(select(row).where(row.reference == reference)).one()
            wrong = [f"{part} changed" for part in dict.fromkeys(parts(record, told[reference]))]
        except UNREADABLE:
            wrong = ["unreadable"]
        problems += [(reference, each) for each in wrong]
    return problems
