"""Figures told anew, denied, changed by so much, run together without a mark, or listed with one amount."""

from __future__ import annotations

from typing import Any

import pytest

from actions.corrections import ActionCorrectDetail
from actions.services import Services
from casestore import hardship, sessions
from tests.actions.helpers import SESSION, run, tracker
from tests.actions.test_hardship import recorded
from tests.actions.test_told_beside import say
from tests.actions.told_beside import said
from tests.conversations.people import Person

READ_BACK = "statement_confirmed"


def hold(services: Services, **figures: int) -> None:
    """Let the case hold these figures, in yuan a month."""
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.case_id is not None
    for field, yuan in figures.items():
        hardship.record_answer(services.store, session.case_id, field, yuan * 100)


def told(services: Services, *fields: str) -> list[Any]:
    """What the case holds of these fields, minor units a month, None where it holds none."""
    return [recorded(services).get(field) for field in fields]


class TestSettled:
    """Several amounts of one figure, of which one is to be reckoned with."""

    @pytest.mark.parametrize(
        ("text", "income"),
        [
            ("Please correct the income, 38 was festival month. Take it as 30k", 3_000_000),
            ("income 3800 was last year, put 3200", 320_000),
            ("income: the 3000 was with overtime, make it 2400", 240_000),
            ("不对，到手六千是旺季的，这几个月平均下来也就五千出头，按5200写", 520_000),
            ("收入写五千吧，六千那个是过年的奖金", 500_000),
            ("收入按四千五算，旺季的六千不算", 450_000),
            ("工资六千二是加班的，就算5000吧", 500_000),
            ("收入0！失业金2100算不算？算就写2100", 210_000),
        ],
    )
    def test_the_settled_one_counts(self, services: Services, stated: str, text: str, income: int) -> None:
        outcome = say(said(text, "correct_detail"), READ_BACK)
        assert recorded(services)["monthly_income"] == income
        assert outcome.said == ["utter_corrected"] and outcome.slots["monthly_income"] == "given"

    @pytest.mark.parametrize("text", ["the rent: 900 was before, put 1100", "房租900是以前的，按1100算"])
    def test_it_counts_for_the_rent_as_well(self, services: Services, stated: str, text: str) -> None:
        say(said(text, "correct_detail"), READ_BACK)
        assert recorded(services)["housing"] == 110_000

    @pytest.mark.parametrize("text", ["the 6500 was last year", "六千五是去年的"])
    def test_what_is_only_named_as_past_is_asked_for(
        self, services: Services, stated: str, text: str
    ) -> None:
        outcome = say(said(text, "correct_detail"), READ_BACK)
        assert outcome.said == ["utter_unclear_special"] and outcome.slots["monthly_income"] is None
        assert recorded(services)["monthly_income"] == 650_000

    def test_a_mortgage_is_no_word_to_reckon_with(self, services: Services, verified: Person) -> None:
        say(said("按揭3000，吃饭交通水电1500"), "hardship_duration")
        assert told(services, "housing", "living_costs") == [300_000, 150_000]


class TestDoubtedCorrection:
    """A correction that is hard to believe."""

    @pytest.mark.parametrize("text", ["把收入改成38", "change income to 38", "income is 9,000,000"])
    def test_is_asked_once_more_and_nothing_is_changed(
        self, services: Services, stated: str, text: str
    ) -> None:
        outcome = say(said(text, "correct_detail"), READ_BACK)
        assert outcome.said[0].startswith("utter_doubt_") and recorded(services)["monthly_income"] == 650_000
        assert outcome.slots["monthly_income"] is None
        assert str(outcome.slots["doubted_field"]).startswith("monthly_income:")

    def test_said_again_it_counts(self, services: Services, stated: str) -> None:
        doubt = "monthly_income:amount_unusually_low"
        say(said("income is 38", "correct_detail"), READ_BACK, doubted_field=doubt)
        assert recorded(services)["monthly_income"] == 3_800

    def test_told_before_its_turn_it_waits(self, services: Services, verified: Person) -> None:
        text = "Feeding, transport and hospital together about 110k"
        outcome = say(said(text), "housing")
        assert outcome.said == ["utter_figure_doubted"] and told(services, "living_costs") == [None]

    def test_what_was_said_not_to_be_noted_is_not_said_to_be(
        self, services: Services, verified: Person
    ) -> None:
        hold(services, monthly_income=185_000)
        text = "House rent is 50k monthly. Feeding, transport and hospital together about 110k"
        answers = dict.fromkeys(("hardship_cause", "hardship_since", "hardship_duration"), "given")
        answers |= {"hardship_purpose": "given", "monthly_income": "given", "health_consent": "not_needed"}
        outcome = say(said(text), "housing", **answers)
        assert recorded(services)["housing"] == 5_000_000
        assert "utter_figure_doubted" in outcome.said and "utter_living_parts_so_far" not in outcome.said


