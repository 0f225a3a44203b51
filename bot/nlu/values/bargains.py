"""What a borrower bargains for beside plain amounts: 再少五十, "50 less", 前三个月少一点, "lower for the first 3 months"."""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re

from bot.nlu.values.model import Value, sure
from bot.nlu.values.numerals import read_chinese, read_english

_HAN = "一二两三四五六七八九十百千"
_ZH_AMOUNT = rf"(?P<n>\d{{2,5}}|[{_HAN}]{{1,5}})"
_EN_AMOUNT = r"(?P<n>\d{2,5})(?![\d.,]*\d)(?!\s?(?:%|percent|per cent|months?|days?|weeks?))(?: ?(?:yuan|rmb|kuai|bucks|quid))?"
# What one earns or is paid less is no bargaining.
_EARNED = re.compile(
    r"\b(?:gets?|got|earn\w*|makes?|paid|pays|took|salary|wages?|pay|bonus|income|hours)\b(?! it)|工资|收入|奖金|到手|挣|发了?"
)
# By how much less, and never to what: 少到五百 and 少了五百 say something else.
_LESS = (
    re.compile(
        rf"(?:便宜|少还|少交|少付|再少|再减|再降|再低|减个|降个|少个|降低|减少)(?:个|点)?\s?{_ZH_AMOUNT}(?=块|元|钱|行|可|好|吗|吧|呢|啊|呗|嘛|就|我|\W|$)(?!\s?(?:期|个月|天|%|％))"
    ),
    re.compile(rf"(?<![\d,.]){_EN_AMOUNT} (?:less|lower|cheaper|off)\b(?! (?:than|my|our|his|her|the))"),
    re.compile(rf"\b(?:knock|take|shave|cut) off (?:another )?{_EN_AMOUNT}\b"),
    re.compile(
        rf"\b(?:lower|reduce|drop|cut|bring) (?:it|that|this|them|the (?:instal\w+|payments?))(?: down)? by {_EN_AMOUNT}\b"
    ),
)
_ZH_FIRST = r"(?:前面?|头|开头|最初|刚开始|第(?=一))(?:这|的|那)?(?P<n>\d{1,2}|[一二两俩三四五六七八九十]{1,2}|几)(?:个月|月|期)"
_EN_NUMBER = r"\d{1,2}|two|three|four|five|six|few|couple of|couple"
_SMALL = r"(?:lower|less|smaller|small|low|little|cheaper|easier)"
_FIRST = (
    re.compile(rf"{_ZH_FIRST}.{{0,8}}(?:少|低|轻|松|小|后面.{{0,4}}多)"),
    re.compile(rf"(?:少|低|轻|松)\S{{0,4}}{_ZH_FIRST}"),
    re.compile(rf"\b{_SMALL}\b.{{0,14}}\bfirst (?P<n>{_EN_NUMBER}) months\b"),
    re.compile(rf"\bfirst (?P<n>{_EN_NUMBER}) months\b.{{0,18}}\b{_SMALL}\b"),
)
# So much for the first months and more after them: "400 for the first six months then 1000", 头半年五百，后面一千二. The
# value reaches from the months to the amount that belongs to them; what stands after it belongs to later.
_ZH_MONEY, _EN_MONEY = (
    rf"(?:\d{{2,5}}|[{_HAN}]{{2,6}})",
    r"(?:(?:rmb|cny|[\u00a5\u00a3$]) ?)?\d[\d,]{1,6}k?(?: ?(?:yuan|rmb|kuai|quid))?",
)
_ZH_SPAN = (
    r"(?:(?P<n>\d{1,2}|[一二两俩三四五六七八九十]{1,2})(?:个月|月(?!份)|期)|(?P<half>半年)|(?P<year>[一1]年))"
)
_ZH_HEAD = r"(?:前面?|头|开头|最初|刚开始|起初|开始|最开始|先还|先|第(?=一年))(?:这|的|那)?"
_ZH_LATER = r"(?:后面|后头|后边|之后|以后|往后|过后|然后|后续|接着|接下来|剩下的?|再(?=每|还|付|交|加|涨|多)|后(?=每|半|[一二三四五六七八九十几\d]))"
_ZH_MORE = rf"(?=\D{{0,8}}?{_ZH_LATER}(?:[^\d。！？!?没停免]{{0,10}}?{_ZH_MONEY}|.{{0,6}}(?:恢复|正常|原来|照旧|照常|加|涨|多还|多付|多一点)))"
_ZH_EACH = r"[^\d。！？!?不没停免缓后再了过前涨降]{0,8}?"
_EN_SPAN = rf"(?:(?P<n>{_EN_NUMBER}|eight|nine|ten|twelve|seven) ?(?:months?|mths?|instal+ments?|payments?)|(?P<half>half (?:a |the )?year)|(?P<year>(?:one |a )?year))"
_EN_EACH = r"(?:,? ?(?:a|per|each|every|/) ?month|,? ?monthly)?"
_EN_MORE = rf"(?=\W{{0,3}}(?:and |but |, )*(?:then|after|afterwards|later|from then|the rest)\b[^.?!\d]{{0,24}}(?:{_EN_MONEY}|\bnormal|\busual|\bfull|\bmore\b|\bhigher))"
_STEPS = (
    re.compile(rf"{_ZH_HEAD}{_ZH_SPAN}{_ZH_EACH}{_ZH_MONEY}{_ZH_MORE}"),
    re.compile(
        rf"{_ZH_HEAD}{_ZH_SPAN}[^\d。！？!?不没停免缓后再了过前]{{0,5}}?(?:还|付|交)(?:个|得起|得了)?(?!了|过){_ZH_MONEY}"
    ),
    re.compile(
        rf"(?:每个?月|一个月)?先?(?:每个?月|一个月)?(?:还|付|交){_ZH_MONEY}(?:块|元)?[,，、 ]?(?:先?(?:还|付|交)(?:上|个|它)?|坚持)?{_ZH_SPAN}{_ZH_MORE}"
    ),
    re.compile(rf"{_ZH_MONEY}(?:块|元)?先?(?:还|付|交)(?:上|个|它)?{_ZH_SPAN}{_ZH_MORE}"),
    re.compile(
        rf"\bfirst {_EN_SPAN}(?:(?!\b(?:then|nothing|no|not|after|free|off|and then)\b)[^.?!\d]){{0,16}}{_EN_MONEY}{_EN_EACH}(?!\s?(?:months?|%))"
    ),
    re.compile(rf"\b{_EN_MONEY}{_EN_EACH} (?:for|over|in|during) (?:the |my )?first {_EN_SPAN}"),
    re.compile(rf"\b{_EN_MONEY}{_EN_EACH} for (?:the next |about |say )?{_EN_SPAN}{_EN_MORE}"),
    re.compile(
        rf"\b{_EN_MONEY}{_EN_EACH} (?:till|until|up to|up until)(?= (?:\w+ ){{1,3}}?(?:and |but )?then\b[^.?!\d]{{0,16}}{_EN_MONEY})"
    ),
)
# What somebody says they would pay, by the word for paying right before it: "I can pay 500 today", 月月还三百.
_OFFERED = (
    re.compile(rf"(?P<a>{_ZH_MONEY})(?:块|元|块钱)?(?:左右|以内|以下)?(?:行|可以|成)(?:的话|吗|不行|么)"),
    re.compile(rf"(?:最多|顶多)(?:就|只|也就)?(?:能|可以)?(?:还|拿|给|出|付)?(?P<a>{_ZH_MONEY})(?:块|元)?$"),
    re.compile(
        rf"\b(?:propose|offer|suggest|max|maximum|maximum of|no more than) (?P<a>{_EN_MONEY})(?! (?:days|hours|months))"
    ),
    re.compile(
        rf"(?P<a>{_EN_MONEY})[^.?!\d]{{0,40}}\b(?:can (?:you|we) do that|is that (?:ok|okay|possible|alright|all right|fine)|would that (?:work|do|be ok)|without fail)"
    ),
    re.compile(rf"(?<![偿归不])(?:还|付|交)(?:个|到|上|得起|它)?(?:每月|每个月|一个月)?(?P<a>{_ZH_MONEY})"),
    re.compile(
        rf"(?P<a>{_ZH_MONEY})(?:左右|以内|以下|上下|的话|我|能|可以|还|倒|是|就|应该|大概|勉强)*(?:拿得出|拿得起|能拿出|凑得出|挤得出|还得起|还得上|负担得起|承受得起|付得起|交得起)"
    ),
    re.compile(
        rf"(?:每月|每个月|一个月|月月)(?P<a>{_ZH_MONEY})(?:块|元|块钱)?(?:左右|以内|以下)?(?:是|就|都|应该)*没(?:啥|什么)?问题"
    ),
    re.compile(rf"(?:拿得出|拿出|凑|挤出|挤得出|凑得出|凑出)(?:来)?(?:个|到)?(?P<a>{_ZH_MONEY})"),
    re.compile(
        rf"(?P<a>{_EN_MONEY})(?: a month| monthly| per month| is| would be|'s)* (?:what )?i (?:can|could) (?:pay|afford|manage|do|spare)\b"
    ),
    re.compile(
        rf"\b(?:can|could|will|would|'ll|might|able to|to|only|just) (?:\w+ly )?(?:pay|afford|manage|do|put in|put down|spare|scrape together|give you)(?: (?:back|you|about|around|maybe|only|like|up to|roughly|at most))* (?P<a>{_EN_MONEY})"
    ),
)
# So a wage is told, and no instalment.
_WAGE = re.compile(
    r"\b(?:earn\w*|salary|wages?|income|bonus|takes? home|made|got|paid)\b|工资|收入|奖金|到手|挣|赚|发(?!薪日)"
)
# "The first two months nothing": a pause, and no number of instalments.
_PAUSE = (
    re.compile(rf"{_ZH_FIRST}(?:先|都|全|我|可以|能不能)*(?:不还|不付|不交|停|缓|免)"),
    re.compile(
        rf"\b(?:nothing|no payments?|not pay\w*|pause|skip|miss)\b.{{0,12}}\bfirst (?P<n>{_EN_NUMBER}) months\b"
    ),
    re.compile(rf"\bfirst (?P<n>{_EN_NUMBER}) months (?:off|nothing|free|without paying|no payments?)\b"),
)


