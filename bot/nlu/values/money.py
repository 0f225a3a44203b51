"""Amounts of money: which number expressions are money, and how many minor units they are.

The words around a number that tell so: `data/values/money.yml`; the names of currencies: `currencies.yml`.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from functools import cache

import yaml

from bot.nlu.values import expressions
from bot.nlu.values.amounts import Amount, find_amounts, join_ranges
from bot.nlu.values.model import Value, blank, sure, unclear
from bot.nlu.values.numerals import read_chinese, read_english

# The words around a number, each part for one question; "before" and "behind" say where it is looked for.
_AROUND = expressions.load("money")
_NOTES = {"tenner": Decimal(10), "fiver": Decimal(5)}
_LEAST_PRICE = 100
_ANY = "any"
# Behind an amount in words: the clause is over, and nothing is counted.
_CLAUSE_AFTER = re.compile(r" +(?=[\u4e00-\u9fff])|\s*(?:$|[,.;!?]|吧|行|可以|的话|[吗么嘛呢啊]|成不?)")
# "the late fee was 6.40"; 3.85 alone may be a rate or a mark.
_PRICE = re.compile(r"\d\.\d\d")
# What stands further away says nothing about an amount; looking there takes time in long messages.
_NEAR = 60
# A longer number is no sum that a person owes or earns.
_LARGEST = Decimal(10) ** 12
_CENT = Decimal("0.01")


def find(text: str) -> list[Value]:
    """Return the amounts of folded `text` in minor units; vague ones are marked unclear."""
    change = [found for match in _AROUND["only_change"].finditer(text) if (found := _only_change(match))]
    change += [_notes(match) for match in _AROUND["notes"].finditer(text)]
    change += [_pence(match) for match in _AROUND["pence"].finditer(text)]
    for value in change:
        text = blank(text, value.start, value.end)
    amounts = join_ranges(find_amounts(text), text)
    found: list[Value] = []
    for amount in amounts:
        # "4 pounds 50" has taken its pence along.
        is_free = not found or found[-1].end <= amount.start
        if is_free and (value := _as_money(amount, text)):
            found.append(value)
    return sorted([*change, *found], key=lambda value: value.start)


def _only_change(match: re.Match[str]) -> Value | None:
    tenths, cents = (read_chinese(match[name]) if match[name] else Decimal(0) for name in ("tenths", "cents"))
    if tenths is None or cents is None:
        return None
    return sure("money", match.span(), _minor(tenths / 10 + cents / 100))


def _pence(match: re.Match[str]) -> Value:
    number = read_chinese(match["pence"]) or read_english(match["pence"]) or Decimal(0)
    return sure("money", match.span(), _minor(number / 100))


def _notes(match: re.Match[str]) -> Value:
    """Read "a tenner" and "two fivers"."""
    said = (match["count"] or "one").strip()
    count = (Decimal(said) if said.isdigit() else read_english(said)) or Decimal(1)
    return sure("money", match.span(), _minor(count * _NOTES[match["note"]]))


def _as_money(amount: Amount, text: str) -> Value | None:
    before, after = text[max(0, amount.start - _NEAR) : amount.start], text[amount.end : amount.end + _NEAR]
    sign = _sign(before, after)
    if sign is None and not _implied(amount, before, after):
        return None
    if amount.value is None and not amount.vague or amount.value is not None and amount.value > _LARGEST:
        return None
    currency, sign_before, sign_after = sign or (None, 0, 0)
    start, end = amount.start - sign_before, amount.end + sign_after
    blurred = any(_AROUND["more_behind"].match(text, place) for place in (amount.end, end))
    hedged = _AROUND["hedge_before"].search(before) or _below_zero(before, sign_before)
    if amount.vague or blurred or hedged:
        return replace(unclear("money", (start, end), *_candidates(amount)), currency=currency)
    return replace(_clear(amount, text, (start, end)), currency=currency)


def _sign(before: str, after: str) -> tuple[str | None, int, int] | None:
    """Return the currency, None where the word names none, and how many letters name it on each side."""
    for currency, (named_before, named_behind) in _currencies().items():
        first, last = named_before.search(before), named_behind.match(after)
        if first or last:
            named = None if currency == _ANY else currency
            return named, len(first.group()) if first else 0, last.end() if last else 0
    return None


@cache
def _currencies() -> dict[str, tuple[re.Pattern[str], re.Pattern[str]]]:
    """Return what names each currency (ISO 4217) before and behind a figure, in the order of the file."""
    names = yaml.safe_load((expressions.FOLDER / "currencies.yml").read_text(encoding="utf-8"))
    return {
        currency: (
            re.compile(rf"(?:{'|'.join(where['before']) or '(?!)'})\s*$"),
            re.compile(rf"\s*(?:odd )?(?:{'|'.join(where['behind'])})"),
        )
        for currency, where in names.items()
    }


def _below_zero(before: str, sign: int) -> bool:
    """Say whether a minus stands before the figure and its currency sign, which is `sign` letters long."""
    return bool(_AROUND["below_zero_before"].search(before[: len(before) - sign]))


def _clear(amount: Amount, text: str, span: tuple[int, int]) -> Value:
    value = amount.value or Decimal(0)
    change = _AROUND["small_change"].match(text, span[1]) if text[: span[1]].endswith(("块", "元")) else None
    if change and (value < 100 or change["name"] or change["end"] is not None):
        tenths = read_chinese(change["tenths"]) or Decimal(0)
        cents = read_chinese(change["cents"]) if change["cents"] else None
        value += tenths / 10 + (cents or Decimal(0)) / 100
        span = (span[0], change.end() - len(change["end"] or ""))
    elif small := _AROUND["cents"].match(text, span[1]):
        said = small["cents"] or small["spoken"]
        cents = Decimal(said) if said.isdigit() else read_english(said)
        if cents is not None and cents < 100 and (value < 100 or not small["spoken"] or not said.isdigit()):
            value, span = value + cents / 100, (span[0], small.end())
    return sure("money", span, _minor(value))


def _candidates(amount: Amount) -> tuple[int, ...]:
    values = amount.candidates or ((amount.value,) if amount.value is not None else ())
    return tuple(_minor(value) for value in values if value <= _LARGEST)


def _minor(value: Decimal) -> int:
    return int((value / _CENT).quantize(Decimal(1), ROUND_HALF_UP))


def _counts_things(amount: Amount, before: str, after: str) -> bool:
    few = amount.value is not None and amount.value < 1000 and not _has_scale(amount)
    if _AROUND["owed_as"].match(after) and (
        _has_scale(amount) or amount.value is not None and amount.value >= 100
    ):
        return False
    if (
        _AROUND["priced_thing"].match(after)
        and _AROUND["one_thing_before"].search(before)
        and amount.value is not None
        and amount.value >= _LEAST_PRICE
    ):
        return False
    if _AROUND["pause_behind"].match(after) and _has_scale(amount):
        return False
    are_there = few and _AROUND["things"].match(after) and not _AROUND["listed_behind"].match(after)
    are_there = are_there or few and _AROUND["some_of_mine"].match(after)
    return bool(_AROUND["counted"].match(after) or are_there) and not _household(amount, after)


def _offered(before: str, after: str) -> bool:
    """Whether a number is what somebody would pay: "I can do one fifty", "one fifty and we have a deal"."""
    return bool(_AROUND["pay_before"].search(before) or _AROUND["deal_behind"].match(after))


def _implied(amount: Amount, before: str, after: str) -> bool:
    """Money without a currency word: big enough, not a count, not a label, not a year."""
    if (
        _counts_things(amount, before, after)
        or _AROUND["label_before"].search(before)
        or _year(amount, before)
    ):
        return False
    if _AROUND["around_a_bare_amount"].sub("", before + " " + after) == "":
        return amount.vague or amount.value == 0 or (amount.value is not None and amount.value >= 10)
    if amount.vague:
        is_said_of_money = _offered(before, after) or _earned(amount, before, after)
        return (
            bool(amount.candidates and is_said_of_money)
            or _has_scale(amount)
            or _of_money(before, after)
            or _big_digits(amount)
        )
    if amount.value == 0:
        return bool(_AROUND["nothing_before"].search(before))
    if amount.value is None or amount.value < 10:
        if (
            amount.value
            and amount.written[0].isdigit()
            and _AROUND["hourly_before"].search(before)
            and _AROUND["hourly_behind"].match(after)
        ):
            return True
        return bool(
            _PRICE.fullmatch(amount.written)
            and (_AROUND["cost_before"].search(before) or _AROUND["each_behind"].match(after))
        )
    if _has_scale(amount) or amount.written[0].isdigit():
        return True
    return (
        _of_money(before, after)
        or bool(_AROUND["paid_before"].search(before) and _CLAUSE_AFTER.match(after))
        or _earned(amount, before, after)
    )


def _earned(amount: Amount, before: str, after: str) -> bool:
    """Whether it is 一天挣八十: tens in words, with nothing behind that is counted."""
    return "十" in amount.written and bool(
        _AROUND["earned_before"].search(before) and _CLAUSE_AFTER.match(after)
    )


def _of_money(before: str, after: str) -> bool:
    """Whether what is said around a number in words tells that it is money."""
    return bool(
        _AROUND["rate_behind"].match(after)
        or _AROUND["cost_before"].search(before)
        or _AROUND["cost_after"].match(after)
    )


def _household(amount: Amount, after: str) -> bool:
    """Whether it is "utilities 300 kids 900": nobody has 300 children, so the word names the next amount."""
    return amount.value is not None and amount.value >= 100 and bool(_AROUND["household"].match(after))


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
    return (
        1950 <= amount.value <= 2035
        and amount.value % 100 != 0
        and bool(_AROUND["year_before"].search(before))
    )
