"""From a solved schedule to an offer, or to a refusal that carries the nearest offer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal

from hardship.annualised import annualised_cost
from hardship.plans.amortise import accrued_today
from hardship.plans.base import Offer, PlanRequest, Refusal
from hardship.plans.solve import Solved, Stop, common_stops
from hardship.schedules import Row


def refuse(kind: str, stop: Stop, nearest: Offer | None = None) -> Refusal:
    """A refusal of `kind` for the reason in `stop`."""
    return Refusal(kind, stop.reason, stop.clause, stop.values, nearest)


def answer(
    request: PlanRequest,
    kind: str,
    solved: Solved | Stop,
    clauses: Sequence[str],
    notes: Sequence[str],
    stops: Sequence[Stop] = (),
    waived: int = 0,
) -> Offer | Refusal:
    """The offer when every wish is met; otherwise the refusal of the ask, with the nearest offer if any."""
    if isinstance(solved, Stop):
        return refuse(kind, solved)
    offer = make_offer(request, kind, solved.rows, clauses, notes, waived)
    unmet = (*common_stops(request), *stops, *solved.stops)
    return refuse(kind, unmet[0], offer) if unmet else offer


def make_offer(
    request: PlanRequest,
    kind: str,
    rows: tuple[Row, ...],
    clauses: Sequence[str],
    notes: Sequence[str],
    waived: int = 0,
) -> Offer:
    """The offer of `rows`; `waived` in minor units. Its figures are all read from the rows."""
    total = sum(row.payment for row in rows)
    regular = rows[:-1] or rows
    rules = request.policy.offers
    return Offer(
        kind=kind,
        policy_version=request.policy.version,
        clauses=(*_common_clauses(request), *clauses),
        schedule=rows,
        instalment=max(row.payment for row in regular),
        first_due=rows[0].due,
        last_due=rows[-1].due,
        count=len(rows),
        total_to_pay=total,
        cost_against_now=total - request.cost_as_now,
        annualised_cost=_annualised(request, rows),
        waived=waived,
        expires_on=min(request.today + timedelta(days=rules.validity_days.value), rows[0].due),
        notes=(*notes, *_common_notes(request)),
    )


def _annualised(request: PlanRequest, rows: tuple[Row, ...]) -> Decimal:
    owed = request.position.total_owed + accrued_today(request)
    payments = [(row.due, row.payment) for row in rows]
    return annualised_cost(owed, request.today, payments, request.loan.annual_rate)


def _common_clauses(request: PlanRequest) -> tuple[str, ...]:
    share, rules = request.policy.affordability.surplus_share, request.policy.offers
    return (share.id, rules.validity_days.id, rules.schedule_closes.id)


def _common_notes(request: PlanRequest) -> tuple[str, ...]:
    rules = request.policy.offers
    notes = []
    if request.position.charges:
        notes.append("charges_spread_without_interest")
    if request.position.overdue_principal and rules.penalty_stops.value:
        notes.append("penalty_stops_while_kept")
    if rules.reported_to_credit_record.value:
        notes.append("credit_record_reported")
    return tuple(notes)
