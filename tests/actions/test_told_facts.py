"""Several facts in one breath: each is kept once, said, and not asked for again."""

from __future__ import annotations

from typing import Any

import pytest

from actions.causes import ActionReportHardship
from actions.dialogue import ActionMisunderstood
from actions.offers import ActionRequestPlan
from actions.services import Services
from tests.actions.helpers import learnt, run, tracker
from tests.actions.test_hardship import recorded
from tests.actions.test_told_beside import say
from tests.actions.told_beside import said
from tests.conversations.people import Person

TEMPORARY = {"answers": learnt("hardship_duration", "temporary", 2.6)}


def facts(services: Services) -> dict[str, Any]:
    """The situation as the case holds it."""
    return {name: recorded(services)[name] for name in ("lasting", "business") if name in recorded(services)}


class TestSituation:
    """Since when, how long and what for, beside the open question."""

    def test_answers_the_question_and_tells_two_more(self, services: Services, verified: Person) -> None:
        text = "since June, it's only until I find work, and the loan was for the house"
        outcome = say(said(text, clauses={"until I find work": TEMPORARY}), "hardship_since")
        assert str(recorded(services)["since"]).startswith("2026-06")
        assert facts(services) == {"lasting": False, "business": False}
        assert outcome.said == ["utter_situation_noted"]
        assert {
            outcome.slots[name] for name in ("hardship_since", "hardship_duration", "hardship_purpose")
        } == {"given"}

    @pytest.mark.parametrize(
        ("text", "business"),
        [
            ("医生说过完年能跑 钱当时是自己用的", False),
            ("贷款用于家庭装修，与经营无关", False),
            ("借的钱都拿去进货了", True),
            ("借这个钱是买化肥请工人的不是家里花的", True),
            ("The loan was for stock, not for the family", True),
            ("it was to stock the shop, not for the family", True),
            ("We borrowed it for the roof, nothing to do with any business", False),
            ("the loan was to stock goods for the shop", True),
        ],
    )
    def test_what_the_loan_was_for_is_kept_at_another_question(
        self, services: Services, verified: Person, text: str, business: bool
    ) -> None:
        outcome = say(said(text), "hardship_duration")
        assert recorded(services)["business"] is business and "utter_situation_noted" in outcome.said
        assert outcome.slots["hardship_purpose"] == "given"

    def test_a_word_for_a_purpose_without_the_loan_is_none(
        self, services: Services, verified: Person
    ) -> None:
        say(said("my kids are with me, food is dear"), "hardship_duration")
        assert "business" not in recorded(services)

    def test_tells_both_in_two_clauses_and_is_asked(self, services: Services, verified: Person) -> None:
        say(said("the loan was for my family, some of the loan was for the shop"), "hardship_duration")
        assert "business" not in recorded(services)

    def test_a_later_telling_changes_an_earlier_one_and_says_so(
        self, services: Services, verified: Person
    ) -> None:
        say(said("the loan was for the house"), "hardship_duration")
        outcome = say(said("correction, the loan was for the shop", "correct_detail"), "monthly_income")
        assert recorded(services)["business"] is True
        assert outcome.said in (["utter_situation_changed"], ["utter_situation_corrected"])

    @pytest.mark.parametrize(
        ("text", "purpose", "business"),
        [
            ("it's just till the new year, and it's for the household", "household", False),
            ("估计要到过完年，都是家里用的", "household", False),
            ("until February, it's for my shop", "business", True),
        ],
    )
    def test_when_it_ends_and_what_it_is_for_with_no_word_of_the_loan(
        self, services: Services, verified: Person, text: str, purpose: str, business: bool
    ) -> None:
        surely = {"answers": {"hardship_purpose": {"value": purpose, "score": 1.6}}}
        learnt = {"household": surely, "家里用的": surely, "my shop": surely}
        say(said(text, clauses=learnt), "hardship_duration")
        assert facts(services) == {"lasting": False, "business": business}

    def test_when_it_began_tells_nothing_of_how_long_it_lasts(
        self, services: Services, verified: Person
    ) -> None:
        surely = {"hardship_duration": {"value": "temporary", "score": 2.9}}
        say(said("三个月前", read={"answers": surely}), "hardship_since")
        assert facts(services) == {} and "since" in recorded(services)

    def test_household_by_itself_is_no_family_matter(self, services: Services, verified: Person) -> None:
        say(said("我失业了", "hardship_job_loss"), "hardship_cause")
        say(said("家里生活", "hardship_family_event"), "monthly_income")
        assert recorded(services)["cause"] == "job_loss"

    def test_a_question_about_it_tells_nothing(self, services: Services, verified: Person) -> None:
        say(said("does it matter that the loan was for the shop?", "ask_consequences"), "hardship_duration")
        assert "business" not in recorded(services)

    def test_a_longer_term_that_is_wished_for_is_no_lasting_trouble(
        self, services: Services, verified: Person
    ) -> None:
        say(said("我希望延长期限，每期少还一些", "request_lower_instalments"), "hardship_duration")
        assert "lasting" not in recorded(services)

    def test_not_knowing_a_figure_is_not_not_knowing_how_long(
        self, services: Services, verified: Person
    ) -> None:
        say(said("not sure what we spend on food, she does the shopping", "dont_know"), "hardship_duration")
        assert "lasting" not in recorded(services)

    def test_a_loan_paid_once_a_year_corrects_no_beginning(self, services: Services, stated: str) -> None:
        before = recorded(services).get("since")
        say(said("信用社那个一年还一次 记不清了", "dont_know"), "statement_confirmed")
        assert recorded(services).get("since") == before


