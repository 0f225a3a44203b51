"""Dates in both languages: each rule is an expression and what it means on a given day."""
# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

from bot.nlu.values import dates_en, dates_zh
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
_PAID = r"paid|sent|transferr?ed|made|wired|deposited"
_DID = rf"{_PAID}|lost|called|rang|phoned|texted|spoke|emailed|wrote|signed|stopped|left|quit|moved|borrowed|took|settled|complained|visited|came|messaged|told|charged|debited|cut"
_MONEY_THAT_MOVED = r"payments?|money|debit|instal?ments?|transfer|it|that|they"
# What is done and over, told in Chinese with 的: "3月9号做的手术", "周三发的货".
_DONE = (
    r"做|动|查|签|办|借|贷|买|卖|开|走|死|没|生|离|辞|关|停|倒|发|扣|还|转|打|汇|寄|收|搬|租|申请|裁|丢|摔|撞|烧|淹|进|住|拿|领|到|接|报|投|提|交|付|存|说|答应|来|起诉"
    r"|确诊|检查|手术|分|优化|解雇|开除|辞退|off|解散|散|破产|被抢|偷|骗|砸|断|伤|病|出|毕业|结|登记|入职|离职|下岗|逾期|失踪|判|抓|封|冻结|发生|受|传|得"
)
_GONE = re.compile(
    r"已经|昨|早就|(?:还|付|转|打|交|存|汇|扣|裁|丢|断|停|关|收到|借|签|搬|生|死|走|摔|撞|烧|淹|倒|封|冻结|辞退|开除|解雇|优化|解散|破产|病倒|偷|骗|抢|查封|宣布)(?:[款钱账完清走掉光给]|工作|我|你们){0,2}(?:了(?!就|再|才|以后|之后)|过(?![去来户]|年)|的(?!话|时候))"
    r"|(?:离|辞|签|借|结|停|断|住)的(?:职|院|婚|约|字|合同|钱)|(?:下岗|停工|停产|关门|倒闭|失业)[的了]"
    rf"|(?<!每月)(?<!每个月)(?:{_DONE})(?:出来|下来|进去|回来|回去|出去|出|完|到|走|给你们|给我|过来)?的(?=$|[\s,.]|手术|病|癌|合同|字|院|货|单|会员|店|门|婚|职|火|事|车祸|通知|短信|律师|证|世|班|岗|学|分期|贷|借款|卡|手续|协议|业务|款|钱(?!还|给|就)|那笔|医院|刀)"
    r"|被(?:裁|辞|扣|开|优化|解|打|撞|偷|骗|抢|淹|烧|抓|查|冻|封|停|收|起诉|拖欠)|失业|车祸|住院|受伤|出事|骨折|去世|过世|过的世|走了|倒闭|着火|起火|失火|火灾|地震|水灾|洪水|暴雨|台风|塌|淹了|停工|停产|停业|歇业|断供|离职|离婚|下岗|确诊|中风|脑梗|流产|早产"
    r"|\bpaid (?:me|us|him|her|them|you|it|that|this|late)\b"
    r"|\b(?:emails?|letters?|texts?|messages?|calls?|statements?|notices?|bills?|invoices?|visits?) (?:of|from|dated)\b|\bdated\b"
    r"|没[^,.;\s]{0,4}过(?![去来])|就没|再没|再也没|一直没|一直[^,.;\s]{0,3}到现在|到现在|至今|\bsince\b"
    rf"|\b(?:i|we|they|he|she|you|somebody|someone|collectors?)(?:'ve|'d| have| had)? (?:already |just |last |only )?(?:{_DID})\b|^\W*(?:already )?(?:{_PAID})\b"
    r"|\b(?:was|were|got|been) (?:made redundant|paid|transferr?ed|sent|taken|deducted|debited|laid off|fired|sacked|let go|in an accident|injured|hurt|diagnosed|admitted|rushed to|taken ill|[a-z]{2,}ed|stolen|broken|cut|shut|burnt|hit|told|sued|held|born|in hospital)\b"
    rf"|\b(?:{_MONEY_THAT_MOVED}) (?:already |just )?(?:went|came|left|cleared|bounced|got (?:taken|debited|deducted)|was (?:taken|debited|deducted))\b"
    r"|\b(?:my|the) (?:last|first) [a-z ]{1,30}\bwas\b"
    r"|\b(?:stopped|closed|ended|died|passed(?: away)?|fell|broke|came|took|lost|rang|phoned|texted|visited|threatened|shouted|(?:was|were) born|was on)\b"
)
# What tells of the past of a day of the year; of a weekday it may as well be told what was said of the next.
_GONE_IN_THE_YEAR = re.compile(
    r"\bi'd an? [a-z]+|\b(?:had|began|became|bought|caught|crashed|did|didn't|drove|flooded|found|gave|got|had|hit|hurt|let (?:me|us|him|her|them) go|left|made|met|moved|opened|quit|ran out|signed|sold|spoke|stole|went|haven't|hasn't)\b"
    r"|\b(?:was|were) (?!not|the|on|supposed|meant|going|hoping|thinking|planning|due|to|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{2,}"
    r"|(?<!\bis )(?<!\bbe )(?<!\bget )(?<!\bgets )(?<!\bam )(?<!'m )(?<!\bare )(?<!\bto )\b(?!need|owed|used|want|plann?ed|promised|agreed|hoped|expected|supposed|scheduled|booked|arranged|delayed|postponed|extended|fixed|proceed|exceed|speed|indeed|succeed|said|hundred|red|bed|feed|seed|greed|wed|shed)[a-z]{2,}ed\b"
    r"|[到来出上下掉光完走断倒垮停塌丢](?:了(?!就|再|才|以后|之后|[^,.;\s]{0,3}就)|的(?=$|[\s,.]))|当时|那会儿|那时候|刚刚?(?=[做生出被失离签办换住搬结买动手毕查])"
)
# Said of a day some months off, and no promise.
_DONE_BY_NOW = re.compile(r"[\u4e00-\u9fff]了(?![就再才解])(?![以之]后)|的(?=$|[\s,.])|都没|(?:短信|电话|通知)[^,.;\s]{0,3}[说讲称]")
_EVER_SINCE = re.compile(r"\bsince\b|[从自打][^,.;\s]{0,14}就[^,.;\s]{0,8}了")
# "I told you the 22nd" was said once, and is to come.
_SAID = re.compile(r"\b(?:i|we|he|she|they|you)(?:'ve| have)? (?:already |just )?(?:told|said|promised|agreed|mentioned)\b")
_TO_COME = re.compile(
    r"(?<!早)就(?!早|已经|被|没|一直|下岗|失业|停[工产业了]|关[门了]|倒闭|没了|断供|.{0,4}过(?![去来]))|(?<![以之走倒落过])后(?!悔|来)|[以之]后(?!悔)|等|如果|要是|会(?!员|计)|能(?!力)|准备|打算|可以|才(?!发现|知道|\d)|之前|吗|\b(?:will|when|once|if|can|could|would|want|until|by|next|before|should|start(?:s|ing)|begin(?:s|ning))\b"
    r"|\bto (?:pay|start|begin|be|come|transfer|send|settle)\b|\babout (?:paying|starting)\b|'ll\b|going to|gonna"
)
_WAS_TO = re.compile(r"\b(?:was|were) (?:all )?(?:meant|supposed|due|going|expecting|hoping) to\b|(?:本来|原本|本该|原来)[^,.;\s]{0,3}(?:说|要|该|应该|打算|定)")
# So plain that even a day nearly a year off is to come.
_SURELY_TO_COME = re.compile(
    r"之前|以前|[号日]前|能(?!力)|会(?!员|计)|将(?!近)|打算|准备|才[能有会行]|到时|承诺|保证|一定|争取|最迟|最晚|到期|宽限|延到|缓到|推到|拖到|等到|再还|开始还|恢复还"
    r"|\b(?:will|won't|shall|by|before|until|till?|can(?!'t|not)|could|would|should|promise|latest|no later than|due|starts?|begins?|kicks? in|comes? (?:in|through)|expires?|lands?|arrives?|reopens?|resumes?|finish(?:es)?|matures?|breaks up)\b|'ll\b|'d\b|\b(?:booked|scheduled|set|planned|arranged) for\b|going to|gonna|\bto (?:pay|start|begin|be|come|transfer|send|settle)\b"
)
# "Owed since before National Day" names no day.
_BEFORE_IT = re.compile(r"[之以]?前")
_MAYBE_TO_COME = re.compile(r"(?<![只主需])要(?!求|账|债|是|命|不是)|得[交还付去]|又该|该[交还付]|\b(?:must|have to|need to|needs to|is|starts|begins|if|when|once)\b")
# Another name of January; "5元月供" is none.
_JANUARY = re.compile(r"(?<![\d百千万亿零一二两三四五六七八九十几多])元月(?=[份底初中\d一二三四五六七八九十])")
_BESIDE = re.compile(r"(?:'s)?[\s(]*(?:,\s?)?(?:the|on|is|falls on|is my|就是|也就是|是|在)?(?: the)?[\s(]*")

