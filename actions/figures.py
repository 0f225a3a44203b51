"""Skill hardship: which amounts of a message are figures of the statement, of which field, and a month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from actions import figure_words
from actions.turn import NOT_SO, Turn
from hardship.rhythms import of_month

# Of these, several amounts in one message are added up: "food 600, bus 80".
ADDED_UP = frozenset({"living_costs", "other_debts"})
# What is earned on a day is not earned on every day of a month.
INCOME, HOUSING = "monthly_income", "housing"
WORKED = ("days_a_month", "days_a_week", "hours_a_week")
# Characters: a word further away is about something else.
_NEAR = 16
_BEFORE = 6
_A_CLAUSE = 30
# As much as so many characters.
_PAUSE = 8
_SENTENCE_ENDS = set(".!?\u3002\uff01\uff1f\n")
_PAUSES = ",.;!?，。；！？、\n"

_WHOLE_DEBT, _MONTH = "whole_debt", "month"
# "2000 less" tells by how much a figure changed and not what it is; the word stands right before the amount.
DIFFERENCE = "difference"
_CHANGE = "change"
_RIGHT_BEFORE = 3
# "38 was festival month" names an amount as past, special or wrong; the word stands right behind it.
SPECIAL, SETTLED = "special", "settled"
# Two of a list and their sum; a rounded sum is off by no more than a tenth.
_LEAST_LISTED, _NEARLY = 3, 10
# Amounts that are said not to be the figure of today.
NOT_TODAY = frozenset({"former", NOT_SO, SPECIAL})
# Before costs and after them, the latter counts; of what is shared, the borrower's own part.
NET, OWN_PART, SHARED = "net", "own", "shared"
_PARTS = {"half": 2, "third": 3}


@dataclass(frozen=True)
class Figure:
    """An amount as it was said, minor units: of which period; None where that can be read in several ways."""

    said: int | None
    period: str
    role: str | None
    entity: dict[str, Any]


@dataclass(frozen=True)
class Monthly:
    """What is left of a message's amounts for one field: minor units a month, and how they were got."""

    amounts: tuple[int, ...] = ()
    unclear: str | None = None  # "amount", "period", "workdays", "difference", "special" or "share_paid"
    reckoned: Figure | None = None
    about: bool = False
    lent: bool = False
    shared: int | None = None  # the whole in minor units a month, where a share of it was reckoned


def monthly(turn: Turn, field: str) -> Monthly:
    """The amounts of the message that can be figures of `field`, each as one of a month."""
    figures = said(turn)
    lent = any(figure.role == "lent" for figure in figures)
    kept = _counted(figures, field)
    if not kept and any(figure.role == DIFFERENCE for figure in figures):
        return Monthly(unclear=DIFFERENCE, lent=lent)
    if kept and all(figure.role == SPECIAL for figure in kept):
        return Monthly(unclear=SPECIAL, lent=lent)
    if any(figure.said is None for figure in kept):
        return Monthly(unclear="amount", lent=lent)
    amounts: list[int] = []
    reckoned = None
    for figure in kept:
        minor = a_month(turn, figure, field)
        if minor is None:
            waits = "workdays" if figure.period == "day" and field == INCOME else "period"
            return Monthly(unclear=waits, lent=lent)
        reckoned = figure if figure.period != _MONTH else reckoned
        amounts.append(minor)
    about = any(figure.entity.get("ambiguous") for figure in kept)
    found = Monthly(tuple(amounts), reckoned=reckoned, about=about, lent=lent)
    return own_share(turn, found, kept) if field == HOUSING else found


