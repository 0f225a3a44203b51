"""Numbers of months in both languages: 三个月, 半年, 12期, for 6 months, a year and a half."""
# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from decimal import Decimal

from bot.nlu.values.model import Value, blank, sure, unclear
from bot.nlu.values.numerals import read_chinese, read_english

_ZH_COUNT = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
_ZH = re.compile(
    rf"(?<![\d第.零一二两三四五六七八九十百千万]){_ZH_COUNT}(?:个(?P<half>半)?(?:多)?月(?!大|的?(?:宝宝|婴儿|娃|孩子|孕))|(?P<year>年)(?P<yearhalf>半)?(?!前|级|代|龄|终|薪|化|利|老)|期(?!间|限|望|待))"
)
# 一个月 beside an amount is a rate ("八百一个月", "一个月最多还八百"), not a number of months.
_ZH_RATE = re.compile(
    r"[\d一两二三四六]个(?:季度|月)(?:才|就)?[交付还发结]?一次|\bevery (?:\w+ )?months?\b|(?<=[\d百千万元块钱kw整圆毛角])\s?[一1](?:个月|期)|(?<![\d十分停缓延用])[一1]年(?=[\d一二两三四五六七八九][\d百千万kw])|[一1]年(?:到头|下来)|(?<![\d十])[一1]年(?:的)?(?=(?:学|房|保|物业|水电|暖气|取暖)(?:杂)?[费租])|(?<![\d十])[一1]年(?:也|就|才|只|大概|大约|最多|总共|能|我)*(?:挣|赚|收入|进账|拿|交(?![清完齐]))|(?<![\d十第停缓延晚推歇给用])[一1]年(?:[\u4e00-\u9fff]{0,5}?)(?:收|挣|赚|拿|进账|利息|少|多|花|存|剩|亏|赔|租金?|学费)(?:[\u4e00-\u9fff]{0,3}?)(?=[\d一二两三四五六七八九几][\d一二两三四五六七八九十百千万kw])|(?<![\d十第])[一1](?:个月|期)(?:[\u4e00-\u9fff]{0,7}?)(?=[\d一二两三四五六七八九几][\d一二两三四五六七八九十百千万kw]|[\d]{2}|[百千万]把)"
    # "What must I pay in a month" asks for a rate, too.
    r"|(?<![\d十第停缓延晚推歇])[一1]个月(?=(?:[\u4e00-\u9fff]{0,5}?)(?:多少|几百|几千|几块))"
)
# "小孩一个，八个月" and "baby, 8 months" tell how old a child is.
_CHILD = re.compile(r"(?:小孩|孩子|娃儿?|宝宝|婴儿|女儿|儿子|闺女|二胎|老二|老大)(?:\d|[一二两三]|个|才|刚|现在|今年|[,，、 ]){0,6}(?:\d{1,2}|[一二两三四五六七八九十]{1,2})个(?:多)?月(?![后前内里])|\b(?:baby|kid|child|son|daughter|newborn)\b(?:'s| is| are|,)?(?: only| just| about)? \d{1,2} months?\b(?! ago)")
_ZH_HALF_YEAR = re.compile(r"(?<![一二两三四五六七八九十\d多])半年(?!报)")
_ZH_TWO = re.compile(r"[俩两]个?月(?![底初中末份供租])")
_ZH_THREE = re.compile(r"仨个?月")
_ZH_HALF_MONTH = re.compile(r"半个(?:多)?月")
_ZH_YEARS_AND_MONTHS = re.compile(rf"{_ZH_COUNT}年(?:零|又|加){_ZH_COUNT.replace('<n>', '<more>')}个月")
_ZH_QUARTERS = re.compile(rf"{_ZH_COUNT}个季度")
_ZH_VAGUE = re.compile(
    r"(?<![百千万])(?:好几|几|数|十几|十来|[一二三四五六七八九]?(?:一两|两三|三四|四五|五六|六七|七八|八九|三五))(?:个月|年|期(?!间))"
    r"|(?:\d+|[一二两三四五六七八九十]+)(?:个)?(?:到|至|-|~|—|、|或|或者)(?:\d+|[一二两三四五六七八九十]+)(?:个月|年|期)|[一两二三四五六七八九十\d]+(?:个多月|年多)|[大多小]半年|小一年|一年半载|半年多|(?<!\d)个把月|个来月|[一二两三四五六七八九十\d]+个来月|[一二两三四五六七八九十\d]+来个月"
)
_WORDS = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen"
    r"|twenty(?:[ -]four)?|thirty(?:[ -]six)?|forty(?:[ -]eight)?|sixty"
)
_EN_COUNT = rf"(?P<n>\d{{1,3}}(?:\.5)?|{_WORDS})"
_EN = re.compile(rf"\b{_EN_COUNT}(?P<half> and a half)?[ -]?(?:more |full |monthly )?(?P<unit>months?|years?|yrs?|mths?|mos?|instal+ments?|emis?|(?<=monthly )payments?)\b(?![ -]olds?\b| pregnant| along|[ -]old\b)")
_EN_YEARS_AND_MONTHS = re.compile(rf"\b(?P<n>an?|\d{{1,2}}|{_WORDS}) years?,? (?:and )?(?P<more>an?|\d{{1,2}}|{_WORDS}) months?\b")
_EN_YEAR_AND_HALF = re.compile(r"\b(?:a|one) year and a half\b|\b(?:a )?year and (?:a )?half\b")
_EN_HALF_YEAR = re.compile(r"\bhalf (?:a|of the) year\b|\bhalf[- ]year\b|\bsix[- ]month\b(?![- ]old)")
_EN_YEAR = re.compile(r"\ba year(?='s (?:grace|break|pause|holiday|freeze|extension)\b)|\b(?:for|over|within|in|by|of|only|just|about|around|than|another|give me|(?:stretch|spread|extend|lengthen|push|drag|up|go|change|make)(?:ed|ing|s)?(?: it| this| that| them| the (?:loan|term|debt|plan|arrears|payments?))?(?: out)? (?:to|across|into)) (?:a|an|one|another|about a) (?:whole |full )?year\b|\ba (?:whole |full )?year(?= (?:to|off|more|extra|longer)\b)|^\W*(?:a|one) (?:whole |full )?year\W*$|\b(?:been|need|wait|about|nearly|almost|least) a (?:whole |full )?year\b(?! ago)")
_EN_QUARTER_YEAR = re.compile(r"\b(?:for )?a quarter of (?:a|the) year\b")
_EN_THREE_QUARTERS = re.compile(r"\bthree[ -]quarters of (?:a|the) year\b")
_EN_MONTH = re.compile(r"(?:^\W*|\b(?:need|take|give me|have|get|want|like|just|maybe|least|about|with) )a month(?= (?:off|break|holiday|grace|longer)\b)|\b(?:for|over|of|only|just|skip|pause|miss|need|give me) (?:a|one|another) (?:whole |full )?month\b(?! ago)|\bone month\b")
_EN_VAGUE = re.compile(
    rf"\b(?:\d+|{_WORDS})(?: ?months?)? to (?:a|one) year\b|"
    r"\b(?:(?:a )?couple of|a (?:good |fair )?few|several|some|many|a couple) (?:more )?months\b"
    rf"|\b(?:\d+|{_WORDS}|a)(?: month| year)? ?(?:-|to|or|–) ?(?:\d+|{_WORDS})[ -](?:months?|years?|instal+ments?)\b|\b(?<!in )a (?:month|year) or (?:two|so)\b|\bmonth and a half\b"
)


