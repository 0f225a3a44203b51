"""Dates in both languages: each rule is an expression and what it means on a given day.

The words: `data/values/dates.yml` for days in figures, `dates_zh.yml` and `dates_en.yml` for those in words, and
`tenses.yml` for what tells the past from what is to come.
"""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot.nlu.values import dates_en, dates_zh, expressions
from bot.nlu.values.calendar import Recurring, last_in_year, next_in_year, on, recurring
from bot.nlu.values.model import Value, blank, sure, unclear

# A rule answers with the one date it means, a day that comes round, or several candidates (none when unknown).
Meaning = date | Recurring | tuple[date, ...]
Rule = tuple[re.Pattern[str], Callable[[re.Match[str], date], Meaning]]

# A day of the year that has just gone, said alone, may be a slip of the month.
_JUST_GONE = timedelta(days=62)
# A day that comes round once a year, and how far off it is: so near it is the one to come, so far the one gone.
_YEARLY = (timedelta(days=300), timedelta(days=400))
_NEAR = timedelta(days=122)
_FAR = timedelta(days=213)
_WEEK = timedelta(days=7)
_CLAUSE_END = re.compile(r"[;!?。\n]|[,.](?!\d)|\b(?:and|but|then|so)\b|再|剩下|余下|然后")
# Many write Chinese with a space for a comma; the day alone between two is said of what follows.
_PAUSE = re.compile(r"(?<=[\u4e00-\u9fff]) +(?=[\u4e00-\u9fff\d])")
_LEAST_SAID = 2
# "My boss paid me late, on the 19th"
_DAY_ALONE = re.compile(r" (?:on |around |about )?(?:the )?")
# What tells the past from what is to come; what each is for stands in the file.
_TENSES = expressions.load("tenses")
_GONE, _GONE_IN_THE_YEAR, _DONE_BY_NOW = (
    _TENSES[part] for part in ("gone", "gone_in_the_year", "done_by_now")
)
_EVER_SINCE, _SAID, _WAS_TO = (_TENSES[part] for part in ("ever_since", "said", "was_to"))
_SO_LONG_WITHOUT = _TENSES["so_long_without"]
_TO_COME, _SURELY_TO_COME, _MAYBE_TO_COME = (
    _TENSES[part] for part in ("to_come", "surely_to_come", "maybe_to_come")
)
# "Owed since before National Day" names no day.
_BEFORE_IT = re.compile(r"[之以]?前")
# Another name of January; "5元月供" is none.
_JANUARY = re.compile(
    r"(?<![\d百千万亿零一二两三四五六七八九十几多])元月(?=[份底初中\d一二三四五六七八九十])"
)
_BESIDE = re.compile(r"(?:'s)?[\s(]*(?:,\s?)?(?:the|on|is|falls on|is my|就是|也就是|是|在)?(?: the)?[\s(]*")

# Two days of which one is meant, and two between which one lies; "off sick from the 3rd to the 20th" tells of two.
_EITHER = re.compile(r"\s*(?:,\s*)?(?:or|或者?|要么|还是)\s*(?:on )?(?:the )?")
_SPAN = re.compile(r"\s*(?:到|至|-|~|—|–|和|and|to)\s*(?:the )?")
_SPAN_BEFORE = re.compile(r"\b(?:between|some ?time|any ?time)(?: from| between)?(?: the)? ?$")
_SPAN_AFTER = re.compile(r"的?(?:之间|中间|这几天|左右|前后)")


def find(text: str, today: date) -> list[Value]:
    """Return the dates of folded `text`; an unclear one carries its candidates."""
    found: list[Value] = []
    text = _JANUARY.sub("一月", text)
    for match in _SO_LONG_WITHOUT.finditer(text):
        text = blank(text, *match.span("way"))
    rest = text
    for pattern, meaning in _RULES:
        for match in pattern.finditer(rest):
            found.append(_value(match, meaning(match, today), today, text))
            rest = blank(rest, match.start(), match.end())
    return _between(_settled(_merged(sorted(found, key=lambda value: value.start), text)), text)


def _value(match: re.Match[str], meaning: Meaning, today: date, text: str) -> Value:
    if isinstance(meaning, Recurring):
        return _recurring(match, meaning, today, text)
    if isinstance(meaning, date):
        return sure("date", match.span(), meaning.isoformat())
    return unclear("date", match.span(), *(day.isoformat() for day in meaning))


