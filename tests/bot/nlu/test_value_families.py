"""How each family of expressions is read, one table each; on Tuesday 2026-11-24, ? means: it is asked."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import cn2an
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.values import extract
from bot.nlu.values.labels import WORDS

TUESDAY = date(2026, 11, 24)


def read(message: str) -> list[str]:
    """What a message says, options and phones left out."""
    found = [value for value in extract(message, TUESDAY) if value.kind not in ("option_number", "phone")]
    return [f"{value.kind} {'?' if value.ambiguous else value.value}" for value in found]


def table(rows: dict[str, list[str]]) -> pytest.MarkDecorator:
    """Messages beside what they say."""
    return pytest.mark.parametrize(("message", "meaning"), rows.items())


@table(
    {
        "工资一点五万": ["money 1500000"],
        "one point two million": ["money 120000000"],
        "quarter of a million": ["money 25000000"],
        "4 and a half grand": ["money 450000"],
        "i can pay fivehundred": ["money 50000"],
        "I owe 1 500 to my brother": ["money 150000"],
        "三千零二十块五": ["money 302050"],
        "一百五十块零五毛": ["money 15050"],
    }
)
def test_amounts_spoken_glued_or_grouped(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "一百来块": ["money 10000"],
        "一万多": ["money ?"],
        "200 odd a month": ["money ?"],
        "2000+": ["money ?"],
        "one hundred something a day": ["money ?"],
        "600/700 a month": ["money ?"],
        "one fifty a month": ["money ?"],
    }
)
def test_an_amount_with_more_than_one_reading_is_asked(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@pytest.mark.parametrize(
    "message",
    [
        "案件编号HD-2024-00123",
        "case no. HD-2024-00123",
        "my number is 07700 900123",
        "客服400-820-8820没人接",
        "12315投诉",
        "agent 8821 was rude",
        "我住3楼302",
        "病房302床",
        "my address is 12 Park Road",
        "苹果15，卖了也不值钱",
        "COVID-19 killed my shop",
        "don't call before 10 or after 8",
        "you called at 10 at night",
        "200 of us got laid off",
        "born in 98",
        "我是98年的",
        "宝宝才三个月大",
        "996干了三年被优化",
        "a thousand thanks",
        "3 out of 10",
        "88 下次聊",
        "you called 20 times today",
    ],
)
def test_ids_addresses_hotlines_hours_counts_and_years_are_no_values(message: str) -> None:
    assert read(message) == []


@table(
    {
        "11月20号还过2000了": ["date 2026-11-20", "money 200000"],
        "I paid 2000 on 20 November": ["money 200000", "date 2026-11-20"],
        "i sent 800 on wednesday": ["money 80000", "date 2026-11-18"],
        "I'll have 800 on wednesday": ["money 80000", "date 2026-11-25"],
        "15号那天我已经转过去了": ["date 2026-11-15"],
        "15号发了工资就还": ["date 2026-12-15"],
        "11月20号": ["date ?"],
    }
)
def test_a_day_that_comes_round_is_gone_where_the_clause_tells_of_the_past(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


def test_a_day_to_come_carries_the_earlier_one_for_questions_about_the_past() -> None:
    (found,) = extract("15号", TUESDAY)
    assert found.as_entity()["earlier"] == "2026-11-15"


@table(
    {
        "Fri 4 Dec works": ["date 2026-12-04"],
        "Friday 5 December": ["date ?"],
        "next Friday (4 Dec)": ["date 2026-12-04"],
        "payday is the 25th": ["date 2026-11-25"],
        "start in march? say 1 March": ["date 2027-03-01"],
    }
)
def test_words_for_one_day_make_one_date_and_contradictions_are_asked(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


@table(
    {
        "after Christmas I can pay": ["date ?"],
        "元旦后再说": ["date ?"],
        "正月十五后": ["date ?"],
        "12-5": ["date ?"],
        "12.5还钱": ["date ?"],
        "一个半月后才能恢复": ["date ?"],
        "Friday after next": ["date ?"],
        "two weeks from Friday": ["date 2026-12-11"],
        "a week tomorrow": ["date 2026-12-02"],
        "half a year from now": ["date 2027-05-24"],
        "end of last year": ["date 2025-12-31"],
        "15.12.2026": ["date 2026-12-15"],
    }
)
def test_days_named_by_another_day_or_written_in_unusual_ways(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "俩月没发工资了": ["month_count 2"],
        "给我仨月缓缓": ["month_count 3"],
        "两年零三个月": ["month_count 27"],
        "a year and six months": ["month_count 18"],
        "6 mo break": ["month_count 6"],
        "个把月就能缓过来": ["month_count ?"],
        "半年多了": ["month_count ?"],
        "month and a half": ["month_count ?"],
        "一千五一个月": ["money 150000"],
        "一年就挣三万来块": ["money 3000000"],
    }
)
def test_months_and_years_said_in_everyday_words(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "利息能降五个点吗": ["percentage 5"],
        "三点五个点": ["percentage 3.5"],
        "年利率百分之三点八五": ["percentage 3.85"],
        "half a percent": ["percentage 0.5"],
        "three point eight five percent": ["percentage 3.85"],
        "2/3 of my pay": ["percentage 66.67"],
        "我只能还1/3的利息": ["percentage 33.33"],
        "打对折": ["percentage 50"],
        "24% APR": ["percentage 24"],
        "收入砍了一半多": ["percentage ?"],
        "ten to fifteen percent": ["percentage ?"],
    }
)
def test_shares_said_in_everyday_words(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def in_english(number: int) -> str:
    """A number below a million in words."""
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    unit, name = (100, "hundred") if number < 1000 else (1000, "thousand")
    rest = number % unit
    joint = " and " if rest < 100 else " "
    return f"{in_english(number // unit)} {name}" + (joint + in_english(rest) if rest else "")


SENTENCES = st.sampled_from(
    ["我每个月能还{}", "最多{}", "房租{}，别的没有", "收入{}左右", "I can pay {} a month", "{} is all I have"]
)


@given(st.integers(min_value=100, max_value=999_999), SENTENCES)
def test_a_number_in_any_writing_is_read_exactly(yuan: int, sentence: str) -> None:
    spoken = cn2an.an2cn(yuan)
    writings = [spoken, f"{spoken}块钱", cn2an.an2cn(yuan, "rmb"), f"{yuan:,}", f"¥{yuan}", f"{yuan}.00元"]
    for writing in [*writings, in_english(yuan), in_english(yuan).replace("-", " "), f"RMB {yuan}"]:
        assert read(sentence.format(writing)) == [f"money {yuan * 100}"], writing


@given(st.integers(min_value=1, max_value=99), st.integers(min_value=1, max_value=9), SENTENCES)
def test_the_short_ways_to_say_ten_thousands_are_read_exactly(whole: int, tenth: int, sentence: str) -> None:
    meant = f"money {(whole * 10_000 + tenth * 1000) * 100}"
    decimal = Decimal(whole) + Decimal(tenth) / 10
    for writing in (
        f"{whole}万{tenth}",
        f"{whole}w{tenth}",
        f"{decimal}万",
        f"{decimal}w",
        f"{decimal * 10} grand",
    ):
        assert read(sentence.format(writing)) == [meant], writing


def test_a_very_long_message_is_read_to_its_end() -> None:
    message = "我真的很难。" * 400 + "每个月最多还800元"
    assert read(message) == ["money 80000"]
    (found,) = extract(message, TUESDAY)
    assert message[found.start : found.end] == "800元"


@pytest.mark.parametrize("piece", ["1,", "1 ", "1 000 ", "一", "138 ", "9", "15号", "1-"])
def test_a_heap_of_digits_breaks_nothing(piece: str) -> None:
    assert all(value.end <= 2000 for value in extract((piece * 2000)[:2000], TUESDAY))


@table(
    {
        "分 6 期": ["month_count 6"],
        "12 月 5 号还": ["date 2026-12-05"],
        "停 3 个月": ["month_count 3"],
        "这个friday可以pay 500": ["date 2026-11-27", "money 50000"],
    }
)
def test_chinese_written_with_gaps_or_mixed_with_english(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "2.5 lakhs": ["money 25000000"],
        "1,20,000": ["money 12000000"],
        "1'200 yuan": ["money ?"],
        "12,34,000 is the loan": ["money 123400000"],
        "45 thousand rupees": ["money 4500000"],
        "three quarters of a million": ["money ?"],
        "a thousand and change": ["money ?"],
        "港币两万": ["money 2000000"],
        "千儿八百的": ["money ?"],
    }
)
def test_groupings_and_currencies_of_elsewhere_are_read_whole_or_asked(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


@table(
    {
        "月息一分五": ["percentage 1.5"],
        "两分利": ["percentage ?"],
        "四成五": ["percentage 45"],
        "三成多": ["percentage ?"],
        "七八折": ["percentage ?"],
        "from 24% to 12%": ["percentage 24", "percentage 12"],
        "more than half": ["percentage ?"],
        "50/50 chance": [],
    }
)
def test_shares_as_people_say_them(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "the Friday after payday": ["date ?"],
        "两个月后的15号": ["date 2027-01-15"],
        "明后天": ["date ?"],
        "new years eve": ["date 2026-12-31"],
        "账单日是18": ["date 2026-12-18"],
    }
)
def test_days_named_by_another_day(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "血压180": [],
        "肺癌三期": [],
        "坐38路公交": [],
        "住三单元502": [],
        "loan no 88400213": [],
        "hours cut from 40 to 20": [],
        "I drive a 2015 Toyota": [],
        "401k is gone": [],
        "(415) 555-2671 is my cell": [],
    }
)
def test_readings_routes_stages_and_models_are_no_amounts(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "刚好2000": ["money 200000"],
        "最好1000": ["money 100000"],
        "身上就三百块": ["money 30000"],
        "在5000到6000之间": ["money ?"],
        "well over 2,000": ["money ?"],
        "my hours got cut so I'm down to 1,300": ["money 130000"],
    }
)
def test_words_beside_an_amount_do_not_change_it_unless_they_blur_it(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


@table(
    {
        "一个季度交一次": [],
        "every three months": [],
        "宝宝八个月了": [],
        "four months pregnant": [],
        "三五天后": ["date ?"],
        "周五周六": ["date 2026-11-27", "date 2026-11-28"],
        "下周六日": ["date ?"],
        "国庆节前欠的": ["date ?"],
    }
)
def test_rhythms_and_babies_are_no_month_counts_and_days_in_pairs_are_kept(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


@table(
    {
        "押金800房东扣了": ["money 80000"],
        "住302房": [],
        "饭费就五十": ["money 5000"],
        "一期还460": ["money 46000"],
        "第一期还460": ["money 46000"],
        "3号房租到期": ["date 2026-12-03"],
        "3号房": [],
    }
)
def test_a_word_that_only_begins_like_a_measure_takes_no_number(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


LABELLED = yaml.safe_load(WORDS.read_text(encoding="utf-8"))


@pytest.mark.parametrize("family", ["labels", "measures"])
@given(number=st.integers(min_value=10, max_value=9_999))
def test_a_number_behind_a_word_that_labels_it_is_never_money(family: str, number: int) -> None:
    english = [f"my {name} {number}, ok" for name in LABELLED[family]["en"]]
    chinese = [f"{name}{number}，对吗" for name in LABELLED[family]["zh"]]
    for message in english + chinese:
        assert not any(said.startswith("money") for said in read(message)), message


@pytest.mark.parametrize("family", ["labels", "measures"])
def test_behind_such_a_word_a_number_with_its_currency_stays_money(family: str) -> None:
    for name in LABELLED[family]["en"]:
        assert read(f"{name} 350 yuan") == ["money 35000"], name
    for name in LABELLED[family]["zh"]:
        assert read(f"{name}350元") == ["money 35000"], name


@table(
    {
        "I end the month at -500": ["money ?"],
        "my balance is -¥1,200": ["money ?"],
        "I'm minus 200": ["money ?"],
        "余额负三百": ["money ?"],
        "4,000 wages, minus 1,450 rent": ["money 400000", "money 145000"],
        "房租-2500": ["money 250000"],
        "工资减了300": ["money 30000"],
        "cut by 300": ["money 30000"],
    }
)
def test_an_amount_below_zero_is_asked_and_a_cut_is_its_amount(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "last winter": ["date ?"],
        "back in the spring": ["date ?"],
        "earlier this year": ["date ?"],
        "since last summer I get 500 less": ["date ?", "money 50000"],
        "spring rolls 300": ["money 30000"],
        "入冬以后": ["date ?"],
        "今年上半年就开始了": ["date ?"],
        "去年冬天": ["date ?"],
        "冬天的货卖不动": [],
    }
)
def test_a_season_names_no_day_and_is_asked(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "six weeks": ["date 2027-01-05"],
        "past two weeks": ["date 2026-11-10"],
        "it's been ten days": ["date 2026-11-14"],
        "三个礼拜": ["date 2026-12-15"],
        "大概三个礼拜了": ["date 2026-11-03"],
        "three weeks of leave": [],
    }
)
def test_weeks_alone_are_the_day_they_lead_to_or_go_back_to(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


def test_weeks_alone_carry_the_day_gone_for_questions_about_the_past() -> None:
    (value,) = extract("six weeks", TUESDAY)
    assert value.earlier == "2026-10-13"


@table(
    {
        "600 food, 150 bus, 200 bills": ["money 60000", "money 15000", "money 20000"],
        "food 600, bus 80": ["money 60000", "money 8000"],
        "600 on food and 150 on the bus": ["money 60000", "money 15000"],
        "吃饭800，电话100": ["money 80000", "money 10000"],
        "bus 42": [],
        "call room 305, phone 8801": [],
        "电话10086，吃饭800": ["money 80000"],
    }
)
def test_in_a_list_of_spendings_a_number_is_a_price_and_no_name(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "11月底": ["date 2026-11-30"],
        "end of November": ["date 2026-11-30"],
        "12月底": ["date 2026-12-31"],
        "九月底": ["date ?"],
        "since the end of September": ["date 2026-09-30"],
    }
)
def test_the_end_of_a_month_is_the_next_to_come_and_asked_when_one_has_just_gone(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


@table({"跟公婆住一块": [], "挤在一块儿": [], "一块五": ["money 150"]})
def test_living_together_is_no_coin(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "rent's six fifty": ["money ?"],
        "seventeen fifty is my wage": ["money ?"],
        "about sixty for gas": ["money 6000"],
        "electric forty": ["money 4000"],
        "生活费一天四五十": ["money ?"],
        "the late fee was 6.40": ["money 640"],
        "利率3.85": ["percentage ?"],
        "我先还五十，其他的月底": ["money 5000", "date 2026-11-30"],
        "我先还十天": [],
        "a tenner a week": ["money 1000"],
    }
)
def test_a_number_in_words_is_money_where_what_is_paid_stands_beside_it(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


@table(
    {
        "打工的时候一月六七千": ["money ?"],
        "每月15日之后扣款": ["date 2026-12-15"],
        "15日之后还": ["date 2026-12-09"],
        "一期一期来，每期六百六": ["money 66000"],
        "6 instalments, not 12": ["month_count 6"],
        "one hundred percent of my wage": ["percentage 100"],
        "I could stretch to six fifty": ["money ?"],
        "十月十号车祸": ["date 2026-10-10"],
        "I was in an accident on October 10th": ["date 2026-10-10"],
    }
)
def test_months_and_instalments_are_told_from_days_and_amounts(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "8月6号查出来的病": ["date 2026-08-06"],
        "I was diagnosed on 6 August": ["date 2026-08-06"],
        "8月6号之前还清": ["date 2027-08-06"],
        "I will clear it by 6 August": ["date 2027-08-06"],
        "8月6号": ["date 2026-08-06"],
        "6 August": ["date 2026-08-06"],
        "5月6号": ["date ?"],
        "6 May": ["date ?"],
        "2月6号": ["date 2027-02-06"],
        "2月6号签的合同": ["date 2026-02-06"],
        "the 6th of January this year": ["date 2026-01-06"],
        "10 April next year": ["date 2027-04-10"],
    }
)
def test_a_day_of_the_year_goes_by_the_words_beside_it_or_else_by_which_is_nearer(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning
