"""Amounts of money: which number expressions are money, and how many minor units they are.

The words around a number that tell so: `data/values/money.yml`.
"""

# ruff: noqa: E501 (each expression reads best on one line)
from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal

from bot.nlu.values import expressions
from bot.nlu.values.amounts import Amount, find_amounts, join_ranges
from bot.nlu.values.model import Value, blank, sure, unclear
from bot.nlu.values.numerals import read_chinese, read_english

# How each currency is written before and after a figure. "Bucks" and "quid" are said of any.
_SIGNS = {
    "CNY": (r"¥|\brmb|\bcny|人民币", r"元钱?|块钱|块(?!地|田|儿)|圆|人民币|大洋|(?:rmb|cny|yuan|kuai)\b"),
    "HKD": (r"hk\$|港币|港元|\bhkd", r"港币|港元|hkd\b"),
    "USD": (r"us\$|(?<!hk)\$|美元|美金|\busd", r"美元|美金|美刀|刀(?!片)|(?:dollars?|usd)\b|\$"),
    "EUR": (r"€|欧元|\beur", r"欧元|(?:euros?|eur)\b|€"),
    "GBP": (r"£|英镑|\bgbp", r"英镑|(?:pounds?(?: sterling)?|gbp)\b|£"),
    "INR": (r"₹|\b(?:inr|rs\.?)", r"(?:rupees?|inr)\b"),
    "JPY": (r"日元", r"日元"),
    "ZAR": (r"\b(?:r|zar)", r"(?:rands?|zar)\b"),
    "KES": (r"\b(?:ksh?s?\.?|kes)", r"(?:ksh|kes|shillings)\b"),
    "NGN": (r"₦|\bngn", r"(?:nairas?|ngn)\b"),
    "": (r"(?!)", r"(?:bucks?|quid)\b"),
}
_BEFORE = {currency: re.compile(rf"(?:{before})\s*$") for currency, (before, _) in _SIGNS.items()}
_AFTER = {currency: re.compile(rf"\s*(?:{after})") for currency, (_, after) in _SIGNS.items()}
# "ninety-nine pounds and fifty pence"
_CENTS = re.compile(
    r",? (?:and )?(?P<cents>\d{1,2}|[a-z]+(?:[ -][a-z]+)?) ?(?:pence|cents?|fen|p)\b|(?<=yuan) (?:and )?(?P<spoken>(?:ten|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -][a-z]+)?)(?=\W*$|[,.;])"
)
_SMALL_CHANGE = re.compile(
    r"(?:零(?=.(?:毛|角)))?(?!一(?:是|不|的|但|可|到))(?P<tenths>[一二两三四五六七八九\d])(?P<name>毛钱?|角)?(?:(?P<cents>[一二两三四五六七八九\d])(?:分|(?=$|[\s,.!?。了])))?(?P<end>$|[\s,.!?。]|的|可是|但|不|是|吗|呢|啊|到底|怎|(?<!一)(?:[你我他她]|为|没|有|都|也|就|还|被|给|到|在|这|那|利|手续|结果|怎么|扣|多扣|全))?(?![\d十百千万个天月年次号日点楼岁成期万晚双顿件位只份张台斤包条场节堂回趟把人家笔口袋盒瓶周季折单])"
)
# 三毛钱, 8毛5, 五角
_ONLY_CHANGE = re.compile(
    r"(?<![\d.元块零一二两三四五六七八九十])(?P<tenths>[1-9一二两三四五六七八九])[毛角](?:钱|(?=[1-9一二两三四五六七八九])|(?<=角)(?=$|[\s,.?!吧吗]))(?:(?P<cents>[1-9一二两三四五六七八九])(?:分钱?|(?![\d\w])))?"
)
# "75p short", "fifty pence over"
_PENCE = re.compile(
    r"(?<![\d.,£$€:/-])(?<!pounds )(?<!pound )(?<!and )\b(?P<pence>[1-9]\d?|(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[ -](?:one|two|three|four|five|six|seven|eight|nine))?|ten|five)(?: ?p|[ -]?(?:pence|cents))\b(?! ?m\b| (?:on|in|to|out of) the\b)"
)
_NOTE = re.compile(r"\b(?P<note>tenner|fiver)\b")
_NOTES = {"tenner": Decimal(10), "fiver": Decimal(5)}
# What is counted, and what costs: the words stand in the file, by what they tell.
_AROUND = expressions.load("money")
_COUNTED, _SOME_OF_MINE, _THINGS = (_AROUND[part] for part in ("counted", "some_of_mine", "things"))
_OWED_AS, _HOUSEHOLD = _AROUND["owed_as"], _AROUND["household"]
_COST_BEFORE, _COST_AFTER = _AROUND["cost_before"], _AROUND["cost_after"]
# "Clothes 100 shoes 50": the word names the next amount.
_LISTED = re.compile(r" \w+ (?:is |are |about |around |maybe )?[¥$£€₹]?\d")
# 一万零五百 人都找不着了: with a pause no people are counted.
_PAUSED = re.compile(r" +[\u4e00-\u9fff]")
# "我先还五十": what is paid, with nothing behind it that is counted.
_PAID_BEFORE = re.compile(
    r"(?:(?<!没)(?:先还|付|交(?!了几)|转)(?:个|你们|给你们|了)?|给你们|[能月只就想]还|可以还|(?:^|[,.!?])[还给])\s*$"
)
# 一天挣八十, 摆摊挣七八十
_EARNED_BEFORE = re.compile(
    r"(?:挣|赚|收入|进账|到手|剩|花了?|花掉|罚了?|扣了?|卖)(?:个|得|到|了|也就|大概)?\s*$"
)
_CLAUSE_AFTER = re.compile(r" +(?=[\u4e00-\u9fff])|\s*(?:$|[,.;!?]|吧|行|可以|的话|[吗么嘛呢啊]|成不?)")
# "the late fee was 6.40"; 3.85 alone may be a rate or a mark.
_PRICE = re.compile(r"\d\.\d\d")
_EACH_AFTER = re.compile(r" (?:each|apiece|a (?:piece|parcel|drop|order|ride|trip|box|bag)|per [a-z]+)\b")
_LABEL_BEFORE = re.compile(r"(?:第|#|no\.|\bnumber|/|\d:|(?<!\w)v|最近|尾数|血压|血糖|高压|低压|心率)\s*$")
_YEAR_BEFORE = re.compile(r"\b(?:since|in|year|during|until|till|back in|of|born|a)\s*$")
_ZERO_BEFORE = re.compile(
    r"(?:收入|工资|房租|租金|债务?|贷款|开销|支出|是|为|income|rent|debts?|salary|is|are|was)\W*$"
)
_HEDGE_BEFORE = re.compile(
    r"(?:不到|不足|接近不到|just (?:under|over)|\b(?:(?:just )?shy|north|south) of|\bupwards of|\bwell (?:over|under|above|below)|\b(?:thirds?|quarters?|half|fifths?) of|a (?:bit|little) (?:over|under|more than|less than)|(?:slightly|somewhat) (?:over|under|less than|more than))\s*¥?\s*$"
)
# "at -500", 负三百, "minus 200": below zero. "4,000 minus 1,450" only takes away, and in 房租-2500 the dash divides.
_BELOW_ZERO = re.compile(
    r"(?:(?:^|[\s:;,(是为到额剩的了成有])-|(?<![债背欠])负|\b(?:to|at|is|was|be|am|'m|i'm) (?:minus|negative) |^(?!.*\d).*\b(?:minus|negative) )$"
)
_RATE_AFTER = re.compile(
    r"\s*(?:(?:an?|per|each|every|/)\s?(?:month|mth|week|fortnight|day|year|shift|night|hour|hr)|monthly|pm\b)"
)
_AROUND_BARE = re.compile(
    r"大概|大约|约|差不多|左右|上下|吧|的样子|每个?月|月|最多|就|只能|about|around|roughly|approximately|approx|maybe|or so|ish|a month|per month|monthly"
    r"|each month|every month|at most|max|only|just|i can|pay|\W|\ufffc|(?:hundred)?元|块钱?|rmb|cny|yuan|kuai|人民币"
)
_PAY_BEFORE = re.compile(
    r"\b(?:pay|do|manage|afford|spare|offer|send|give|find|(?:stretch|go|get|rise) to)(?: you| about| maybe| only)?\s*$"
)
_MORE_AFTER = re.compile(
    r"(?:往上|朝上|开外|打底|不止|[ -]?(?:and )?(?:something|odd|change|a bit|plus(?! \w))\b|\s?\+|\s?(?:hundred|thousand|grand|million|mil)(?![a-z]))"
)
# What stands further away says nothing about an amount; looking there takes time in long messages.
_NEAR = 60
# A longer number is no sum that a person owes or earns.
_LARGEST = Decimal(10) ** 12
_CENT = Decimal("0.01")