def _recurring(match: re.Match[str], meaning: Recurring, today: date, text: str) -> Value:
    """The day to come, or the latest one gone where the clause tells of what has happened."""
    clause = _clause(text, match.start(), match.end())
    is_yearly = _YEARLY[0] < meaning.coming - meaning.gone < _YEARLY[1]
    is_gone = _of_the_year(meaning, clause, today, match.group()) if is_yearly else _has_gone(clause)
    if is_gone is None or is_yearly and is_gone and _BEFORE_IT.match(text, match.end()):
        return unclear("date", match.span(), meaning.gone.isoformat(), meaning.coming.isoformat())
    if is_gone:
        return sure("date", match.span(), meaning.gone.isoformat())
    return replace(sure("date", match.span(), meaning.coming.isoformat()), earlier=meaning.gone.isoformat())


def _has_gone(clause: str) -> bool | None:
    """Whether a weekday or a day of the month is gone; "I was meant to be paid on the 20th" leaves it open."""
    return None if _WAS_TO.search(clause) else bool(_GONE.search(clause)) and not _TO_COME.search(clause)


def _of_the_year(meaning: Recurring, clause: str, today: date, said: str) -> bool | None:
    """Whether a day of the year without its year is gone, None where that is not plain.

    Words tell it first; without any, or with words for both, it is the nearer of the two.
    """
    ahead, since = meaning.coming - today, today - meaning.gone
    rest = clause.replace(said, "", 1)
    tells_of_past = bool(_GONE.search(_SAID.sub("", clause)) or _GONE_IN_THE_YEAR.search(rest))
    tells_of_past = tells_of_past or ahead > _NEAR and bool(_DONE_BY_NOW.search(rest))
    is_to_come = bool(_SURELY_TO_COME.search(clause))
    if ahead >= _FAR:
        may_come = is_to_come or bool(_MAYBE_TO_COME.search(rest))
        return True if tells_of_past else _far_off(since, rest, may_come=may_come, is_to_come=is_to_come)
    if tells_of_past and not is_to_come and (not _TO_COME.search(rest) or _EVER_SINCE.search(clause)):
        return True
    return False if ahead <= _NEAR or not tells_of_past and is_to_come else None


def _far_off(since: timedelta, rest: str, *, may_come: bool, is_to_come: bool) -> bool | None:
    """The same of a day whose next coming is far off, where nothing tells of the past."""
    is_just_gone = timedelta(0) < since <= _JUST_GONE
    if may_come:
        return False if is_to_come and not is_just_gone else None
    is_said_alone = len(re.findall(r"\w", rest)) < _LEAST_SAID
    return None if is_just_gone and is_said_alone else True


def _clause(text: str, start: int, end: int) -> str:
    before = [each.end() for each in _CLAUSE_END.finditer(text, 0, start)]
    after = _CLAUSE_END.search(text, end)
    first, last = before[-1] if before else 0, after.start() if after else len(text)
    if (
        _DAY_ALONE.fullmatch(text[first:start])
        and not text[end:last].strip()
        and text[first - 1 : first] == ","
    ):
        first = before[-2] if len(before) > 1 else 0
    pauses = [each.start() for each in _PAUSE.finditer(text, first, last)]
    near = max((each for each in pauses if each < start), default=first)
    ends = [each for each in pauses if each >= end] + [last]
    if len(text[near:start].strip()) + len(text[end : ends[0]].strip()) < _LEAST_SAID and len(ends) > 1:
        return text[near : ends[1]]
    return text[near : ends[0]]


def _merged(found: list[Value], text: str) -> list[Value]:
    """Return `found` with one value where two side by side name one day ("Friday 4 Dec", "发工资那天15号")."""
    merged: list[Value] = []
    for value in found:
        left = merged[-1] if merged else None
        if left and _BESIDE.fullmatch(text, left.end, value.start) and (both := _both(left, value)):
            merged[-1] = both
        else:
            merged.append(value)
    return merged


def _between(found: list[Value], text: str) -> list[Value]:
    """Return `found` with "the 10th or the 15th" and "15号到20号之间" as one date that is not settled."""
    joined: list[Value] = []
    for value in found:
        left = joined[-1] if joined else None
        if left and not left.ambiguous and not value.ambiguous and _is_open(text, left, value):
            joined[-1] = unclear("date", (left.start, value.end), *_days(left), *_days(value))
        else:
            joined.append(value)
    return joined


def _is_open(text: str, left: Value, right: Value) -> bool:
    between = text[left.end : right.start]
    spans = _SPAN.fullmatch(between) and (
        _SPAN_BEFORE.search(text, 0, left.start) or _SPAN_AFTER.match(text, right.end)
    )
    return bool(_EITHER.fullmatch(between) or spans)