def own_share(turn: Turn, told: Monthly, kept: Sequence[Figure]) -> Monthly:
    """Of a rent that is shared what the borrower pays: reckoned where they say which part, else asked for.

    An amount that is said to be their own part is told already.
    """
    shares = {str(each["value"]) for each in turn.entities("share")}
    if len(kept) != 1 or not told.amounts or kept[0].role == OWN_PART or not shares - {OWN_PART}:
        return told
    parts = {_PARTS[each] for each in shares if each in _PARTS}
    if len(parts) != 1:
        return replace(told, amounts=(), unclear="share_paid", shared=told.amounts[0])
    exact = Decimal(told.amounts[0]) / parts.pop()
    return replace(
        told, amounts=(int(exact.quantize(Decimal(1), ROUND_HALF_UP)),), reckoned=None, shared=told.amounts[0]
    )


def a_month(turn: Turn, figure: Figure, field: str) -> int | None:
    if figure.said is None or figure.period == _MONTH:
        return figure.said
    return of_month(figure.said, figure.period, worked(turn), every_day=field not in (INCOME, HOUSING))


def worked(turn: Turn) -> dict[str, int]:
    """How many days or hours are worked, as far as the message tells."""
    told = {kind: turn.entity(kind) for kind in WORKED}
    return {kind: int(count) for kind, count in told.items() if count is not None}


def income_unnamed(turn: Turn, open_question: str) -> bool:
    """Whether a wage is told without a word for it: by days worked, or "3900 now, before that 5200".

    Where a figure is asked for, what was before and is now belongs to that.
    """
    before = any(each["value"] == "former" for each in turn.entities("amount_role"))
    about_time = open_question.startswith("hardship_") and not turn.asks
    offers = any(each.get("offered") for each in turn.entities("money"))
    return bool(worked(turn)) or (before and about_time and not offers and len(turn.entities("money")) > 1)


def said(turn: Turn) -> list[Figure]:
    """Every amount of the message with its period and role, in the order they were said."""
    amounts = turn.entities("money")
    covered = [each for kind in WORKED for each in turn.entities(kind)]
    words = [each for each in turn.entities("pay_period") if not overlaps(each, covered)]
    words += [
        {**each, "value": _MONTH}
        for each in turn.entities("pay_rhythm")
        if each["value"] == "monthly" and not overlaps(each, covered)
    ]
    periods = _nearest(turn, words, amounts)
    roles = _with_shares(turn, amounts, _role_of(turn, amounts))
    periods = _of_what_is_left(periods, roles)
    return _with_rounded_sum(
        turn,
        [
            Figure(_minor(amount), periods.get(place, _MONTH), roles.get(place), amount)
            for place, amount in enumerate(amounts)
        ],
    )


def _with_rounded_sum(turn: Turn, told: list[Figure]) -> list[Figure]:
    """ "Food 300, bus 80, phone 30, call it 420": the last settles the sum, and is none of the list.

    It has no word of its own and is about what the others come to; "bus let's say 100" is one of them.
    """
    if len(told) < _LEAST_LISTED or told[-1].role != SETTLED or any(each.said is None for each in told):
        return told
    last, sum_of_others = int(told[-1].said or 0), sum(int(each.said or 0) for each in told[:-1])
    since = told[-2].entity.get("end", 0)
    words = turn.entities("statement_field")
    if not {str(each["value"]) for each in words} <= ADDED_UP:
        return told  # wages are no list
    is_named = any(each.get("start", 0) >= since for each in words)
    is_near = abs(last - sum_of_others) * _NEARLY <= sum_of_others
    return [*told[:-1], replace(told[-1], role="total")] if is_near and not is_named else told


def _of_what_is_left(periods: dict[int, str], roles: dict[int, str]) -> dict[int, str]:
    """What is left of "1,500 a week before fuel" is left each week, though that is said once."""
    left = [place for place, role in roles.items() if role == NET and place not in periods]
    before = [periods[place] for place in sorted(periods) if periods[place] not in (_MONTH, _WHOLE_DEBT)]
    return {**periods, **{place: before[-1] for place in left if before}}


