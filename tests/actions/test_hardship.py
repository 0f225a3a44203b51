"""Skill hardship."""

from __future__ import annotations

from typing import Any

import pytest

from actions.causes import CAUSES, ActionReportHardship
from actions.corrections import ActionCorrectDetail
from actions.hardship import ValidateHardshipForm
from actions.offers import ActionRequestPlan
from actions.services import Services
from actions.statement import ActionAskStatementConfirmed
from actions.turn import FALLBACK
from casestore import hardship, sessions
from casestore.asks import ask_from_json
from hardship.plans.base import Ask
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, learnt, money, run, tracker
from tests.conversations.people import Person


def say(said: Said, asks: str, **slots: object) -> Outcome:
    """Answer a question of the hardship form."""
    return answer(ValidateHardshipForm(), said, asks, **slots)


def recorded(services: Services) -> dict[str, Any]:
    """What the case of this conversation holds."""
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.case_id is not None
    return dict(hardship.answers(services.store, session.case_id))


@pytest.mark.parametrize("intent", CAUSES)
def test_every_cause_opens_a_case_and_is_heard(services: Services, intent: str) -> None:
    outcome = run(ActionReportHardship(), tracker(Said("…", intent)))
    assert outcome.said == [f"utter_heard_{CAUSES[intent].value}"]
    assert outcome.followed_by == "consent_form"


def test_any_words_of_not_being_able_to_pay_open_a_case(services: Services) -> None:
    run(ActionReportHardship(), tracker(Said("还不上了", "report_hardship")))
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.case_id is not None


def test_an_illness_is_not_recorded_before_its_own_consent(services: Services) -> None:
    outcome = run(ActionReportHardship(), tracker(Said("住院了", "hardship_illness")))
    assert "cause" not in recorded(services) and outcome.slots["health_mentioned"] is True


def test_an_illness_is_recorded_after_consent(services: Services, verified: Person) -> None:
    say(Said("可以", "affirm"), "health_consent", health_mentioned=True)
    assert recorded(services)["cause"] == "illness"


def test_an_illness_becomes_another_cause_without_consent(services: Services, verified: Person) -> None:
    say(Said("不要", "deny"), "health_consent", health_mentioned=True)
    assert recorded(services)["cause"] == "other"


def test_an_answer_to_another_question_neither_gives_nor_refuses_consent(
    services: Services, verified: Person
) -> None:
    temporary = [{**entity("duration", "temporary"), "start": 0, "end": 3}]
    for intent in ("affirm", "deny"):
        assert (
            say(Said("暂时的", intent, entities=temporary), "detail_consent").slots["detail_consent"] is None
        )


def test_a_yes_with_the_figure_asked_for_next_is_consent(services: Services, verified: Person) -> None:
    figure = [{**money(650000), "start": 3, "end": 7}]
    outcome = say(Said("可以，6500", "affirm", entities=figure), "detail_consent")
    assert outcome.slots["detail_consent"] == "given"


@pytest.mark.parametrize("intent", ["correct_detail", "nlu_fallback"])
def test_a_figure_told_before_the_consent_is_not_recorded_and_that_is_said(
    services: Services, verified: Person, intent: str
) -> None:
    rent = [
        {**money(800), "start": 2, "end": 5},
        {**entity("statement_field", "housing"), "start": 0, "end": 2},
    ]
    outcome = say(Said("房租800", intent, entities=rent), "detail_consent")
    assert outcome.said == ["utter_figure_not_noted"] and outcome.slots["detail_consent"] is None
    assert "housing" not in recorded(services)


def test_a_figure_told_after_refusing_the_consent_is_not_recorded(
    services: Services, verified: Person
) -> None:
    say(Said("不可以", "deny"), "detail_consent")
    rent = [money(800), entity("statement_field", "housing")]
    corrects = Said("房租是800", "correct_detail", entities=rent)
    outcome = run(ActionCorrectDetail(), tracker(corrects, detail_consent="refused"))
    assert outcome.said == ["utter_what_to_correct"]
    assert "housing" not in recorded(services)


def test_refusing_financial_detail_ends_the_questions(services: Services, verified: Person) -> None:
    outcome = say(Said("不", "deny"), "detail_consent")
    assert outcome.slots["detail_consent"] == "refused" and outcome.slots["requested_slot"] is None


