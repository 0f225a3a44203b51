"""English date expressions: next Friday, the 15th, end of the month, in 3 months, 5 December, tomorrow."""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.nlu.values import calendar
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
    "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh", "twelfth", "thirteenth",
    "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth", "nineteenth", "twentieth", "twenty first", "twenty second",
    "twenty third", "twenty fourth", "twenty fifth", "twenty sixth", "twenty seventh", "twenty eighth", "twenty ninth", "thirtieth", "thirty first",
]  # fmt: skip
_ORDINAL_OF = {name: number for number, name in enumerate(_ORDINALS, 1)}

_MONTH = "(?P<month>" + "|".join(sorted(_MONTHS, key=len, reverse=True)) + r")\b\.?"
_DAY = r"(?P<day>[12]?\d|3[01])(?:st|nd|rd|th)?"
_ORDINAL = (
    r"(?P<day>(?:[12]?\d|3[01])(?:st|nd|rd|th)|"
    + "|".join(name.replace(" ", "[ -]") for name in reversed(_ORDINALS))
    + ")"
)
_WEEKDAY = "(?P<weekday>" + "|".join(sorted(_DAYS, key=len, reverse=True)) + r")\b"
_COUNT_WORD = "(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) (?:month|week|instal|payment)"
_COUNT = r"(?P<n>\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|forty[ -]five|forty|sixty|ninety)"
_SPAN = r"(?P<unit>day|week|fortnight|month|year)s?\b"
# What follows an ordinal that numbers something else than a day.
_NOT_A_DAY = (
    r"(?! (?:one|option|plan|offer|time|choice|loan|instal\w*|payment|month|floor|child|part\w*|person|call|thing|half|week|year|of"
    r"|bill|letter|reason|way|two|three|guy|man|woman|lady|bloke|agent|caller|collector|company|lender|bank|lawyer|text|message|email|visit"
    r"|notice|reminder|warning|attempt|round|meeting|job|baby|son|daughter|quarter|party|world|degree|one's)\b)(?=\W|$)"
)
# Month names that are also words ("may I", "march in", "24% APR") need a word of time before them.
_MONTH_WORD = (
    r"(?P<month>january|february|april|june|july|august|september|october|november|december|sept|jan|feb|jun|jul|aug|sep|oct|nov|dec"
    r"|(?:(?<=in )|(?<=by )|(?<=of )|(?<=next )|(?<=last )|(?<=since )|(?<=from )|(?<=until )|(?<=till )|(?<=this )|(?<=after )|(?<=before )|(?<=around ))(?:may|march|mar|apr)"
    r"|march(?= (?:20\d\d|this year|next year|last year)))\b\.?"
)
_YEAR = r"(?:,?\s+(?:of )?(?P<year>20\d\d|(?:this|last|next) year\b))?"

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
    """ "next Friday" is the coming one to some and that of next week to others; ask when they differ."""
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
    return calendar.past_weekday(today, _DAYS[match["weekday"] or match["gone"]])


def _week_after(match: re.Match[str], today: date) -> Meaning:
    return calendar.coming_weekday(today, _DAYS[match["weekday"]]) + timedelta(weeks=1)


def _weeks_after(match: re.Match[str], today: date) -> Meaning:
    return calendar.coming_weekday(today, _DAYS[match["weekday"]]) + timedelta(weeks=_count(match["n"]))


def _week_from_near(match: re.Match[str], today: date) -> Meaning:
    return today + timedelta(days=7 + (match["near"] == "tomorrow"))


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
    shifts = {
        "today": 0,
        "tonight": 0,
        "this morning": 0,
        "this afternoon": 0,
        "this evening": 0,
        "tomorrow": 1,
        "tmrw": 1,
        "tmr": 1,
        "2moro": 1,
        "tmw": 1,
        "the day after tmrw": 2,
        "day after tmrw": 2,
        "the day after tomorrow": 2,
        "day after tomorrow": 2,
    }
    return today + timedelta(
        days=(shifts | {"yesterday": -1, "the day before yesterday": -2, "day before yesterday": -2})[words]
    )


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