def _what_is_left(figures: list[Figure]) -> list[Figure]:
    """What is left after costs, where the amounts beside it are of the same time and no less."""
    nets = [figure for figure in figures if figure.role == NET]
    rest = [figure for figure in figures if figure.role != NET]
    is_left = nets and all(
        int(net.said or 0) <= int(whole.said or 0) and whole.period in (net.period, _MONTH)
        for net in nets
        for whole in rest
    )
    return nets if is_left else figures


def _with_shares(turn: Turn, amounts: Sequence[dict[str, Any]], roles: dict[int, str]) -> dict[int, str]:
    """`roles` with the borrower's own part, and before it the whole that it is a part of."""
    words = [each for each in turn.entities("share") if each["value"] == OWN_PART]
    found = dict(roles)
    for place, amount in enumerate(amounts):
        own = [word for word in words if 0 <= amount.get("start", 0) - word.get("end", 0) <= _BEFORE]
        if not own:
            continue
        whole = amounts[place - 1] if place else {}
        between = turn.text[whole.get("end", 0) : amount.get("start", 0)]
        reach = range(own[0].get("start", 0), amount.get("end", 0) + _A_CLAUSE)
        if any(each.get("start", -1) in reach for each in turn.entities("statement_field")):
            continue  # "rent's 900, and I pay 120 for the phone": the latter is no part of the former
        if place and not _SENTENCE_ENDS & set(between) and int(_minor(whole) or 0) > int(_minor(amount) or 0):
            found[place], found[place - 1] = OWN_PART, SHARED
        else:
            found.setdefault(place, OWN_PART)
    return found


def _minor(amount: dict[str, Any]) -> int | None:
    """The amount; "a bit over 1700" is read as 1700, which is read back, and "700 or 800" is asked about."""
    if not amount.get("ambiguous"):
        return int(amount["value"])
    could_be = amount.get("candidates") or []
    return int(could_be[0]) if len(could_be) == 1 else None


def owed_in_all(turn: Turn) -> bool:
    """Whether every amount of the message is one that is owed, and no figure of a month."""
    told = said(turn)
    return bool(told) and all(figure.period == _WHOLE_DEBT for figure in told)


def _counted(figures: Sequence[Figure], field: str) -> list[Figure]:
    """Without what was once, is denied, is borrowed, is owed in all, or is given where spending is asked."""
    dropped = {"lent", DIFFERENCE, SHARED} | ({"away"} if field == INCOME else {"given", NET})
    kept = [figure for figure in figures if figure.role not in dropped]
    kept = _what_is_left(kept)
    today = [figure for figure in kept if figure.role not in NOT_TODAY]
    # "Food 400, bus, let's say, 100" is a list all the same.
    alone = {"total"} if field in ADDED_UP else {"total", SETTLED}
    sums = [figure for figure in kept if figure.role in alone]
    kept = sums[-1:] or today or kept
    instalments = [figure for figure in kept if figure.period != _WHOLE_DEBT]
    # What is owed in all is asked about where debts are the question, and is no other figure.
    return instalments or (kept if field == "other_debts" else [])


def _role_of(turn: Turn, amounts: Sequence[dict[str, Any]]) -> dict[int, str]:
    """The role of each amount that has one: its word stands right before it, one for a sum beside it.

    What names an amount as special, or as so much more than before, stands behind it.
    """
    roles: dict[int, str] = {}
    for word in turn.entities("amount_role"):
        behind = [
            (amount.get("start", 0) - word.get("end", 0), place) for place, amount in enumerate(amounts)
        ]
        if word["value"] == "total":  # "8000 in all" too
            behind = [(_gap(turn.text, word, amount), place) for place, amount in enumerate(amounts)]
        near = [(gap, place) for gap, place in behind if 0 <= gap <= _reach(word)]
        if word["value"] == DIFFERENCE:
            near = [(gap, place) for gap, place in near if not _leads_to(turn, word, amounts[place])]
        if word["value"] in (SPECIAL, _CHANGE):
            near = _right_behind(turn, word, amounts)
        if not near and word["value"] == "former" and turn.text[word["start"] : word["end"]].isascii():
            near = _in_the_clause(turn, word, amounts)  # "normally I'd take home about 6,800"
        if near:
            role = DIFFERENCE if word["value"] == _CHANGE else str(word["value"])
            _take_role(roles, min(near)[1], role)
    return roles