def test_a_cause_is_taken_as_the_answer(services: Services, verified: Person) -> None:
    say(Said("离婚了", "hardship_family_event"), "hardship_cause")
    assert recorded(services)["cause"] == "family_event"


def test_three_months_ago_becomes_a_day(services: Services, verified: Person) -> None:
    say(Said("三个月", entities=[entity("month_count", 3)]), "hardship_since")
    assert recorded(services)["since"] == "2026-08-24"


def test_a_month_named_is_the_last_one(services: Services, verified: Person) -> None:
    say(Said("3月1号", entities=[entity("date", "2027-03-01", earlier="2026-03-01")]), "hardship_since")
    assert recorded(services)["since"] == "2026-03-01"


def test_a_bare_month_is_the_last_one(services: Services, verified: Person) -> None:
    either = entity("date", None, ambiguous=True, candidates=["2026-03-01", "2027-03-01"])
    say(Said("3月", entities=[either]), "hardship_since")
    assert recorded(services)["since"] == "2026-03-01"


def test_not_knowing_since_when_is_an_answer(services: Services, verified: Person) -> None:
    assert say(Said("不知道", "dont_know"), "hardship_since").slots["hardship_since"] == "given"


def test_an_unclear_date_is_asked_again(services: Services, verified: Person) -> None:
    said = Said("5/12", entities=[entity("date", None, ambiguous=True)])
    assert say(said, "hardship_since").said == ["utter_unclear_date"]


@pytest.mark.parametrize(("word", "lasting"), [("temporary", False), ("lasting", True)])
def test_temporary_or_lasting(services: Services, verified: Person, word: str, lasting: bool) -> None:
    say(Said("…", entities=[entity("duration", word)]), "hardship_duration")
    assert recorded(services)["lasting"] is lasting


def test_household_or_business(services: Services, verified: Person) -> None:
    say(Said("店里", entities=[entity("purpose", "business")]), "hardship_purpose")
    assert recorded(services)["business"] is True


def test_income_is_recorded_and_not_kept_in_the_slot(services: Services, verified: Person) -> None:
    outcome = say(Said("四千五", entities=[money(4500)]), "monthly_income")
    assert outcome.slots["monthly_income"] == "given"
    assert recorded(services)["monthly_income"] == 450000


def test_rent_is_recorded(services: Services, verified: Person) -> None:
    say(Said("1500", entities=[money(1500)]), "housing")
    assert recorded(services)["housing"] == 150000


def test_several_living_costs_are_added_up(services: Services, verified: Person) -> None:
    say(Said("吃饭800，交通200", entities=[money(800), money(200)]), "living_costs")
    assert recorded(services)["living_costs"] == 100000


def test_none_is_zero(services: Services, verified: Person) -> None:
    say(Said("没有", "deny"), "other_debts")
    assert recorded(services)["other_debts"] == 0


def test_an_unclear_amount_is_asked_again(services: Services, verified: Person) -> None:
    said = Said("一两千", entities=[entity("money", None, ambiguous=True)])
    outcome = say(said, "monthly_income")
    assert outcome.said == ["utter_unclear_amount"] and "monthly_income" not in recorded(services)


def test_an_amount_in_another_currency_than_the_loan_is_not_taken_for_it(
    services: Services, verified: Person
) -> None:
    outcome = say(Said("£800", entities=[entity("money", 80000, currency="GBP")]), "monthly_income")
    assert outcome.said == ["utter_other_currency"] and "monthly_income" not in recorded(services)
    said_again = say(Said("800元", entities=[entity("money", 80000, currency="CNY")]), "monthly_income")
    assert said_again.slots["monthly_income"] == "given"


def test_a_hard_to_believe_amount_is_doubted_once(services: Services, verified: Person) -> None:
    said = Said("九百万", entities=[money(9_000_000)])
    doubted = say(said, "monthly_income")
    assert doubted.slots["monthly_income"] is None and "monthly_income" not in recorded(services)
    insisted = say(said, "monthly_income", doubted_field=doubted.slots["doubted_field"])
    assert insisted.slots["monthly_income"] == "given"


def test_a_correction_changes_one_answer_and_keeps_the_others(services: Services, stated: str) -> None:
    said = Said(
        "不对，房租是2500", "correct_detail", entities=[entity("statement_field", "housing"), money(2500)]
    )
    outcome = say(said, "statement_confirmed")
    assert outcome.said == ["utter_corrected"]
    assert recorded(services)["housing"] == 250000 and recorded(services)["monthly_income"] == 650000


