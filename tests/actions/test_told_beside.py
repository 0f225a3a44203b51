"""What is told beside the question: the end for the beginning, a wage of others, a change, a part."""

from __future__ import annotations

from typing import Any

import pytest

from actions.causes import ActionReportHardship
from actions.hardship import ValidateHardshipForm
from actions.services import Services
from tests.actions.helpers import Outcome, Said, answer, learnt, run, tracker
from tests.actions.test_hardship import recorded
from tests.actions.told_beside import said
from tests.conversations.people import Person


def say(message: Said, asks: str, *before: Said, **slots: object) -> Outcome:
    """Answer a question of the hardship form, after these messages."""
    conversation = tracker(
        message,
        form="hardship_form",
        asks=asks,
        before=[each.as_event() for each in before],
        detail_consent="given",
        **slots,
    )
    return run(ValidateHardshipForm(), conversation)


class TestBeginningAndEnd:
    """A day that is named when it is asked since when."""

    @pytest.mark.parametrize(
        "text",
        ["Doctors say full time by February", "should be better by march", "估计3月能上班"],
    )
    def test_tells_when_it_ends_and_is_asked_again(
        self, services: Services, verified: Person, text: str
    ) -> None:
        outcome = say(said(text), "hardship_since")
        assert "since" not in recorded(services) and recorded(services)["lasting"] is False
        assert outcome.slots["hardship_since"] is None and outcome.said == ["utter_situation_noted"]

    @pytest.mark.parametrize("text", ["in March", "八月份吧", "since october i think"])
    def test_names_a_month_alone_which_is_the_beginning(
        self, services: Services, verified: Person, text: str
    ) -> None:
        say(said(text), "hardship_since")
        assert str(recorded(services)["since"]).startswith("2026-")

    def test_tells_both_and_the_end_is_no_beginning(self, services: Services, verified: Person) -> None:
        say(said("it started in august and I should be fine by february"), "hardship_since")
        assert str(recorded(services)["since"]).startswith("2026-08")

    def test_tells_the_end_beside_the_cause(self, services: Services, verified: Person) -> None:
        outcome = say(said("broke my leg, should be back by february", "hardship_illness"), "hardship_cause")
        assert "since" not in recorded(services) and "hardship_since" not in outcome.slots


class TestIncomeOfOthers:
    """What a husband or a wife earns."""

    @pytest.mark.parametrize("text", ["my wife brings in 1100", "还有我老婆工资1100", "我媳妇工资1100"])
    def test_is_added_to_ones_own(self, services: Services, verified: Person, text: str) -> None:
        say(said("4000"), "monthly_income")
        outcome = say(said(text), "housing")
        assert recorded(services)["monthly_income"] == 510_000 and "housing" not in recorded(services)
        assert outcome.said == ["utter_others_income_added"] and outcome.slots["housing"] is None

    def test_is_not_added_twice(self, services: Services, verified: Person) -> None:
        message = said("my wife brings in 1100")
        say(said("4000"), "monthly_income")
        say(message, "housing")
        outcome = say(message, "housing", message)
        assert outcome.said == ["utter_others_income_counted"]
        assert recorded(services)["monthly_income"] == 510_000

    def test_alone_is_not_taken_for_ones_own(self, services: Services, verified: Person) -> None:
        outcome = say(said("my husband earns 3500"), "monthly_income")
        assert outcome.said == ["utter_others_income_first"] and "monthly_income" not in recorded(services)

    def test_ones_own_after_words_about_them_is_ones_own(self, services: Services, verified: Person) -> None:
        say(said("老公不上班，我一个月三千"), "monthly_income")
        assert recorded(services)["monthly_income"] == 300_000

    def test_what_a_child_takes_is_spent(self, services: Services, verified: Person) -> None:
        scores = learnt("monthly_income", "amount", 0.9) | learnt("living_costs", "amount", 0.8)
        message = said("孩子每个月1000", answers=scores)
        say(message, "living_costs")
        assert recorded(services)["living_costs"] == 100_000

    @pytest.mark.parametrize("asks", ["housing", "other_debts"])
    def test_without_a_word_for_income_is_no_spending(
        self, services: Services, verified: Person, asks: str
    ) -> None:
        scores = learnt("monthly_income", "amount", 1.9) | learnt("housing", "amount", 0.6)
        say(said("4000"), "monthly_income")
        outcome = say(said("老公那边一个月四千五", answers=scores), asks)
        assert outcome.said == ["utter_others_income_added"] and asks not in recorded(services)
        assert recorded(services)["monthly_income"] == 850_000

    def test_corrected_is_asked_for_altogether(self, services: Services, verified: Person) -> None:
        say(said("4000"), "monthly_income")
        outcome = say(said("no wait, my wife earns 3000", "correct_detail"), "housing")
        assert outcome.said == ["utter_others_income_corrected"]
        assert recorded(services)["monthly_income"] == 400_000