# "Pay the arrears off in 3 goes", 分三次还: so many payments, and no number of months until something is agreed
_IN_PARTS = re.compile(
    r"\bin (?P<n>[2-9]|two|three|four|five|six) (?:goes|chunks|parts|lots)\b|分(?P<m>[2-9两二三四五六])次(?=还|交|付|给|行|可|好|吗|$|\W)"
)
# A bargain is about tens at least: "少付两成" is a share.
_LEAST = 10


def find(text: str) -> list[Value]:
    """Return `less_by` (minor units), `parts`, `first_months` and `pause_months` (0: not said how many) in folded `text`."""
    less = [] if _EARNED.search(text) else [match for pattern in _LESS for match in pattern.finditer(text)]
    found = [("less_by", match, _number(match["n"]) * 100) for match in less if _number(match["n"]) >= _LEAST]
    found += [
        ("first_months", match, _number(match["n"])) for pattern in _FIRST for match in pattern.finditer(text)
    ]
    found += [
        ("pause_months", match, _number(match["n"])) for pattern in _PAUSE for match in pattern.finditer(text)
    ]
    found += [("parts", match, _number(match["n"] or match["m"])) for match in _IN_PARTS.finditer(text)]
    if not _WAGE.search(text):
        steps = [match for pattern in _STEPS for match in pattern.finditer(text)]
        found += [
            ("first_months", match, _steps_months(match))
            for place, match in enumerate(steps)
            if not _overlap(match, steps[:place])
        ]
    return [sure(kind, match.span(), number) for kind, match, number in found]


def offered(text: str) -> list[tuple[int, int]]:
    """Return where folded `text` has an amount that somebody says they would pay."""
    return [match.span("a") for pattern in _OFFERED for match in pattern.finditer(text)]


def _overlap(match: re.Match[str], others: list[re.Match[str]]) -> bool:
    return any(match.start() < other.end() and other.start() < match.end() for other in others)


def _steps_months(match: re.Match[str]) -> int:
    said = match.groupdict()
    return 6 if said.get("half") else 12 if said.get("year") else _number(said["n"]) if said.get("n") else 0


def _number(written: str) -> int:
    return int(read_chinese(written) or read_english(written) or 0)