def test_a_plain_no_asks_which_figure_is_wrong(services: Services, stated: str) -> None:
    assert say(Said("不对", "deny"), "statement_confirmed").said == ["utter_which_figure"]


def test_a_figure_named_without_an_amount_is_asked_anew(services: Services, stated: str) -> None:
    said = Said("房租不对", "deny", entities=[entity("statement_field", "housing")])
    assert say(said, "statement_confirmed").slots["housing"] is None


def test_the_statement_is_read_back(services: Services, stated: str) -> None:
    message = run(ActionAskStatementConfirmed(), tracker()).messages[0]
    assert message["surplus"] == "¥3,500.00" and message["housing"] == "¥1,500.00"


def test_what_the_case_knows_is_not_asked_again(services: Services, stated: str) -> None:
    slots = run(ValidateHardshipForm(), tracker()).slots
    assert slots["hardship_cause"] == slots["monthly_income"] == "given"


def test_a_consent_to_financial_detail_is_not_asked_again(services: Services, stated: str) -> None:
    say(Said("可以", "affirm"), "detail_consent")
    assert run(ValidateHardshipForm(), tracker()).slots["detail_consent"] == "given"


def test_a_correction_outside_the_questions_leads_to_new_offers(services: Services, stated: str) -> None:
    said = Said("房租是2000", "correct_detail", entities=[entity("statement_field", "housing"), money(2000)])
    outcome = run(ActionCorrectDetail(), tracker(said, statement_confirmed=stated))
    assert outcome.followed_by == "action_propose_plans" and recorded(services)["housing"] == 200000


def test_a_correction_of_nothing_asks_what_is_meant(services: Services) -> None:
    assert run(ActionCorrectDetail(), tracker(Said("错了", "correct_detail"))).said == [
        "utter_what_to_correct"
    ]


def test_a_wish_in_the_same_breath_is_kept(services: Services) -> None:
    named = [entity("plan_kind", "payment_holiday"), entity("month_count", 3)]
    outcome = run(
        ActionReportHardship(), tracker(Said("我失业了，先停三个月", "hardship_job_loss", entities=named))
    )
    assert outcome.slots["wanted_kind"] == "payment_holiday" and recorded(services)["wish"]["months"] == 3


def test_since_when_is_corrected_while_an_amount_is_asked(services: Services, stated: str) -> None:
    said = Said("不对，是五月开始的", entities=[entity("date", "2026-05-01")])
    outcome = answer(ValidateHardshipForm(), said, "living_costs")
    assert outcome.said == ["utter_situation_corrected"] and outcome.slots["hardship_since"] == "given"
    assert hardship.answers(services.store, stated)["since"] == "2026-05-01"


def test_since_when_is_corrected_while_the_consent_is_asked(services: Services, stated: str) -> None:
    said = Said("不对，是五月开始的", entities=[entity("date", "2026-05-01")])
    assert say(said, "detail_consent").said == ["utter_situation_corrected"]
    assert recorded(services)["since"] == "2026-05-01"


def test_that_it_will_last_is_corrected_at_the_read_back(services: Services, stated: str) -> None:
    said = Said("不是暂时的，会持续很久", "deny", entities=[entity("duration", "lasting")])
    answer(ValidateHardshipForm(), said, "statement_confirmed")
    assert hardship.answers(services.store, stated)["lasting"] is True


def test_household_or_business_is_corrected_only_in_so_many_words(services: Services, stated: str) -> None:
    business = entity("purpose", "business")
    answer(ValidateHardshipForm(), Said("生意", entities=[business]), "statement_confirmed")
    assert hardship.answers(services.store, stated)["business"] is False
    said = Said("其实是生意上的", "correct_detail", entities=[business])
    answer(ValidateHardshipForm(), said, "statement_confirmed")
    assert hardship.answers(services.store, stated)["business"] is True


def test_since_when_is_corrected_outside_the_questions(services: Services, stated: str) -> None:
    said = Said("其实是五月开始的", "correct_detail", entities=[entity("date", "2026-05-01")])
    outcome = run(ActionCorrectDetail(), tracker(said))
    assert outcome.said == ["utter_situation_corrected"] and outcome.followed_by == "hardship_form"


