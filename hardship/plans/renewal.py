"""无还本续贷: a business loan goes on past its maturity, the principal need not be repaid first.

Asked for before maturity with nothing overdue; a person decides (金规〔2024〕13号).
"""

from __future__ import annotations

from hardship.calendar import due_dates
from hardship.plans.amortise import rows, whole_debt
from hardship.plans.base import Offer, PlanRequest, Refusal, Stop
from hardship.plans.offers import OfferTerms, answer, refuse
from hardship.plans.solve import Solved, Start, common_refusal, limited_months, start
from hardship.policy import Limits
from hardship.policy_rules import Positive, Rule
from hardship.products import Method, Product
from hardship.schedules import Row


class RenewalLimits(Limits):
    """What a pack says of this kind."""

    business_only: Rule[bool]
    nothing_overdue: Rule[bool]
    by_person: Rule[bool]
    default_months: Rule[Positive]
    max_renewal_months: Rule[Positive]


class Renewal:
    """Moves the maturity; an interest-first loan keeps its principal to the end, others stay level."""

    name = "renewal"
    limits = RenewalLimits
    combines = False

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        """See PlanKind; when this kind is asked for, `ask.months` counts the months added."""
        limits = request.policy.limits(self.name, RenewalLimits)
        if stop := common_refusal(request) or _not_for(request, limits):
            return refuse(self.name, stop)
        months, stops = _months(request, limits)
        begin = start(request)
        schedule = _schedule(request, begin, request.position.remaining_instalments + months)
        if stop := _too_much(request, schedule):
            return refuse(self.name, stop)
        terms = _terms(request, limits)
        unmet = (*begin.stops, *stops, *_unmet(request, limits, schedule))
        return answer(request, terms, Solved(schedule, ()), unmet)


def _not_for(request: PlanRequest, limits: RenewalLimits) -> Stop | None:
    if limits.business_only.value and request.loan.product is not Product.BUSINESS:
        return Stop("not_business_loan", limits.business_only.id, {}, shown=False)
    if request.position.remaining_instalments == 0:
        return Stop("past_maturity", limits.nothing_overdue.id, {})
    if limits.nothing_overdue.value and request.position.arrears:
        return Stop("overdue_first", limits.nothing_overdue.id, {})
    return None


def _months(request: PlanRequest, limits: RenewalLimits) -> tuple[int, tuple[Stop, ...]]:
    """Months added: as named, or what a wish for so many instalments in all leaves beyond the contract."""
    wished, rule = request.ask.months, limits.max_renewal_months
    if wished is not None and request.ask.kind != Renewal.name:
        wished -= request.position.remaining_instalments
    return limited_months(wished, limits.default_months.value, rule, "renewal_too_long")


def _schedule(request: PlanRequest, begin: Start, count: int) -> tuple[Row, ...]:
    debt, dues = whole_debt(request, begin.first_due), due_dates(begin.first_due, count, begin.due_day)
    return rows(debt, dues, grace=count - 1 if _keeps_principal(request) else 0)


def _keeps_principal(request: PlanRequest) -> bool:
    return request.loan.method is Method.INTEREST_FIRST


def _regular(request: PlanRequest, schedule: tuple[Row, ...]) -> int:
    """The dearest instalment; principal due at the end is what can be renewed again, so it does not count."""
    return max(row.payment for row in (schedule[:-1] if _keeps_principal(request) else schedule))


def _too_much(request: PlanRequest, schedule: tuple[Row, ...]) -> Stop | None:
    most = _regular(request, schedule)
    if most <= request.ceiling:
        return None
    values: dict[str, int | str] = {
        "instalment": most,
        "ceiling": request.ceiling,
        "months": len(schedule),
    }
    return Stop("not_affordable", request.policy.affordability.surplus_share.id, values)


def _unmet(request: PlanRequest, limits: RenewalLimits, schedule: tuple[Row, ...]) -> tuple[Stop, ...]:
    ask, most, clause = request.ask, _regular(request, schedule), limits.max_renewal_months.id
    if ask.instalment is None or most <= ask.instalment:
        return ()
    values: dict[str, int | str] = {"asked": ask.instalment, "least": most, "months": len(schedule)}
    return (Stop("instalment_below_least", clause, values),)


def _terms(request: PlanRequest, limits: RenewalLimits) -> OfferTerms:
    rules = (limits.offered, limits.business_only, limits.nothing_overdue, limits.by_person)
    clauses = (*(rule.id for rule in rules), limits.max_renewal_months.id)
    keeps = _keeps_principal(request)
    return OfferTerms(
        kind=Renewal.name,
        clauses=clauses,
        notes=("principal_stays", "principal_at_end") if keeps else ("principal_stays",),
        authority="person" if limits.by_person.value else "bot",
        balloon=keeps,
    )


KIND = Renewal()
