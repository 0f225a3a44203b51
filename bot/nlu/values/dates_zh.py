"""What Chinese words for a day mean: 下周五, 15号, 月底, 三个月后, 12月5日, 明天.

The words, in the order in which they are tried: `data/values/dates_zh.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.nlu.values import calendar, expressions
from bot.nlu.values.calendar import Recurring
from bot.nlu.values.numerals import read_chinese

_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 6}
_WEEKDAYS |= {str(number + 1): number for number in range(7)}
_NEAR = {
    -3: ["大前天"],
    -2: ["前天", "前儿"],
    -1: ["昨天", "昨日", "昨晚", "昨儿"],
    0: ["今天", "今日", "今晚", "今早", "今儿早上", "今晨", "今儿", "今个"],
    1: ["明天", "明日", "明儿", "明个", "明晚", "明早"],
    2: ["后天", "后儿", "后个"],
    3: ["大后天", "大后儿"],
}
_DAYS = {word: shift for shift, words in _NEAR.items() for word in words}
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2}
_MONTHS = dict.fromkeys(("这个月", "这月", "本月", "当月"), 0) | {"上个月": -1, "上月": -1, "上上个月": -2}
_MONTHS |= {"下个月": 1, "下月": 1, "下下个月": 2, "下下月": 2}
_WEEKS = {"这": 0, "本": 0, "下": 1, "下下": 2, "上": -1, "上上": -2}

Meaning = date | Recurring | tuple[date, ...]


def _number(text: str) -> int:
    value = read_chinese(text)
    return int(value) if value is not None else 0


def _year(word: str | None, today: date) -> int | None:
    if not word:
        return None
    if word in _YEARS:
        return today.year + _YEARS[word]
    digits = word.rstrip("年")
    return int(digits) + (2000 if len(digits) == 2 else 0)


def _full(match: re.Match[str], today: date) -> Meaning:
    month, day = _number(match["month"]), _number(match["day"])
    year = _year(match["year"], today)
    if year is None:
        return calendar.recurring(
            calendar.next_in_year(today, month, day), calendar.last_in_year(today, month, day)
        )
    return calendar.on(year, month, day) or ()


def _whole_month(match: re.Match[str], today: date) -> Meaning:
    """A month without a day is no date: the first of the latest and of the next such month are offered."""
    month, year = _number(match["month"]), _year(match["year"], today)
    if not 1 <= month <= 12:
        return ()
    if match["end"] in ("底", "末"):
        return calendar.month_end(date(year, month, 1)) if year else calendar.ends_of_month(today, month)
    if year:
        return date(year, month, 1), calendar.month_end(date(year, month, 1))
    return calendar.last_month_start(today, month), calendar.next_month_start(today, month)


def _in_month(match: re.Match[str], today: date) -> Meaning:
    first = calendar.shift(today.replace(day=1), months=_MONTHS[match["month"]])
    return calendar.on(first.year, first.month, _number(match["day"])) or ()


def _perhaps_in_month(match: re.Match[str], today: date) -> Meaning:
    day = _in_month(match, today)
    return (day,) if isinstance(day, date) else day


def _part_of_month(match: re.Match[str], today: date) -> Meaning:
    first = calendar.shift(today.replace(day=1), months=_MONTHS.get(match["month"] or "本月", 0))
    if match["part"] in ("底", "末"):
        return calendar.month_end(first)
    last_day = {"初": 10, "中": 20, "中旬": 20, "上旬": 10, "下旬": calendar.month_end(first).day}
    first_day = {"初": 1, "上旬": 1, "中": 11, "中旬": 11, "下旬": 21}
    return first.replace(day=first_day[match["part"]]), first.replace(day=last_day[match["part"]])


def _named_month(match: re.Match[str], today: date) -> Meaning:
    first = calendar.shift(today.replace(day=1), months=_MONTHS[match["month"]])
    return first, calendar.month_end(first)


def _day_of_month(match: re.Match[str], today: date) -> Meaning:
    number = _number(match["day"])
    if number == today.day:
        return today, calendar.next_day_of_month(today, number) or today
    return calendar.recurring(
        calendar.next_day_of_month(today, number), calendar.last_day_of_month(today, number)
    )


def _days_between(match: re.Match[str], today: date) -> Meaning:
    """15到20号: one of them."""
    ends = (calendar.next_day_of_month(today, _number(match[name])) for name in ("first", "last"))
    return tuple(day for day in ends if day)


def _day_some_months_on(match: re.Match[str], today: date) -> Meaning:
    """两个月后的15号."""
    first = calendar.shift(today.replace(day=1), months=_number(match["n"]))
    return calendar.on(first.year, first.month, _number(match["day"])) or ()


def _weekday(match: re.Match[str], today: date) -> Meaning:
    weekday = _WEEKDAYS[match["weekday"]]
    if match["week"]:
        day = calendar.weekday_in_week(today, weekday, _WEEKS[match["week"]])
        return (day - timedelta(days=1), day) if match["weekday"] == "末" else day
    if match["weekday"] == "末":
        day = calendar.coming_weekday(today, 6)
        return day - timedelta(days=1), day
    return Recurring(calendar.coming_weekday(today, weekday), calendar.past_weekday(today, weekday))


def _named_week(match: re.Match[str], today: date) -> Meaning:
    monday = calendar.weekday_in_week(today, 0, _WEEKS[match.groupdict().get("week") or "本"])
    return monday, monday + timedelta(days=6)


def _relative(match: re.Match[str], today: date) -> Meaning:
    """三个月后, 两周前, 半年后, 一年半以后; past and future by the last word."""
    sign = -1 if (match["way"] or "").endswith("前") else 1
    unit = match["unit"]
    if match.groupdict().get("half"):
        return (
            calendar.shift(today, months=sign * 6) if "年" in unit else calendar.shift(today, days=sign * 15)
        )
    count = sign * _number(match["n"])
    if not count:
        return ()
    if unit.startswith(("天", "日")):
        return calendar.shift(today, days=count)
    if unit.startswith("个半月"):
        early = calendar.shift(today, months=count)
        return calendar.shift(early, days=15 * sign), calendar.shift(early, weeks=2 * sign)
    if unit.startswith(("周", "个星期", "星期", "个礼拜", "礼拜", "个周")):
        return calendar.shift(today, weeks=count)
    extra = 6 * sign if "半" in unit else 0
    return calendar.shift(today, months=count * (12 if unit.startswith("年") else 1) + extra)


def _weeks_alone(match: re.Match[str], today: date) -> Meaning:
    """三个礼拜 alone: since when, or till when, as the question has it."""
    span = timedelta(days=_number(match["n"]) * (1 if match["unit"] == "天" else 7))
    tells_of_the_past = re.search("了|有|已经", match.group())
    return today - span if tells_of_the_past else calendar.recurring(today + span, today - span)


def _after_spring_festival(match: re.Match[str], today: date) -> Meaning:
    return calendar.after_spring_festival(today)


def _unknown(match: re.Match[str], today: date) -> Meaning:
    return ()


def _year_part(match: re.Match[str], today: date) -> Meaning:
    year = today.year + _YEARS.get(match["year"] or "今年", 0)
    if match["part"] in ("底", "末"):
        return date(year, 12, 31)
    return date(year, 1, 1), date(year, 2, 28) if match["part"] == "初" else date(year, 7, 31)


def _holiday(match: re.Match[str], today: date) -> Meaning:
    month, day = {"元旦": (1, 1), "国庆": (10, 1), "五一": (5, 1), "圣诞": (12, 25)}[match["day"]]
    return calendar.recurring(
        calendar.next_in_year(today, month, day), calendar.last_in_year(today, month, day)
    )


def _today_shift(match: re.Match[str], today: date) -> Meaning:
    return today + timedelta(days=_DAYS[match.group()])


# What each part of the file means.
_MEANINGS: dict[str, Callable[[re.Match[str], date], Meaning]] = {
    "marked_day": _full,
    "lunar_calendar": _unknown,
    "day_of_a_named_month": _full,
    "day_by_dialect": _unknown,
    "day_of_this_or_next_month": _in_month,
    "span_of_days": _days_between,
    "day_of_this_month_before_a_doing": _in_month,
    "perhaps_a_day_of_this_month": _perhaps_in_month,
    "day_of_this_month_when_wages_come": _in_month,
    "whole_month": _whole_month,
    "part_of_the_month": _part_of_month,
    "in_some_days": _unknown,
    "day_some_months_on": _day_some_months_on,
    "day_of_an_event": _day_of_month,
    "so_long_from_now": _relative,
    "roughly_so_long": _unknown,
    "so_long_from_now_or_ago": _relative,
    "some_time_from_now_or_ago": _unknown,
    "saturday_and_sunday": _unknown,
    "weekday": _weekday,
    "named_week": _named_week,
    "near": _today_shift,
    "part_of_the_year": _year_part,
    "day_of_the_month": _day_of_month,
    "named_month": _named_month,
    "around_a_holiday": _unknown,
    "holiday": _holiday,
    "after_spring_festival": _after_spring_festival,
    "feast_by_the_moon": _unknown,
    "next_wages": _unknown,
    "season_or_year": _unknown,
    "so_long_alone": _weeks_alone,
}
# The first part stands before all other rules: "12.20号" is a day, 12.20 alone may be.
MARKED_DAY, *RULES = [
    (pattern, _MEANINGS[part])
    for part, patterns in expressions.load_lines("dates_zh").items()
    for pattern in patterns
]
