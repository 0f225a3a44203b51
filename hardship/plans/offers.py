"""From a solved schedule to an offer, or to a refusal that carries the nearest offer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hardship.annualised import annualised_cost
from hardship.contract import contract_rate
from hardship.plans.amortise import accrued_today, merge
from hardship.plans.base import Offer, PlanRequest, Refusal, Relief, Stop
from hardship.plans.solve import Solved
from hardship.schedules import Row

_NO_COST = Decimal("0.0000")


def refuse(kind: str, stop: Stop, nearest: Offer | None = None) -> Refusal:
    """A refusal of `kind` for the reason in `stop`."""
    return Refusal(kind, stop.reason, stop.clause, stop.values, nearest, stop.shown)


@dataclass(frozen=True)
class OfferTerms:
    """What a kind says of its offer beside the rows.

    `authority` "person" makes it a request; `waived` (minor units) is what the kind itself lets off.
    A `balloon` is principal due at the end, which is no regular instalment.
    """

    kind: str
    clauses: Sequence[str]
    notes: Sequence[str] = ()
    authority: str = "bot"
    waived: int = 0
    waived_clause: str | None = None
    balloon: bool = False


def answer(
    request: PlanRequest, terms: OfferTerms, solved: Solved | Stop, stops: Sequence[Stop] = ()
) -> Offer | Refusal:
    """The offer when every wish is met; otherwise the refusal of the ask, with the nearest offer if any."""
    if isinstance(solved, Stop):
        return refuse(terms.kind, solved)
    offer = make_offer(request, terms, solved.rows)
    relief = request.relief.stops if request.relief else ()
    unmet = (*relief, *stops, *solved.stops)
    return refuse(terms.kind, unmet[0], offer) if unmet else offer


def make_offer(request: PlanRequest, terms: OfferTerms, rows: tuple[Row, ...]) -> Offer:
    """The offer of `rows`, with the lump sum before them. Its figures are all read from the rows."""
    relief = request.relief or Relief(before=request.position)
    schedule = merge((relief.lump,), rows) if relief.lump else rows
    total, last = sum(row.payment for row in schedule), schedule[-1].due
    waived = terms.waived or relief.waived
    return Offer(
        kind=terms.kind,
        policy_version=request.policy.version,
        clauses=_clauses(request, terms, relief),
        schedule=schedule,
        instalment=max(row.payment for row in (rows[:-1] if terms.balloon else rows)),
        first_due=schedule[0].due,
        last_due=last,
        count=len(schedule),
        total_to_pay=total,
        cost_against_now=total - request.cost_as_now,
        annualised_cost=_annualised(request, schedule, waived),
        waived=waived,
        expires_on=_expiry(request, schedule),
        notes=(*terms.notes, *_common_notes(request, relief, len(rows))),
        authority="person" if "person" in (terms.authority, relief.authority) else "bot",
        cost_against_doing_nothing=total - request.owed_if_unpaid(last),
        waived_clause=terms.waived_clause or relief.waived_clause,
        lump_sum=relief.lump.payment if relief.lump else 0,
    )


def _expiry(request: PlanRequest, schedule: tuple[Row, ...]) -> date:
    days = timedelta(days=request.policy.offers.validity_days.value)
    return min(request.today + days, schedule[0].due)


def _annualised(request: PlanRequest, schedule: tuple[Row, ...], waived: int) -> Decimal:
    """The yearly cost of what is still to be paid back, a fraction: what is let off is not borrowed any more.

    Interest of the running month can be let off too, so the cost can come out below nothing; it is then none.
    """
    owed = request.owed_now.total_owed + accrued_today(request) - waived
    payments = [(row.due, row.payment) for row in schedule]
    return max(annualised_cost(owed, request.today, payments, contract_rate(request.loan)), _NO_COST)


def _clauses(request: PlanRequest, terms: OfferTerms, relief: Relief) -> tuple[str, ...]:
    share, rules = request.policy.affordability.surplus_share, request.policy.offers
    lump = rules.lump_sum_by_bot.id if relief.lump else None
    found = (share.id, rules.validity_days.id, rules.schedule_closes.id, *terms.clauses)
    combined = (terms.waived_clause or relief.waived_clause, lump)
    return tuple(dict.fromkeys(clause for clause in (*found, *combined) if clause))


def _common_notes(request: PlanRequest, relief: Relief, count: int) -> tuple[str, ...]:
    rules = request.policy.offers
    facts = {
        "charges_spread_without_interest": request.position.charges > 0 and count > 1,
        "penalty_stops_while_kept": request.owed_now.overdue_principal > 0 and rules.penalty_stops.value,
        "charges_waived": relief.waived > 0,
        "lump_sum_first": relief.lump is not None,
        "credit_record_reported": rules.reported_to_credit_record.value,
    }
    return tuple(code for code, holds in facts.items() if holds)
