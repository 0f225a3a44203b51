"""Finds number expressions, clear or vague, before anything is said about what they count."""
# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.nlu.values.numerals import read_chinese, read_english

_HAN_DIGITS = "一二两俩三四五六七八九"
_HAN = "零〇十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟" + _HAN_DIGITS
_NUM = r"(?:\d{1,2}(?:,\d{2})+,\d{3}(?![\d,])|\d{1,3}(?:\.\d{3})+,\d+|(?<![\d,.] )(?:\d{1,2}(?: \d{3})+|\d{3}(?: \d{3})*? 000)(?:\.\d+)?(?![\d,]| \d)|(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?)"
_SCALE = r"\s?(?:[百千万亿]|[kw](?![a-z]))"
# "GBP450", "RM1200": a code in one with its figure. Any other letter before a figure makes a name of both.
_CODE_BEFORE = "|".join(
    rf"(?<=\b{code})"
    for code in ("rs\\.", "ksh\\.", "rmb", "cny", "gbp", "usd", "eur", "inr", "aud", "cad", "sgd", "hkd", "nzd", "chf", "myr", "php", "ngn", "kes", "zar", "aed", "rs", "rm", "r", "ksh")
)
_RUN = re.compile(
    rf"(?P<lead>(?<![手身加算晚早以网路地街还账卡机线月班店摊市])上(?!\d)|(?<![刚正最只还也])好|小|(?<!最)大|(?<!将)(?<!接)近|成)?(?P<run>(?:(?=\d)(?:(?<![a-z\d.])|{_CODE_BEFORE})(?:{_NUM})|(?<!^点)(?<![\s,.]点)[{_HAN}几]|数(?=[百千万]))"
    rf"(?:{_NUM}|(?:(?<=\d){_SCALE})|(?!一[次起笔共把直定样下般年个月天周期季学口刀锅步趟顿])(?!(?<=\d)[{_HAN_DIGITS}][笔个次张家期年天口位台头套件份])[{_HAN}几](?!(?<=[{_HAN_DIGITS}])个)|(?:(?<=[千百万个\d])[kw](?![a-z]))|(?<=[\d{_HAN_DIGITS}几十])个(?=[w万](?![a-z]))|[多来余把](?=[百千万亿块元圆])|把(?=来[块元]))*)"
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
    rf"(?:(?:[ -]|,? (?:and|an|nd|n|&|'n'?) (?:a )?| of a | a |, (?=(?:{_NUMBER_WORD})(?:[ -](?:{_NUMBER_WORD}))? (?:hundred|thousand))|(?=hundred|thousand|grand))(?:{_NUMBER_WORD}|{_SCALE_WORD}|half\b|quarter(?= (?:{_SCALE_WORD}))|(?<=thousand )\d(?= hundred)|(?:(?<=lakh )|(?<=lakhs )|(?<=crore )|(?<=crores )|(?<=lakh and )|(?<=lakhs and )|(?<=crore and )|(?<=crores and ))(?:{_NUM})(?:(?= (?:thousand|lakh))|k\b)|{_NUM}(?! ?(?:{_SCALE_WORD}))))*(?![a-z\d])"
)
_VAGUE_WORDS = re.compile(
    rf"[百千万]把[一两二三][百千万]|[千万]儿八[百千]|百儿八十|\ban? (?:{_SCALE_WORD}) or (?:two|three)\b|\b(?:an? )?(?:couple|few|several|some|many)(?: of| o)? (?:{_SCALE_WORD}|k)s?\b|\b(?:(?:tens|hundreds) of )?(?:hundreds|thousands)\b(?: of)?"
)


# 一点二万, "one point two million"
_SPOKEN_POINT = re.compile(
    rf"(?<![{_HAN}\d])[零{_HAN_DIGITS}十]{{1,3}}点[零{_HAN_DIGITS}]{{1,3}}[百千万亿kw]|\b(?:{_NUMBER_WORD}) point(?: (?:{_NUMBER_WORD})){{1,3}} (?:{_SCALE_WORD})\b"
)


# Figures with points, commas and apostrophes between them, and all the ways in which they make one number.
_MARKED = re.compile(r"(?<![\d.,'])(?:\d{1,3}(?: \d{3})+,\d{2}|\d+(?:[.,']\d+)+)(?![\d']|[.,]\d)(?P<scale>\s?[kw万千](?![a-z]))?")
_PLAIN_OR_GROUPED = re.compile(r"\d+(?:\.\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|0?\.\d+")
# 2,40,000: the last three figures are thousands, those before them go by two.
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?")
# 1.200,50 and 1.200.000: the point groups.
_EUROPEAN = re.compile(r"\d{1,3}(?:[. ]\d{3})+,\d{2}|\d{1,3}(?:\.\d{3}){2,}")
_COMMA_FOR_POINT = re.compile(r"\d+,\d{1,2}")
# "Rent 1200,300 food": hundreds and more behind hundreds without a zero to group are two amounts.
_TWO_AMOUNTS = re.compile(r"\d{4,},\d{1,6}(?:,\d+)*|\d{3},[1-9]\d{3,5}")


# "8 0 0": perhaps 800, perhaps three answers
_SPACED = re.compile(r"(?<![\d.,])(?<!\d )\d(?: \d){2,}(?![\d.,]| \d)")


# "12 50": 12.50, 1,250, or twelve to fifty. "150 200": 150 to 200; behind hundreds only noughts are a group.
_SIDE_BY_SIDE = re.compile(r"(?<![\d.,:/-])(?<!\d )(?P<one>\d{1,2}) (?P<other>\d{2})(?![\d:/%]|[.,]\d| \d| ?(?:[ap]\.?m\b|days|hours|hrs|mins|minutes))")
_TWO_HUNDREDS = re.compile(r"(?<![\d.,:/-])(?<!\d )(?P<one>\d{3}) (?P<other>(?!000)\d{3})(?![\d:/%]|[.,]\d| \d)")
# "2 lakh 40", "two thousand two": 2,002 or 2,200.
_CUT_SHORT = re.compile(
    r"(?P<head>.*)(?P<scale>hundred thousand|lakhs?|crores?|thousand|grand|million) (?P<more>one|two|three|four|five|six|seven|eight|nine|\d{1,2})"
)
# "1.5 lakh and 90,000": a broken number of lakhs has no rest.
_BROKEN_AND = re.compile(r"(?P<first>\d+\.\d+ (?:hundred|thousand|grand|lakhs?|crores?|k|million)) and .+")


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
        return (read_chinese("1" + found[1]) or read_english("one " + found[1]) or Decimal(1)) if found else Decimal(1)


def find_amounts(text: str) -> list[Amount]:
    """Return all number expressions of folded `text`, left to right, without overlaps."""
    found = [Amount(m.start(), m.end(), m.group(), None, True, words=True) for m in _VAGUE_WORDS.finditer(text)]
    for match in _SPOKEN_POINT.finditer(text):
        value = read_english(match.group()) if match.group().isascii() else read_chinese(match.group())
        found.append(Amount(match.start(), match.end(), match.group(), value, value is None))
    found += filter(None, map(_from_marked, _MARKED.finditer(text)))
    found += [_from_pair(match) for match in _SIDE_BY_SIDE.finditer(text)]
    found += [_from_pair(match) for match in _TWO_HUNDREDS.finditer(text) if match["one"] < match["other"]]
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
_LISTED_TENS = re.compile(r"\s*、\s*")
_JOINT = re.compile(rf"\s*(?:元|块钱|块|{_EN_UNIT})?\s*(?:到|至|-|~|—|–|/|或者?|还是|不到|to|or)\s*(?:[¥$£€]|rmb)?\s*")
_JOINT_AND = re.compile(rf"\s*(?:{_EN_UNIT})?\s*and\s*[¥$£€]?\s*|\s*(?:元|块钱?)?\s*[和与跟]\s*")
# "went from 300 to 480" names two amounts.
_CHANGED = re.compile(
    r"\b(?:went|gone|go(?:es|ing)?|rose|risen|jump\w*|up|dropp?\w*|fell|fallen|cut|chang\w+|increas\w+|rais\w+|reduc\w+|down|climb\w*|shot|moved|shrunk|slashed|grew)\b[^,.;]{0,30}\bfrom\s*[¥$£€]?\s*$"
)
# "Thousand pounds would save me"
_OF_MONEY = re.compile(rf" (?:{_EN_UNIT})\b")
# Behind "1500 2000": no word that the second amount is paid for.
_NOTHING_BEHIND = re.compile(rf"\s*(?:$|[,.;!?]|(?:{_EN_UNIT}|a|per|each|every|tops|max|or so)\b|[元块吧左每的都行可])")
_BETWEEN = re.compile(r"(?:between|在)\s*[¥$£€]?\s*$")


def _as_range(left: Amount, right: Amount, text: str) -> Amount | None:
    between = text[left.end : right.start]
    joint = _JOINT_AND if _BETWEEN.search(text[: left.start]) else _JOINT
    if left.value is None or right.value is None:
        return None
    if between == " " or _LISTED_TENS.fullmatch(between):
        return _side_by_side(left, right, text)
    if not (joint.fullmatch(between) or _JOINT.fullmatch(between)):
        return None
    if _CHANGED.search(text[max(0, left.start - _LONGEST) : left.start]):
        return None
    low = left.value
    if low < 100 and left.scale == 1 and low < right.value / right.scale:
        low *= right.scale
    if low >= right.value or right.end - left.start > 2 * _LONGEST:
        return None
    return Amount(left.start, right.end, text[left.start : right.end], None, True, (low, right.value), right.words)


def _side_by_side(left: Amount, right: Amount, text: str) -> Amount | None:
    """3、4千, "1500 2000 a month" and "1k 500": least and most, or one sum in two parts."""
    span = Amount(left.start, right.end, text[left.start : right.end], None, True, words=right.words)
    low, high = left.value or Decimal(0), right.value or Decimal(0)
    if text[left.end : right.start] != " ":
        is_next = left.scale == 1 and right.scale > 1 and (low + 1) * right.scale == high
        return replace(span, candidates=(low * right.scale, high)) if is_next else None
    if not (left.written[:1].isdigit() and right.written.isdigit()):
        return None
    if left.scale == 1000 and left.written.endswith("k") and high < 1000:
        return replace(span, candidates=(low + high, low))
    is_range = 100 <= low < high <= 2 * low and left.scale == 1 and _NOTHING_BEHIND.match(text, right.end)
    return replace(span, candidates=(low, high)) if is_range else None


def _from_run(match: re.Match[str], text: str) -> Amount:
    written = match["run"]
    bare = Amount(match.start("run"), match.end(), re.sub(r"\s", "", written), None)
    if len(bare.written) > _LONGEST:
        return replace(bare, vague=True)
    lead, tail = match["lead"], match["tail"]
    if _ABOUT_UNIT.match(bare.written):
        # "千把块" and "上千" are vague; a unit alone ("百", "万") is a word, not a number.
        return replace(bare, start=match.start() if lead else bare.start, vague=bool(lead) or len(bare.written) > 1)
    pair = _PAIR.search(bare.written)
    if pair:
        return replace(bare, vague=True, candidates=tuple(_numbers(pair[1] + pair[3], pair[2] + pair[3])))
    if re.search(r"[几数多余]", bare.written):
        return replace(bare, vague=True)
    value = read_chinese(re.sub(r"[来把个]", "", bare.written))
    if value is None:
        return replace(bare, vague=bool(re.search(r"\d", written)) or len(written) > 2)
    if tail and tail != "来" or lead in ("上", "小", "大", "好"):
        return replace(bare, vague=True, candidates=(value,)) if _big(bare.written) else replace(bare, value=value)
    return replace(bare, value=value)


