"""Offers set beside the loan as it is, plans gone back to, starts after a feast, and no offers at all."""

from __future__ import annotations

from typing import Any

import pytest

from actions.agreement import ValidateAgreementForm
from actions.agreement_life import ValidateChangeForm
from actions.offers import ActionAskOfferDetails
from actions.plan_form import ValidatePlanForm
from actions.services import Services
from casestore import hardship, plan, sessions
from casestore.agreement import AgreementView
from casestore.plan import Proposal
from hardship.plans.base import Ask
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, run, tracker
from tests.actions.test_agreement_life import agreed  # noqa: F401 (a fixture)
from tests.actions.told_beside import said


def say(message: Said, **slots: object) -> Outcome:
    """Say something while the choice of a plan is open."""
    return answer(ValidatePlanForm(), message, "plan_choice", offers_shown="given", **slots)


def read_back(message: Said, chosen: str, before: list[dict[str, Any]]) -> Outcome:
    """Say something while this plan is read back, after these events."""
    conversation = tracker(
        message, form="agreement_form", asks="agreement_accepted", before=before, plan_choice=chosen
    )
    return run(ValidateAgreementForm(), conversation)


def chosen(offer_id: str) -> dict[str, Any]:
    """The event of a choice."""
    return {"event": "slot", "name": "plan_choice", "value": offer_id}


@pytest.mark.parametrize("text", ["does the lower payment one make it longer", "每期少的是不是更久"])
def test_asks_whether_smaller_instalments_last_longer(
    services: Services, offered: Proposal, text: str
) -> None:
    lowest = min(offered.offers, key=lambda each: each.offer.instalment)
    (facts,) = [each["facts"] for each in say(said(text, "request_lower_instalments")).messages]
    assert f"方案{lowest.option_number}" in facts and f"{lowest.offer.count} 期" in facts


def test_asks_whether_the_instalment_goes_up(services: Services, offered: Proposal) -> None:
    first = offered.offers[0]
    message = said("does that mean my payment goes up")
    (facts,) = [each["facts"] for each in say(message, countered_option=first.offer_id).messages]
    assert "941.00" in facts and f"{(first.offer.instalment - 94_100) / 100:,.2f}" in facts


@pytest.mark.parametrize("text", ["is it more than paying normally", "少还的话是不是利息更多"])
def test_asks_whether_it_costs_more(services: Services, offered: Proposal, text: str) -> None:
    outcome = say(said(text, "ask_offer_details"))
    assert outcome.said == ["utter_offer_facts"] and "照旧还款" in outcome.messages[0]["facts"]


@pytest.mark.parametrize("text", ["why would you let me pay less", "为什么你们愿意让我少还"])
def test_asks_why_less_is_taken(services: Services, offered: Proposal, text: str) -> None:
    message = said(text)
    message.entities.append(entity("asked_about", "why_less"))
    outcome = say(message)
    lowest = min(offered.offers, key=lambda each: each.offer.instalment)
    assert f"{lowest.offer.total_to_pay / 100:,.2f}" in outcome.messages[0]["facts"]


def test_asks_what_the_plan_read_back_comes_to(services: Services, offered: Proposal) -> None:
    one = offered.offers[1]
    outcome = read_back(said("总共要还多少", "ask_balance"), one.offer_id, [])
    assert f"{one.offer.total_to_pay / 100:,.2f}" in outcome.messages[0]["facts"]


def test_asks_for_the_total_of_the_one_just_named(services: Services, offered: Proposal) -> None:
    one = offered.offers[2]
    outcome = say(said("whats the total on that", "ask_balance"), countered_option=one.offer_id)
    assert f"{one.offer.total_to_pay / 100:,.2f}" in outcome.messages[0]["facts"]


def test_asks_whether_the_easiest_raises_the_instalment(services: Services, offered: Proposal) -> None:
    lowest = min(offered.offers, key=lambda each: each.offer.instalment)
    (facts,) = [each["facts"] for each in say(said("选最轻的那个月供会涨吗", "ask_offer_details")).messages]
    assert f"{(lowest.offer.instalment - 94_100) / 100:,.2f}" in facts


@pytest.mark.parametrize("text", ["还是要原来那个", "actually no, still the original one"])
def test_goes_back_to_the_plan_that_was_read_back_before(
    services: Services, offered: Proposal, text: str
) -> None:
    one, other = offered.offers[0].offer_id, offered.offers[1].offer_id
    outcome = read_back(said(text), other, [chosen(one), chosen(other)])
    assert outcome.slots["plan_choice"] == one and outcome.slots["agreement_accepted"] is None


def test_goes_back_without_having_chosen_and_is_asked_which(services: Services, offered: Proposal) -> None:
    outcome = say(said("还是要原来那个"))
    assert outcome.said == ["utter_which_plan"] and outcome.slots["plan_choice"] is None


@pytest.mark.parametrize(
    "text", ["what if i do half now and the rest next month", "能不能先还一半,剩下的下个月还"]
)
def test_pays_half_now_and_the_rest_next_month(services: Services, offered: Proposal, text: str) -> None:
    say(said(text, "counter_offer"))
    ask = _last_ask(services)
    assert (ask.kind, ask.months) == ("arrears_instalments", 1) and ask.lump_sum


def test_spreads_the_rest_all_the_same(services: Services, offered: Proposal) -> None:
    say(said("先还1000，剩下的分期", "counter_offer"))
    assert _last_ask(services).months is None


@pytest.mark.parametrize(
    ("text", "day"), [("年后再开始还行不行", "2027-02-13"), ("could I start after christmas", "2026-12-26")]
)
def test_starts_after_a_feast(services: Services, offered: Proposal, text: str, day: str) -> None:
    say(said(text, "counter_offer"))
    assert str(_last_ask(services).first_due) == day


def test_hears_of_no_plans_where_there_are_none(services: Services, stated: str) -> None:
    hardship.record_answer(services.store, stated, "monthly_income", 0)
    plan.propose(services.store, stated, services.policy, services.today())
    outcome = run(ActionAskOfferDetails(), tracker(Said("有哪些区别", "ask_offer_details")))
    assert outcome.said == ["utter_none_offered"]


def test_names_a_figure_for_another_plan_and_hears_that_it_is_noted(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    message = said("I can do 2,600 a month starting december 20th", "counter_offer")
    outcome = answer(ValidateChangeForm(), message, "change_wanted")
    assert outcome.said == ["utter_wish_noted", "utter_change_begins"]


def test_tells_by_how_much_the_wage_rose_and_nothing_is_wished_for(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    outcome = answer(ValidateChangeForm(), said("工资比之前涨了一千", "correct_detail"), "change_wanted")
    assert outcome.said == ["utter_change_begins", "utter_unclear_difference"]


def test_asks_to_pay_a_part_while_a_plan_is_in_force(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    message = Said("要是只还一部分可以吗")
    message.read = {**message.as_event()["parse_data"], "small_question": {"topic": "part_now", "score": 1.0}}
    outcome = answer(ValidateChangeForm(), message, "change_wanted")
    assert outcome.said == ["utter_part_of_an_instalment"]


def test_has_a_new_job_and_is_asked_what_it_pays(services: Services, agreed: AgreementView) -> None:  # noqa: F811
    message = Said("I started a new job so things are better", entities=[entity("asked_about", "good_news")])
    outcome = answer(ValidateChangeForm(), message, "change_wanted")
    assert outcome.said == ["utter_good_news_again"] and outcome.slots["change_wanted"] is None


def _last_ask(services: Services) -> Ask:
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.case_id is not None
    ask = plan.last_ask(services.store, session.case_id)
    assert ask is not None
    return ask