def _settled(found: list[Value]) -> list[Value]:
    """Return `found` without a vague month or week that a clear day in it makes plain ("in March? say 1 March")."""
    clear = [date.fromisoformat(str(value.value)) for value in found if not value.ambiguous]
    return [value for value in found if not (value.ambiguous and any(_holds(value, day) for day in clear))]


def _holds(vague: Value, day: date) -> bool:
    ends = [date.fromisoformat(each) for each in _days(vague)]
    if len(ends) != 2 or ends[0].day == ends[1].day > 1:
        return False  # the 24th of this month or of the next is no span
    within = ends[0] <= day <= ends[1] and ends[1] - ends[0] <= timedelta(days=31)
    return within or any(end.day == 1 and (end.year, end.month) == (day.year, day.month) for end in ends)


def _both(left: Value, right: Value) -> Value | None:
    """The day both name; unclear when a weekday and a day of the month contradict each other."""
    span = (left.start, right.end)
    if not _days(left) or not _days(right):
        return replace(left if _days(left) else right, start=span[0], end=span[1])
    for weekday, day in ((left, right), (right, left)):
        if _weekly(weekday) and not day.ambiguous and not _weekly(day):
            if date.fromisoformat(_days(weekday)[0]).weekday() == date.fromisoformat(_days(day)[0]).weekday():
                return replace(day, start=span[0], end=span[1])
            return unclear("date", span, *_days(left), *_days(right))
    if not left.ambiguous and not right.ambiguous and left.value == right.value:
        return replace(left, end=right.end)
    common = [day for day in _days(left) if day in _days(right)]
    if len(common) == 1 and (left.ambiguous or right.ambiguous):
        return sure("date", span, common[0])
    return None


def _days(value: Value) -> list[str]:
    return [str(day) for day in (value.candidates if value.ambiguous else (value.value,))]


def _weekly(value: Value) -> bool:
    return (
        bool(value.earlier)
        and date.fromisoformat(str(value.value)) - date.fromisoformat(str(value.earlier)) == _WEEK
    )


def _iso(match: re.Match[str], today: date) -> Meaning:
    return on(int(match["year"]), int(match["month"]), int(match["day"])) or ()


def _pair(match: re.Match[str]) -> tuple[int, int]:
    return int(match["first"]), int(match["second"])


def _two_numbers(match: re.Match[str], today: date) -> Meaning:
    """Month/day or day/month: clear only when one of them cannot be a month."""
    first, second = _pair(match)
    readings = {_dated(match["year"], today, *pair) for pair in ((first, second), (second, first))}
    days = tuple(sorted(day for day in readings if day))
    if len(days) == 1 and match["year"] is None:
        return recurring(days[0], last_in_year(today, days[0].month, days[0].day))
    return days[0] if len(days) == 1 else days


def _day_first(match: re.Match[str], today: date) -> Meaning:
    """30.11.26, as most lands write it; 05.06.26 may be either."""
    first, second = _pair(match)
    days = {on(2000 + int(match["year"]), *pair) for pair in ((second, first), (first, second))}
    found = tuple(sorted(day for day in days if day))
    return found[0] if len(found) == 1 else found


def _dated(year: str | None, today: date, month: int, day: int) -> date | None:
    if year is None:
        return next_in_year(today, month, day)
    return on(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _day_by_hyphen(match: re.Match[str], today: date) -> Meaning:
    """Read "12-5", no range, for it falls: a day, written in one order or the other."""
    first, second = _pair(match)
    readings = (_dated(None, today, *pair) for pair in ((first, second), (second, first)))
    return tuple(sorted({day for day in readings if day}))


def _point(match: re.Match[str], today: date) -> Meaning:
    """Read "12.5" with a word of time beside it: a day to most and an amount to some."""
    return tuple(day for day in (_dated(None, today, *_pair(match)),) if day)


# What each part of the file means.
_MEANINGS: dict[str, Callable[[re.Match[str], date], Meaning]] = {
    "year_first": _iso,
    "year_last": _two_numbers,
    "year_last_and_short": _day_first,
    "slashed": _two_numbers,
    "hyphened": _day_by_hyphen,
    "pointed": _point,
}
_IN_FIGURES: list[Rule] = [
    (pattern, _MEANINGS[part])
    for part, patterns in expressions.load_lines("dates").items()
    for pattern in patterns
]
# First what is marked as a day: "12.20号" is one, 12.20 alone may be.
_RULES: list[Rule] = [dates_zh.MARKED_DAY, *_IN_FIGURES, *dates_zh.RULES, *dates_en.RULES]