def test_an_illness_named_later_waits_for_its_consent(services: Services, stated: str) -> None:
    said = Said("其实是生病了", "hardship_illness")
    outcome = run(ActionReportHardship(), tracker(said, form="hardship_form", asks="housing"))
    assert outcome.slots["health_consent"] is None and outcome.slots["health_mentioned"] is True
    assert hardship.answers(services.store, stated)["cause"] == "job_loss"


def test_an_end_that_is_named_makes_the_trouble_temporary(services: Services, verified: Person) -> None:
    say(Said("等到圣诞节", entities=[entity("date", "2026-12-25")]), "hardship_duration")
    assert recorded(services)["lasting"] is False


def test_who_cannot_tell_how_long_is_taken_as_lasting(services: Services, verified: Person) -> None:
    say(Said("看情况吧", entities=[entity("duration", "unknown")]), "hardship_duration")
    assert recorded(services)["lasting"] is True


def test_an_answer_in_own_words_counts_for_its_question_alone(services: Services, verified: Person) -> None:
    said = Said("客人回来就好", answers=learnt("hardship_duration", "temporary"))
    assert say(said, "hardship_purpose").slots.get("hardship_purpose") is None
    say(said, "hardship_duration")
    assert recorded(services)["lasting"] is False


def test_a_clear_topic_is_an_answer_only_where_it_surely_is_one(services: Services, verified: Person) -> None:
    near = Said(
        "能停两个月吗", "request_payment_holiday", answers=learnt("hardship_duration", "temporary", 0.0)
    )
    assert say(near, "hardship_duration").events == []
    sure = Said("找到工作就好", "hardship_job_loss", answers=learnt("hardship_duration", "temporary", 0.9))
    assert say(sure, "hardship_duration").slots["hardship_duration"] == "given"


def test_a_wish_for_two_months_off_does_not_say_when_it_began(services: Services, verified: Person) -> None:
    wish = Said("能不能先停两个月不还", "request_payment_holiday", entities=[entity("month_count", 2)])
    assert say(wish, "hardship_since").events == [] and "since" not in recorded(services)


def test_just_now_is_today(services: Services, verified: Person) -> None:
    say(Said("就最近", answers=learnt("hardship_since", "recent")), "hardship_since")
    assert recorded(services)["since"] == services.today().isoformat()


@pytest.mark.parametrize("field", ["monthly_income", "housing"])
def test_two_figures_that_may_not_add_up_are_asked_about(
    services: Services, verified: Person, field: str
) -> None:
    outcome = say(Said("我三千，老婆两千五", entities=[money(3000), money(2500)]), field)
    assert outcome.said == ["utter_unclear_sum"] and field not in recorded(services)


def test_the_second_figure_of_a_correction_counts(services: Services, verified: Person) -> None:
    corrects = [money(3000), entity("correction", "wrong"), money(3500)]
    say(Said("三千，不对，三千五", entities=corrects), "monthly_income")
    assert recorded(services)["monthly_income"] == 350000


def _at(text: str, words: str, name: str, value: object, **more: object) -> dict[str, Any]:
    """An entity where its words stand in the text."""
    start = text.index(words)
    return entity(name, value, start=start, end=start + len(words), **more)


def test_a_weeks_wage_is_reckoned_into_a_month_and_read_back(services: Services, verified: Person) -> None:
    text = "850 a week"
    found = [_at(text, "850", "money", 85000), _at(text, "a week", "pay_period", "week")]
    outcome = say(Said(text, entities=found), "monthly_income")
    assert outcome.said == ["utter_figure_reckoned"] and outcome.slots["monthly_income"] == "given"
    assert recorded(services)["monthly_income"] == 368300


def test_a_days_wage_takes_the_days_that_are_worked(services: Services, verified: Person) -> None:
    text = "工地一天一百五 一个月干二十来天"
    found = [
        _at(text, "一百五", "money", 15000),
        _at(text, "一天", "pay_period", "day"),
        _at(text, "一个月", "pay_rhythm", "monthly"),
        _at(text, "一个月干二十来天", "days_a_month", 20),
    ]
    say(Said(text, "hardship_reduced_income", entities=found), "monthly_income")
    assert recorded(services)["monthly_income"] == 300000


