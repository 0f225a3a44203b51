"""What the audit trail says was erased on purpose: it is gone, but not missing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.sql import ColumnElement

from casestore import audit, told_rows
from casestore.models import AgreementRow, PaymentRow, PlanRequestRow
from casestore.store import UnitOfWork

ACTION, PAYMENTS = "data_erased", "payments"


def named(unit: UnitOfWork, doomed: Mapping[Table, ColumnElement]) -> dict[str, list[Any]]:
    """What the entry of an erasure says of the rows about to go that the trail tells of."""
    found = [
        reference
        for row in (AgreementRow, PlanRequestRow)
        if row.__table__ in doomed
        for reference in unit.session.scalars(select(row.reference).where(doomed[row.__table__]))
    ]
    paid = doomed.get(PaymentRow.__table__)
    numbers = [] if paid is None else unit.session.scalars(select(PaymentRow.number).where(paid)).all()
    rows = told_rows.erased_names(unit, doomed)
    told = {"references": sorted(found), PAYMENTS: sorted(numbers), told_rows.ERASED: rows}
    return {name: listed for name, listed in told.items() if listed}


def references(unit: UnitOfWork) -> frozenset[str]:
    """References of all agreements and requests that were erased with their borrowers."""
    erased = (entry.details.get("references") for entry in audit.entries(unit.session, ACTION))
    return frozenset(str(each) for listed in erased if isinstance(listed, list) for each in listed)
