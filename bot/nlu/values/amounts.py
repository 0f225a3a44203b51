"""Finds number expressions, clear or vague, before anything is said about what they count."""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.nlu.values.numerals import read_chinese, read_english

_HAN_DIGITS = "一二两俩三四五六七八九"
_HAN = "零〇十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟" + _HAN_DIGITS
_NUM = r"(?:\d{1,2}(?:,\d{2})+,\d{3}(?![\d,])|\d{1,3}(?:\.\d{3})+,\d+|(?<![\d,.] )\d{1,3}(?: \d{3})+(?:\.\d+)?(?![\d,]| \d)|(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
_SCALE = r"\s?(?:[百千万亿]|[kw](?![a-z]))"
_RUN = re.compile(
    rf"(?P<lead>(?<![手身加算晚早以网路地街还账卡机线月班店摊市])上(?!\d)|(?<![刚正最只还也])好|小|(?<!最)大|(?<!将)(?<!接)近|成)?(?P<run>(?:(?:(?<![a-z\d.])|(?<=rmb)|(?<=cny)|(?<=\br))(?:{_NUM})|[{_HAN}几]|数(?=[百千万]))"
    rf"(?:{_NUM}|(?:(?<=\d){_SCALE})|(?!一[次起笔共把直定样下般年个月天周期季学口刀锅步趟顿])[{_HAN}几](?!(?<=[{_HAN_DIGITS}])个)|(?:(?<=[千百万个\d])[kw](?![a-z]))|(?<=[\d{_HAN_DIGITS}几十])个(?=[w万](?![a-z]))|[多来余把](?=[百千万亿块元圆])|把(?=来[块元]))*)"
    r"(?P<tail>[多余来](?!少|自|还|的|付|越|往|回|年|月|源|支)|出点?头|挂零|大几)?"
)
# The longest numeral a person writes out, with room to spare.
_LONGEST = 40
_PAIR = re.compile(rf"(?<![{_HAN}])([{_HAN_DIGITS}])([{_HAN_DIGITS}])([十百千万]+)$")
_ABOUT_UNIT = re.compile(r"^[百千万](?:把来?|十|八十|来)?$")
_NUMBER_WORD = (
    r"zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen"
    r"|twenty|thirty|forty|fourty|fifty|sixty|seventy|eighty|ninety"
)
_SCALE_WORD = r"hundred|thousand|grand|lakhs?\b|crores?\b|k\b|million|mill?\b"
_WORDS = re.compile(
    rf"(?<![a-z\d.,'])(?:an? |another (?={_SCALE_WORD}))?(?:{_NUMBER_WORD}|{_SCALE_WORD}|half|quarter(?= (?:of an? )?(?:{_SCALE_WORD}))|(?:{_NUM})(?=(?: and a half)? (?:{_SCALE_WORD})(?![a-z])))"
    rf"(?:(?:[ -]|,? (?:and|n|&|'n'?) (?:a )?| of a | a |, (?=(?:{_NUMBER_WORD})(?:[ -](?:{_NUMBER_WORD}))? (?:hundred|thousand))|(?=hundred|thousand|grand))(?:{_NUMBER_WORD}|{_SCALE_WORD}|half\b|quarter(?= (?:{_SCALE_WORD}))|(?<=thousand )\d(?= hundred)|(?:(?<=lakh )|(?<=lakhs )|(?<=crore )|(?<=crores ))(?:{_NUM})(?= (?:thousand|lakh))|{_NUM}(?! ?(?:{_SCALE_WORD}))))*(?![a-z\d])"
)
_VAGUE_WORDS = re.compile(
    rf"[百千万]把[一两二三][百千万]|[千万]儿八[百千]|百儿八十|\ban? (?:{_SCALE_WORD}) or (?:two|three)\b|\b(?:an? )?(?:couple|few|several|some|many)(?: of)? (?:{_SCALE_WORD}|k)s?\b|\b(?:(?:tens|hundreds) of )?(?:hundreds|thousands)\b(?: of)?"
)


# 一点二万, "one point two million"
_SPOKEN_POINT = re.compile(
    rf"(?<![{_HAN}\d])[零{_HAN_DIGITS}十]{{1,3}}点[零{_HAN_DIGITS}]{{1,3}}[百千万亿kw]|\b(?:{_NUMBER_WORD}) point(?: (?:{_NUMBER_WORD})){{1,3}} (?:{_SCALE_WORD})\b"
)