def test_a_days_wage_alone_is_asked_about_and_the_days_answer_it(
    services: Services, verified: Person
) -> None:
    text = "一天一百五"
    wage = Said(text, entities=[_at(text, "一百五", "money", 15000), _at(text, "一天", "pay_period", "day")])
    assert say(wage, "monthly_income").said == ["utter_unclear_workdays"]
    began = recorded(services).get("since")
    also_a_day = entity("date", "2026-12-14", start=0, end=3)
    days = Said("20天吧", entities=[entity("days_a_month", 20, start=0, end=3), also_a_day])
    said = [wage.as_event()]
    outcome = run(
        ValidateHardshipForm(), tracker(days, form="hardship_form", asks="monthly_income", before=said)
    )
    assert outcome.said == ["utter_figure_reckoned"] and recorded(services)["monthly_income"] == 300000
    assert recorded(services).get("since") == began


def test_what_is_spent_a_day_is_spent_every_day(services: Services, verified: Person) -> None:
    text = "吃饭一天40"
    found = [_at(text, "40", "money", 4000), _at(text, "一天", "pay_period", "day")]
    say(Said(text, entities=found), "living_costs")
    assert recorded(services)["living_costs"] == 120000


def test_money_that_could_be_borrowed_is_no_income(services: Services, verified: Person) -> None:
    text = "亲戚能借我八千"
    found = [_at(text, "八千", "money", 800000), _at(text, "能借我", "amount_role", "lent")]
    outcome = say(Said(text, entities=found), "monthly_income")
    assert outcome.said == ["utter_borrowed_is_no_income"] and "monthly_income" not in recorded(services)
    assert "living_costs" not in recorded(services)


def test_a_debt_in_all_is_left_out_beside_its_instalment(services: Services, verified: Person) -> None:
    text = "外面还欠亲戚三万 每月还一千"
    found = [
        _at(text, "三万", "money", 3_000_000),
        _at(text, "一千", "money", 100_000),
        _at(text, "还欠", "pay_period", "whole_debt"),
        _at(text, "每月", "pay_rhythm", "monthly"),
    ]
    say(Said(text, "hardship_overindebted", entities=found), "other_debts")
    assert recorded(services)["other_debts"] == 100_000


def test_what_somebody_gives_is_no_debt(services: Services, verified: Person) -> None:
    text = "我姐有时候给我五百"
    found = [_at(text, "五百", "money", 50000), _at(text, "给我", "amount_role", "given")]
    say(Said(text, entities=found), "other_debts")
    assert "other_debts" not in recorded(services)


def test_what_was_earned_once_is_left_out(services: Services, verified: Person) -> None:
    text = "以前八千多现在就四千五"
    found = [
        _at(text, "八千多", "money", None, ambiguous=True, candidates=[800000]),
        _at(text, "四千五", "money", 450000),
        _at(text, "以前", "amount_role", "former"),
    ]
    say(Said(text, entities=found), "monthly_income")
    assert recorded(services)["monthly_income"] == 450000


def test_a_bit_over_is_put_down_and_said(services: Services, verified: Person) -> None:
    about = entity("money", None, ambiguous=True, candidates=[170000])
    outcome = say(Said("一千七百多", entities=[about]), "monthly_income")
    assert outcome.said == ["utter_figure_about"] and recorded(services)["monthly_income"] == 170000


def test_all_figures_in_one_breath_are_noted(services: Services, verified: Person) -> None:
    text = "工资四千 房租一千五 吃饭九百 话费一百"
    found = [
        _at(text, "四千", "money", 400000),
        _at(text, "一千五", "money", 150000),
        _at(text, "九百", "money", 90000),
        _at(text, "一百", "money", 10000),
        _at(text, "工资", "statement_field", "monthly_income"),
        _at(text, "房租", "statement_field", "housing"),
        _at(text, "吃饭", "statement_field", "living_costs"),
        _at(text, "话费", "statement_field", "living_costs"),
    ]
    outcome = say(Said(text, "counter_offer", entities=found), "hardship_since", detail_consent="given")
    held = recorded(services)
    assert (held["monthly_income"], held["housing"], held["living_costs"]) == (400000, 150000, 100000)
    assert outcome.slots["hardship_since"] is None and outcome.slots["housing"] == "given"