def _take_role(roles: dict[int, str], place: int, role: str) -> None:
    """What is said of an amount last counts, but words to reckon with it stand whatever follows."""
    if roles.get(place) != SETTLED or role not in (SPECIAL, DIFFERENCE):
        roles[place] = role


def _reach(word: dict[str, Any]) -> int:
    """How many characters may lie between a word and its amount; after a single one, as 按, none."""
    if word.get("end", 0) - word.get("start", 0) == 1:
        return 0
    return _RIGHT_BEFORE if word["value"] == DIFFERENCE else _BEFORE


def _leads_to(turn: Turn, word: dict[str, Any], amount: dict[str, Any]) -> bool:
    between = turn.text[word.get("end", 0) : amount.get("start", 0)].strip().casefold()
    return between.startswith(figure_words.LEADS_TO)


def _right_behind(
    turn: Turn, word: dict[str, Any], amounts: Sequence[dict[str, Any]]
) -> list[tuple[int, int]]:
    """How far before a word an amount stands, and which, where no mark lies between them."""
    before = [
        (word.get("start", 0) - amount.get("end", 0), place)
        for place, amount in enumerate(amounts)
        if 0 <= word.get("start", 0) - amount.get("end", 0) <= _RIGHT_BEFORE
        and not set(_PAUSES) & set(turn.text[amount.get("end", 0) : word.get("start", 0)])
    ]
    return sorted(before)[:1]


def _in_the_clause(
    turn: Turn, word: dict[str, Any], amounts: Sequence[dict[str, Any]]
) -> list[tuple[int, int]]:
    """How far behind a word an amount stands, and which, where no mark lies between them."""
    behind = [
        (amount.get("start", 0) - word.get("end", 0), place)
        for place, amount in enumerate(amounts)
        if 0 <= amount.get("start", 0) - word.get("end", 0) <= _A_CLAUSE
        and not set(_PAUSES) & set(turn.text[word.get("end", 0) : amount.get("start", 0)])
    ]
    return behind[:1]


def _nearest(
    turn: Turn, words: Sequence[dict[str, Any]], amounts: Sequence[dict[str, Any]]
) -> dict[int, str]:
    """For each amount the word that is nearest to it; a word belongs to one amount only."""
    pairs = sorted(
        (_gap(turn.text, word, amount) + _behind(word, amount), place, number)
        for number, word in enumerate(words)
        for place, amount in enumerate(amounts)
    )
    given: dict[int, str] = {}
    used: set[int] = set()
    for gap, place, number in pairs:
        if place not in given and number not in used and gap <= _NEAR:
            given[place] = str(words[number]["value"])
            used.add(number)
    return given


def _behind(word: dict[str, Any], amount: dict[str, Any]) -> int:
    """How much further off a word for a debt is that stands behind: "heating 160, and I owe 4,000"."""
    is_behind = word.get("start", 0) >= amount.get("end", 0)
    return _NEAR if is_behind and word["value"] == _WHOLE_DEBT and word["entity"] == "pay_period" else 0


def by_field(turn: Turn) -> dict[str, tuple[int, ...]]:
    """The figures of a message that tells several fields at once: minor units a month; empty if unclear.

    Each amount needs a word of its own, or stands in a list behind one whose field is added up.
    """
    figures = said(turn)
    # "No mortgage" names no figure.
    words = [each for each in turn.entities("statement_field") if not overlaps(each, turn.entities("zero"))]
    names = _nearest(turn, words, [figure.entity for figure in figures])
    told: dict[str, tuple[int, ...]] = {}
    before = None
    for place, figure in enumerate(figures):
        field = names.get(place) or (before if before in ADDED_UP else None)
        sums_up = figure.role == "total" and (field not in ADDED_UP or field in told)
        if field is None or not _counted([figure], field) or figure.role in NOT_TODAY or sums_up:
            return {}
        minor = a_month(turn, figure, field)
        if minor is None or (field in told and field not in ADDED_UP):
            return {}
        told[field] = (*told.get(field, ()), minor)
        before = field
    return told


