"""Shares in both languages: 30%, 百分之三十, 两成, 打八折, 三分之一, 一半, half, a third.

What is said roughly, and the English words: `data/values/percentages.yml`.
"""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal

from bot.nlu.values import expressions
from bot.nlu.values.model import Value, sure, unclear
from bot.nlu.values.numerals import ONE_TO_NINE, read_chinese, read_english

_N = r"(\d+(?:\.\d+)?|[零一二两三四五六七八九十百]+(?:点[零一二三四五六七八九]+)?)"
_EN_WORDS = r"((?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|eighteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|a)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine|hundred))?)"
_EN_DIGIT = "(?:zero|oh|one|two|three|four|five|six|seven|eight|nine)"
_EN_POINT = rf"((?:\w+ )?point(?: {_EN_DIGIT}){{1,3}})"
_PARTS = {"百": Decimal(1), "千": Decimal("0.1"), "万": Decimal("0.01")}
_EN_PARTS = {
    "third": 3,
    "quarter": 4,
    "fourth": 4,
    "fifth": 5,
    "tenth": 10,
    "half": 2,
    "eighth": 8,
    "sixth": 6,
}
_EN_COUNTS = {"a": 1, **ONE_TO_NINE}

_CHANGED = re.compile(
    r"\b(?:went|gone|rose|risen|jump\w*|up|dropp?\w*|fell|chang\w+|increas\w+|rais\w+|put)\b[^,.;]{0,20}\bfrom\s*$|(?:涨|升|降|调|变)[^,.;]{0,4}从\s*$|从\s*$"
)

Read = Callable[[re.Match[str]], Decimal | None]


def find(text: str) -> list[Value]:
    """Return the percentages of folded `text` as decimal text ("80", "33.33", "0.05")."""
    found: list[Value] = []
    for pattern in _VAGUE:
        found += [
            unclear("percentage", match.span())
            for match in pattern.finditer(text)
            if not _changes(match, text)
        ]
    for pattern, read in _RULES:
        for match in pattern.finditer(text):
            value = read(match)
            if value is not None and not any(
                match.start() < old.end and old.start < match.end() for old in found
            ):
                found.append(sure("percentage", match.span(), _written(value)))
    return found


def _changes(match: re.Match[str], text: str) -> bool:
    """ "from 24% to 12%" and "jumped from 12% to 19.5%" name two rates, not a range."""
    if "%" in match.group()[:-1] and _CHANGED.search(text, 0, match.start()):
        return True
    ends = re.findall(r"\d+(?:\.\d+)?", match.group())
    return len(ends) == 2 and "%" in match.group()[:-1] and Decimal(ends[0]) > Decimal(ends[1])


def _written(value: Decimal) -> str:
    rounded = (
        value
        if value == value.quantize(Decimal("0.0001"))
        else value.quantize(Decimal("0.01"), ROUND_HALF_UP)
    )
    return f"{rounded.normalize():f}"


def _spoken(text: str) -> Decimal | None:
    whole, point, decimals = text.partition("点")
    value = read_chinese(whole)
    if value is None or not point:
        return value
    return value + Decimal("0." + "".join(str("零一二三四五六七八九".index(char)) for char in decimals))


def _percent(match: re.Match[str]) -> Decimal | None:
    return Decimal(match[1])


def _permille(match: re.Match[str]) -> Decimal | None:
    return Decimal(match[1]) / 10


def _of_hundred(match: re.Match[str]) -> Decimal | None:
    value = _spoken(match[2])
    return None if value is None else value * _PARTS[match[1]]


def _daily_ten_thousandths(match: re.Match[str]) -> Decimal | None:
    value = _spoken(match[1])
    return None if value is None else value * Decimal("0.01")


def _tenths(match: re.Match[str]) -> Decimal | None:
    value = read_chinese(match[1])
    if value is None or not match[2]:
        return None if value is None else value * 10
    return value * 10 + (5 if match[2] == "半" else read_chinese(match[2]) or 0)


def _monthly_interest(match: re.Match[str]) -> Decimal | None:
    """月息一分五: 1.5 % a month."""
    tenths = _tenths(match)
    return None if tenths is None else tenths / 10


def _discount(match: re.Match[str]) -> Decimal | None:
    """八折 and 8折 are 80, 八五折 and 85折 are 85: the share paid."""
    digits = [
        str("零一二三四五六七八九".index(char)) if not char.isdigit() and char != "." else char
        for char in match[1]
    ]
    value = Decimal("".join(digits))
    return value * 10 if value < 10 else value


def _fraction(match: re.Match[str]) -> Decimal | None:
    below, above = read_chinese(match[1]), read_chinese(match[2])
    return above * 100 / below if below and above is not None else None


def _half(match: re.Match[str]) -> Decimal | None:
    return Decimal(50)


