"""The comparison a borrower sees: offers in order, refusals with reasons."""

from __future__ import annotations

from hardship.eligibility import assess
from hardship.plans import kinds_in_force
from tests.hardship.builders import consumer_loan, policy, request


def test_every_kind_in_force_is_offered_or_refused() -> None:
    answer = assess(request())
    named = [offer.kind for offer in answer.offers] + [refusal.kind for refusal in answer.refusals]
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
        assert {refusal.reason for refusal in answer.refusals} == {"no_surplus"}


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
