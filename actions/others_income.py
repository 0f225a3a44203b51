"""Skill hardship: what somebody else at home earns, told beside one's own: "my wife brings in 1100"."""

from __future__ import annotations

from typing import Any

from actions import figures
from actions.figures import INCOME
from actions.forms import Answer, ask_again
from actions.statement import given, may_record, record
from actions.turn import FAR, SURE, Turn
from hardship.statements import FIELDS

FAMILY, HOUSEHOLD = "family", "household"

# An amount with one of these is help, a loan, or what all earn together.
_NO_WAGE_OF_THEIRS = frozenset({"lent", "given", "total"})


def is_told(turn: Turn, open_question: str) -> bool:
    """Whether the only amount of the message is what one of the family earns.

    Where spending is asked for, "the child 500" is spent: there it takes a word for income.
    """
    amounts, parties = turn.entities("money"), turn.entities("told_party")
    named = {str(each["value"]) for each in turn.entities("statement_field")}
    if len(amounts) != 1 or not named <= {INCOME} or _roles(turn) & _NO_WAGE_OF_THEIRS:
        return False
    earned = bool(named) or bool(turn.entities("wages")) or _sounds_earned(turn, open_question)
    of_family = [each for each in parties if each["value"] == FAMILY]
    return earned and any(
        figures.stands_before(turn, each, amounts[0]) and not _is_spent_on(turn, each, amounts[0])
        for each in of_family
    )


def _is_spent_on(turn: Turn, party: dict[str, Any], amount: dict[str, Any]) -> bool:
    """Whether what it is for stands between the two: "1000 a month for my parents' doctor"."""
    needs = [each for each in turn.entities("purpose") if each["value"] == HOUSEHOLD]
    return any(party.get("end", 0) <= each.get("start", 0) < amount.get("start", 0) for each in needs)


def _sounds_earned(turn: Turn, open_question: str) -> bool:
    """Whether, without a word for it, the message is rather an income than what is asked for."""
    other = 0.0 if open_question in (INCOME, "") else turn.score_of(open_question) + FAR
    return bool(open_question) and turn.score_of(INCOME) >= max(SURE, other)


def _roles(turn: Turn) -> set[str]:
    return {str(each["value"]) for each in turn.entities("amount_role")}


def note(turn: Turn, open_question: str) -> Answer | None:
    """Add it to the income that was told, and say so; without that, ask for what comes in altogether."""
    told = figures.monthly(turn, INCOME) if is_told(turn, open_question) and may_record(turn) else None
    if told is None or told.unclear or len(told.amounts) != 1:
        return None
    own, theirs = given(turn).get(INCOME), told.amounts[0]
    if own is not None and (turn.heard == "correct_detail" or turn.entities("correction")):
        turn.say("utter_others_income_corrected")
        return _still_open(open_question)
    if own is None:
        asked_now = open_question in (INCOME, "")
        turn.say("utter_others_income_first" if asked_now else "utter_others_income_later")
        return ask_again(open_question) if open_question in FIELDS else _still_open(open_question)
    if _was_told(turn, theirs):
        turn.say("utter_others_income_counted", amount=turn.money(theirs), total=turn.money(own))
        return _still_open(open_question)
    record(turn, INCOME, own + theirs)
    turn.say("utter_others_income_added", amount=turn.money(theirs), total=turn.money(own + theirs))
    return Answer({**_still_open(open_question).slots, INCOME: "given", "doubted_field": None})


def _still_open(open_question: str) -> Answer:
    return Answer({open_question: None} if open_question else {})


def _was_told(turn: Turn, amount: int) -> bool:
    """Whether the same was told before: said twice, it is not added twice."""
    told_before = [each for each in turn.earlier() if is_told(each, INCOME)]
    return any(amount in figures.monthly(each, INCOME).amounts for each in told_before)