def _english_percent(match: re.Match[str]) -> Decimal | None:
    value = read_english(match[1])
    return value + Decimal("0.5") if value is not None and match["half"] else value


def _english_point(match: re.Match[str]) -> Decimal | None:
    return read_english(match[1].replace(" oh", " zero")) or read_english(match[1][match[1].index("point") :])


def _written_fraction(match: re.Match[str]) -> Decimal | None:
    above, below = int(match[1]), int(match[2])
    return Decimal(above * 100) / below if above < below else None


def _chinese_percent(match: re.Match[str]) -> Decimal | None:
    return _spoken(match[1])


def _half_percent(match: re.Match[str]) -> Decimal | None:
    return Decimal("0.5")


def _english_fraction(match: re.Match[str]) -> Decimal | None:
    return Decimal(_EN_COUNTS[match[1]] * 100) / _EN_PARTS[match[2]]


_SAID = expressions.load("percentages")
_RULES: list[tuple[re.Pattern[str], Read]] = [
    (
        re.compile(
            r"(?<![\d.])(?<!point )(\d+(?:\.\d+)?)\s?(?:%|percent\b|per cent\b|pct\b|pc\b|个百分点|个点(?!钟))"
        ),
        _percent,
    ),
    (re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?‰"), _permille),
    (
        re.compile(
            r"([零一二两三四五六七八九十]{1,3}(?:点[零一二三四五六七八九]+)?)个(?:百分点|点(?!钟|子))"
        ),
        _chinese_percent,
    ),
    (re.compile(rf"([百千万])分之{_N}(?![万亿千])"), _of_hundred),
    (re.compile(rf"(?:日息|利率|日利率|每天)万{_N}"), _daily_ten_thousandths),
    (re.compile(rf"(?<!百){_N}分之{_N}"), _fraction),
    (
        re.compile(
            r"(?<![\d百千万])(\d|[一二两三四五六七八九])成(半|[一二三四五六七八九](?![\d个百千万成]))?(?![为功本员年立交果就绩]|(?<![剩到有只掉跌降少才][\d一二两三四五六七八九]成)了|分(?![期半\ufffc一二两三四五六七八九十\d]))"
        ),
        _tenths,
    ),
    (re.compile(r"(?<![一大两三])半成(?![品功交年员绩为本了果立就])"), lambda match: Decimal(5)),
    (re.compile(r"月息([一二两三四五六七八九\d])分([半一二三四五六七八九])?"), _monthly_interest),
    (re.compile(r"打?个?(\d\d?(?:\.\d)?|[一二三四五六七八九]{1,2})折(?![磨腾叠旧扣])"), _discount),
    (re.compile(r"(?<!大)一半(?!会|时)|对半|砍半|腰斩|减半|半数|半价|对折|半折"), _half),
    (re.compile(rf"\b{_EN_POINT} ?(?:percent|per cent|%)"), _english_point),
    (
        re.compile(rf"\b{_EN_WORDS}(?P<half> and a half)? (?:percent|per cent|percentage points?)\b"),
        _english_percent,
    ),
    (re.compile(r"(?<![\d/.])([1-9])/([2-9]|10)(?= ?of\b|的)"), _written_fraction),
    (
        re.compile(r"(?:(?<=cut by )|(?<=down by )|(?<=reduced by )|(?<=about ))([1-9])/([2-9]|10)(?![\d/])"),
        _written_fraction,
    ),
    (re.compile(r"\bhalf (?:a|of (?:a|one)|of one|one) (?:percent|per cent|pc)\b"), _half_percent),
    (
        re.compile(r"^\W*quarter(?= (?:now|today|upfront|up front|of (?:my|our|it|that|what))\b)"),
        lambda match: Decimal(25),
    ),
    (re.compile(r"\ba quarter (?:of (?:a|one) )?(?:percent|per cent|pc)\b"), lambda match: Decimal("0.25")),
    (_SAID["fraction_en"], _english_fraction),
    (_SAID["half_en"], _half),
]
_VAGUE = (
    _SAID["vague_zh"],
    re.compile(r"\d+(?:\.\d+)?%?\s?(?:-|~|到|至|to|or)\s?\d+(?:\.\d+)?\s?(?:%|percent\b|per cent\b)"),
    re.compile(r"\bbetween \d+(?:\.\d+)? ?%? and \d+(?:\.\d+)? ?(?:%|percent\b|per cent\b)"),
    re.compile(
        r"\b(?:over|(?<!no )more than|(?<!no )less than|under) half\b(?! (?:an?|the (?:year|month)|hour)\b)"
    ),
    re.compile(rf"\b{_EN_WORDS} (?:to|or|-) {_EN_WORDS} (?:percent|per cent)\b"),
)