class TestDifference:
    """By how much a figure went up or down."""

    @pytest.mark.parametrize(
        "text",
        [
            "Honestly the amount is a bit steep anyway, 房租 went up 600 this month",
            "rent went up 600",
            "the mortgage jumped 150",
            "rent is 200 more than before",
            "房租贵了三百",
            "房租又涨了三百",
        ],
    )
    def test_is_no_rent(self, services: Services, stated: str, text: str) -> None:
        outcome = say(said(text), READ_BACK)
        assert outcome.said == ["utter_unclear_difference"] and outcome.slots["housing"] is None
        assert recorded(services)["housing"] == 150_000

    @pytest.mark.parametrize("text", ["my pay dropped 500 this month", "工资又降了500"])
    def test_is_no_income(self, services: Services, stated: str, text: str) -> None:
        say(said(text), READ_BACK)
        assert recorded(services)["monthly_income"] == 650_000

    def test_told_before_the_turn_of_the_rent_it_waits(self, services: Services, verified: Person) -> None:
        hold(services, housing=800)
        outcome = say(said("房租 went up 300"), "hardship_duration")
        assert outcome.said == ["utter_figure_waits"] and recorded(services)["housing"] == 80_000

    @pytest.mark.parametrize(
        ("text", "housing"),
        [
            ("my rent rose to 900", 90_000),
            ("the rent is up to 1600 now", 160_000),
            ("租金从1200涨到1500", 150_000),
        ],
    )
    def test_up_to_so_much_is_the_figure(
        self, services: Services, stated: str, text: str, housing: int
    ) -> None:
        say(said(text, "correct_detail"), READ_BACK)
        assert recorded(services)["housing"] == housing


class TestWithoutMarks:
    """Messages that were spoken, without a comma."""

    @pytest.mark.parametrize(
        ("text", "living"),
        [
            ("自己家的房子不要房租菜也是自己种的一个月花八百块够了", 80_000),
            ("我不交房租一个月开销一千五", 150_000),
            ("房租不用交吃饭水电交通一个月一千", 100_000),
            ("no rent so food bus and phone bill come to 350", 35_000),
        ],
    )
    def test_no_rent_is_nothing_and_the_amount_is_lived_on(
        self, services: Services, verified: Person, text: str, living: int
    ) -> None:
        say(said(text), "hardship_since")
        assert told(services, "housing", "living_costs") == [0, living]

    def test_no_rent_and_an_amount_for_nothing_named_is_no_rent(
        self, services: Services, verified: Person
    ) -> None:
        outcome = say(said("no rent i live with my mum i spend about 400 a month"), "hardship_since")
        assert told(services, "housing") == [0] and "utter_figure_waits" in outcome.said

    def test_no_arrears_of_rent_is_a_rent(self, services: Services, verified: Person) -> None:
        say(said("no rent arrears, rent is 900"), "hardship_since")
        assert told(services, "housing") == [90_000]

    @pytest.mark.parametrize(
        "text",
        [
            "房租水电一共一千五",
            "房租、水电、吃饭 一共2500",
            "房租和吃饭加起来两千",
            "rent and bills come to 1500",
            "rent, bills and food are 1,900 altogether",
        ],
    )
    @pytest.mark.parametrize("asks", ["hardship_since", "housing"])
    def test_one_amount_for_two_figures_is_asked_about(
        self, services: Services, verified: Person, text: str, asks: str
    ) -> None:
        outcome = say(said(text), asks)
        assert outcome.said == ["utter_figure_of_several"] and outcome.slots[asks] is None
        assert told(services, "housing", "living_costs") == [None, None]

    def test_each_with_its_own_amount_is_kept(self, services: Services, verified: Person) -> None:
        say(said("工资四千五要还花呗六百房租一千吃饭水电八百"), "hardship_since")
        fields = ("monthly_income", "other_debts", "housing", "living_costs")
        assert told(services, *fields) == [450_000, 60_000, 100_000, 80_000]

    def test_what_huabei_takes_is_not_what_is_spent(self, services: Services, verified: Person) -> None:
        say(said("每月花呗还五百"), "hardship_since")
        assert told(services, "living_costs", "other_debts") == [None, 50_000]


