"""Skill plan."""

from __future__ import annotations

import pytest

from actions.plan import (
    ActionAskOfferDetails,
    ActionAskPlanChoice,
    ActionProposePlans,
    ActionRejectOffer,
    ActionRequestPlan,
    ValidatePlanForm,
)
from actions.services import Services
from casestore import hardship, plan
from casestore.plan import Proposal
from tests.actions.conftest import TODAY
from tests.actions.helpers import Outcome, Said, answer, entity, money, run, tracker


def say(said: Said, **slots: object) -> Outcome:
    """Answer the choice of a plan."""
    return answer(ValidatePlanForm(), said, "plan_choice", offers_shown="given", **slots)


@pytest.fixture
def offered(services: Services, stated: str) -> Proposal:
    """Offers are on the table."""
    return plan.propose(services.store, stated, services.policy, TODAY)


def test_asking_for_a_plan_goes_the_way_of_everybody(services: Services) -> None:
    outcome = run(ActionRequestPlan(), tracker(Said("有什么方案", "request_plan")))
    assert outcome.slots["goal"] == "plan" and outcome.followed_by == "consent_form"


def test_offers_are_worked_out_and_shown(services: Services, stated: str) -> None:
    assert run(ActionProposePlans(), tracker()).followed_by == "plan_form"
    assert plan.current(services.store, stated).offers


def test_without_a_surplus_a_person_takes_over(services: Services, stated: str) -> None:
    hardship.record_answer(services.store, stated, "monthly_income", 100000)
    outcome = run(ActionProposePlans(), tracker())
    assert outcome.said == ["utter_not_affordable"] and outcome.followed_by is None


def test_the_comparison_is_shown_once(services: Services, offered: Proposal) -> None:
    first = run(ActionAskPlanChoice(), tracker())
    assert first.said == ["utter_offers"] and first.slots["offers_shown"] == "given"
    card = first.messages[0]["custom"]
    assert len(card["offers"]) == len(offered.offers) == len(first.messages[0]["buttons"])
    assert run(ActionAskPlanChoice(), tracker(offers_shown="given")).said == ["utter_choose_plan"]


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_comparison_says_what_a_plan_costs(services: Services, offered: Proposal, language: str) -> None:
    text = run(ActionAskPlanChoice(), tracker(language=language)).messages[0]["comparison"]
    assert all(f"{o.offer.total_to_pay / 100:,.2f}" in text for o in offered.offers)


def test_a_number_chooses_an_offer(services: Services, offered: Proposal) -> None:
    outcome = say(Said("2", entities=[entity("option_number", 2)]))
    assert outcome.slots["plan_choice"] == offered.offers[1].offer_id


def test_a_number_that_is_not_there_is_asked_again(services: Services, offered: Proposal) -> None:
    outcome = say(Said("9", entities=[entity("option_number", 9)]))
    assert outcome.said == ["utter_which_plan"] and outcome.slots["plan_choice"] is None


def test_an_amount_is_a_counter_offer(services: Services, offered: Proposal) -> None:
    outcome = say(Said("只能还800", "counter_offer", entities=[money(800)]))
    assert outcome.said == ["utter_counter_granted"]
    chosen = say(Said("好", "affirm"), countered_option=outcome.slots["countered_option"])
    assert chosen.slots["plan_choice"] == outcome.slots["countered_option"]


def test_too_little_is_answered_with_reason_and_the_nearest(services: Services, offered: Proposal) -> None:
    outcome = say(Said("30块", "counter_offer", entities=[money(30)]))
    assert outcome.said == ["utter_counter_nearest"] and "CN-" in outcome.messages[0]["reason"]


def test_three_rounds_without_agreement_bring_a_person(services: Services, offered: Proposal) -> None:
    said = Said("30块", "counter_offer", entities=[money(30)])
    assert "utter_rounds_over" not in say(said).said + say(said).said
    assert "utter_rounds_over" in say(said).said


def test_a_no_asks_what_is_possible(services: Services, offered: Proposal) -> None:
    assert say(Said("太高了", "reject_offer")).said == ["utter_what_can_you_pay"]


def test_a_corrected_figure_makes_new_offers(services: Services, offered: Proposal, stated: str) -> None:
    said = Said("房租是2900", "correct_detail", entities=[entity("statement_field", "housing"), money(2900)])
    outcome = say(said)
    assert outcome.slots["offers_shown"] is None
    assert plan.current(services.store, stated).offers != offered.offers


def test_details_list_every_instalment(services: Services, offered: Proposal) -> None:
    said = Said("方案1的明细", "ask_offer_details", entities=[entity("option_number", 1)])
    details = run(ActionAskOfferDetails(), tracker(said)).messages[0]["details"]
    assert details.count("第") >= len(offered.offers[0].offer.schedule)


def test_details_before_any_offer(services: Services) -> None:
    assert run(ActionAskOfferDetails(), tracker()).said == ["utter_no_offers_yet"]


def test_a_no_outside_the_choice_goes_back_to_the_offers(services: Services, offered: Proposal) -> None:
    assert run(ActionRejectOffer(), tracker(Said("不行", "reject_offer"))).said == ["utter_what_can_you_pay"]