_PAY = r"(?:i get my|i get|i'm|i am|i've been|my|the) (?:paid|salary|wages?|pay)\b(?! (?:cut|rise|drop|freeze|slip))(?: (?:comes|arrives|is paid|lands))?(?: in)?"
_UNKNOWN = (
    r"\b(?:this |next |the |at the )?weekend\b|\b(?:next )?pay ?day\b(?! (?:is|falls|comes (?:on|the|in)|loans?|lenders?|lending|advances?)\b)|\bnext (?:pay ?che(?:ck|que)|salary|wage)\b|\bnext time i get paid\b"
    rf"|\b(?:when|once|after|as soon as) {_PAY}"
    r"|\bnext (?:year|spring|summer|autumn|winter)\b|\blast year\b|\b(?:after |before )?(?:chinese|lunar) new year\b|\bspring festival\b"
)
# A season without "last" or "since" may be a trade ("spring rolls", "summer clothes").
_SEASON = (
    r"\b(?!(?:over|during|all) (?:the )?(?:spring|summer|autumn|winter)\b)(?:(?:since|over|during|back in|this|last|early|late) (?:the )?)+(?:spring|summer|autumn|winter)\b(?! (?:job|clothes|sale|stock|tyres|coat|term))"
    r"|\b(?:last|this) fall\b|\b(?:early|earlier|late|later) (?:this|last|next) year\b"
    r"|\b(?:beginning|start|middle)(?: of)?(?: the| this)? year\b"
)
# "Six weeks" alone: since when, or till when, as the question has it.
_WEEKS_ALONE = rf"^\W*(?:(?:it's been|about|around|roughly|maybe|nearly|almost|going on|i think|the|last|past) )*{_COUNT}\s+(?P<unit>day|week|fortnight)s?(?: or so| now| already| i think| i'd say)*\W*$"
_VAGUE_SPAN = (
    r"\bin (?:a couple(?: of)?|a few|several|two or three|\w+ or \w+|\d+ ?(?:-|to|or) ?\d+) (?:days|weeks|months|years)(?:' time)?\b"
    r"|\bin an? (?:day|week|month|year) or (?:two|so)\b|\b(?:a couple of|a few|several|some) (?:days|weeks|months|years) (?:ago|from now|later|back)\b"
)
_WHOLE_MONTH = (
    r"\b(?:(?P<way>since|last|in|from|until|till|by|this|next|during|start(?:ing)?|begin(?:ning)?|after|before) )?(?P<end>(?:the )?(?:end|last day) of )?"
    rf"(?:early |late |mid[- ]?)?{_MONTH_WORD}(?! \d\d?\b){_YEAR}"
)

