"""Finds number expressions, clear or vague, before anything is said about what they count.

The expressions: `data/values/amounts.yml`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from bot.nlu.values import expressions
from bot.nlu.values.numerals import read_chinese, read_english

# The expressions, each part for one way to write a number or to join two.
_SAID = expressions.load("amounts")
_HUNDRED = 100
# Nobody names a least and a most further apart, by this factor.
_WIDEST_SPAN = 3
# The longest numeral a person writes out, with room to spare.
_LONGEST = 40
# 八千一万: eight to ten thousand; 八千一百万 is one number.
_RISING = re.compile(r"(?P<low>[一二两三四五六七八九][百千])(?P<high>[一两][千万])")
_ABOUT_UNIT = re.compile(r"^[百千万](?:把来?|十|八十|来)?$")
_PLAIN_OR_GROUPED = re.compile(r"\d+(?:\.\d{1,2})?|\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|0?\.\d+")
# 2,40,000: the last three figures are thousands, those before them go by two.
_INDIAN = re.compile(r"\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d{1,2})?")
# 1.200,50 and 1.200.000: the point groups.
_EUROPEAN = re.compile(r"\d{1,3}(?:[. ]\d{3})+,\d{2}|\d{1,3}(?:\.\d{3}){2,}")
_COMMA_FOR_POINT = re.compile(r"\d+,\d{1,2}")
# "Rent 1200,300 food": hundreds and more behind hundreds without a zero to group are two amounts.
_TWO_AMOUNTS = re.compile(r"\d{4,},\d{1,6}(?:,\d+)*|\d{3},[1-9]\d{3,5}")


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
        Amount(m.start(), m.end(), m.group(), None, True, words=True)
        for m in _SAID["vague_words"].finditer(text)
    ]
    for match in _SAID["spoken_point"].finditer(text):
        value = read_english(match.group()) if match.group().isascii() else read_chinese(match.group())
        found.append(Amount(match.start(), match.end(), match.group(), value, value is None))
    found += filter(None, map(_from_marked, _SAID["marked"].finditer(text)))
    found += [_from_pair(match) for match in _SAID["side_by_side"].finditer(text)]
    found += [_from_pair(match) for match in _SAID["two_hundreds"].finditer(text) if _is_span(match)]
    for match in _SAID["spaced"].finditer(text):
        joined = Decimal(match.group().replace(" ", ""))
        found.append(Amount(match.start(), match.end(), match.group(), None, True, (joined,)))
    for match in _SAID["words_en"].finditer(text):
        amount = _from_words(match)
        if amount and not any(amount.start < old.end and old.start < amount.end for old in found):
            found.append(amount)
    for match in _SAID["run"].finditer(text):
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


# 3、4千
_LISTED_TENS = re.compile(r"\s*、\s*")
# Behind "1500 2000": no word that the second amount is paid for.
_NOTHING_BEHIND = re.compile(
    r"\s*(?:$|[,.;!?]|(?:yuan|rmb|kuai|dollars?|pounds?|euros?|bucks|quid)\b"
    r"|(?:a|per|each|every|tops|max|or so)\b|[元块吧左每的都行可])"
)


def _as_range(left: Amount, right: Amount, text: str) -> Amount | None:
    between = text[left.end : right.start]
    joint = _SAID["joint_and"] if _SAID["between_before"].search(text[: left.start]) else _SAID["joint"]
    if left.value is None or right.value is None:
        return None
    if between == " " or _LISTED_TENS.fullmatch(between):
        return _side_by_side(left, right, text)
    if not (joint.fullmatch(between) or _SAID["joint"].fullmatch(between)):
        return None
    if _SAID["changed_before"].search(text[max(0, left.start - _LONGEST) : left.start]):
        return None
    low = left.value
    if low < 100 and left.scale == 1 and low < right.value / right.scale:
        low *= right.scale
    if low >= right.value or right.end - left.start > 2 * _LONGEST:
        return None
    return Amount(
        left.start, right.end, text[left.start : right.end], None, True, (low, right.value), right.words
    )


def _side_by_side(left: Amount, right: Amount, text: str) -> Amount | None:
    """3、4千, "1500 2000 a month" and "1k 500": least and most, or one sum in two parts."""
    span = Amount(left.start, right.end, text[left.start : right.end], None, True, words=right.words)
    low, high = left.value or Decimal(0), right.value or Decimal(0)
    if text[left.end : right.start] != " ":
        is_next = left.scale == 1 < right.scale and low * right.scale < high < 10 * right.scale
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
        return replace(
            bare, start=match.start() if lead else bare.start, vague=bool(lead) or len(bare.written) > 1
        )
    pair = _SAID["two_han_digits"].search(bare.written)
    if pair:
        return replace(bare, vague=True, candidates=tuple(_numbers(pair[1] + pair[3], pair[2] + pair[3])))
    if rising := _RISING.fullmatch(bare.written):
        return replace(bare, vague=True, candidates=tuple(_numbers(rising["low"], rising["high"])))
    if re.search(r"[几数多余]", bare.written):
        return replace(bare, vague=True)
    value = read_chinese(re.sub(r"[来把个]", "", bare.written))
    if value is None:
        return replace(bare, vague=bool(re.search(r"\d", written)) or len(written) > 2)
    if tail and tail != "来" or lead in ("上", "小", "大", "好"):
        return (
            replace(bare, vague=True, candidates=(value,))
            if _big(bare.written)
            else replace(bare, value=value)
        )
    return replace(bare, value=value)


def _big(written: str) -> bool:
    return bool(re.search(r"\d{2}|[十百千万kw]", written))


def _numbers(*written: str) -> list[Decimal]:
    return [value for value in map(read_chinese, written) if value is not None]


def _from_marked(match: re.Match[str]) -> Amount | None:
    """Figures not simply grouped: the way of another land, a slip to ask about, or no number."""
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
    return replace(
        amount,
        vague=True,
        candidates=(Decimal(written.replace(",", ".")),) if _COMMA_FOR_POINT.fullmatch(written) else (),
    )


def _is_span(match: re.Match[str]) -> bool:
    """Whether "80 100" is from 80 to 100, as "12 500" is not; behind hundreds it is whenever it rises."""
    one, other = int(match["one"]), int(match["other"])
    return one < other and (one >= _HUNDRED or other <= _WIDEST_SPAN * one)


def _from_pair(match: re.Match[str]) -> Amount:
    """Two figures side by side: as one sum, as units and cents, or as least and most."""
    one, other = Decimal(match["one"]), Decimal(match["other"])
    readings = (one, other) if other >= _HUNDRED else (one * _HUNDRED + other, one + other / _HUNDRED)
    return Amount(match.start(), match.end(), match.group(), None, True, readings)


def _from_words(match: re.Match[str]) -> Amount | None:
    written = match.group().replace("fourty", "forty")
    if broken := _SAID["broken_and"].fullmatch(written):
        return Amount(
            match.start(),
            match.start() + broken.end("first"),
            broken["first"],
            read_english(broken["first"]),
            words=True,
        )
    value = read_english(written)
    amount = Amount(match.start(), match.end(), written, value, words=True)
    if short := _SAID["cut_short"].fullmatch(written):
        return replace(amount, value=None, vague=True, candidates=_cut_short(short))
    if value is not None:
        return amount
    if written in ("hundred", "thousand") and _SAID["of_money_behind"].match(match.string, match.end()):
        return replace(amount, value=read_english("a " + written))
    hundreds = _SAID["two_tens_in_words"].fullmatch(written)
    if hundreds:
        return _spoken_pair(amount, hundreds)
    return replace(amount, vague=True) if _SAID["scale_en"].search(written) and " " in written else None


def _cut_short(match: re.Match[str]) -> tuple[Decimal, ...]:
    """What "two thousand two" says, and what many mean by it."""
    whole, scale, more = (
        read_english(said) for said in (match.group(), "one " + match["scale"], match["more"])
    )
    head = read_english(match["head"] + match["scale"])
    tenths = more / 10 if more is not None and more < 10 else more / 100 if more is not None else None
    meant = head + scale * tenths if head is not None and scale is not None and tenths is not None else None
    return tuple(value for value in (whole, meant) if value is not None)


def _spoken_pair(amount: Amount, match: re.Match[str]) -> Amount | None:
    """Read "eight fifty" as 850 or 8.50."""
    head, tail = read_english(match["head"]), read_english(match["tail"])
    if head is None or tail is None or not 10 <= tail < 100:
        return None
    return replace(amount, vague=True, candidates=(head * 100 + tail, head + tail / 100))