class TestCause:
    """The cause beside other things, and what is none."""

    def test_a_clause_tells_it(self, services: Services, verified: Person) -> None:
        redundant = {"laid off": {"intent": "hardship_job_loss", "confidence": 0.95}}
        say(said("I get 1200 now, I was laid off", "counter_offer", clauses=redundant), "hardship_cause")
        assert recorded(services)["cause"] == "job_loss" and recorded(services)["monthly_income"] == 120_000

    def test_what_the_loan_paid_for_is_no_illness_of_today(self, services: Services) -> None:
        message = said("I took this loan for my mother's operation", "hardship_illness")
        outcome = run(ActionReportHardship(), tracker(message))
        assert outcome.said == ["utter_heard_hardship"] and outcome.slots.get("health_mentioned") is None

    @pytest.mark.parametrize("text", ["not in hardship, only the dates", "没什么困难，只是日期对不上"])
    def test_no_hardship_at_all_is_not_asked_for_a_cause(
        self, services: Services, verified: Person, text: str
    ) -> None:
        outcome = say(said(text), "hardship_cause")
        assert recorded(services)["cause"] == "other" and outcome.slots["hardship_cause"] == "given"


class TestFigures:
    """Amounts of several fields, shared ones, and what may be counted in two ways."""

    @pytest.mark.parametrize(
        ("text", "housing"),
        [
            ("房租2400跟老乡对半出 我那份1200", 120_000),
            ("房租跟室友AA，一共2600我出1300", 130_000),
            ("房贷6400，我和女朋友一人一半", 320_000),
            ("mortgage is 1,950 but I pay half of it", 97_500),
            ("rent is 2,100 and my part is one third", 70_000),
        ],
    )
    def test_of_a_shared_rent_ones_own_part_counts(
        self, services: Services, verified: Person, text: str, housing: int
    ) -> None:
        say(said(text), "hardship_duration")
        assert recorded(services)["housing"] == housing

    @pytest.mark.parametrize("asks", ["housing", "hardship_duration"])
    def test_a_rent_shared_nobody_knows_how_is_asked_about(
        self, services: Services, verified: Person, asks: str
    ) -> None:
        outcome = say(said("rent is 2,200, we split it with some friends"), asks)
        assert outcome.said == ["utter_unclear_share_paid"] and "housing" not in recorded(services)

    def test_what_is_left_each_week_counts(self, services: Services, verified: Person) -> None:
        text = "taking about 1,500 a week but that's before fuel, I'd clear 1,000"
        say(said(text, "counter_offer"), "hardship_duration")
        assert recorded(services)["monthly_income"] == 433_300

    def test_what_it_normally_was_does_not_count(self, services: Services, verified: Person) -> None:
        text = "Sick pay comes to 4,100 a month, normally I'd take home about 6,800"
        say(said(text, "counter_offer"), "hardship_duration")
        assert recorded(services)["monthly_income"] == 410_000

    def test_two_incomes_are_not_added_up_unasked(self, services: Services, verified: Person) -> None:
        text = "失业金一个月2100，平均接活2500"
        outcome = say(said(text), "hardship_duration")
        assert outcome.said == ["utter_figure_waits"] and "monthly_income" not in recorded(services)

    def test_what_shall_not_be_counted_is_not(self, services: Services, stated: str) -> None:
        before = recorded(services)["monthly_income"]
        outcome = say(said("判了抚养费每月1500，别算进我收入里"), "hardship_duration")
        assert outcome.said == ["utter_not_counted"] and recorded(services)["monthly_income"] == before

    def test_an_instalment_that_is_proposed_is_no_income(self, services: Services, stated: str) -> None:
        before = recorded(services)["monthly_income"]
        text = "I would propose 700 per month, payable on the 28th, after my salary is credited"
        say(said(text, "counter_offer"), "hardship_duration")
        assert recorded(services)["monthly_income"] == before

    def test_a_rent_that_changed_takes_the_place_of_the_one_before(
        self, services: Services, verified: Person
    ) -> None:
        say(said("房贷每月3150；车贷每月1100"), "hardship_duration")
        outcome = say(said("更正一下，房贷现在是2980。日常开销1400", "correct_detail"), "hardship_purpose")
        assert recorded(services)["housing"] == 298_000 and recorded(services)["living_costs"] == 140_000
        assert outcome.said == ["utter_figure_noted", "utter_corrected"]

    def test_what_was_left_out_is_added_and_said(self, services: Services, verified: Person) -> None:
        say(said("food, petrol and bills are 1,600 all told"), "hardship_duration")
        outcome = say(said("I forgot the childminder, that's another 600", "correct_detail"), "housing")
        assert recorded(services)["living_costs"] == 220_000 and outcome.said == ["utter_figure_added"]

    def test_more_for_one_of_several_takes_no_place(self, services: Services, verified: Person) -> None:
        first = said("food and mobile and petrol all together 900 monthly")
        say(first, "hardship_duration")
        say(said("petrol is separate, put 300 more for petrol", "correct_detail"), "hardship_since", first)
        assert recorded(services)["living_costs"] == 120_000

    def test_a_debt_that_may_come_on_top_is_asked_about(self, services: Services, stated: str) -> None:
        before = recorded(services)["other_debts"]
        outcome = say(said("白条每月280", "hardship_overindebted"), "hardship_duration")
        assert outcome.said == ["utter_rest_or_whole"] and recorded(services)["other_debts"] == before