def begins_apart(turn: Turn) -> bool:
    """Whether the first amount stands in a sentence of its own, before any word for a spending."""
    words, amounts = turn.entities("statement_field"), turn.entities("money")
    if not words or not amounts:
        return False
    between = turn.text[amounts[0].get("end", 0) : max(words[0].get("start", 0), amounts[0].get("end", 0))]
    return bool(_SENTENCE_ENDS & set(between))


def names_others(turn: Turn, field: str) -> bool:
    """Whether several amounts stand beside words of another field, too: they are no list of `field`."""
    named = {str(each["value"]) for each in turn.entities("statement_field")}
    return len(turn.entities("money")) > 1 and bool(named - {field})


def of_word(turn: Turn, word: str) -> int | None:
    """What the message tells of a spending by this word, minor units a month, where it lists several."""
    figures = said(turn)
    words = [{**each, "value": _text_of(turn, each)} for each in turn.entities("statement_field")]
    named = _nearest(turn, words, [figure.entity for figure in figures])
    places = [place for place, text in named.items() if text == word]
    if len(figures) < 2 or len(places) != 1:
        return None
    return a_month(turn, figures[places[0]], "")


def words_named(turn: Turn, field: str) -> set[str]:
    """The words by which the message names `field`, as written."""
    return {_text_of(turn, each) for each in turn.entities("statement_field") if each["value"] == field}


def _text_of(turn: Turn, said_as: dict[str, Any]) -> str:
    return turn.text[said_as.get("start", 0) : said_as.get("end", 0)].casefold()


def stands_before(turn: Turn, one: dict[str, Any], other: dict[str, Any]) -> bool:
    """Whether `one` stands shortly before `other`, and no pause or word of one's own lies between."""
    start, end = one.get("end", 0), other.get("start", 0)
    own = any(start <= each.get("start", 0) < end for each in turn.entities("first_person"))
    return not own and 0 <= end - start <= _NEAR and _gap(turn.text, one, other) <= _NEAR


def _gap(text: str, one: dict[str, Any], other: dict[str, Any]) -> int:
    """Characters between two entities, 0 when they touch or overlap; more where a pause lies between."""
    starts, ends = (one.get("start", 0), other.get("start", 0)), (one.get("end", 0), other.get("end", 0))
    between = text[min(ends) : max(starts)]
    # Between Chinese words a space is a pause.
    pauses = set(_PAUSES) | (set() if text.isascii() else {" "})
    return max(len(between), 0) + (_PAUSE if pauses & set(between) else 0)


def overlaps(one: dict[str, Any], others: Sequence[dict[str, Any]]) -> bool:
    return any(
        one.get("start", 0) < other.get("end", 0) and other.get("start", 0) < one.get("end", 0)
        for other in others
    )


def as_said_before(turn: Turn, monthly_now: Monthly) -> Monthly:
    """A day's wage told just before, with the days a month that were asked for now."""
    count = worked(turn)
    if monthly_now.amounts or monthly_now.unclear or not count:
        return monthly_now
    earlier = turn.before()
    told = said(earlier) if earlier else []
    before = [figure for figure in told if figure.said and figure.period in ("day", "hour")]
    if len(before) != 1:
        return monthly_now
    minor = of_month(int(before[0].said or 0), before[0].period, count, every_day=False)
    return monthly_now if minor is None else replace(monthly_now, amounts=(minor,), reckoned=before[0])
