"""Chinese date expressions: 下周五, 15号, 月底, 三个月后, 12月5日, 明天."""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from bot.nlu.values import calendar
from bot.nlu.values.calendar import Recurring
from bot.nlu.values.numerals import read_chinese

_N = r"(?:\d{1,4}|[零一二两三四五六七八九十]{1,3})"
_WEEKDAYS = {"一": 0, "二": 1, "三": 2, "四": 3, "五": 4, "六": 5, "日": 6, "天": 6, "末": 6}
_WEEKDAYS |= {str(number + 1): number for number in range(7)}
_DAYS = {
    "今天": 0,
    "今日": 0,
    "今晚": 0,
    "今早": 0,
    "今儿早上": 0,
    "今晨": 0,
    "明天": 1,
    "明日": 1,
    "昨儿": -1,
    "前儿": -2,
    "明儿": 1,
    "明个": 1,
    "今儿": 0,
    "今个": 0,
    "后儿": 2,
    "后个": 2,
    "大后儿": 3,
    "明晚": 1,
    "明早": 1,
    "后天": 2,
    "大后天": 3,
}
_DAYS |= {"昨天": -1, "昨日": -1, "昨晚": -1, "前天": -2, "大前天": -3}
_YEARS = {"今年": 0, "明年": 1, "后年": 2, "去年": -1, "前年": -2}
_MONTHS = {
    "这个月": 0,
    "这月": 0,
    "本月": 0,
    "当月": 0,
    "下个月": 1,
    "下月": 1,
    "下下个月": 2,
    "下下月": 2,
    "上个月": -1,
    "上月": -1,
    "上上个月": -2,
}
_WEEKS = {"这": 0, "本": 0, "下": 1, "下下": 2, "上": -1, "上上": -2}
_NOT_A_DATE = r"(?!方案|楼|线|店|院|栋|房(?!租|贷|东)|选|套|机|厅|门|计划|种|个|车|员|码|仓|客服|专员|坐席|经理|窗口|病|床|线)"

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
    monday = calendar.weekday_in_week(today, 0, _WEEKS[match["week"] or "本"])
    return monday, monday + timedelta(days=6)


def _relative(match: re.Match[str], today: date) -> Meaning:
    """三个月后, 两周前, 半年后, 一年半以后; past and future by the last word."""
    sign = -1 if (match["way"] or "").endswith("前") else 1
    unit = match["unit"]
    if match["half"]:
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


# 上半年 is no six months; 冬装 and 夏季新款 are goods.
_SEASON = r"(?:今年|去年|前年|明年|20\d\d年)(?:的)?(?:[上下]半年|[春夏秋冬]天(?!的?[衣货款]))|[上下]半年|(?:从|自从?)[春夏秋冬]天|入[春夏秋冬](?:以?后|以来|起|开始)"
_YEAR = r"(?P<year>20\d\d年|(?<!\d)\d\d年|今年|明年|后年|去年|前年)?(?:的)?"
_WHICH_MONTH = "(?P<month>下下个月|下个月|这个月|上上个月|上个月|下下月|下月|这月|本月|当月|上月)"
# "这个月只能还500" says when it is said, not a day to ask about; "从这个月开始" does.
_THIS_SPAN = r"(?:(?:(?<=^)|(?<=从)){0}(?=\W*$|之?内|开始|起|[还付](?!不|款|贷|欠)))"
_UNIT = "天|日|周|个?星期|个?礼拜|个周|个月零?半?|个半月|年半|年"

