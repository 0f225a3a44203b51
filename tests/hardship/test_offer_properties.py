"""What holds for every offer, whatever the loan, the statement, the policy pack and the wish."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import lru_cache

from hypothesis import given, settings

from hardship.calendar import add_months
from hardship.eligibility import assess
from hardship.loans import position_on
from hardship.money import round_down
from hardship.negotiation import counter
from hardship.plans import Ask, Offer, PlanRequest, content_hash, from_json, to_json
from hardship.plans.waiver import WaiverLimits, bot_ceiling, waivable
from hardship.products import Method, Product
from tests.hardship.builders import policy
from tests.hardship.strategies import CASES, asks, must_close, requests

BY_PERSON = ("renewal", "settlement")


@lru_cache(maxsize=2)
def clause_ids(jurisdiction: str) -> frozenset[str]:
    return frozenset(rule.id for rule in policy(jurisdiction).rules())


def must_be_inside_policy(offer: Offer, request: PlanRequest) -> None:
    """Figures add up, the balance only falls, and no rule of the pack is passed."""
    must_add_up(offer, request)
    must_be_affordable(offer, request)
    must_let_off_no_more_than_allowed(offer, request)
    must_end_in_time(offer, request)
    assert set(offer.clauses) <= clause_ids(request.policy.jurisdiction.lower())
    assert len(set(offer.clauses)) == len(offer.clauses)


def must_add_up(offer: Offer, request: PlanRequest) -> None:
    assert offer.total_to_pay == sum(row.payment for row in offer.schedule)
    assert (offer.first_due, offer.last_due) == (offer.schedule[0].due, offer.schedule[-1].due)
    assert request.today <= offer.expires_on <= offer.first_due
    if offer.kind == "settlement":
        assert offer.schedule[0].balance == 0
        assert offer.total_to_pay + offer.waived == request.position.total_owed
    else:
        must_close(offer.schedule, request.position.principal)
        charges = sum(row.interest + row.other for row in offer.schedule)
        assert charges >= request.position.charges - offer.waived


def must_be_affordable(offer: Offer, request: PlanRequest) -> None:
    """No month above the surplus share; a lump sum and a renewed principal do not come from the month."""
    if offer.kind == "settlement":
        return
    keeps = offer.kind == "renewal" and request.loan.method is Method.INTEREST_FIRST
    payments = [row.payment for row in offer.schedule]
    if keeps:
        payments.pop()
    if offer.lump_sum:
        paid_on = request.today + timedelta(days=request.policy.offers.min_notice_days.value)
        at = [row.due for row in offer.schedule].index(paid_on)
        payments[at] -= offer.lump_sum
    assert max(payments, default=0) <= request.ceiling
    assert max(payments, default=0) <= round_down(
        max(request.statement.surplus, 0) * request.policy.affordability.surplus_share.value
    )


def must_let_off_no_more_than_allowed(offer: Offer, request: PlanRequest) -> None:
    assert (offer.waived_clause is None) == (offer.waived == 0)
    if offer.kind == "settlement":
        assert (offer.authority, offer.waived >= 0) == ("person", True)
        return
    limits = request.policy.limits("charge_waiver", WaiverLimits)
    ceiling, _ = bot_ceiling(request.position, limits)
    assert 0 <= offer.waived <= waivable(request.position)
    assert offer.waived <= ceiling or offer.authority == "person"


def must_end_in_time(offer: Offer, request: PlanRequest) -> None:
    """No more instalments than the longest limit of the kind, nor later than that many months."""
    limits = request.policy.plans[offer.kind]
    if offer.kind in BY_PERSON:
        assert offer.authority == "person"
        assert offer.kind == "settlement" or request.loan.product is Product.BUSINESS
        return
    longest = getattr(limits, "max_months", None)
    if longest is None:
        return
    most = longest.value if isinstance(longest.value, int) else longest.value.of(request.loan.product)
    beside = offer.kind in ("arrears_instalments", "charge_waiver")
    most = max(most, request.position.remaining_instalments if beside else 0)
    delay = 6 if offer.kind == "payment_holiday" else 0
    assert offer.last_due <= add_months(request.today, most + delay + 4)


@settings(max_examples=CASES * 8 // 10)
@given(requests())
def test_every_offer_is_inside_policy_and_every_kind_is_answered(request: PlanRequest) -> None:
    answer = assess(request)
    offers = (*answer.offers, *answer.more, *answer.requests)
    assert len(offers) + len(answer.refusals) == len(request.policy.plans)
    assert len(answer.offers) <= request.policy.offers.shown_at_most.value
    for offer in offers:
        must_be_inside_policy(offer, request)
        assert (offer.authority == "person") == (offer in answer.requests)
    for refusal in answer.refusals:
        assert refusal.clause in clause_ids(request.policy.jurisdiction.lower())
        assert refusal.nearest is None


@given(requests())
def test_an_offer_survives_storage_and_is_compared_with_paying_nothing(request: PlanRequest) -> None:
    for offer in assess(request).offers:
        assert from_json(to_json(offer)) == offer
        unpaid = position_on(request.loan, offer.last_due).total_owed
        # Penalty interest is rounded once more today, where the comparison begins.
        assert abs(offer.total_to_pay - unpaid - offer.cost_against_doing_nothing) <= 1


@given(requests())
def test_no_two_offers_are_paid_alike_and_the_best_comes_first(request: PlanRequest) -> None:
    answer = assess(request)
    offers = (*answer.offers, *answer.more)
    assert len({offer.schedule for offer in offers}) == len(offers)
    assert [(o.last_due, o.total_to_pay) for o in offers] == sorted(
        (o.last_due, o.total_to_pay) for o in offers
    )


@settings(max_examples=CASES * 2 // 10)
@given(requests(asks()))
def test_a_counter_offer_is_inside_policy_and_never_worse_than_asked_when_granted(
    request: PlanRequest,
) -> None:
    result = counter(request)
    for offer in (result.offer, result.alternative):
        if offer is not None:
            must_be_inside_policy(offer, request)
    if result.outcome == "granted":
        assert result.offer is not None
        assert result.offer.authority == "bot"
        must_meet(result.offer, request.ask)
        return
    assert result.stopped_by is not None
    assert result.stopped_by in clause_ids(request.policy.jurisdiction.lower())
    assert result.reason
    must_be_granted_by_the_right_one(result.outcome, result.offer, result.alternative)


def must_be_granted_by_the_right_one(outcome: str, offer: Offer | None, alternative: Offer | None) -> None:
    authority = offer.authority if offer else None
    assert authority == {"nearest": "bot", "person": "person", "refused": None}[outcome]
    assert alternative is None or (outcome, alternative.authority) == ("person", "bot")


def must_meet(offer: Offer, ask: Ask) -> None:
    if ask.kind is not None:
        assert offer.kind == ask.kind
    if ask.instalment is not None and ask.kind != "step_up":
        assert offer.instalment <= ask.instalment
    if ask.first_due is not None and ask.kind is None and offer.kind != "promise_to_pay":
        assert offer.schedule[-1].due >= ask.first_due
    if ask.lump_sum:
        assert offer.lump_sum == ask.lump_sum
    if ask.waiver is not None:
        assert offer.waived == ask.waiver
    # A promise is one payment on its own day; the instalments beside it keep theirs.
    if ask.due_day is not None and ask.due_day <= 28 and offer.kind != "promise_to_pay":
        assert {row.due.day for row in offer.schedule[1:]} <= {ask.due_day}


@given(requests())
def test_whoever_asks_for_what_policy_allows_gets_nothing_worse(request: PlanRequest) -> None:
    """An offer of the table is allowed, so asking for its kind and figures must be granted as well."""
    answer = assess(request)
    for offer in (*answer.offers, *answer.more):
        # An amount means the first instalments of a rising plan, and a whole month beside a promise.
        wish = None if offer.kind in ("step_up", "promise_to_pay") else offer.instalment
        result = counter(replace(request, ask=Ask(kind=offer.kind, instalment=wish)))
        assert result.outcome == "granted"
        assert result.offer is not None
        assert (result.offer.instalment, result.offer.last_due) <= (offer.instalment, offer.last_due)


@given(requests(asks()))
def test_the_same_question_has_the_same_answer(request: PlanRequest) -> None:
    first, second = counter(request), counter(request)
    assert first == second
    if first.offer is not None and second.offer is not None:
        assert content_hash(first.offer) == content_hash(second.offer)