class TestIncomeAndDebtsAtTheCause:
    """Figures told where it is asked what happened."""

    @pytest.mark.parametrize(
        ("text", "income"),
        [
            ("unemployment plus a little doordash so say 1600 a month total", 160_000),
            ("benefits and a bit of cleaning work, call it 1100 a month all in", 110_000),
            ("失业金加上送外卖 一个月一共3200", 320_000),
        ],
    )
    def test_several_sources_with_one_sum_are_the_income(
        self, services: Services, verified: Person, text: str, income: int
    ) -> None:
        say(said(text, "counter_offer"), "hardship_cause")
        assert recorded(services)["monthly_income"] == income and "wish" not in recorded(services)

    @pytest.mark.parametrize(
        ("text", "debts"),
        [
            ("car note 310 and two cards, minimums are like 90 together", 40_000),
            ("car payment 310, two credit cards together 90 a month", 40_000),
            ("车贷一千二，两张卡最低还款加起来四百", 160_000),
            ("信用卡三百，花呗五百，一共八百", 80_000),
            ("loan with another bank 260, catalogue 40", 30_000),
        ],
    )
    def test_debts_are_added_up_and_kept_beside_the_cause(
        self, services: Services, verified: Person, text: str, debts: int
    ) -> None:
        outcome = say(said(text, "hardship_overindebted"), "hardship_cause")
        assert recorded(services)["other_debts"] == debts
        assert outcome.said == ["utter_figure_noted", "utter_heard_overindebted"]

    def test_a_sum_that_is_less_than_what_it_sums_up_waits(
        self, services: Services, verified: Person
    ) -> None:
        outcome = say(said("信用卡三百，花呗五百，一共六百"), "hardship_cause")
        assert outcome.said == ["utter_figure_waits"] and told(services, "other_debts") == [None]

    @pytest.mark.parametrize("text", ["信用社一个月两百多块", "借呗一个月两千二三的样子"])
    def test_an_amount_that_may_be_several_is_repeated_in_its_own_words(
        self, services: Services, verified: Person, text: str
    ) -> None:
        outcome = say(said(text), "hardship_since")
        assert outcome.said == ["utter_figure_waits"] and told(services, "other_debts") == [None]
        assert outcome.messages[0]["amount"] in text


class TestDenied:
    """An amount is denied that one figure is, and no word names it."""

    @pytest.mark.parametrize(
        "text",
        [
            "nah not 700, closer to 900 with the kids footy n that",
            "not 700, 900",
            "不是700，差不多900",
            "900 instead of 700",
            "700说错了，是900",
        ],
    )
    @pytest.mark.parametrize("asks", ["hardship_cause", "other_debts", READ_BACK])
    def test_that_figure_is_changed_and_said(
        self, services: Services, verified: Person, text: str, asks: str
    ) -> None:
        hold(services, monthly_income=2900, housing=1750, living_costs=700)
        outcome = say(said(text, "correct_detail"), asks)
        assert told(services, "monthly_income", "housing", "living_costs") == [290_000, 175_000, 90_000]
        assert outcome.said == ["utter_corrected"] and outcome.slots[asks] is None

    @pytest.mark.parametrize("text", ["等等 补助不是1500 是1800 刚翻了下短信", "不是1500 是1800"])
    def test_it_does_not_answer_the_open_question(
        self, services: Services, verified: Person, text: str
    ) -> None:
        hold(services, monthly_income=1500)
        say(said(text, "correct_detail"), "housing")
        assert told(services, "monthly_income", "housing") == [180_000, None]

    def test_two_figures_of_that_amount_are_asked_about(self, services: Services, verified: Person) -> None:
        hold(services, monthly_income=1500, housing=1500)
        outcome = say(said("not 1500, 1800", "correct_detail"), "hardship_cause")
        assert outcome.said == ["utter_which_figure"]
        assert told(services, "monthly_income", "housing") == [150_000, 150_000]

    def test_a_part_of_a_list_leaves_the_rest(self, services: Services, verified: Person) -> None:
        listed = said("信用卡300，花呗500", "hardship_overindebted")
        say(listed, "hardship_duration")
        say(said("不是300，是350", "correct_detail"), "hardship_duration", listed)
        assert recorded(services)["other_debts"] == 85_000

    def test_what_is_hard_to_believe_is_asked_once_more(self, services: Services, stated: str) -> None:
        outcome = say(said("not 6500, 65", "correct_detail"), READ_BACK)
        assert outcome.said == ["utter_doubt_amount_unusually_low"]
        assert recorded(services)["monthly_income"] == 650_000

    def test_outside_the_questions_it_is_changed_too(self, services: Services, stated: str) -> None:
        outcome = run(ActionCorrectDetail(), tracker(said("not 6500, 6200", "correct_detail")))
        assert outcome.said[0] == "utter_corrected" and recorded(services)["monthly_income"] == 620_000