# Two days of which one is meant, and two between which one lies; "off sick from the 3rd to the 20th" tells of two.
_EITHER = re.compile(r"\s*(?:,\s*)?(?:or|或者?|要么|还是)\s*(?:on )?(?:the )?")
_SPAN = re.compile(r"\s*(?:到|至|-|~|—|–|和|and|to)\s*(?:the )?")
_SPAN_BEFORE = re.compile(r"\b(?:between|some ?time|any ?time)(?: from| between)?(?: the)? ?$")
_SPAN_AFTER = re.compile(r"的?(?:之间|中间|这几天|左右|前后)")


def find(text: str, today: date) -> list[Value]:
    """Return the dates of folded `text`; an unclear one carries its candidates."""
    found: list[Value] = []
    rest = text = _JANUARY.sub("一月", text)
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
    if _DAY_ALONE.fullmatch(text[first:start]) and not text[end:last].strip() and text[first - 1 : first] == ",":
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
    spans = _SPAN.fullmatch(between) and (_SPAN_BEFORE.search(text, 0, left.start) or _SPAN_AFTER.match(text, right.end))
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
    return bool(value.earlier) and date.fromisoformat(str(value.value)) - date.fromisoformat(str(value.earlier)) == _WEEK


def _iso(match: re.Match[str], today: date) -> Meaning:
    return on(int(match[1]), int(match[2]), int(match[3])) or ()