def find(text: str) -> list[Value]:
    """Return the amounts of folded `text` in minor units; vague ones are marked unclear."""
    change = [found for match in _ONLY_CHANGE.finditer(text) if (found := _only_change(match))]
    change += [
        sure("money", match.span("note"), _minor(_NOTES[match["note"]])) for match in _NOTE.finditer(text)
    ]
    change += [
        sure(
            "money",
            match.span(),
            _minor((read_chinese(match["pence"]) or read_english(match["pence"]) or Decimal(0)) / 100),
        )
        for match in _PENCE.finditer(text)
    ]
    for value in change:
        text = blank(text, value.start, value.end)
    amounts = join_ranges(find_amounts(text), text)
    found = [_as_money(amount, text) for amount in amounts]
    return sorted([*change, *(value for value in found if value)], key=lambda value: value.start)


def _only_change(match: re.Match[str]) -> Value | None:
    tenths, cents = (read_chinese(match[name]) if match[name] else Decimal(0) for name in ("tenths", "cents"))
    return (
        None
        if tenths is None or cents is None
        else sure("money", match.span(), _minor(tenths / 10 + cents / 100))
    )


def _as_money(amount: Amount, text: str) -> Value | None:
    before, after = text[max(0, amount.start - _NEAR) : amount.start], text[amount.end : amount.end + _NEAR]
    sign = _sign(before, after)
    if sign is None and not _implied(amount, before, after):
        return None
    if amount.value is None and not amount.vague or amount.value is not None and amount.value > _LARGEST:
        return None
    currency, sign_before, sign_after = sign or (None, 0, 0)
    start, end = amount.start - sign_before, amount.end + sign_after
    if (
        amount.vague
        or _MORE_AFTER.match(text, end)
        or _HEDGE_BEFORE.search(before)
        or _below_zero(before, sign_before)
    ):
        return replace(unclear("money", (start, end), *_candidates(amount)), currency=currency)
    return replace(_clear(amount, text, (start, end)), currency=currency)


