"""Questions about single facts of the offers, and wishes that go on from the one before."""

from __future__ import annotations

from actions.agreement import ValidateAgreementForm
from actions.plan_form import ValidatePlanForm
from actions.services import Services
from casestore import hardship, plan
from casestore.plan import Proposal
from hardship.plans.base import Ask
from tests.actions.helpers import Outcome, Said, answer, entity, money


def say(said: Said, **slots: object) -> Outcome:
    """Say something while the choice of a plan is open."""
    return answer(ValidatePlanForm(), said, "plan_choice", offers_shown="given", **slots)


def fact(name: str) -> dict[str, object]:
    """A question about this fact."""
    return entity("offer_fact", name)


def test_asks_what_one_plan_costs_and_hears_of_that_one_only(services: Services, offered: Proposal) -> None:
    said = Said(
        "第二个总共要多付多少", "ask_offer_details", entities=[fact("total"), entity("option_number", 2)]
    )
    outcome = say(said)
    (facts,) = [message["facts"] for message in outcome.messages]
    assert outcome.said == ["utter_offer_facts"] and outcome.slots["plan_choice"] is None
    assert f"{offered.offers[1].offer.total_to_pay / 100:,.2f}" in facts and "方案1" not in facts


def test_asks_which_is_cheapest_a_month_and_takes_that_one(services: Services, offered: Proposal) -> None:
    lowest = min(offered.offers, key=lambda each: each.offer.instalment)
    told = say(Said("whats the cheapest per month", entities=[fact("lowest_instalment")]))
    assert f"方案{lowest.option_number}" in told.messages[0]["facts"]
    taken = say(Said("that one", "accept_offer"), countered_option=told.slots["countered_option"])
    assert taken.slots["plan_choice"] == lowest.offer_id


def test_takes_the_cheapest_and_is_asked_in_which_way(services: Services, offered: Proposal) -> None:
    outcome = say(Said("就最便宜那个", "accept_offer", entities=[fact("cheapest")]), countered_option="x")
    assert outcome.said == ["utter_offer_facts"] and outcome.slots["countered_option"] is None
    assert outcome.slots["plan_choice"] is None


def test_compares_two_by_their_numbers(services: Services, offered: Proposal) -> None:
    numbers = [entity("option_number", 2), entity("option_number", 3)]
    said = Said("2 or 3, which costs least", "ask_offer_details", entities=[fact("lowest_total"), *numbers])
    two = min(offered.offers[1:3], key=lambda each: each.offer.total_to_pay)
    assert say(said).slots["countered_option"] == two.offer_id


def test_asks_how_the_affordable_amount_came_about(services: Services, offered: Proposal) -> None:
    said = Said("你们怎么算我能还多少", "ask_charges", entities=[fact("affordable")])
    assert "80.00%" in say(said).messages[0]["facts"]


def test_asks_about_the_plan_that_is_read_back(services: Services, offered: Proposal) -> None:
    chosen = offered.offers[2]
    said = Said("第一期是哪天", "ask_due_date", entities=[fact("first_due")])
    outcome = answer(ValidateAgreementForm(), said, "agreement_accepted", plan_choice=chosen.offer_id)
    assert "方案3" in outcome.messages[0]["facts"] and outcome.slots["agreement_accepted"] is None


def test_what_is_owed_is_no_question_about_the_offers(services: Services, offered: Proposal) -> None:
    assert say(Said("总共欠多少", "ask_balance", entities=[fact("total")])).events == []


def test_asks_to_see_the_plans_again(services: Services, offered: Proposal) -> None:
    again = say(Said("再给我看看方案", "request_plan", entities=[entity("offer_wish", "again")]))
    assert again.slots["offers_shown"] is None
    assert say(Said("有什么方案", "request_plan")).slots["offers_shown"] is None


def test_names_the_most_to_pay_beside_the_wages_and_no_income_is_changed(
    services: Services, offered: Proposal, stated: str
) -> None:
    before = hardship.answers(services.store, stated)
    said = Said(
        "最多一千二，发工资之后还",
        "counter_offer",
        entities=[money(1200), entity("statement_field", "monthly_income")],
    )
    assert say(said).said == ["utter_counter_granted"]
    assert hardship.answers(services.store, stated)["monthly_income"] == before["monthly_income"]


def test_a_spending_that_was_left_out_is_added(services: Services, offered: Proposal, stated: str) -> None:
    before = hardship.answers(services.store, stated)["living_costs"]
    said = Said("给老家寄八百，没算进去", "correct_detail", entities=[money(800), entity("left_out", "yes")])
    say(said)
    assert hardship.answers(services.store, stated)["living_costs"] == before + 80000


def test_a_figure_corrected_that_nobody_wished_for_is_asked_about(
    services: Services, offered: Proposal
) -> None:
    assert say(Said("不对，是800", "correct_detail", entities=[money(800)])).said == ["utter_what_to_correct"]