def test_living_costs_in_one_figure_are_all_of_them(services: Services, verified: Person) -> None:
    text = "基本生活费一千六"
    found = [
        _at(text, "一千六", "money", 160000),
        _at(text, "生活费", "statement_field", "living_costs"),
        _at(text, "生活费", "living_whole", "yes"),
    ]
    say(Said(text, entities=found), "monthly_income", detail_consent="given")
    assert recorded(services)["living_costs"] == 160000 and "monthly_income" not in recorded(services)


def test_no_other_loans_is_no_refusal_of_the_consent(services: Services, verified: Person) -> None:
    said = Said("No other loans", "deny", entities=[entity("statement_field", "other_debts")])
    outcome = say(said, "detail_consent")
    assert outcome.said == ["utter_figure_not_noted"] and outcome.slots["detail_consent"] is None


def test_the_day_told_with_the_cause_is_not_asked_for(services: Services, verified: Person) -> None:
    april = entity("date", None, ambiguous=True, candidates=["2026-04-30", "2027-04-30"])
    outcome = say(Said("公司裁员了 四月底走的", "hardship_job_loss", entities=[april]), "hardship_cause")
    assert outcome.slots["hardship_since"] == "given" and recorded(services)["since"] == "2026-04-30"


def test_what_the_money_was_for_may_be_told_early(services: Services, verified: Person) -> None:
    said = Said(
        "给孩子交学费借的", "hardship_family_event", answers=learnt("hardship_purpose", "household", 4.1)
    )
    outcome = say(said, "hardship_duration")
    assert recorded(services)["business"] is False and outcome.slots["hardship_duration"] is None


def test_what_is_owed_in_all_is_no_monthly_payment(services: Services, verified: Person) -> None:
    said = Said("还欠亲戚两万", entities=[money(20000), entity("pay_period", "whole_debt")])
    assert say(said, "other_debts").said == ["utter_unclear_period"]


def test_who_names_several_years_is_asked_again(services: Services, verified: Person) -> None:
    said = Said("三五年", entities=[entity("month_count", None, ambiguous=True, candidates=[36, 60])])
    assert (
        "lasting" not in recorded(services) and not say(said, "hardship_duration").slots["hardship_duration"]
    )


def test_nothing_in_own_words_is_zero(services: Services, verified: Person) -> None:
    say(Said("也许没有", answers=learnt("housing", "none", 0.3)), "housing")
    assert "housing" not in recorded(services), "a figure of nothing takes a sure answer"
    say(Said("住我姐那儿", answers=learnt("housing", "none")), "housing")
    assert recorded(services)["housing"] == 0


def test_what_only_sounds_like_danger_is_an_answer_where_it_surely_is_one(
    services: Services, verified: Person
) -> None:
    sounds = Said(
        "I own it outright", "express_self_harm", answers=learnt("housing", "none"), care="self_harm"
    )
    assert say(sounds, "housing").events == [], "nobody doubts it"
    sounds.read = {"danger_is_doubtful": True}
    assert say(sounds, "monthly_income").events == [], "it answers another question"
    say(sounds, "housing")
    assert recorded(services)["housing"] == 0


@pytest.mark.parametrize("intent", ["refuse_identity", "pause_conversation", "start_over"])
def test_what_certainly_answers_the_question_is_no_wish_to_stop(
    services: Services, verified: Person, intent: str
) -> None:
    near = Said("我不想说了", intent, answers=learnt("hardship_cause", "other", 1.0))
    assert say(near, "hardship_cause").events == []
    say(Said("这个我不想讲", intent, answers=learnt("hardship_cause", "other", 2.0)), "hardship_cause")
    assert recorded(services)["cause"] == "other"


@pytest.mark.parametrize("intent", ["request_human", "wrong_person", "express_self_harm"])
def test_no_answer_comes_before_a_person_or_danger(services: Services, verified: Person, intent: str) -> None:
    said = Said("找个人跟我说", intent, answers=learnt("hardship_cause", "other", 9.0))
    assert say(said, "hardship_cause").events == []


def test_a_loan_for_what_may_be_both_is_read_as_it_was_learnt(services: Services, verified: Person) -> None:
    both = [entity("purpose", "business"), entity("purpose", "household")]
    assert say(Said("铺子装修", entities=both), "hardship_purpose").slots["hardship_purpose"] is None
    said = Said("铺子装修", entities=both, answers=learnt("hardship_purpose", "business"))
    say(said, "hardship_purpose")
    assert recorded(services)["business"] is True