class TestSeveralWordsForLiving:
    """One amount with several words for what living takes."""

    @pytest.mark.parametrize(
        ("text", "living"),
        [
            ("food and gas and bus fares maybe 480", 48_000),
            ("Feeding, transport and hospital together about 1100", 110_000),
            ("groceries and petrol together 520", 52_000),
            ("吃饭坐车看病加起来一千二", 120_000),
        ],
    )
    def test_is_the_whole(self, services: Services, verified: Person, text: str, living: int) -> None:
        outcome = say(said(text), "housing")
        assert recorded(services)["living_costs"] == living and outcome.said == ["utter_figure_noted"]

    def test_one_or_two_words_may_leave_something_out(self, services: Services, verified: Person) -> None:
        outcome = say(said("吃饭买药一千左右"), "housing")
        assert outcome.said == ["utter_living_part_noted"] and told(services, "living_costs") == [None]


class TestEnded:
    """A debt or a cost told before is said to have ended."""

    @pytest.mark.parametrize(
        ("listed", "text", "debts"),
        [
            ("车贷1900", "说错了，车贷上个月结清了，不用算", 0),
            ("车贷1900，花呗300", "说错了，车贷上个月结清了", 30_000),
            ("car loan 310, klarna 40", "sorry, my mistake, the car loan is paid off", 4_000),
        ],
    )
    def test_it_is_taken_off_and_the_rest_stays(
        self, services: Services, verified: Person, listed: str, text: str, debts: int
    ) -> None:
        first = said(listed, "hardship_overindebted")
        say(first, "hardship_duration")
        outcome = say(said(text, "correct_detail"), "hardship_duration", first)
        assert recorded(services)["other_debts"] == debts and outcome.said == ["utter_corrected"]

    def test_nobody_knows_how_much_of_it_that_was_and_the_rest_is_asked_for(
        self, services: Services, stated: str
    ) -> None:
        hold(services, other_debts=1900)
        outcome = say(said("说错了，车贷结清了", "correct_detail"), READ_BACK)
        assert outcome.said == ["utter_part_ended"] and outcome.slots["other_debts"] is None
        assert recorded(services)["other_debts"] == 190_000

    def test_a_question_about_it_changes_nothing(self, services: Services, stated: str) -> None:
        hold(services, other_debts=1900)
        say(said("车贷结清了还用算吗？说错了怎么办", "correct_detail"), READ_BACK)
        assert recorded(services)["other_debts"] == 190_000


@pytest.mark.parametrize(
    ("text", "living"),
    [
        ("food 300 bus 80 phone bill 30, call it 420", 42_000),
        ("吃饭八百，交通两百，就按一千算", 100_000),
        ("food 400, bus let's say 100", 50_000),
    ],
)
@pytest.mark.parametrize("asks", ["living_costs", "housing"])
def test_a_rounded_sum_is_none_of_the_list(
    services: Services, verified: Person, text: str, living: int, asks: str
) -> None:
    say(said(text), asks)
    assert recorded(services)["living_costs"] == living


def test_what_is_left_after_the_rent_is_no_rent(services: Services, verified: Person) -> None:
    outcome = say(said("工资扣掉房租剩两千"), "monthly_income")
    assert outcome.said == ["utter_figure_of_several"]
    assert told(services, "monthly_income", "housing") == [None, None]