_ENGLISH_RULES: list[tuple[str, Callable[[re.Match[str], date], Meaning]]] = [
    (rf"\b(?:the )?{_ORDINAL} (?:of )?{_MONTH}{_YEAR}", _named),
    (rf"\b{_DAY} (?:of )?{_MONTH}{_YEAR}", _named),
    (rf"\b{_MONTH} (?:the )?{_ORDINAL}\b{_YEAR}", _named),
    (rf"\b{_MONTH} (?P<day>[12]?\d|3[01])\b(?![,.]?\d){_YEAR}", _named),
    (rf"\b(?:the )?{_ORDINAL} (?:of )?(?P<way>next|this|last) month\b", _day_in_month),
    (rf"\b(?P<way>next|this|last) month,? (?:on )?(?:the )?{_ORDINAL}\b", _day_in_month),
    (rf"\b(?:the )?{_ORDINAL} of (?:each|every|the) month\b", _day_of_month),
    (
        rf"\bthe (?!(?:first|second|third) (?:\d|few|couple|{_COUNT_WORD})){_ORDINAL}{_NOT_A_DAY}",
        _day_of_month,
    ),
    (
        rf"\b(?:on|by|before|until|till|from|every|each) (?P<day>(?:[12]?\d|3[01])(?:st|nd|rd|th)){_NOT_A_DAY}",
        _day_of_month,
    ),
    (
        rf"\b(?:paid|due|pay ?day|salary|wages|comes|lands) (?P<day>(?:[12]?\d|3[01])(?:st|nd|rd|th)){_NOT_A_DAY}",
        _day_of_month,
    ),
    (rf"^\W*{_ORDINAL}\W*$", _day_of_month),
    (r"\bend of (?:the |this |next |last )?year\b|\byear[- ]end\b", _end_of_year),
    (
        r"\b(?:the )?(?:month(?:'s)?[- ]end|end of (?:the |this )?(?:(?P<way>next|last) )?month|(?:last|final) day of (?:the |this )?(?:(?P<later>next) )?month)\b",
        _end_of_month,
    ),
    (
        r"\b(?:beginning|start|early|middle|mid)(?: of)?(?: the| this)?(?: next)? month\b|\bmid[- ]month\b",
        _part_of_month,
    ),
    (r"\b(?:the )?end of (?:the |this )?(?:next )?week\b", _end_of_week),
    (r"\bhalf a year (?:ago|from now|later)\b|\bin half a year\b", _half_year),
    (
        rf"\b(?:in|in about|in around|within the next) {_COUNT}\s+(?:more )?{_SPAN}(?:' time| time)?(?! (?:or|to) )",
        _ahead,
    ),
    (rf"\b(?:after )?{_COUNT}\s+{_SPAN}(?: from (?:now|today)| later|' time| hence)", _ahead),
    (rf"\bafter {_COUNT}\s+{_SPAN}", _ahead),
    (rf"\b{_COUNT}\s+{_SPAN} (?:ago|back)\b(?: today)?", _back),
    (_WEEKS_ALONE, _weeks_alone),
    (_VAGUE_SPAN, _unknown),
    (_SEASON, _unknown),
    (rf"\b{_WEEKDAY} (?:of )?next week\b", _weekday_of_next_week),
    (rf"\bnext week,?(?: on)? {_WEEKDAY}", _weekday_of_next_week),
    (rf"\bfortnight (?:on|from) {_WEEKDAY}|\b(?:week|month|year) after next\b", _unknown),
    (r"^\s*(?:on |by )?(?:(?P<way>this|next) )?(?P<weekday>sat|sun)[\s.,!?]*$", _named_weekday),
    (rf"\b{_COUNT} weeks? (?:on|from) {_WEEKDAY}", _weeks_after),
    (rf"(?<!\d )(?<!\d)\ba week {_WEEKDAY}", _unknown),
    (rf"\b{_COUNT} (?:{'|'.join(_DAY_NAMES)})s from now\b", _unknown),
    (r"\ba week (?P<near>today|tomorrow)\b", _week_from_near),
    (
        rf"\b(?:this |the )?past {_WEEKDAY}|\b(?:the |this )?{_WEEKDAY.replace('weekday>', 'gone>')} (?:just )?(?:gone|passed|past)\b",
        _weekday_gone,
    ),
    (rf"\b{_WEEKDAY} this week\b", _weekday_of_this_week),
    (rf"\b{_WEEKDAY} week\b", _week_after),
    (
        rf"\b(?:the )?{_WEEKDAY} (?:after next\b|(?:after|before|following) (?:christmas|xmas|new year'?s?|easter|thanksgiving|the holidays|the end of the month|month[- ]end)\b|(?:after|before|following) (?:(?:my |next |the )?pay ?day\b|{_PAY}))",
        _unknown,
    ),
    (
        rf"\b(?:(?P<way>next|this|last|coming) )?(?<!every )(?<!each )(?!sat\b|sun\b){_WEEKDAY}",
        _named_weekday,
    ),
    (
        r"\b(?:the )?day (?:after (?:tomorrow|tmrw)|before yesterday)\b|\b(?:today|tonight|this (?:morning|afternoon|evening)|tomorrow|tmrw|tmr|tmw|2moro|yesterday)\b",
        _near,
    ),
    (r"\b(?P<way>next|last) (?P<unit>week|month)\b(?!'s)", _span_named),
    (
        r"(?:^\W*|(?<=since )|(?<=from )|(?<=by )|(?<=within ))(?P<way>this) (?P<unit>week|month)\b(?=\W*$| on\b| onwards?\b)",
        _span_named,
    ),
    (_WHOLE_MONTH, _whole_month),
    (r"\bafter (?:the )?(?:(?:chinese|lunar) new year|spring festival)\b", _after_spring_festival),
    (_UNKNOWN, _unknown),
    (r"\bafter (?:the )?(?:christmas|xmas|new year'?s?)(?: day)?\b", _after_holiday),
    (
        r"\b(?:after|past|around|over) (?:the )?holidays\b|\b(?:after|past|around|over) (?:the )?(?:christmas|xmas|new year'?s?)(?: day)?\b|\b(?:after |before |by )?(?:diwali|eid|easter|ramadan|thanksgiving)\b",
        _unknown,
    ),
    (r"\b(?:christmas|xmas)(?: day| eve)?\b|\bboxing day\b|\bnew year'?s?(?: day| eve)?\b", _holiday),
]
RULES = [(re.compile(expression, re.ASCII), meaning) for expression, meaning in _ENGLISH_RULES]