def _sign(before: str, after: str) -> tuple[str | None, int, int] | None:
    """Return the currency, None where the word names none, and how many letters name it on each side."""
    for currency in _SIGNS:
        first, last = _BEFORE[currency].search(before), _AFTER[currency].match(after)
        if first or last:
            return currency or None, len(first.group()) if first else 0, last.end() if last else 0
    return None


def _below_zero(before: str, sign: int) -> bool:
    """Say whether a minus stands before the figure and its currency sign, which is `sign` letters long."""
    return bool(_BELOW_ZERO.search(before[: len(before) - sign]))


def _clear(amount: Amount, text: str, span: tuple[int, int]) -> Value:
    value = amount.value or Decimal(0)
    change = _SMALL_CHANGE.match(text, span[1]) if text[: span[1]].endswith(("块", "元")) else None
    if change and (value < 100 or change["name"] or change["end"] is not None):
        tenths = read_chinese(change["tenths"]) or Decimal(0)
        cents = read_chinese(change["cents"]) if change["cents"] else None
        value += tenths / 10 + (cents or Decimal(0)) / 100
        span = (span[0], change.end() - len(change["end"] or ""))
    elif small := _CENTS.match(text, span[1]):
        said = small["cents"] or small["spoken"]
        cents = Decimal(said) if said.isdigit() else read_english(said)
        if cents is not None and cents < 100:
            value, span = value + cents / 100, (span[0], small.end())
    return sure("money", span, _minor(value))


