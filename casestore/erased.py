"""What the audit trail says was erased on purpose: it is gone, but not missing."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, select
from sqlalchemy.sql import ColumnElement

from casestore import audit
from casestore.models import AgreementRow, PlanRequestRow
from casestore.store import UnitOfWork

ACTION = "data_erased"


def named(unit: UnitOfWork, doomed: Mapping[Table, ColumnElement]) -> dict[str, list[str]]:
    """What the entry of an erasure says of the agreements and requests among the rows about to go."""
    found = [
        reference
        for row in (AgreementRow, PlanRequestRow)
        if row.__table__ in doomed
        for reference in unit.session.scalars(select(row.reference).where(doomed[row.__table__]))
    ]
    return {"references": sorted(found)} if found else {}


def references(unit: UnitOfWork) -> frozenset[str]:
    """References of all agreements and requests that were erased with their borrowers."""
    erased = (entry.details.get("references") for entry in audit.entries(unit.session, ACTION))
    return frozenset(str(each) for listed in erased if isinstance(listed, list) for each in listed)