def _big(written: str) -> bool:
    return bool(re.search(r"\d{2}|[十百千万kw]", written))


def _numbers(*written: str) -> list[Decimal]:
    return [value for value in map(read_chinese, written) if value is not None]


def _from_marked(match: re.Match[str]) -> Amount | None:
    """Figures that are not simply grouped: another land's way to write them, a slip to ask about, or no number at all."""
    written = match.group()[: len(match.group()) - len(match["scale"] or "")]
    amount = Amount(match.start(), match.end(), re.sub(r"\s", "", match.group()), None)
    if _TWO_AMOUNTS.fullmatch(written) or _PLAIN_OR_GROUPED.fullmatch(written):
        return None
    if match["scale"]:
        return replace(amount, vague=True) if "," in written else None
    if _INDIAN.fullmatch(written):
        return replace(amount, value=Decimal(written.replace(",", "")))
    if _EUROPEAN.fullmatch(written):
        return replace(amount, value=Decimal(re.sub("[. ]", "", written).replace(",", ".")))
    if written.count(".") > 1:
        return amount
    return replace(amount, vague=True, candidates=(Decimal(written.replace(",", ".")),) if _COMMA_FOR_POINT.fullmatch(written) else ())


def _from_pair(match: re.Match[str]) -> Amount:
    """Two figures side by side: as one sum, as units and cents, or as least and most."""
    one, other = Decimal(match["one"]), Decimal(match["other"])
    readings = (one, other) if one >= 100 else (one * 100 + other, one + other / 100)
    return Amount(match.start(), match.end(), match.group(), None, True, readings)


def _from_words(match: re.Match[str]) -> Amount | None:
    written = match.group().replace("fourty", "forty")
    if broken := _BROKEN_AND.fullmatch(written):
        return Amount(match.start(), match.start() + broken.end("first"), broken["first"], read_english(broken["first"]), words=True)
    value = read_english(written)
    amount = Amount(match.start(), match.end(), written, value, words=True)
    if short := _CUT_SHORT.fullmatch(written):
        return replace(amount, value=None, vague=True, candidates=_cut_short(short))
    if value is not None:
        return amount
    if written in ("hundred", "thousand") and _OF_MONEY.match(match.string, match.end()):
        return replace(amount, value=read_english("a " + written))
    hundreds = re.fullmatch(rf"(?P<head>{_NUMBER_WORD})[ -](?P<tail>(?:{_NUMBER_WORD})(?:[ -](?:{_NUMBER_WORD}))?)", written)
    if hundreds:
        return _spoken_pair(amount, hundreds)
    return replace(amount, vague=True) if re.search(_SCALE_WORD, written) and " " in written else None


def _cut_short(match: re.Match[str]) -> tuple[Decimal, ...]:
    """"Two thousand two": what it says, and what many mean."""
    whole, scale, more = (read_english(said) for said in (match.group(), "one " + match["scale"], match["more"]))
    head = read_english(match["head"] + match["scale"])
    tenths = more / 10 if more is not None and more < 10 else more / 100 if more is not None else None
    meant = head + scale * tenths if head is not None and scale is not None and tenths is not None else None
    return tuple(value for value in (whole, meant) if value is not None)


def _spoken_pair(amount: Amount, match: re.Match[str]) -> Amount | None:
    """"eight fifty" is 850 or 8.50."""
    head, tail = read_english(match["head"]), read_english(match["tail"])
    if head is None or tail is None or not 10 <= tail < 100:
        return None
    return replace(amount, vague=True, candidates=(head * 100 + tail, head + tail / 100))
