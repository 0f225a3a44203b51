"""What looks like an amount and is none, and amounts that are easily read too large or too small."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.values import extract
from tests.bot.nlu.test_value_families import TUESDAY, read, table


def nothing_in(*messages: str) -> pytest.MarkDecorator:
    """Messages in which no value is read."""
    return pytest.mark.parametrize("message", messages)


@nothing_in(
    "sold my toyota corolla 2012",
    "I drive a ford focus 2014, it needs a new gearbox",
    "the honda civic 09 plate",
    "宝马320卖了还债",
    "oppo a72用了四年",
    "二手4k电视",
    "my samsung s22 screen broke",
    "the app is on 7.2.1 and keeps crashing",
)
def test_a_model_or_version_is_no_amount(message: str) -> None:
    assert read(message) == []


@nothing_in(
    "text me at 555 0134",
    "the number is 98 76 54 32 10",
    "my aadhaar is 4321 8765 0987",
    "NI number QQ 12 34 56 C",
    "iban GB29 NWBK 6016 1331 9268 19",
    "座机6688 9900",
    "借据号778123",
    "房间号2203",
    "my licence plate is 4471",
    "my badge number is 2210",
    "queue position 34",
    "flight ba 249",
    "agreement 800123",
    "po box 221",
    "store 4471 is closing",
    "my till number was 18",
    "b座1804",
)
def test_a_number_said_in_pieces_or_behind_its_name_is_no_amount(message: str) -> None:
    assert read(message) == []


@nothing_in(
    "手机内存128g",
    "it's 25C in here",
    "39°c",
    "今天38℃",
    "a 300m walk",
    "16 gb of data",
    "my room is 12 by 10",
    "minus 14 in the house",
    "fico 590",
    "sugar level 14.2",
    "水温60",
    "rate your chat 4/5",
    "10/10 service",
    "90+ days",
    "2000 bricks still unpaid",
    "ran 5k for charity",
    "I smoke 20 a day",
    "I weigh 90",
    "B&Q laid off 40",
)
def test_what_is_measured_scored_or_counted_is_no_amount(message: str) -> None:
    assert not [said for said in read(message) if not said.startswith("date 2026-11-24")]


@nothing_in(
    "he is 64 and disabled",
    "my dad (81) lives with us",
    "kids aged 4, 7 and 11",
    "3 kids: 4, 6 and 9",
    "my boy is twelve",
    "at 62 nobody hires me",
    "I've worked since I was 16",
    "闺女18了",
    "三个孩子,大的12小的5",
    "35+没人要",
    "我今年52",
    "twenty years of marriage",
    "结婚20年",
    "养了6年的狗",
    "24年失业的",
    "the 2008 crash ruined me",
)
def test_an_age_or_a_year_is_no_amount_and_no_term(message: str) -> None:
    assert read(message) == []


@nothing_in(
    "at 1730 I finish",
    "I work 9-5",
    "mon-fri 9-5.30",
    "I work monday to friday",
    "周一到周五上班",
    "一日三餐",
    "双12",
    "618买多了",
    "315曝光你们",
    "1024程序员节",
    "排名前10",
)
def test_hours_of_work_and_days_of_shopping_are_no_values(message: str) -> None:
    assert read(message) == []


@table(
    {
        "150 200 a month": ["money ?"],
        "1500 2000 a month": ["money ?"],
        "80 100 a month": ["money ?"],
        "12 500 is owed": ["money 1250000"],
        "20 25 quid a week": ["money ?"],
        "12 50 a month": ["money ?"],
        "1k 500": ["money ?"],
        "3、4千": ["money ?"],
        "between 80 and a hundred": ["money ?"],
        "一千不到两千": ["money ?"],
        "5000块出头": ["money ?"],
        "coupla hundred": ["money ?"],
        "三、四千": ["money ?"],
        "三、五百": ["money ?"],
        "八千一万": ["money ?"],
        "八千一百万": ["money 8100000000"],
        "五千冒头": ["money ?"],
        "①房租1800②水电300": ["money 180000", "money 30000"],
        "1000三个月": ["money 100000", "month_count 3"],
        "my loan is 250 000": ["money 25000000"],
        "1 200 a month": ["money 120000"],
        "rent 900 300 food": ["money 90000", "money 30000"],
    }
)
def test_two_figures_side_by_side_are_asked_unless_they_are_one_number(
    message: str, meaning: list[str]
) -> None:
    assert read(message) == meaning


@given(st.integers(100, 999), st.integers(100, 999), st.sampled_from(["I can pay {} {}", "{} {} a month"]))
def test_hundreds_side_by_side_never_make_a_sum_of_hundred_thousands(one: int, other: int, said: str) -> None:
    clear = [value.value for value in extract(said.format(one, other), TUESDAY) if not value.ambiguous]
    assert all(int(str(value)) <= 999_00 for value in clear if value)


@table(
    {
        "1.200,50": ["money 120050"],
        "1.200.000": ["money 120000000"],
        "R1 500,00": ["money 150000"],
        "1,20,000": ["money 12000000"],
        "12,50": ["money ?"],
        "1,250,00": ["money ?"],
        "1,2500": ["money ?"],
        "1250.755": ["money ?"],
        "2,5k": ["money ?"],
        "吃饭800，300交通": ["money 80000", "money 30000"],
        "1，200": ["money 120000"],
        "2OO pounds": ["money 20000"],
    }
)
def test_commas_and_points_are_read_whole_or_asked(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "2 lakh 40": ["money ?"],
        "2 lakh 40 thousand": ["money 24000000"],
        "2 lakh and 40 thousand": ["money 24000000"],
        "1 lakh 50k": ["money 15000000"],
        "1.5 lakh and 90,000 went": ["money 15000000", "money 9000000"],
        "12 lac": ["money 120000000"],
        "5lakhs": ["money 50000000"],
        "2 wan": ["money 2000000"],
        "two thousand two": ["money ?"],
        "two thousand and two": ["money 200200"],
        "1½ thousand": ["money 150000"],
        "12hundred": ["money 120000"],
        "hundred fifty a month": ["money 15000"],
        "twentyfive a week": ["money 2500"],
        "one hundred an twenty a month": ["money 12000"],
        "借了三笔，一笔5000两笔3000": ["money 500000", "money 300000"],
    }
)
def test_scales_of_elsewhere_and_numbers_cut_short(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "50p in the meter": ["money 50"],
        "half k": ["money 50000"],
        "£1m": ["money ?"],
        "a $1.2m house": ["money ?"],
        "two-and-a-half k": ["money 250000"],
        "50p in the pound": [],
        "four pounds fifty": ["money 450"],
        "4 pounds 50": ["money 450"],
        "£4 50": ["money ?"],
        "400 yuan 50 for food": ["money 40000", "money 5000"],
        "two tenners": ["money 2000"],
        "earn 9.80 an hour": ["money 980"],
        "you'll get one": [],
        "壹仟元伍角陆分": ["money 100056"],
        "rent 900+food 300": ["money 90000", "money 30000"],
        "房租1200+水电300": ["money 120000", "money 30000"],
        "2000+": ["money ?"],
        "a 7,400 job": ["money 740000"],
        "a 1200 order and never paid": ["money 120000"],
        "3 orders": [],
    }
)
def test_small_change_lists_and_prices(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@pytest.mark.parametrize(
    ("message", "currency"),
    [
        ("fifty quid", "GBP"),
        ("AUD 420 a fortnight", "AUD"),
        ("A$300", "AUD"),
        ("640 US dollars", "USD"),
        ("GBP450", "GBP"),
        ("RM1200", "MYR"),
        ("Rs.500", "INR"),
        ("500新币", "SGD"),
        ("两万台币", "TWD"),
        ("1000澳币", "AUD"),
        ("800欧", "EUR"),
        ("600rmb一个月", "CNY"),
        ("30 bucks", None),
    ],
)
def test_a_currency_is_known_by_what_people_call_it(message: str, currency: str | None) -> None:
    assert [value.currency for value in extract(message, TUESDAY)] == [currency]


@table(
    {
        "wensday": ["date 2026-11-25"],
        "on thrusday": ["date 2026-11-26"],
        "decemeber 22nd": ["date 2026-12-22"],
        "febuary 10": ["date 2027-02-10"],
        "tommorow": ["date 2026-11-25"],
        "eom": ["date 2026-11-30"],
        "six hundrd": ["money 60000"],
        "30.11.26": ["date 2026-11-30"],
        "nov30": ["date 2026-11-30"],
        "5dec": ["date 2026-12-05"],
        "on the 5": ["date 2026-12-05"],
        "the 30 th": ["date 2026-11-30"],
        "12-5号": ["date 2026-12-05"],
        "廿五号": ["date 2026-11-25"],
        "a fortnight today": ["date 2026-12-08"],
        "本月25": ["date ?"],
        "周五300": ["date 2026-11-27", "money 30000"],
        "一月300": ["money 30000"],
    }
)
def test_days_in_odd_spelling(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


def test_a_mended_word_stands_where_the_borrower_wrote_it() -> None:
    text = "pay on wensday, 2OO or 1½ thousnd"
    assert [text[value.start : value.end] for value in extract(text, TUESDAY)][0] == "wensday"


@table(
    {
        "生意比去年差了四成": ["percentage 40"],
        "比上个月少三百": ["money 30000"],
        "跟去年比少了一半": ["percentage 50"],
        "500 less than last year": ["money 50000"],
        "去年就这样了": ["date ?"],
        "20 Dec for the first one and 20 Jan for the second?": ["date 2026-12-20", "date 2027-01-20"],
        "the second": ["date 2026-12-02"],
        "spread over 10": [],
        "make it 36 instalments instead of 24": ["month_count 36"],
        "unemployed for a year and 2 months": ["month_count 14"],
        "18 point 5 percent": ["percentage 18.5"],
        "a quarter year": ["month_count 3"],
        "quarter of my wage goes on the bus": ["percentage 25"],
        "I owe the payday lot 640": ["money 64000"],
    }
)
def test_what_is_compared_with_or_numbered_names_no_day(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "my husband left and I haven't had child support in 5 months, it was 240 a month": [
            "month_count 5",
            "money 24000",
        ],
        "I have not worked in two months": ["month_count 2"],
        "I'll have it in 5 months": ["date 2027-04-24"],
        "I haven't got the money but in 2 weeks yes": ["date 2026-12-08"],
    }
)
def test_how_long_nothing_came_is_no_day_to_come(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "订单只剩去年的三分之一了": ["percentage 33.33"],
        "工资是去年的一半": ["percentage 50"],
        "去年的时候还行": ["date ?"],
    }
)
def test_a_share_of_last_year_is_a_share_alone(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning


@table(
    {
        "one fifty and we have a deal": ["money ?"],
        "two hundred is too much. one fifty and we have a deal": ["money 20000", "money ?"],
        "how about one fifty": ["money ?"],
        "one fifty people came": [],
    }
)
def test_an_amount_in_two_words_is_asked_where_people_bargain(message: str, meaning: list[str]) -> None:
    assert read(message) == meaning