class TestChanges:
    """By how much a figure changed, and a part of what was told as a list."""

    @pytest.mark.parametrize("text", ["工资少了两千", "my wages went down by 2000"])
    def test_a_difference_is_no_income(self, services: Services, stated: str, text: str) -> None:
        before = recorded(services)["monthly_income"]
        outcome = say(said(text, "hardship_reduced_income"), "statement_confirmed")
        assert outcome.said == ["utter_unclear_difference"] and outcome.slots["monthly_income"] is None
        assert recorded(services)["monthly_income"] == before

    def test_a_difference_is_asked_about_at_once(self, services: Services, verified: Person) -> None:
        outcome = say(said("少了两千"), "monthly_income")
        assert outcome.said == ["utter_unclear_difference"] and "monthly_income" not in recorded(services)

    def test_what_is_taken_off_before_it_comes_in_is_no_difference(
        self, services: Services, verified: Person
    ) -> None:
        say(said("扣了社保到手4000"), "monthly_income")
        assert recorded(services)["monthly_income"] == 400_000

    def test_what_was_before_is_left_out(self, services: Services, verified: Person) -> None:
        say(said("I get about 1800 a month now. Before it was 3400", "counter_offer"), "monthly_income")
        assert recorded(services)["monthly_income"] == 180_000

    def test_corrects_one_of_several_and_the_others_stay(self, services: Services, stated: str) -> None:
        listed = said("credit card 60 and a car loan 150 a month")
        say(listed, "other_debts")
        assert recorded(services)["other_debts"] == 21_000
        say(said("no wait the car loan is 180", "correct_detail"), "statement_confirmed", listed)
        assert recorded(services)["other_debts"] == 24_000

    @pytest.mark.parametrize("text", ["3900 a month now, before that 5200", "现在三千九，以前五千二"])
    def test_tells_both_early_and_it_is_no_wish(
        self, services: Services, verified: Person, text: str
    ) -> None:
        outcome = say(said(text, "counter_offer"), "hardship_purpose")
        assert recorded(services)["monthly_income"] == 390_000 and outcome.said == ["utter_figure_noted"]

    def test_a_mere_yes_is_not_zero(self, services: Services, verified: Person) -> None:
        say(said("yep", "affirm", answers=learnt("monthly_income", "none", 0.8)), "monthly_income")
        assert "monthly_income" not in recorded(services)

    def test_asks_to_pay_so_much_and_it_is_no_income(self, services: Services, verified: Person) -> None:
        outcome = say(said("那每个月800可以吗", "counter_offer"), "monthly_income")
        assert "monthly_income" not in recorded(services) and outcome.events == []

    def test_names_a_month_as_a_whole_and_its_first_day_is_kept(
        self, services: Services, verified: Person
    ) -> None:
        say(said("今年5月"), "hardship_since")
        assert recorded(services)["since"] == "2026-05-01"


class TestPurpose:
    """Whether it is about the household, where what was told makes it plain."""

    def test_tells_wages_and_is_not_asked_again(self, services: Services, verified: Person) -> None:
        message = said("工资以前八千,现在领失业金3900", "hardship_reduced_income")
        outcome = say(message, "hardship_purpose")
        assert recorded(services)["monthly_income"] == 390_000 and recorded(services)["business"] is False
        assert outcome.slots["hardship_purpose"] == "given"

    def test_names_a_shop_and_wages_and_is_asked(self, services: Services, verified: Person) -> None:
        message = said(
            "my shop is doing fine its just my wages",
            "hardship_business_downturn",
            answers=learnt("hardship_purpose", "business", 1.0),
        )
        say(message, "hardship_purpose")
        assert "business" not in recorded(services)


def test_what_a_card_takes_is_noted_though_debts_are_a_cause(services: Services, verified: Person) -> None:
    say(said("厂子黄了", "hardship_job_loss"), "hardship_cause")
    say(said("信用卡还欠着,一个月最低还四百来块", "hardship_overindebted"), "hardship_purpose")
    assert recorded(services)["other_debts"] == 40000


class TestWithAQuestion:
    """A message that answers the open question and asks one of its own."""

    def test_is_answered_and_what_was_told_is_kept(self, services: Services, verified: Person) -> None:
        text = "Back on shifts by spring, so it's temporary. Will asking for help show on my credit record?"
        outcome = say(said(text, "ask_credit_record"), "hardship_duration")
        assert outcome.events == [] and recorded(services)["lasting"] is False

    def test_asks_about_it_and_tells_nothing(self, services: Services, verified: Person) -> None:
        outcome = say(said("is it a problem if it's temporary?", "ask_consequences"), "hardship_duration")
        assert outcome.events == [] and "lasting" not in recorded(services)

    def test_tells_the_purpose_in_another_sentence(self, services: Services, verified: Person) -> None:
        text = "家里过日子用的 这事会上征信吗"
        outcome = say(said(text, "ask_credit_record"), "hardship_purpose")
        assert outcome.events == [] and recorded(services)["business"] is False


def test_two_amounts_of_different_fields_are_no_sum_of_one(services: Services, verified: Person) -> None:
    text = "Food, bus, dad's medicine... roughly 1,300? And one credit card, I pay 250 a month on that."
    say(said(text, "correct_detail"), "hardship_duration")
    assert recorded(services)["other_debts"] == 25_000


def test_a_manner_of_speaking_in_a_list_drops_nothing_of_it(services: Services, verified: Person) -> None:
    say(said("food 400, bus let's say 100"), "living_costs")
    assert recorded(services)["living_costs"] == 50000


def test_names_the_amount_to_reckon_with_and_that_one_counts(services: Services, verified: Person) -> None:
    say(said("到手一个月五千左右吧 旺季能有八千 你按五千算"), "monthly_income")
    assert recorded(services)["monthly_income"] == 500000


def test_figures_before_the_consent_are_heard_and_not_kept(services: Services) -> None:
    message = said("I lost my job, I make 1200 from gigs and rent is 600", "hardship_job_loss")
    outcome = run(ActionReportHardship(), tracker(message))
    assert outcome.said == ["utter_heard_job_loss", "utter_figures_wait"]
    assert "monthly_income" not in recorded(services)


def test_cannot_tell_how_long_and_is_not_taken_for_in_danger(services: Services, verified: Person) -> None:
    doubtful: dict[str, Any] = {"care": "self_harm", "danger_is_doubtful": True}
    message = said("i wish i knew", "express_self_harm")
    message.read = {**message.as_event()["parse_data"], **doubtful}
    outcome = answer(ValidateHardshipForm(), message, "hardship_duration", detail_consent="given")
    assert outcome.slots["hardship_duration"] == "given"


def test_danger_beside_such_words_stays_danger(services: Services, verified: Person) -> None:
    doubtful: dict[str, Any] = {"care": "self_harm", "danger_is_doubtful": True}
    message = said("no idea how much longer i can do this", "express_self_harm")
    message.read = {**message.as_event()["parse_data"], **doubtful}
    outcome = answer(ValidateHardshipForm(), message, "hardship_duration", detail_consent="given")
    assert outcome.events == []


class TestAmountAndQuestion:
    """An amount that comes with a question, or is none of the statement's."""

    @pytest.mark.parametrize("text", ["差不多3200吧，我单位会知道吗？", "about 3200, will you tell my boss?"])
    def test_is_kept_and_the_question_answered(self, services: Services, verified: Person, text: str) -> None:
        asks = said(text, read={"small_question": {"topic": "secrecy", "score": 1.4}})
        outcome = say(asks, "monthly_income")
        assert outcome.said[0] == "utter_kept_secret"
        assert recorded(services)["monthly_income"] == 320_000
        assert outcome.slots["monthly_income"] == "given"

    @pytest.mark.parametrize("text", ["I can pay 450 today", "今天我能先还450"])
    @pytest.mark.parametrize("asks", ["hardship_duration", "hardship_purpose"])
    def test_what_can_be_paid_is_a_wish(
        self, services: Services, verified: Person, text: str, asks: str
    ) -> None:
        outcome = say(said(text), asks)
        assert outcome.said == ["utter_wish_noted"] and outcome.slots[asks] is None
        assert recorded(services)["wish"]["lump_sum"] == 45_000

    @pytest.mark.parametrize(
        "text", ["慢慢还二百五嘛", "每月六百以内我还得起", "600 a month is what I can manage"]
    )
    def test_what_would_be_paid_is_no_income(self, services: Services, verified: Person, text: str) -> None:
        outcome = say(said(text, "counter_offer"), "monthly_income")
        assert "monthly_income" not in recorded(services) and "monthly_income" not in outcome.slots

    def test_so_much_from_a_month_on_is_no_beginning(self, services: Services, verified: Person) -> None:
        say(said("900 would work from January", "counter_offer"), "hardship_since")
        assert "since" not in recorded(services)

    def test_a_long_plan_for_so_much_is_no_beginning(self, services: Services, verified: Person) -> None:
        outcome = say(said("four years would be best, 400 at most"), "hardship_since")
        assert "since" not in recorded(services) and outcome.said == ["utter_wish_noted"]


