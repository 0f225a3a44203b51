"""What English words for a day mean: next Friday, the 15th, end of the month, in 3 months, 5 December.

The words, in the order in which they are tried: `data/values/dates_en.yml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.nlu.values import calendar, expressions
from bot.nlu.values.calendar import Recurring
from bot.nlu.values.numerals import read_english

_MONTH_NAMES = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
]
_MONTHS = {name: number for number, name in enumerate(_MONTH_NAMES, 1)}
_MONTHS |= {name[:3]: number for name, number in _MONTHS.items()} | {"sept": 9}
_DAY_NAMES = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
_DAYS = {name: number for number, name in enumerate(_DAY_NAMES)}
_DAYS |= {name[:3]: number for name, number in _DAYS.items()} | {"tues": 1, "thur": 3, "thurs": 3, "weds": 2}
_ORDINALS = [
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth",
    "eighteenth", "nineteenth", "twentieth", "twenty first", "twenty second", "twenty third",
    "twenty fourth", "twenty fifth", "twenty sixth", "twenty seventh", "twenty eighth", "twenty ninth",
    "thirtieth", "thirty first",
]  # fmt: skip
_ORDINAL_OF = {name: number for number, name in enumerate(_ORDINALS, 1)}

Meaning = date | Recurring | tuple[date, ...]


def _count(text: str) -> int:
    if text in ("a", "an"):
        return 1
    value = int(text) if text.isdigit() else read_english(text)
    return int(value or 0)


def _day_number(text: str) -> int:
    digits = re.match(r"\d+", text)
    return int(digits.group()) if digits else _ORDINAL_OF[text.replace("-", " ")]


def _year(written: str, today: date) -> int:
    return (
        int(written)
        if written.isdigit()
        else today.year + {"this": 0, "last": -1, "next": 1}[written.split()[0]]
    )


def _named(match: re.Match[str], today: date) -> Meaning:
    month, day = _MONTHS[match["month"]], _day_number(match["day"])
    if match["year"]:
        return calendar.on(_year(match["year"], today), month, day) or ()
    return calendar.recurring(
        calendar.next_in_year(today, month, day), calendar.last_in_year(today, month, day)
    )


def _whole_month(match: re.Match[str], today: date) -> Meaning:
    """A month without a day is no date; "since March" looks back, "in March" may do either."""
    month = _MONTHS[match["month"]]
    last, coming = calendar.last_month_start(today, month), calendar.next_month_start(today, month)
    if match["year"]:
        last = coming = date(_year(match["year"], today), month, 1)
    if match["end"]:
        return calendar.month_end(coming) if match["year"] else calendar.ends_of_month(today, month)
    if match["way"] in ("since", "last"):
        return last, calendar.month_end(last)
    return (last, coming) if last != coming else (last, calendar.month_end(last))


def _shifted(match: re.Match[str], today: date, sign: int) -> Meaning:
    count = sign * _count(match["n"])
    if match["unit"] == "day":
        return calendar.shift(today, days=count)
    if match["unit"] in ("week", "fortnight"):
        return calendar.shift(today, weeks=count * (2 if match["unit"] == "fortnight" else 1))
    return calendar.shift(today, months=count * (12 if match["unit"] == "year" else 1))


def _ahead(match: re.Match[str], today: date) -> Meaning:
    return _shifted(match, today, 1)


def _back(match: re.Match[str], today: date) -> Meaning:
    return _shifted(match, today, -1)


def _weeks_alone(match: re.Match[str], today: date) -> Meaning:
    coming, gone = _ahead(match, today), _back(match, today)
    if not (isinstance(coming, date) and isinstance(gone, date)):
        return ()
    tells_of_the_past = re.search(r"been|last|past|already", match.group())
    return gone if tells_of_the_past else calendar.recurring(coming, gone)


def _half_year(match: re.Match[str], today: date) -> Meaning:
    return calendar.shift(today, months=-6 if match.group().endswith("ago") else 6)


def _named_weekday(match: re.Match[str], today: date) -> Meaning:
    """Read "next Friday": the coming one to some, that of next week to others; ask when they differ."""
    weekday = _DAYS[match["weekday"]]
    way = match["way"] or ""
    if way == "this":
        return calendar.weekday_in_week(today, weekday, 0)
    if way == "next":
        return _agreed(calendar.coming_weekday(today, weekday), calendar.weekday_in_week(today, weekday, 1))
    if way == "last":
        return _agreed(calendar.past_weekday(today, weekday), calendar.weekday_in_week(today, weekday, -1))
    return Recurring(calendar.coming_weekday(today, weekday), calendar.past_weekday(today, weekday))


def _weekday_of_next_week(match: re.Match[str], today: date) -> Meaning:
    return calendar.weekday_in_week(today, _DAYS[match["weekday"]], 1)


def _weekday_gone(match: re.Match[str], today: date) -> Meaning:
    return calendar.past_weekday(today, _DAYS[match["weekday"]])


def _week_after(match: re.Match[str], today: date) -> Meaning:
    return calendar.coming_weekday(today, _DAYS[match["weekday"]]) + timedelta(weeks=1)


def _weeks_after(match: re.Match[str], today: date) -> Meaning:
    return calendar.coming_weekday(today, _DAYS[match["weekday"]]) + timedelta(weeks=_count(match["n"]))


def _week_from_near(match: re.Match[str], today: date) -> Meaning:
    weeks = _count(match["n"]) * (2 if match["span"] == "fortnight" else 1)
    return today + timedelta(weeks=weeks, days=match["near"] == "tomorrow")


def _weekday_of_this_week(match: re.Match[str], today: date) -> Meaning:
    return calendar.weekday_in_week(today, _DAYS[match["weekday"]], 0)


def _agreed(*days: date) -> Meaning:
    different = tuple(sorted(set(days)))
    return different[0] if len(different) == 1 else different


def _end_of_month(match: re.Match[str], today: date) -> Meaning:
    return calendar.month_end(today, {"next": 1, "last": -1}.get(match["way"] or match["later"] or "", 0))


def _part_of_month(match: re.Match[str], today: date) -> Meaning:
    first = calendar.shift(today.replace(day=1), months=1 if "next" in match.group() else 0)
    early = match.group().startswith(("beginning", "start", "early"))
    return (first, first.replace(day=10)) if early else (first.replace(day=11), first.replace(day=20))


def _end_of_week(match: re.Match[str], today: date) -> Meaning:
    weeks = 1 if "next" in match.group() else 0
    return calendar.weekday_in_week(today, 4, weeks), calendar.weekday_in_week(today, 6, weeks)


def _end_of_year(match: re.Match[str], today: date) -> Meaning:
    return date(today.year + ("next" in match.group()) - ("last" in match.group()), 12, 31)


def _day_in_month(match: re.Match[str], today: date) -> Meaning:
    first = calendar.shift(today.replace(day=1), months={"next": 1, "last": -1}.get(match["way"], 0))
    return calendar.on(first.year, first.month, _day_number(match["day"])) or ()


def _day_of_month(match: re.Match[str], today: date) -> Meaning:
    number = _day_number(match["day"])
    if number == today.day:
        return today, calendar.next_day_of_month(today, number) or today
    return calendar.recurring(
        calendar.next_day_of_month(today, number), calendar.last_day_of_month(today, number)
    )


def _near(match: re.Match[str], today: date) -> Meaning:
    words = re.sub(r"\s+", " ", match.group())
    return today + timedelta(days=_SHIFTS[words.removeprefix("the ")])


def _span_named(match: re.Match[str], today: date) -> Meaning:
    sign = {"next": 1, "last": -1, "this": 0}[match["way"]]
    if match["unit"] == "week":
        monday = calendar.weekday_in_week(today, 0, sign)
        return monday, monday + timedelta(days=6)
    first = calendar.shift(today.replace(day=1), months=sign)
    return first, calendar.month_end(first)


def _holiday(match: re.Match[str], today: date) -> Meaning:
    month, day = (12, 25) if match.group().startswith(("christmas", "xmas")) else (1, 1)
    if match.group() == "boxing day":
        month, day = 12, 26
    if match.group().endswith("eve"):
        month, day = 12, 24 if day == 25 else 31
    return calendar.next_in_year(today, month, day) or ()


def _after_holiday(match: re.Match[str], today: date) -> Meaning:
    """The day after, to be confirmed: nobody means so very day."""
    month, day = (12, 26) if re.search("christmas|xmas", match.group()) else (1, 2)
    found = calendar.next_in_year(today, month, day)
    return (found,) if found else ()


def _after_spring_festival(match: re.Match[str], today: date) -> Meaning:
    return calendar.after_spring_festival(today)


def _unknown(match: re.Match[str], today: date) -> Meaning:
    return ()


_SHIFTS = {"day before yesterday": -2, "yesterday": -1, "day after tomorrow": 2, "day after tmrw": 2}
_SHIFTS |= dict.fromkeys(("today", "tonight", "this morning", "this afternoon", "this evening"), 0)
_SHIFTS |= dict.fromkeys(("tomorrow", "tmrw", "tmr", "2moro", "tmw"), 1)

# What each part of the file means.
_MEANINGS: dict[str, Callable[[re.Match[str], date], Meaning]] = {
    "day_of_a_named_month": _named,
    "day_of_this_or_next_month": _day_in_month,
    "day_of_the_month": _day_of_month,
    "end_of_the_year": _end_of_year,
    "end_of_the_month": _end_of_month,
    "part_of_the_month": _part_of_month,
    "end_of_the_week": _end_of_week,
    "half_a_year": _half_year,
    "so_long_from_now": _ahead,
    "so_long_ago": _back,
    "so_long_alone": _weeks_alone,
    "roughly_so_long": _unknown,
    "season": _unknown,
    "weekday_of_next_week": _weekday_of_next_week,
    "after_next": _unknown,
    "weekday_cut_short": _named_weekday,
    "weeks_from_a_weekday": _weeks_after,
    "week_of_a_weekday": _unknown,
    "weeks_from_today": _week_from_near,
    "weekday_gone": _weekday_gone,
    "weekday_of_this_week": _weekday_of_this_week,
    "week_after_a_weekday": _week_after,
    "weekday_by_another_day": _unknown,
    "weekday": _named_weekday,
    "near": _near,
    "next_or_last_span": _span_named,
    "whole_month": _whole_month,
    "after_spring_festival": _after_spring_festival,
    "day_not_named": _unknown,
    "after_a_holiday": _after_holiday,
    "around_a_feast": _unknown,
    "holiday": _holiday,
}
RULES = [
    (pattern, _MEANINGS[part])
    for part, patterns in expressions.load_lines("dates_en", re.ASCII).items()
    for pattern in patterns
]