def asked_last(services: Services, case_id: str) -> Ask | None:
    """What was answered last."""
    return plan.last_ask(services.store, case_id)


def test_names_another_day_and_keeps_the_amount(services: Services, offered: Proposal, stated: str) -> None:
    say(Said("每月700", "counter_offer", entities=[money(700)]))
    say(Said("那就12月28号", "promise_to_pay", entities=[entity("date", "2026-12-28")]))
    last = asked_last(services, stated)
    assert last is not None and last.instalment == 70000 and str(last.first_due) == "2026-12-28"


def test_corrects_the_start_and_the_trouble_began_when_it_did(
    services: Services, offered: Proposal, stated: str
) -> None:
    since = hardship.answers(services.store, stated).get("since")
    say(Said("12月10号开始每月700", "counter_offer", entities=[money(700), entity("date", "2026-12-10")]))
    day = entity("date", "2026-12-12", earlier="2026-11-12")
    say(Said("不是10号，是12号", "correct_detail", entities=[day]))
    last = asked_last(services, stated)
    assert last is not None and str(last.first_due) == "2026-12-12"
    assert hardship.answers(services.store, stated).get("since") == since


def test_an_amount_is_kept_while_its_day_is_asked_about(
    services: Services, offered: Proposal, stated: str
) -> None:
    unclear = entity("date", None, ambiguous=True, candidates=[])
    asked = say(Said("700, after christmas", "counter_offer", entities=[money(700), unclear]))
    assert asked.said == ["utter_unclear_date"]
    say(Said("28 december", entities=[entity("date", "2026-12-28")]), wanted_kind=asked.slots["wanted_kind"])
    last = asked_last(services, stated)
    assert last is not None and last.instalment == 70000


def test_other_months_are_of_the_kind_wished_for_before(
    services: Services, offered: Proposal, stated: str
) -> None:
    say(Said("先停三个月", "request_payment_holiday", entities=[entity("month_count", 3)]))
    say(Said("那两个月", "counter_offer", entities=[entity("month_count", 2)]))
    assert asked_last(services, stated) == Ask(kind="payment_holiday", months=2)


def test_a_month_named_alone_is_a_start(services: Services, offered: Proposal, stated: str) -> None:
    january = entity("date", None, ambiguous=True, candidates=["2026-01-01", "2027-01-01"])
    assert say(Said("800 from January", "counter_offer", entities=[money(800), january])).said == [
        "utter_counter_granted"
    ]
    last = asked_last(services, stated)
    assert last is not None and str(last.first_due) == "2027-01-01"


def test_a_bare_day_beside_an_instalment_is_the_day_of_every_month(
    services: Services, offered: Proposal, stated: str
) -> None:
    fifth = entity("date", "2026-12-05", earlier="2026-11-05")
    outcome = say(Said("850 on the 5th", "counter_offer", entities=[money(850), fifth]))
    by_id = {each.offer_id: each.offer for each in plan.current(services.store, stated).offers}
    assert {row.due.day for row in by_id[outcome.slots["countered_option"]].schedule} == {5}


def test_part_of_it_on_a_later_day_is_told_to_be_due_sooner(services: Services, offered: Proposal) -> None:
    text = "10号还三千，剩下的再说"
    rest = entity("pay_rhythm", "now", start=7, end=10)
    amount = {**money(3000), "start": 4, "end": 6}
    said = Said(text, "counter_offer", entities=[entity("date", "2026-12-28"), amount, rest])
    assert say(said).said == ["utter_counter_nearest"]


def test_a_number_beside_an_amount_a_month_chooses_no_plan(services: Services, offered: Proposal) -> None:
    said = Said(
        "700, the first one later", "counter_offer", entities=[money(700), entity("option_number", 1)]
    )
    assert say(said).slots["plan_choice"] is None


def test_two_plans_named_in_a_question_are_compared_and_none_is_chosen(
    services: Services, offered: Proposal
) -> None:
    numbers = [entity("option_number", 1), entity("option_number", 3)]
    assert say(Said("compare options 1 and 3", "ask_offer_details", entities=numbers)).events == []


def test_an_amount_held_against_us_is_no_offer(services: Services, offered: Proposal) -> None:
    outcome = say(Said("说了没钱还让我还两千？", "reject_offer", entities=[money(2000)]))
    assert outcome.said == ["utter_what_can_you_pay"]
    assert say(Said("too much, 400 max", "reject_offer", entities=[money(400)])).said != outcome.said


def test_the_2nd_alone_is_an_offer(services: Services, offered: Proposal) -> None:
    day = entity("date", "2026-12-02", earlier="2026-11-02", start=0, end=7)
    outcome = say(Said("the 2nd", "accept_offer", entities=[day]))
    assert outcome.slots["plan_choice"] == offered.offers[1].offer_id