def test_who_has_something_but_says_no_figure_is_asked_for_one(services: Services, verified: Person) -> None:
    outcome = say(Said("靠低保", answers=learnt("monthly_income", "amount")), "monthly_income")
    assert outcome.said == ["utter_explain_monthly_income"] and "monthly_income" not in recorded(services)


def test_something_wrong_in_the_statement_is_no_yes_to_it(services: Services, stated: str) -> None:
    for said in (
        Said("有个数不对", answers=learnt("statement_confirmed", "wrong")),
        Said("不对吧", entities=[entity("correction", "yes")]),
    ):
        outcome = say(said, "statement_confirmed")
        assert outcome.said == ["utter_which_figure"] and outcome.slots["statement_confirmed"] is None


def test_the_wish_told_beside_the_cause_is_kept_without_the_figures_of_the_trouble(
    services: Services,
) -> None:
    said = Said(
        "摔了腿，花了一万，能不能缓一缓",
        "hardship_illness",
        entities=[money(10000)],
        ranking={"hardship_illness": 0.8, "request_payment_holiday": 0.15},
    )
    outcome = run(ActionReportHardship(), tracker(said))
    assert outcome.slots["wanted_kind"] == "payment_holiday" and "utter_wish_noted" in outcome.said
    assert ask_from_json(recorded(services)["wish"]) == Ask(kind="payment_holiday")


def test_the_cause_told_beside_a_wish_is_not_asked_for_again(services: Services) -> None:
    said = Said(
        "工资降了，每月能不能降到一千五",
        "request_lower_instalments",
        entities=[money(1500)],
        ranking={"request_lower_instalments": 0.78, "hardship_reduced_income": 0.2},
    )
    outcome = run(ActionRequestPlan(), tracker(said))
    assert outcome.said[:2] == ["utter_heard_reduced_income", "utter_wish_noted"]
    assert recorded(services)["cause"] == "reduced_income"


def test_a_wish_alone_names_no_cause(services: Services) -> None:
    said = Said(
        "能不能降到一千五",
        "request_lower_instalments",
        ranking={"request_lower_instalments": 0.9, "hardship_reduced_income": 0.05},
    )
    assert "utter_heard_reduced_income" not in run(ActionRequestPlan(), tracker(said)).said


def test_spendings_listed_at_another_question_are_added_up(services: Services, stated: str) -> None:
    listed = [{**entity("statement_field", "living_costs")}, money(500), money(30), money(60)]
    say(Said("food 500 phone 30 bus 60", entities=listed), "hardship_purpose")
    assert recorded(services)["living_costs"] == 59000


def _credit_card(amount: int) -> Said:
    named = [entity("statement_field", "other_debts"), money(amount)]
    return Said(f"信用卡每月最低还{amount}", FALLBACK, entities=named)


def test_a_figure_of_another_field_is_not_taken_for_the_one_that_is_asked(
    services: Services, verified: Person
) -> None:
    outcome = say(_credit_card(300), "monthly_income", detail_consent="given")
    assert outcome.said == ["utter_figure_noted"] and outcome.slots["other_debts"] == "given"
    assert recorded(services)["other_debts"] == 30000 and "monthly_income" not in recorded(services)


def test_what_is_owed_in_all_told_early_is_no_monthly_payment(services: Services, verified: Person) -> None:
    outcome = say(_credit_card(2_000_000), "monthly_income", detail_consent="given")
    assert outcome.said == ["utter_explain_monthly_income"] and outcome.slots["monthly_income"] is None
    assert "other_debts" not in recorded(services)


def test_food_told_early_is_not_all_that_living_takes(services: Services, verified: Person) -> None:
    food = [entity("statement_field", "living_costs"), money(1000)]
    outcome = say(Said("吃饭一千", FALLBACK, entities=food), "housing", detail_consent="given")
    assert outcome.said == ["utter_living_costs_come_later"] and outcome.slots["housing"] is None
    assert not {"housing", "living_costs"} & set(recorded(services))


def test_a_spending_that_was_forgotten_is_added_and_a_rent_is_corrected(
    services: Services, stated: str
) -> None:
    before = recorded(services)
    forgot = entity("left_out", "yes")
    for field, figure in (("other_debts", 300), ("housing", 700)):
        named = [entity("statement_field", field), forgot, money(figure)]
        say(Said("I forgot", "correct_detail", entities=named), "statement_confirmed")
    assert recorded(services)["other_debts"] == before["other_debts"] + 30000
    assert recorded(services)["housing"] == 70000