MARKED_DAY = (
    re.compile(
        rf"{_YEAR}(?<![\d./])(?P<month>1[0-2]|0?[1-9])[./](?P<day>[12]\d|3[01]|0?[1-9])[号日](?!楼|院)"
    ),
    _full,
)
RULES: list[tuple[re.Pattern[str], Callable[[re.Match[str], date], Meaning]]] = [
    (
        re.compile(
            r"(?:正月|腊月|冬月|农历|阴历)[初廿一二三四五六七八九十月号日]{0,6}|大年(?:三十|初[一二三四五六七八九十])|除夕|元宵"
        ),
        _unknown,
    ),
    (
        re.compile(
            rf"{_YEAR}(?P<month>{_N})月份?(?:的)?(?P<day>\d{{1,2}}(?!\d)|[零一二两三四五六七八九十]{{1,3}})(?:号|日|(?![\d零一二两三四五六七八九十万千百个元块]))"
        ),
        _full,
    ),
    (
        re.compile(
            r"大下个?(?:周|星期|礼拜)[一二三四五六日天]|次月(?:的)?[\d一二三四五六七八九十]{1,3}[号日]|(?<![上读念月年一\d])初[一二三四五六七八九十](?=[之以过]?后|[之以]?前|开工|上班|那天|再|才)"
        ),
        _unknown,
    ),
    (re.compile(rf"{_WHICH_MONTH}(?:的)?(?P<day>{_N})(?:号|日)"), _in_month),
    (
        re.compile(
            r"(?<![\d第月.])(?P<first>[12]?\d|3[01]|[二三]?十[一二三四五六七八九]?)(?:到|至|-|~|—|、|或者?)(?P<last>[12]?\d|3[01]|[二三]?十[一二三四五六七八九]?)[号日](?!楼|院|线|桌|床)"
        ),
        _days_between,
    ),
    (
        re.compile(rf"{_WHICH_MONTH}(?P<day>[12]\d|3[01]|[二三]?十[一二三四五六七八九]?)(?=[还打付交转])"),
        _in_month,
    ),
    (re.compile(rf"{_WHICH_MONTH}(?P<day>[12]?\d|3[01])(?=发|到账|开工资|开薪|出粮|结工资)"), _in_month),
    (
        re.compile(
            rf"{_YEAR}(?<![\d百千万])(?!一月(?:也|才|下来|挣|赚|收入|拿|[两几零一二三四五六七八九\d]+[千百万]|\d{3}))(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月份?(?P<end>[底末初中])?"
        ),
        _whole_month,
    ),
    (
        re.compile(
            r"(?P<month>下下个月|下个月|这个月|上个月|下月|本月|这月|上月)?的?(?:(?<=月)|月)(?P<part>底|末|初(?![\d一二三四五六七八九十]{1,2}[号日])|中旬|上旬|下旬|中)(?!国|心|药|学)"
        ),
        _part_of_month,
    ),
    (re.compile(r"再?过两天|明后[天两]天?"), _unknown),
    (
        re.compile(rf"(?P<n>{_N}|俩|仨)个?月(?:以后|之后|后)(?:的|那个月)?(?P<day>{_N})[号日]"),
        _day_some_months_on,
    ),
    (
        re.compile(
            r"(?:账单日|还款日|扣款日|发薪日|工资日)(?:是|为|在)?(?:每个?月)?(?P<day>[12]?\d|3[01])(?![\d号日.月/%点个,-])"
        ),
        _day_of_month,
    ),
    (
        re.compile(
            rf"(?:再?过(?:个)?|再有)(?:(?P<half>半)(?:个)?|(?P<n>{_N}))(?P<unit>{_UNIT})(?P<way>以后|之后|后)?(?!多)"
        ),
        _relative,
    ),
    (
        re.compile(
            r"(?P<half>\Z.)?(?P<n>[俩仨])个?(?P<unit>月)(?P<way>以后|之后|过后|后|以前|之前|前(?![天面]))"
        ),
        _relative,
    ),
    (
        re.compile(
            r"(?:[一两二三四五六七八九十\d]+个多月|[一二两三四五六七八九十\d]+年多|半年多|[一二两三四五六七八九十\d]+个?多(?:星期|礼拜|周))(?:以前|之前|前|以后|之后|后)(?!天|面)"
        ),
        _unknown,
    ),
    (
        re.compile(
            rf"(?:(?P<half>半)个?|(?<!月)(?<!月\d)(?P<n>{_N}))(?P<unit>{_UNIT})(?P<way>以后|之后|过后|后|以前|之前|前)(?!天|面|年|期|还清)"
        ),
        _relative,
    ),
    (
        re.compile(
            rf"(?:[几数]|[一二三四五六七八九两]{{2}}|十[几来])(?:{_UNIT})(?:以后|之后|后|以前|之前|前)(?!天|面)"
        ),
        _unknown,
    ),
    (re.compile(r"[这本下]?个?(?:周|星期|礼拜)六(?:日|天)"), _unknown),
    (
        re.compile(
            r"(?P<week>下下|上上|[这本下上])(?:一)?个?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-7])(?![个次天年周])"
        ),
        _weekday,
    ),
    (
        re.compile(
            r"(?:(?<![每这本下上一两三四五六七八九十几\d个])|(?<=[周期拜][一二三四五六日天]))(?P<week>)(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末1-7])(?![个次年\d]|周(?![一二三四五六日天末]))"
        ),
        _weekday,
    ),
    (
        re.compile(
            rf"(?P<week>下下|[下上])(?:个|一)?(?:周|星期|礼拜)|{_THIS_SPAN.format('(?P<this>[本这])(?:个|一)?(?:周|星期|礼拜)')}"
        ),
        _named_week,
    ),
    (
        re.compile(
            r"大后天|大后儿|大前天|今儿早上|今早|今晨|今儿|昨儿|前儿|今个|明个|后儿|后个(?!月)|今天|今日|今晚|明天|明日|明儿|明晚|明早|后天|昨天|昨日|昨晚|前天"
        ),
        _today_shift,
    ),
    (re.compile(r"(?P<year>今年|明年|后年|去年)?年?(?:(?<=年))(?P<part>底|末|初|中)"), _year_part),
    (
        re.compile(
            rf"(?<![\d第零一二三四五六七八九十百千万.])(?P<day>[12]?\d|3[01]|[一二三四五六七八九十]{{1,3}}|(?<=号)两)(?:号|日(?!常|元|子|期|报|息|利|均|后|内|之内)){_NOT_A_DATE}"
        ),
        _day_of_month,
    ),
    (re.compile(_WHICH_MONTH.replace("|这个月", "").replace("|这月|本月|当月", "") + "(?!供)"), _named_month),
    (re.compile(_THIS_SPAN.format("(?P<month>这个月|这月|本月|当月)")), _named_month),
    (
        re.compile(
            r"(?:元旦|国庆|五一|圣诞)(?:节|假期)?(?:过后|以后|之后|后|左右|前后|附近)|过[了完]?(?:元旦|国庆|五一|圣诞)节?"
        ),
        _unknown,
    ),
    (
        re.compile(
            r"(?P<day>元旦|国庆|(?<![百千万十块元])五一(?!个|年|路|街|广场|大道|村|商|国际)|圣诞)(?:节|假期)?"
        ),
        _holiday,
    ),
    (
        re.compile(
            r"(?:春节|过完?年)(?:以后|之后|后)|过完(?:春节|年)(?!后)|(?<![一二三四五六七八九十半\d几两多])年后(?!代)"
        ),
        _after_spring_festival,
    ),
    (re.compile(r"春节|过完?年(?:以后|之后|后)?(?!代)|年前|年后|中秋|端午|清明"), _unknown),
    (
        re.compile(
            r"(?:等到?|到)?下一?[次回](?:发|领|开)(?:了|到)?(?:工资|薪水?|钱)(?:的时候|那天|当天|以后|之后|后|日|就|再)?|等(?:老板|厂里|公司|单位|他们)?(?:发|领|开|拿)(?:了|到)?(?:工资|薪水?)(?:的时候|那天|当天|以后|之后|后|日|就|再)?"
        ),
        _unknown,
    ),
    (
        re.compile(
            r"(?<!每次)(?<!每月)(?<!每回)(?:下次|下个?月|等)?(?:发|领|开)(?:了)?(?:工资|薪水?|钱)(?:的时候|那天|当天|以后|之后|后|日|就|再)|发薪日|工资日|工资(?:到账|下来|到了)(?:以后|之后|后|就|再)?"
        ),
        _unknown,
    ),
    (
        re.compile(rf"{_SEASON}|(?:明年|(?<![前以之])后年(?!终)|去年|(?<![之以])前年(?!后))(?!底|末|初|中)"),
        _unknown,
    ),
    (
        re.compile(
            rf"^\W*(?:有|已经|大概|大约|差不多|快|也就|得|要|还要|约|估计)*(?![一二三四五六七八九两]{{2}})(?P<n>{_N})(?P<unit>天|周|个?星期|个?礼拜)(?:了|吧|左右|的样子)*\W*$"
        ),
        _weeks_alone,
    ),
]
