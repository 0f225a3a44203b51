"""Skill hardship: since when, how long and what for, told anywhere in a message, whatever question is open.

Asked for the cause: "laid off in May, it's only till I find work, and the loan was for the flat". Each clause
is read by itself. A fact is told where words for it and what was learnt from answers agree, or where a clause
is an answer beyond doubt; where two clauses tell it differently it is not told at all, and is asked for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from actions import clauses, told_causes
from actions.cause_names import CAUSES
from actions.clauses import Clause
from actions.formats import as_date
from actions.forms import Answer
from actions.situation import LASTING, STEP_OF_FIELD, in_words, is_correction, is_of_a_plan, latest_of
from actions.statement import given, record
from actions.turn import FALLBACK, NO_TOPIC, Turn
from actions.wishes import WISHES
from hardship.situations import Cause

DURATION, PURPOSE = "hardship_duration", "hardship_purpose"
# From these scores on a clause agrees with a word for the fact, and tells it without one.
_AGREES, _BY_ITSELF = 0.3, 2.0
# What goes on from a clause that names the loan: "the loan was personal, did a diploma with it".
_GOES_ON = 1.5
# From here on a clause with one word for the purpose tells it, though it names no loan.
_ALONE = 1.5
# Beside these meanings facts are told; a message about anything else is about that.
_BESIDE = NO_TOPIC | set(CAUSES) | WISHES | {"correct_detail", "report_hardship", "express_distress"}
# From here on a meaning needs no word of its own; the value of `asked_beside` for what is repaired.
_SURELY, REPAIRED = 0.9, "repaired"
# It was for no business, or for no household, in so many words.
NO_BUSINESS, NO_HOUSEHOLD = "no_business", "no_household"
_FAINT, _SAYS_SO = 1.0, 1.0
# Letters beside an expression that is all the clause says.
_LITTLE = 6
# Where no answer to the situation is told, however it sounds.
_OF_MONEY = ("money", "days_a_month", "days_a_week", "hours_a_week", "pay_period")


def told(turn: Turn) -> dict[str, Any]:
    """What the message tells plainly: `lasting` and `business` true or false, `since` as an ISO day."""
    found = [each for each in clauses.of(turn) if not each.asks]
    values = {
        "since": set(_since(turn, found)),
        "lasting": {LASTING[each] for each in _durations(turn, found)},
        "business": {each == "business" for each in _purposes(turn, found)},
    }
    return {field: said.pop() for field, said in values.items() if len(said) == 1}


def cause(turn: Turn) -> Cause | None:
    """The cause that the message tells: by its meaning, else by that of its only clause that tells one.

    What the loan was for is none: "a personal loan for medical bills" is no illness of today.
    """
    if turn.entities("no_trouble") and turn.intent not in CAUSES:
        return Cause.OTHER  # "not in hardship, it's only the dates"
    if turn.intent in CAUSES:
        if all(_is_all(turn, each, "purpose") for each in clauses.of(turn)):
            return None  # "家里生活" says what the money was for, however near a family matter it sounds
        told = CAUSES[turn.intent]
        of_the_loan = bool(turn.entities("loan_use")) and told not in told_causes.by_clauses(turn)
        return None if of_the_loan or _is_of_a_thing(turn) else told
    is_beside = turn.intent in NO_TOPIC | WISHES | {"correct_detail", "report_hardship"}
    if is_beside and turn.asks and turn.heard == FALLBACK:
        return told_causes.surest(turn)  # "laid off in August. How long till it's better? You tell me"
    return of_a_clause(turn) if is_beside and not turn.asks else None


def _is_of_a_thing(turn: Turn) -> bool:
    """ "It takes two weeks, then the insurance pays" sounds like an illness; what is mended is a car."""
    chance = float((turn.tracker.latest_message.get("intent") or {}).get("confidence") or 0)
    is_named = any(each["value"] == REPAIRED for each in turn.entities("asked_beside"))
    is_doubtful = CAUSES[turn.intent] is Cause.ILLNESS and chance < _SURELY and not turn.is_chosen
    return is_named and is_doubtful


def of_a_clause(turn: Turn) -> Cause | None:
    """The cause that the clauses of the message tell, None where they tell none or several."""
    if turn.entities("no_trouble"):
        return Cause.OTHER  # "not in hardship, it's only the dates"
    told = told_causes.by_clauses(turn)
    return told.pop() if len(told) == 1 else None


def keep(turn: Turn, question: str, answer: Answer | None) -> Answer | None:
    """Record what is told beside `answer`, say what was taken, and leave the rest of `answer` as it is.

    None where nothing is told and there was no answer.
    """
    if answer is None and not _is_beside(turn):
        return None  # a topic of its own is left to its rule
    held, slots = given(turn), dict(answer.slots) if answer else {}
    news = {
        field: value
        for field, value in told(turn).items()
        if held.get(field) != value
        and slots.get(STEP_OF_FIELD[field]) != "given"
        and (field not in held or _may_change(turn, field))
    }
    if not news and answer is None:
        return _said_again(turn, question, held)
    if not news:
        return answer
    for field, value in news.items():
        record(turn, field, value)
    _say(turn, {field: value for field, value in news.items() if field not in held}, "noted")
    _say(turn, {field: value for field, value in news.items() if field in held}, "changed")
    steps = {STEP_OF_FIELD[field]: "given" for field in news}
    still_open = {} if question in steps or slots.get(question) else {question: None}
    return Answer({**slots, **still_open, **steps}, answer.events if answer else [])


def keep_earlier(turn: Turn) -> dict[str, Any]:
    """Keep what was told before it might be kept, and say so; the slots of the questions it answers."""
    held, news = given(turn), {}
    for message in reversed(turn.earlier()):
        if message.heard in _BESIDE:
            news |= {field: value for field, value in told(message).items() if field not in held}
    for field, value in news.items():
        record(turn, field, value)
    _say(turn, news, "noted")
    return {STEP_OF_FIELD[field]: "given" for field in news}


def _is_beside(turn: Turn) -> bool:
    """Whether the message may tell facts; "loan was personal" sounds like fraud and names none."""
    if turn.heard in ("report_fraud", "dispute_debt"):
        names_it = turn.entities("fraud_kind") or turn.entities("dispute_ground")
        return not names_it and "business" in told(turn)
    return turn.heard in _BESIDE


def _said_again(turn: Turn, question: str, held: Mapping[str, Any]) -> Answer | None:
    """What was told before and is told once more is said to be kept; the question stays open."""
    again = {field: value for field, value in told(turn).items() if held.get(field) == value}
    if not again:
        return None
    _say(turn, again, "noted")
    return Answer({question: None})


def _may_change(turn: Turn, field: str) -> bool:
    """What was told before changes by words of correction; how long it lasts by any words for it."""
    return is_correction(turn) or field == "lasting" and bool(turn.entities("duration"))


def _say(turn: Turn, facts: Mapping[str, Any], how: str) -> None:
    if facts:
        turn.say(f"utter_situation_{how}", facts=in_words(turn, facts))


def _since(turn: Turn, found: list[Clause]) -> Iterator[str]:
    """The day of a clause that says that something began then and goes on: "since June", 从七月开始."""
    for clause in found:
        days = _in(turn, clause, "date")
        times = {str(each["value"]) for each in _in(turn, clause, "trouble_time")}
        if len(days) != 1 or times != {"begins"} or _in(turn, clause, "money"):
            continue
        could_be = [days[0].get("value"), *(days[0].get("candidates") or [])]
        gone = [day for day in map(as_date, could_be) if day and day <= turn.services.today()]
        if gone:
            yield latest_of(gone).isoformat()


def _durations(turn: Turn, found: list[Clause]) -> Iterator[str]:
    if turn.entities("first_months"):
        return  # "smaller payments until January" tells of the plan
    may_resemble = turn.heard not in WISHES | {"accept_offer", "reject_offer", "affirm", "deny"}
    for clause in found:
        value, score = clause.answer(DURATION)
        if any(_in(turn, clause, name) for name in _OF_MONEY) or _in(turn, clause, "loan_use"):
            continue
        words = {str(each["value"]) for each in _in(turn, clause, "duration")} & set(LASTING)
        words -= {str(each["value"]) for each in turn.entities("duration") if is_of_a_plan(turn, each)}
        ends = {str(each["value"]) for each in _in(turn, clause, "trouble_time")} == {"ends"}
        hardly_lasts = value in ("", "temporary") or score < _SAYS_SO
        if ends and _is_ahead(turn, clause) and hardly_lasts:
            yield "temporary"
        elif len(words) == 1 and (value in words and score >= _SAYS_SO or _is_all(turn, clause, "duration")):
            yield words.pop()
        elif _days_gone(turn, clause):
            continue  # "three months ago" says when it began, however it sounds
        elif may_resemble and value in LASTING and score >= _BY_ITSELF and not words - {value}:
            yield value


def _is_ahead(turn: Turn, clause: Clause) -> bool:
    """Whether a clause names a day to come, or one such as "after the New Year", whose day nobody knows."""
    days = _days(turn, clause)
    is_unknown = bool(_in(turn, clause, "date")) and not days
    return is_unknown or any(day > turn.services.today() for day in days)


def _days_gone(turn: Turn, clause: Clause) -> bool:
    days = _days(turn, clause)
    return bool(days) and all(day <= turn.services.today() for day in days)


def _days(turn: Turn, clause: Clause) -> list[date]:
    """Every day that a clause may name."""
    named = _in(turn, clause, "date")
    days = [day for each in named for day in [each.get("value"), *(each.get("candidates") or [])]]
    return [day for day in map(as_date, days) if day]


def _purposes(turn: Turn, found: list[Clause]) -> Iterator[str]:
    """What the loan was for, in a clause that names the loan and in those that go on from it."""
    goes_on = False
    for clause in found:
        names_it = bool(_in(turn, clause, "loan_use"))
        denies = _says(turn, clause, NO_BUSINESS)
        value, score = clause.answer(PURPOSE)
        outweighs = names_it and (not value or _say_more(turn, clause, score))
        words = {str(each["value"]) for each in _in(turn, clause, "purpose")}
        words -= {"business"} if _in(turn, clause, "refusal") or denies else set()
        if _says(turn, clause, NO_HOUSEHOLD):
            words -= {"household"}
            value = "" if value == "household" else value
        if _in(turn, clause, "money") or not (names_it or goes_on or denies):
            goes_on = False
            if words == {value} and score >= _ALONE and not _in(turn, clause, "money"):
                yield value  # "and it's for the household", with no word of the loan
            continue
        goes_on = True
        if denies:
            yield "household"
        elif len(words) == 1 and (value in words or outweighs):
            yield words.pop()
        elif value and not words and score >= (_AGREES if names_it else _GOES_ON):
            yield value


def _says(turn: Turn, clause: Clause, value: str) -> bool:
    return any(each["value"] == value for each in _in(turn, clause, "loan_use"))


def _say_more(turn: Turn, clause: Clause, score: float) -> bool:
    """Whether several words for the purpose outweigh what was faintly learnt from others."""
    return score < _FAINT and len(_in(turn, clause, "purpose")) > 1


def _is_all(turn: Turn, clause: Clause, name: str) -> bool:
    """Whether an expression is all the clause says, but for a short word or two."""
    spans = [each for each in _in(turn, clause, name) if "end" in each]
    return any(
        sum(sign.isalnum() for sign in turn.text[clause.start : clause.end]) - (each["end"] - each["start"])
        <= _LITTLE
        for each in spans
    )


def _in(turn: Turn, clause: Clause, name: str) -> list[dict[str, Any]]:
    return [each for each in turn.entities(name) if clause.holds(each)]