class TestPartsOfLiving:
    """Food told early, the rest when it is asked for."""

    def test_is_said_before_the_question_and_the_rest_is_added(
        self, services: Services, verified: Person
    ) -> None:
        early = said("吃饭一个月900")
        outcome = say(early, "monthly_income")
        assert outcome.said == ["utter_living_part_noted"] and "living_costs" not in recorded(services)
        outcome = say(said("交通200"), "living_costs", early)
        assert recorded(services)["living_costs"] == 110_000 and outcome.slots["living_costs"] == "given"

    @pytest.mark.parametrize("text", ["没有了", "that's all"])
    def test_that_is_all(self, services: Services, verified: Person, text: str) -> None:
        say(said(text), "living_costs", said("food 600"))
        assert recorded(services)["living_costs"] == 60_000

    def test_a_bare_amount_may_be_either_and_is_asked_about(
        self, services: Services, verified: Person
    ) -> None:
        outcome = say(said("400"), "living_costs", said("food 600"))
        assert outcome.said == ["utter_rest_or_whole"] and "living_costs" not in recorded(services)


def test_a_pause_named_by_who_does_not_know_is_no_wish(services: Services, stated: str) -> None:
    message = said(
        "February I don't know with the holiday",
        "request_payment_holiday",
        ranking={"request_payment_holiday": 0.79, "dont_know": 0.12},
    )
    run(ActionRequestPlan(), tracker(message))
    assert "wish" not in recorded(services)