# ₹2,40,000: the last three figures are thousands, those before them go by two.
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}")
_RUPEES_BEFORE, _RUPEES_AFTER = re.compile(r"(?:₹|\b(?:inr|rs\.?)) ?$"), re.compile(r" ?(?:rupees?|inr|rs)\b")


# "8 0 0": perhaps 800, perhaps three answers
_SPACED = re.compile(r"(?<![\d.,])(?<!\d )\d(?: \d){2,}(?![\d.,]| \d)")


@dataclass(frozen=True)
class Amount:
    """A number expression at its place; `value` None or `vague` means that it does not say which number."""

    start: int
    end: int
    written: str
    value: Decimal | None
    vague: bool = False
    candidates: tuple[Decimal, ...] = ()
    words: bool = False

    @property
    def scale(self) -> Decimal:
        """The last unit named ("三到五千" -> 1000), or 1."""
        found = re.search(r"([百千万kw]|hundred|thousand|grand|lakh|crore|million)s?\W*$", self.written)
        return (
            (read_chinese("1" + found[1]) or read_english("one " + found[1]) or Decimal(1))
            if found
            else Decimal(1)
        )


def find_amounts(text: str) -> list[Amount]:
    """Return all number expressions of folded `text`, left to right, without overlaps."""
    found = [
        Amount(m.start(), m.end(), m.group(), None, True, words=True) for m in _VAGUE_WORDS.finditer(text)
    ]
    for match in _SPOKEN_POINT.finditer(text):
        value = read_english(match.group()) if match.group().isascii() else read_chinese(match.group())
        found.append(Amount(match.start(), match.end(), match.group(), value, value is None))
    for match in _SPACED.finditer(text):
        joined = Decimal(match.group().replace(" ", ""))
        found.append(Amount(match.start(), match.end(), match.group(), None, True, (joined,)))
    for match in _WORDS.finditer(text):
        amount = _from_words(match)
        if amount and not any(amount.start < old.end and old.start < amount.end for old in found):
            found.append(amount)
    for match in _RUN.finditer(text):
        if not any(match.start("run") < old.end and old.start < match.end() for old in found):
            found.append(_from_run(match, text))
    return sorted(found, key=lambda amount: amount.start)


def join_ranges(amounts: list[Amount], text: str) -> list[Amount]:
    """Return `amounts` with "800到1000" and "five or six hundred" as one vague amount each."""
    joined: list[Amount] = []
    for amount in amounts:
        pair = _as_range(joined[-1], amount, text) if joined else None
        joined = [*joined[:-1], pair] if pair else [*joined, amount]
    return joined


_EN_UNIT = "yuan|rmb|kuai|dollars?|pounds?|euros?|bucks|quid"
_JOINT = re.compile(
    rf"\s*(?:元|块钱|块|{_EN_UNIT})?\s*(?:到|至|-|~|—|–|/|或者?|还是|to|or)\s*(?:[¥$£€]|rmb)?\s*"
)
_JOINT_AND = re.compile(rf"\s*(?:{_EN_UNIT})?\s*and\s*[¥$£€]?\s*|\s*(?:元|块钱?)?\s*[和与跟]\s*")
# "went from 300 to 480" names two amounts.
_CHANGED = re.compile(
    r"\b(?:went|gone|go(?:es|ing)?|rose|risen|jump\w*|up|dropp?\w*|fell|fallen|cut|chang\w+|increas\w+|rais\w+|reduc\w+|down|climb\w*|shot|moved|shrunk|slashed|grew)\b[^,.;]{0,30}\bfrom\s*[¥$£€]?\s*$"
)
# "Thousand pounds would save me"
_OF_MONEY = re.compile(rf" (?:{_EN_UNIT})\b")
_BETWEEN = re.compile(r"(?:between|在)\s*[¥$£€]?\s*$")


def _as_range(left: Amount, right: Amount, text: str) -> Amount | None:
    between = text[left.end : right.start]
    joint = _JOINT_AND if _BETWEEN.search(text[: left.start]) else _JOINT
    if (
        left.value is None
        or right.value is None
        or not (joint.fullmatch(between) or _JOINT.fullmatch(between))
    ):
        return None
    if _CHANGED.search(text[max(0, left.start - _LONGEST) : left.start]):
        return None
    low = left.value
    if low < 100 and left.scale == 1 and right.scale > 1:
        low *= right.scale
    if low >= right.value or right.end - left.start > 2 * _LONGEST:
        return None
    return Amount(
        left.start, right.end, text[left.start : right.end], None, True, (low, right.value), right.words
    )


