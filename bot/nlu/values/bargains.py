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
_EARNED = re.compile(r"\b(?:gets?|got|earn\w*|makes?|paid|pays|took|salary|wages?|pay|bonus|income|hours)\b(?! it)|工资|收入|奖金|到手|挣|发了?")
# By how much less, and never to what: 少到五百 and 少了五百 say something else.
_LESS = (
    re.compile(rf"(?:便宜|少还|少交|少付|再少|再减|再降|再低|减个|降个|少个|降低|减少)(?:个|点)?\s?{_ZH_AMOUNT}(?=块|元|钱|行|可|好|吗|吧|呢|啊|呗|嘛|就|我|\W|$)(?!\s?(?:期|个月|天|%|％))"),
    re.compile(rf"(?<![\d,.]){_EN_AMOUNT} (?:less|lower|cheaper|off)\b(?! (?:than|my|our|his|her|the))"),
    re.compile(rf"\b(?:knock|take|shave|cut) off (?:another )?{_EN_AMOUNT}\b"),
    re.compile(rf"\b(?:lower|reduce|drop|cut|bring) (?:it|that|this|them|the (?:instal\w+|payments?))(?: down)? by {_EN_AMOUNT}\b"),
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
# "The first two months nothing": a pause, and no number of instalments.
_PAUSE = (
    re.compile(rf"{_ZH_FIRST}(?:先|都|全|我|可以|能不能)*(?:不还|不付|不交|停|缓|免)"),
    re.compile(rf"\b(?:nothing|no payments?|not pay\w*|pause|skip|miss)\b.{{0,12}}\bfirst (?P<n>{_EN_NUMBER}) months\b"),
    re.compile(rf"\bfirst (?P<n>{_EN_NUMBER}) months (?:off|nothing|free|without paying|no payments?)\b"),
)


# "Pay the arrears off in 3 goes", 分三次还: so many payments, and no number of months until something is agreed
_IN_PARTS = re.compile(r"\bin (?P<n>[2-9]|two|three|four|five|six) (?:goes|chunks|parts|lots)\b|分(?P<m>[2-9两二三四五六])次(?=还|交|付|给|行|可|好|吗|$|\W)")
# A bargain is about tens at least: "少付两成" is a share.
_LEAST = 10


def find(text: str) -> list[Value]:
    """Return `less_by` (minor units), `parts`, `first_months` and `pause_months` (0: not said how many) in folded `text`."""
    less = [] if _EARNED.search(text) else [match for pattern in _LESS for match in pattern.finditer(text)]
    found = [("less_by", match, _number(match["n"]) * 100) for match in less if _number(match["n"]) >= _LEAST]
    found += [("first_months", match, _number(match["n"])) for pattern in _FIRST for match in pattern.finditer(text)]
    found += [("pause_months", match, _number(match["n"])) for pattern in _PAUSE for match in pattern.finditer(text)]
    found += [("parts", match, _number(match["n"] or match["m"])) for match in _IN_PARTS.finditer(text)]
    return [sure(kind, match.span(), number) for kind, match, number in found]


def _number(written: str) -> int:
    return int(read_chinese(written) or read_english(written) or 0)