def find(text: str) -> list[Value]:
    """Return the month counts of folded `text`; vague ones are marked unclear."""
    for pattern in (_ZH_RATE, _CHILD):
        for match in pattern.finditer(text):
            text = blank(text, match.start(), match.end())
    found: list[Value] = []
    for pattern in (_ZH_VAGUE, _EN_VAGUE):
        found += [unclear("month_count", match.span()) for match in pattern.finditer(text)]
    for pattern, value in _FIXED:
        found += [sure("month_count", match.span(), value) for match in pattern.finditer(text) if _free(match, found)]
    for pattern, read in ((_ZH_YEARS_AND_MONTHS, _years_and_months), (_EN_YEARS_AND_MONTHS, _years_and_months), (_ZH, _chinese), (_ZH_QUARTERS, _quarters), (_EN, _english)):
        found += [read(match) for match in pattern.finditer(text) if _free(match, found)]
    found += [unclear("month_count", match.span()) for match in _ZH_HALF_MONTH.finditer(text) if _free(match, found)]
    return found


_FIXED = ((_ZH_HALF_YEAR, 6), (_ZH_TWO, 2), (_ZH_THREE, 3), (_EN_YEAR_AND_HALF, 18), (_EN_HALF_YEAR, 6), (_EN_THREE_QUARTERS, 9), (_EN_QUARTER_YEAR, 3), (_EN_YEAR, 12), (_EN_MONTH, 1))


def _free(match: re.Match[str], found: list[Value]) -> bool:
    return not any(match.start() < value.end and value.start < match.end() for value in found)


def _chinese(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"])
    if number is None or match["half"]:
        return unclear("month_count", match.span())
    months = int(number) * (12 if match["year"] else 1) + (6 if match["yearhalf"] else 0)
    return sure("month_count", match.span(), months)


def _years_and_months(match: re.Match[str]) -> Value:
    years, months = (_whole(match[name]) for name in ("n", "more"))
    return sure("month_count", match.span(), years * 12 + months) if years and months else unclear("month_count", match.span())


def _whole(written: str) -> int:
    number = Decimal(1) if written in ("a", "an") else read_chinese(written) or read_english(written)
    return int(number or 0)


def _quarters(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"])
    return sure("month_count", match.span(), int(number) * 3) if number else unclear("month_count", match.span())


def _english(match: re.Match[str]) -> Value:
    number = read_chinese(match["n"]) if match["n"][0].isdigit() else read_english(match["n"])
    if number is None:
        return unclear("month_count", match.span())
    months = number * (12 if match["unit"].startswith("y") else 1)
    if match["half"]:
        months += 6 if match["unit"].startswith("y") else months % 1 + type(months)("0.5")
    return sure("month_count", match.span(), int(months)) if months == int(months) else unclear("month_count", match.span())