class TestNothingWrongInSilence:
    """Amounts that answer no question, though one is open, and what only sounds like an answer."""

    @pytest.mark.parametrize(
        "text",
        [
            "每个月600我能还上，再多就不行了",
            "如能降至每月500元，我可以接受",
            "Would paying 300 be possible from January",
        ],
    )
    @pytest.mark.parametrize("asks", ["monthly_income", "housing", "other_debts"])
    def test_an_instalment_that_could_be_paid_is_no_figure(
        self, services: Services, verified: Person, text: str, asks: str
    ) -> None:
        say(said(text, "counter_offer"), asks)
        assert asks not in recorded(services)

    def test_a_plan_that_is_taken_is_no_rent(self, services: Services, verified: Person) -> None:
        say(said("行吧，1500左右的那个我能接受", "accept_offer"), "housing")
        assert "housing" not in recorded(services)

    def test_a_days_wage_told_anew_corrects_the_wage(self, services: Services, verified: Person) -> None:
        first = said("现在帮人看店，一天100，一个月上26天")
        say(first, "hardship_duration")
        say(said("刚才看店那个不对，是一天110", "correct_detail"), "housing", first)
        assert recorded(services)["monthly_income"] == 286_000 and "housing" not in recorded(services)

    def test_a_correction_of_nothing_named_is_asked_about(self, services: Services, verified: Person) -> None:
        say(said("房租800"), "hardship_duration")
        outcome = say(said("学生的钱说错了 一共才500", "correct_detail"), "monthly_income")
        assert outcome.said == ["utter_which_figure"] and "monthly_income" not in recorded(services)

    def test_what_is_earned_at_other_times_is_not_what_is_left(
        self, services: Services, verified: Person
    ) -> None:
        text = "when its running i clear 900 a week, right now its shifts, 120 a day 4 days a week"
        say(said(text), "hardship_duration")
        assert "monthly_income" not in recorded(services)

    def test_ones_share_of_a_list_is_not_added_to_it(self, services: Services, verified: Person) -> None:
        outcome = say(said("We spend perhaps 700 on food and petrol, my share is 350"), "hardship_duration")
        assert outcome.said == ["utter_living_part_noted"] and "living_costs" not in recorded(services)

    def test_no_other_income_is_no_absence_of_debts(self, services: Services, verified: Person) -> None:
        nothing = {"没有other": {"answers": learnt("other_debts", "none", 3.6)}}
        say(said("工资税后5200，没有other income", clauses=nothing), "hardship_duration")
        assert "other_debts" not in recorded(services) and recorded(services)["monthly_income"] == 520_000

    def test_a_debt_in_all_beside_a_list_is_no_spending(self, services: Services, verified: Person) -> None:
        say(said("Food 450, heating 160, and I owe the wholesaler 4,000"), "living_costs")
        assert recorded(services)["living_costs"] == 61_000

    def test_an_amount_that_no_word_places_waits(self, services: Services, verified: Person) -> None:
        outcome = say(said("住单位公寓，每月扣400元；伙食及交通约900元"), "hardship_duration")
        assert outcome.said == ["utter_living_part_noted", "utter_figure_waits"]

    @pytest.mark.parametrize("text", ["living with my mum, give her 300 a month", "跟父母住，每月给他们800"])
    def test_what_goes_to_others_is_no_income(self, services: Services, verified: Person, text: str) -> None:
        say(said(text), "monthly_income")
        assert "monthly_income" not in recorded(services)

    def test_a_call_that_is_wished_for_tells_no_end(self, services: Services, verified: Person) -> None:
        text = "好，明天上午十点以后打给我，我等电话"
        say(said(text, "set_contact_preference"), "hardship_duration")
        assert "lasting" not in recorded(services)

    def test_that_a_cost_has_stopped_is_no_beginning(self, services: Services, verified: Person) -> None:
        say(said("其实补课上个月停了，不用算了"), "hardship_cause")
        assert "since" not in recorded(services)


class TestWhatWasToldBefore:
    """Facts told before the consent, and stories told outside the questions."""

    def test_is_kept_once_the_consent_is_given(self, services: Services, verified: Person) -> None:
        first = said("my shop flooded, and the loan was for stock for the shop", "hardship_disaster")
        outcome = say(said("yes", "affirm"), "detail_consent", first)
        assert recorded(services)["business"] is True and outcome.slots["hardship_purpose"] == "given"

    def test_a_job_that_is_lost_is_no_place_not_to_call(self, services: Services) -> None:
        text = "lost my warehouse job in august and the calls won't stop, what can you do"
        lost = {"lost my warehouse": {"intent": "hardship_job_loss", "confidence": 0.95}}
        outcome = run(ActionMisunderstood(), tracker(said(text, clauses=lost)))
        assert outcome.said[0] == "utter_heard_job_loss" and outcome.followed_by == "consent_form"

    def test_a_story_in_figures_leads_into_the_questions(self, services: Services) -> None:
        text = "Separated in May: I take home 3,300 and the mortgage is 1,250"
        outcome = run(ActionMisunderstood(), tracker(said(text)))
        assert outcome.said == ["utter_heard_hardship", "utter_figures_wait"]
        assert outcome.followed_by == "consent_form"


@pytest.mark.parametrize(
    ("text", "clause"),
    [
        ("8月底裁的，投了两百份简历没一个靠谱的。多久能好？你问我我问谁", "8月底裁的"),
        ("got made redundant in spring. how should I know when it ends?", "redundant"),
    ],
)
def test_asked_for_the_cause_tells_it_and_asks_back(
    services: Services, verified: Person, text: str, clause: str
) -> None:
    told = {clause: {"intent": "hardship_job_loss", "confidence": 0.9}}
    assert say(said(text, clauses=told), "hardship_cause").slots["hardship_cause"] == "given"
    assert recorded(services)["cause"] == "job_loss"
