"""The comparison a borrower sees: offers in order, refusals with reasons."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hardship.eligibility import assess
from hardship.loans import Payment, position_on
from hardship.plans import kinds_in_force
from tests.hardship.builders import TODAY, business_loan, consumer_loan, policy, request


def test_every_kind_in_force_is_offered_or_refused() -> None:
    answer = assess(request())
    offers = (*answer.offers, *answer.more, *answer.requests)
    named = [offer.kind for offer in offers] + [refusal.kind for refusal in answer.refusals]
    assert sorted(named) == sorted(kind.name for kind in kinds_in_force(policy()))


def test_offers_are_ordered_by_how_soon_they_end_and_then_by_cost() -> None:
    offers = assess(request(surplus=240_000)).offers
    assert len(offers) >= 3
    assert [(o.last_due, o.total_to_pay) for o in offers] == sorted(
        (o.last_due, o.total_to_pay) for o in offers
    )


def test_without_a_surplus_nothing_is_offered_and_everything_says_why() -> None:
    for surplus in (0, -50_000):
        answer = assess(request(surplus=surplus))
        assert answer.offers == ()
        reasons = {refusal.reason for refusal in answer.refusals if refusal.kind != "settlement"}
        assert reasons == {"no_surplus"}


def test_a_surplus_too_small_for_any_plan_is_told_the_least_that_would_do() -> None:
    answer = assess(request(surplus=20_000))
    assert answer.offers == ()
    reasons = {refusal.kind: refusal for refusal in answer.refusals}
    assert reasons["term_extension"].reason == "not_affordable"
    assert reasons["term_extension"].values["instalment"] > reasons["term_extension"].values["ceiling"]  # type: ignore[operator]


def test_arrears_charges_and_an_agency_do_not_block_asking() -> None:
    loan = consumer_loan(fees=90_000, penalty_interest=300_000, handler="Agency")
    assert assess(request(loan)).offers


def test_a_loan_with_nothing_left_to_pay_needs_no_plan() -> None:
    loan = consumer_loan(
        principal=0, overdue_principal=0, interest=0, penalty_interest=0, remaining_instalments=0
    )
    assert {refusal.reason for refusal in assess(request(loan)).refusals} == {"nothing_owed"}


def test_a_decision_names_the_pack_and_the_clauses_that_made_it() -> None:
    answer = assess(request())
    assert answer.policy_version == policy().version
    known = {rule.id for rule in policy().rules()}
    assert {clause for offer in answer.offers for clause in offer.clauses} <= known
    assert {refusal.clause for refusal in answer.refusals} <= known


def test_no_more_offers_are_shown_than_the_pack_says_and_the_others_are_kept() -> None:
    answer = assess(request(surplus=240_000))
    assert len(answer.offers) == policy().offers.shown_at_most.value == 3
    assert answer.more
    assert max(offer.last_due for offer in answer.offers) <= min(offer.last_due for offer in answer.more)


def test_a_plan_paid_exactly_like_a_better_one_is_not_shown_twice() -> None:
    loan = consumer_loan(overdue_since=date(2026, 8, 5))
    answer = assess(request(loan, surplus=160_000))
    same = [refusal for refusal in answer.refusals if refusal.reason == "same_as_better"]
    assert [(each.kind, each.values, each.shown) for each in same] == [
        ("term_extension", {"kind": "personalised_instalments"}, False)
    ]
    assert "personalised_instalments" in {offer.kind for offer in (*answer.offers, *answer.more)}


def test_reasons_that_only_matter_to_who_asked_for_the_kind_are_not_shown() -> None:
    hidden = {refusal.reason for refusal in assess(request()).refusals if not refusal.shown}
    assert {"due_day_not_named", "lump_sum_not_named", "not_business_loan"} <= hidden


def test_a_plan_only_a_person_may_grant_is_a_request_and_no_offer() -> None:
    answer = assess(request(business_loan(), surplus=500_000))
    assert [offer.kind for offer in answer.requests] == ["renewal"]
    assert "renewal" not in {offer.kind for offer in (*answer.offers, *answer.more)}


def test_every_offer_is_compared_with_doing_nothing() -> None:
    asked = request(surplus=240_000)
    for offer in assess(asked).offers:
        unpaid = position_on(asked.loan, offer.last_due).total_owed
        assert offer.cost_against_doing_nothing == offer.total_to_pay - unpaid < 0


def test_what_was_paid_since_the_snapshot_counts_when_offers_are_compared_with_doing_nothing() -> None:
    paid, today = (Payment(TODAY + timedelta(days=1), 100_000),), TODAY + timedelta(days=2)
    asked = request(surplus=240_000, today=today)
    asked = replace(asked, position=position_on(asked.loan, today, paid))
    offers = assess(asked).offers
    assert offers
    for offer in offers:
        unpaid = position_on(asked.loan, offer.last_due, paid).total_owed
        assert abs(offer.total_to_pay - unpaid - offer.cost_against_doing_nothing) <= 1