class TestPartsOfTheLivingCosts:
    """A spending told after the whole."""

    def test_a_new_one_is_asked_about_and_takes_no_place(self, services: Services, verified: Person) -> None:
        say(said("2400 in all"), "living_costs")
        outcome = say(said("nursery is 300 a month", "correct_detail"), "other_debts")
        assert recorded(services)["living_costs"] == 240_000 and outcome.said == ["utter_is_it_counted"]

    def test_an_amount_before_the_list_is_none_of_it(self, services: Services, verified: Person) -> None:
        say(said("put 950 then. food 700, bus 60", "correct_detail"), "hardship_duration")
        assert "living_costs" not in recorded(services)

    def test_a_list_with_a_word_for_each_is_added_up(self, services: Services, verified: Person) -> None:
        say(said("吃饭交通1800，社保900，宽带100", "counter_offer"), "hardship_duration")
        assert recorded(services)["living_costs"] == 280_000


class TestCauseAndFigures:
    """What happened, told with what it did to the income."""

    @pytest.mark.parametrize(
        "text",
        ["从九千五降到六千，八月份的事", "they put us on short hours in August, used to be 9500, now 6000"],
    )
    def test_all_of_it_is_kept(self, services: Services, verified: Person, text: str) -> None:
        outcome = say(said(text, "hardship_reduced_income"), "hardship_cause")
        told = recorded(services)
        assert told["cause"] == "reduced_income" and told["monthly_income"] == 600_000
        assert str(told["since"]).startswith("2026-08") and outcome.slots["hardship_cause"] == "given"


class TestAcceptingTooEarly:
    """There is no plan yet: nothing is agreed by a yes to one."""

    @pytest.mark.parametrize(
        "text",
        [
            "行吧 就停两个月这个 我同意",
            "可以可以就按这个来我同意的",
            "ok do the pause one. yes i agree",
            "yeah go on then, that one's fine. I accept",
            "I'll take the cheapest one",
        ],
    )
    @pytest.mark.parametrize("question", ["hardship_since", "living_costs", "hardship_cause"])
    def test_hears_that_nothing_was_agreed_and_what_is_needed(
        self, services: Services, verified: Person, text: str, question: str
    ) -> None:
        outcome = say(said(text, "accept_offer"), question)
        assert outcome.said[0] == "utter_no_plan_to_accept" and outcome.slots[question] is None
        assert "每月收入" in outcome.messages[0]["needed"]

    def test_the_plan_that_was_named_is_kept_as_a_wish(self, services: Services, verified: Person) -> None:
        outcome = say(said("行吧 就停两个月这个 我同意", "accept_offer"), "hardship_since")
        assert outcome.said == ["utter_no_plan_to_accept", "utter_wish_noted"]
        assert outcome.slots["wanted_kind"] == "payment_holiday"

    def test_a_yes_to_the_figures_read_back_is_one(self, services: Services, stated: str) -> None:
        outcome = say(said("就按这个来，我同意", "accept_offer"), "statement_confirmed")
        assert outcome.slots["statement_confirmed"] is not None


class TestReadBack:
    """ "The figures are correct" is near a dispute in its letters."""

    @pytest.mark.parametrize("text", ["The figures are correct", "those figures are right", "这几个数是对的"])
    def test_is_confirmed(self, services: Services, stated: str, text: str) -> None:
        message = said(text, "dispute_debt", read={"answers": learnt("statement_confirmed", "right", 1.9)})
        assert say(message, "statement_confirmed").slots["statement_confirmed"] is not None

    @pytest.mark.parametrize(
        ("text", "learnt_as"),
        [
            ("the loan figures are wrong", "wrong"),
            ("the figures are not correct", "right"),
            ("不是我的", "right"),
        ],
    )
    def test_a_dispute_is_one(self, services: Services, stated: str, text: str, learnt_as: str) -> None:
        message = said(text, "dispute_debt", read={"answers": learnt("statement_confirmed", learnt_as, 1.9)})
        assert not say(message, "statement_confirmed").slots.get("statement_confirmed")


class TestLessNowAndMoreLater:
    """A wish for lower instalments first, and neither an end of the trouble nor a question of paying more."""

    def test_not_understood_it_is_noted(self, services: Services, verified: Person) -> None:
        text = "能不能平时少交一点等明年十一月份卖了果子再多还"
        message = said(text, ranking={"counter_offer": 0.59, "request_lower_instalments": 0.16})
        outcome = say(message, "hardship_since")
        assert outcome.said == ["utter_wish_noted"] and outcome.slots["wanted_kind"] == "step_up"
        assert "since" not in recorded(services)

    def test_understood_it_is_left_to_its_rule(self, services: Services, verified: Person) -> None:
        text = "Could we do smaller payments til January then go back to normal"
        outcome = say(said(text, "request_lower_instalments"), "living_costs")
        assert outcome.said == [] and "lasting" not in recorded(services)