def _two_numbers(match: re.Match[str], today: date) -> Meaning:
    """Month/day or day/month: clear only when one of them cannot be a month."""
    first, second = int(match[1]), int(match[2])
    readings = {_dated(match[3], today, *pair) for pair in ((first, second), (second, first))}
    days = tuple(sorted(day for day in readings if day))
    if len(days) == 1 and match[3] is None:
        return recurring(days[0], last_in_year(today, days[0].month, days[0].day))
    return days[0] if len(days) == 1 else days


def _dated(year: str | None, today: date, month: int, day: int) -> date | None:
    if year is None:
        return next_in_year(today, month, day)
    return on(int(year) + (2000 if len(year) == 2 else 0), month, day)


def _day_by_hyphen(match: re.Match[str], today: date) -> Meaning:
    """"12-5" is no range, for it falls: a day, written in one order or the other."""
    readings = (_dated(None, today, *pair) for pair in ((int(match[1]), int(match[2])), (int(match[2]), int(match[1]))))
    return tuple(sorted({day for day in readings if day}))


def _point(match: re.Match[str], today: date) -> Meaning:
    """"12.5" with a word of time beside it is a day to most and an amount to some."""
    return tuple(day for day in (_dated(None, today, int(match[1]), int(match[2])),) if day)


_COMMON: list[Rule] = [
    (re.compile(r"(?<!\d)(20\d\d)[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), _iso),
    (re.compile(r"(?<![\d-])(20[23]\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\d-])"), _iso),
    (re.compile(r"(?<![\d.])(\d{1,2})[.-](\d{1,2})[.-](20\d\d)(?![\d.])"), _two_numbers),
    (re.compile(r"(?<![\d/])(?<!cut by )(?<!down by )(?<!reduced by )(?!50/50)(\d{1,2})/(\d{1,2})(?:/(\d{4}|\d{2}))?(?![\d/]| ?of\b|的)"), _two_numbers),
    (re.compile(r"(?<![\d.,/-])(1[0-2]|[2-9])-([1-9])(?![\d.,/-]|\s?(?:[百千万kw%个成折期月年天周块元节级]|percent|months?|years?|days|weeks|hundred|thousand))(?=(\d{4})?)"), _day_by_hyphen),
    (re.compile(r"(?<![\d.,/-])(1[0-2]|[1-9])-(1[3-9]|2\d|3[01])(?=号|日|还|付|之前|前)"), _day_by_hyphen),
    (re.compile(r"(?<![\d.,¥])(1[0-2]|[1-9])\.(\d|[12]\d|3[01])(?=号|日|还|付|之前|前|给|发工资|晚|早)"), _point),
    (re.compile(r"^\W*(1[0-2]|[1-9])\.([12]\d|3[01])\W*$"), _point),
    (re.compile(r"(?:(?<=\bby )|(?<=\bon ))(1[0-2]|[1-9])\.(\d|[12]\d|3[01])(?![\d.%kw]| ?(?:percent|per cent|k\b|yuan|rmb|grand|thousand|hundred))"), _point),
]
# First what is marked as a day: "12.20号" is one, 12.20 alone may be.
_RULES: list[Rule] = [dates_zh.MARKED_DAY, *_COMMON, *dates_zh.RULES, *dates_en.RULES]