def _from_run(match: re.Match[str], text: str) -> Amount:
    written = match["run"]
    bare = Amount(match.start("run"), match.end(), re.sub(r"\s", "", written), None)
    if len(bare.written) > _LONGEST:
        return replace(bare, vague=True)
    lead, tail = match["lead"], match["tail"]
    if _ABOUT_UNIT.match(bare.written):
        # "千把块" and "上千" are vague; a unit alone ("百", "万") is a word, not a number.
        return replace(
            bare, start=match.start() if lead else bare.start, vague=bool(lead) or len(bare.written) > 1
        )
    pair = _PAIR.search(bare.written)
    if pair:
        return replace(bare, vague=True, candidates=tuple(_numbers(pair[1] + pair[3], pair[2] + pair[3])))
    if re.search(r"[几数多余]", bare.written):
        return replace(bare, vague=True)
    value = read_chinese(re.sub(r"[来把个]", "", bare.written))
    if value is None and _INDIAN.fullmatch(bare.written) and _in_rupees(match, text):
        return replace(bare, value=Decimal(bare.written.replace(",", "")))
    if _split_grouping(match.start("run"), text) or _three_decimals(bare.written):
        return replace(bare, vague=True)
    if value is None:
        return replace(bare, vague=bool(re.search(r"\d", written)) or len(written) > 2)
    if tail and tail != "来" or lead in ("上", "小", "大", "好"):
        return (
            replace(bare, vague=True, candidates=(value,))
            if _big(bare.written)
            else replace(bare, value=value)
        )
    return replace(bare, value=value)


def _in_rupees(match: re.Match[str], text: str) -> bool:
    """Whether the currency stands beside the number, so that its grouping is the Indian one and no slip."""
    return bool(
        _RUPEES_BEFORE.search(text, 0, match.start("run")) or _RUPEES_AFTER.match(text, match.end("run"))
    )


def _big(written: str) -> bool:
    return bool(re.search(r"\d{2}|[十百千万kw]", written))


def _numbers(*written: str) -> list[Decimal]:
    return [value for value in map(read_chinese, written) if value is not None]


def _split_grouping(start: int, text: str) -> bool:
    """ "1,20,000" is no known grouping: never read its last part as the amount."""
    if re.match(r"\d{3},\d{2}(?!\d)", text[start:]) and re.search(r"(?<!\d)\d{1,3} $", text[:start]):
        return True
    return bool(
        re.search(r"(?<![\d,])\d{1,3},(?:\d+,)*$|(?<!\d)\d{1,3}'$", text[max(0, start - _LONGEST) : start])
    )


def _three_decimals(written: str) -> bool:
    """ "1.200" is 1,200 to some and 1.2 to others."""
    return bool(re.fullmatch(r"\d{1,3}\.\d{3,}", written))


def _from_words(match: re.Match[str]) -> Amount | None:
    written = match.group().replace("fourty", "forty")
    value = read_english(written)
    amount = Amount(match.start(), match.end(), written, value, words=True)
    if value is not None:
        return amount
    if written in ("hundred", "thousand") and _OF_MONEY.match(match.string, match.end()):
        return replace(amount, value=read_english("a " + written))
    hundreds = re.fullmatch(
        rf"(?P<head>{_NUMBER_WORD})[ -](?P<tail>(?:{_NUMBER_WORD})(?:[ -](?:{_NUMBER_WORD}))?)", written
    )
    if hundreds:
        return _spoken_pair(amount, hundreds)
    return replace(amount, vague=True) if re.search(_SCALE_WORD, written) and " " in written else None


def _spoken_pair(amount: Amount, match: re.Match[str]) -> Amount | None:
    """ "eight fifty" is 850 or 8.50."""
    head, tail = read_english(match["head"]), read_english(match["tail"])
    if head is None or tail is None or not 10 <= tail < 100:
        return None
    return replace(amount, vague=True, candidates=(head * 100 + tail, head + tail / 100))
