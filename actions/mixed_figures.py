"""Skill hardship: one amount behind the words of several fields: "rent and bills 1,500", 房租水电一千五.

It may be all of them together or the last one alone: that is asked, never guessed. And words that say by
themselves that there is no rent, in a message that brings an amount for something else.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from actions import clauses, figures
from actions.clauses import Clause
from actions.figure_words import IS_LEFT, JOINS, SOMETHING_ELSE
from actions.turn import Turn

# Characters between a word and its amount: further away, another word may be meant as well.
_FAR_CHINESE, _FAR_LATIN = 8, 24
# Characters of a clause around a word that is only an item of a list.
_LITTLE = 6
_SENTENCE_ENDS = ".!?\u3002\uff01\uff1f\n"


def words_before(
    turn: Turn, clause: Clause, amount: dict[str, Any], words: Sequence[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Of the `words` of a clause those between the amount before and this one."""
    start = int(amount.get("start", 0))
    ends = [int(each.get("end", 0)) for each in turn.entities("money") if int(each.get("end", 0)) <= start]
    since = max([clause.start, *ends])
    return [each for each in words if since <= int(each.get("start", 0)) < start]


def fields_of(turn: Turn, amount: dict[str, Any]) -> list[str]:
    """The fields that an amount may belong to, where there are several; none where one is plain."""
    if "start" not in amount:
        return []
    found = clauses.of(turn)
    number = clauses.at(found, amount)
    here = _words(turn, found[number])
    own = words_before(turn, found[number], amount, here)
    if here and not own:
        return []
    before = _listed_before(turn, found, number, own[0] if own else amount)
    listed = [*before, *own]
    fields = list(dict.fromkeys(str(each["value"]) for each in listed))
    if len(fields) < 2:
        return []
    last = listed[-1]
    if any(each["value"] not in (last["value"], figures.INCOME) for each in before):
        return fields if last["value"] != figures.INCOME else []
    other = next(each for each in reversed(listed) if each["value"] != last["value"])
    after = listed[listed.index(other) + 1]
    between = turn.text[int(other["end"]) : int(after["start"])].strip().casefold()
    gap = turn.text[int(last["end"]) : int(amount["start"])]
    is_far = len(gap) > (_FAR_LATIN if gap.isascii() else _FAR_CHINESE)
    # Nobody adds up a wage and a rent: 扣了社保到手4000 is the wage.
    if any(word in gap for word in IS_LEFT) and figures.INCOME in fields:
        return fields  # 工资扣掉房租剩两千: what is left is neither
    joined = between.strip(" ,\uff0c") in JOINS and figures.INCOME not in (last["value"], other["value"])
    return fields if joined or is_far else []


def _listed_before(
    turn: Turn, found: Sequence[Clause], number: int, first: dict[str, Any]
) -> list[dict[str, Any]]:
    """The words of the list items right before a clause that begins with one: "rent, bills and food 900"."""
    listed: list[dict[str, Any]] = []
    begins = int(first["start"]) - found[number].start
    if begins > _LITTLE or turn.text[: found[number].start].rstrip()[-1:] in tuple(_SENTENCE_ENDS):
        return []
    for place in range(number - 1, -1, -1):
        clause, words = found[place], _words(turn, found[place])
        after = turn.text[clause.end : found[place + 1].start]
        length = sum(int(each["end"]) - int(each["start"]) for each in words)
        is_an_item = clause.end - clause.start - length <= _LITTLE
        holds_an_amount = any(clause.holds(each) for each in turn.entities("money"))
        if not is_an_item or holds_an_amount or set(_SENTENCE_ENDS) & set(after):
            break
        listed = [*words, *listed]
    return listed


def _words(turn: Turn, clause: Clause) -> list[dict[str, Any]]:
    zeros = turn.entities("zero")
    return sorted(
        (
            each
            for each in turn.entities("statement_field")
            if "end" in each and clause.holds(each) and not figures.overlaps(each, zeros)
        ),
        key=lambda each: int(each["start"]),
    )


def say(turn: Turn) -> bool:
    """Ask of each amount that may belong to several fields how much each of them is."""
    asked = False
    for figure in figures.said(turn):
        fields = fields_of(turn, figure.entity)
        if not fields or figure.said is None or figure.role in figures.NOT_TODAY:
            continue
        labels = turn.phrase("utter_comma").join(turn.phrase(f"utter_label_{each}") for each in fields)
        turn.say("utter_figure_of_several", amount=turn.money(int(figure.said)), fields=labels)
        asked = True
    return asked


def is_none(turn: Turn, field: str) -> bool:
    """Whether words that name the field say that there is none of it: "don't pay rent", 不要房租."""
    named = [each for each in turn.entities("statement_field") if each["value"] == field]
    for zero in turn.entities("zero"):
        behind = turn.text[int(zero.get("end", 0)) :].lstrip().casefold()
        if any(figures.overlaps(zero, [each]) for each in named) and not behind.startswith(SOMETHING_ELSE):
            return not turn.asks
    return False
