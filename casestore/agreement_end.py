"""How an agreement in force ends: its state, its collection hold and its untold notices together."""

from __future__ import annotations

from dataclasses import dataclass

from casestore import holds, notices
from casestore.hardship import supersede_offers
from casestore.models import AgreementRow, CaseRow
from casestore.store import UnitOfWork
from hardship.cases import CaseEvent, CaseState, transition


@dataclass(frozen=True)
class Ending:
    """One way to end: the agreement's state, the reason's code and what happens to the case."""

    state: str
    reason: str
    event: CaseEvent


WITHDRAWN = Ending("withdrawn", "cooling_off", CaseEvent.WITHDRAW)
BROKEN = Ending("broken", "instalments_missed", CaseEvent.BREAK)
COMPLETED = Ending("completed", "paid_in_full", CaseEvent.COMPLETE)


def end(unit: UnitOfWork, case: CaseRow, row: AgreementRow, ending: Ending) -> None:
    """End the agreement and move its case; the hold on collection ends at the same moment.

    What a renegotiation had on the table goes with it.
    """
    supersede_offers(unit, case.case_id)
    _close(unit, row, ending.state, ending.reason)
    case.state, case.updated_at = transition(CaseState(case.state), ending.event).value, unit.now
    unit.audit(f"agreement_{ending.state}", row.reference, case=case.reference, reason=ending.reason)


def replace(unit: UnitOfWork, row: AgreementRow) -> None:
    """End the agreement because its next version begins now; that version's hold takes over."""
    _close(unit, row, "replaced", "renegotiated")


def resume(unit: UnitOfWork, case: CaseRow) -> None:
    """End a renegotiation inside a transaction that does more; its offers leave the table."""
    supersede_offers(unit, case.case_id)
    case.state, case.updated_at = transition(CaseState(case.state), CaseEvent.RESUME).value, unit.now
    unit.audit("renegotiation_ended", case.reference)


def missed_event(row: AgreementRow, number: int) -> str:
    """The name of the event that instalment `number` was missed."""
    return f"{_missed_events(row)}{number:04}"


def _close(unit: UnitOfWork, row: AgreementRow, state: str, reason: str) -> None:
    row.state, row.ended_at, row.end_reason = state, unit.now, reason
    holds.end(unit, row.agreement_id)
    notices.withdraw(unit, _missed_events(row))
    unit.session.flush()


def _missed_events(row: AgreementRow) -> str:
    return f"instalment_missed:{row.agreement_id}:"