def _candidates(amount: Amount) -> tuple[int, ...]:
    values = amount.candidates or ((amount.value,) if amount.value is not None else ())
    return tuple(_minor(value) for value in values if value <= _LARGEST)


def _minor(value: Decimal) -> int:
    return int((value / _CENT).quantize(Decimal(1), ROUND_HALF_UP))


def _counts_things(amount: Amount, before: str, after: str) -> bool:
    few = amount.value is not None and amount.value < 1000 and not _has_scale(amount)
    if _OWED_AS.match(after) and (_has_scale(amount) or amount.value is not None and amount.value >= 100):
        return False
    if _PAUSED.match(after) and _has_scale(amount):
        return False
    are_there = few and _THINGS.match(after) and not _LISTED.match(after)
    are_there = are_there or few and _SOME_OF_MINE.match(after)
    return bool(_COUNTED.match(after) or are_there) and not _household(amount, after)


def _implied(amount: Amount, before: str, after: str) -> bool:
    """Money without a currency word: big enough, not a count, not a label, not a year."""
    if _counts_things(amount, before, after) or _LABEL_BEFORE.search(before) or _year(amount, before):
        return False
    if _AROUND_BARE.sub("", before + " " + after) == "":
        return amount.vague or amount.value == 0 or (amount.value is not None and amount.value >= 10)
    if amount.vague:
        return (
            bool(amount.candidates and (_PAY_BEFORE.search(before) or _earned(amount, before, after)))
            or _has_scale(amount)
            or _of_money(before, after)
            or _big_digits(amount)
        )
    if amount.value == 0:
        return bool(_ZERO_BEFORE.search(before))
    if amount.value is None or amount.value < 10:
        return bool(
            _PRICE.fullmatch(amount.written) and (_COST_BEFORE.search(before) or _EACH_AFTER.match(after))
        )
    if _has_scale(amount) or amount.written[0].isdigit():
        return True
    return (
        _of_money(before, after)
        or bool(_PAID_BEFORE.search(before) and _CLAUSE_AFTER.match(after))
        or _earned(amount, before, after)
    )


def _earned(amount: Amount, before: str, after: str) -> bool:
    """ "一天挣八十": tens in words, with nothing behind that is counted."""
    return "十" in amount.written and bool(_EARNED_BEFORE.search(before) and _CLAUSE_AFTER.match(after))


def _of_money(before: str, after: str) -> bool:
    """Whether what is said around a number in words tells that it is money."""
    return bool(_RATE_AFTER.match(after) or _COST_BEFORE.search(before) or _COST_AFTER.match(after))


def _household(amount: Amount, after: str) -> bool:
    """ "utilities 300 kids 900": nobody has 300 children, so the word names the next amount."""
    return amount.value is not None and amount.value >= 100 and bool(_HOUSEHOLD.match(after))


def _big_digits(amount: Amount) -> bool:
    return (
        any(value >= 100 for value in amount.candidates)
        and not amount.words
        or bool(re.search(r"\d{2}", amount.written))
    )


def _has_scale(amount: Amount) -> bool:
    return bool(re.search(r"[百千万亿kw]|hundred|thousand|grand|lakh|crore|million", amount.written))


def _year(amount: Amount, before: str) -> bool:
    if amount.value is None or not re.fullmatch(r"\d{4}", amount.written):
        return False
    return 1950 <= amount.value <= 2035 and amount.value % 100 != 0 and bool(_YEAR_BEFORE.search(before))