def test_a_sum_that_is_named_is_the_figure(services: Services, verified: Person) -> None:
    text = "我上班四千八 我爱人三千二 一共八千"
    found = [
        _at(text, "四千八", "money", 480000),
        _at(text, "三千二", "money", 320000),
        _at(text, "八千", "money", 800000),
        _at(text, "一共", "amount_role", "total"),
    ]
    say(Said(text, entities=found), "monthly_income")
    assert recorded(services)["monthly_income"] == 800000


def test_food_beside_the_rent_is_not_all_of_living(services: Services, verified: Person) -> None:
    text = "rent 1300, water 150"
    found = [
        _at(text, "1300", "money", 130000),
        _at(text, "150", "money", 15000),
        _at(text, "rent", "statement_field", "housing"),
        _at(text, "water", "statement_field", "living_costs"),
    ]
    say(Said(text, entities=found), "monthly_income", detail_consent="given")
    held = recorded(services)
    assert held["housing"] == 130000 and "living_costs" not in held and "monthly_income" not in held


def test_no_other_debt_may_be_told_early(services: Services, verified: Person) -> None:
    said = Said("没有别的债", answers=learnt("other_debts", "none", 3.7))
    outcome = say(said, "hardship_since", detail_consent="given")
    assert recorded(services)["other_debts"] == 0 and outcome.slots["hardship_since"] is None


def test_a_day_told_instead_of_the_cause_is_kept(services: Services, verified: Person) -> None:
    august = entity("date", None, ambiguous=True, candidates=["2026-08-31", "2027-08-31"])
    outcome = say(Said("八月底查出来的", entities=[august]), "hardship_cause")
    assert recorded(services)["since"] == "2026-08-31" and outcome.slots["hardship_cause"] is None


def test_a_list_of_spendings_is_no_danger_for_its_sound(services: Services, verified: Person) -> None:
    text = "1000 food, 500 petrol when im driving"
    found = [
        _at(text, "1000", "money", 100000),
        _at(text, "500", "money", 50000),
        _at(text, "food", "statement_field", "living_costs"),
        _at(text, "petrol", "statement_field", "living_costs"),
    ]
    sounds = Said(text, "express_self_harm", entities=found, read={"danger_is_doubtful": True})
    say(sounds, "living_costs")
    assert recorded(services)["living_costs"] == 150000
    plain = Said(text, "express_self_harm", entities=found, read={"danger_is_doubtful": False})
    assert say(plain, "other_debts").events == []


def test_a_cost_named_after_living_costs_is_asked_about(services: Services, verified: Person) -> None:
    text = "hospital 1500 a month and a car loan 900"
    found = [
        _at(text, "1500", "money", 150000),
        _at(text, "900", "money", 90000),
        _at(text, "hospital", "statement_field", "living_costs"),
        _at(text, "car loan", "statement_field", "other_debts"),
        _at(text, "a month", "pay_rhythm", "monthly"),
    ]
    say(Said("1300", entities=[money(1300)]), "living_costs")
    outcome = say(Said(text, entities=found), "other_debts", detail_consent="given")
    assert outcome.said == ["utter_figure_noted", "utter_is_it_counted"]
    assert recorded(services)["other_debts"] == 90000 and recorded(services)["living_costs"] == 130000


def test_what_the_loan_is_for_is_no_income_of_nothing(services: Services, verified: Person) -> None:
    read = {**learnt("monthly_income", "none", 0.6), **learnt("hardship_purpose", "household", 3.6)}
    said = Said("家里生活", "hardship_family_event", answers=read)
    outcome = answer(ValidateHardshipForm(), said, "monthly_income", detail_consent="given")
    assert outcome.slots.get("monthly_income") != "given"


def test_the_same_rent_as_before_changes_nothing_about_the_purpose(services: Services, stated: str) -> None:
    rent = [
        entity("statement_field", "housing", start=5, end=9),
        entity("purpose", "business", start=5, end=9),
    ]
    outcome = answer(
        ValidateHardshipForm(), Said("same rent as I said", "correct_detail", entities=rent), "living_costs"
    )
    assert "utter_situation_corrected" not in outcome.said
    assert hardship.answers(services.store, stated)["business"] is False
