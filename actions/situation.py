"""Skill hardship: since when, for how long, household or business; read from a message, corrected later."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.formats import as_date
from actions.forms import Answer
from actions.statement import record
from actions.turn import CERTAIN, FALLBACK, PLAINLY, Turn
from actions.wishes import WISHES
from casestore import hardship
from hardship.calendar import add_months

STEP_OF_FIELD = {"since": "hardship_since", "lasting": "hardship_duration", "business": "hardship_purpose"}

# What is kept of how long the trouble lasts; who can't tell has given neither.
UNKNOWN = "unknown"
LASTING = {"temporary": False, "lasting": True}

# Months: "six months" is an end in sight; who names more than a year is asked which of the two it is.
NEAR_END = 12

# With these a message that names another day or duration says nothing else.
_OPEN_INTENTS = frozenset({"correct_detail", "deny", "nlu_fallback", "dont_know"})

# A bare day or length of time answers these questions themselves.
_ABOUT_TIME = frozenset({"hardship_since", "hardship_duration"})


def since_said(turn: Turn) -> date | None:
    """The day the trouble began: dates are read as coming ones elsewhere, but this one lies in the past.

    A bare month ("in March") could be the last or the next; here only the last makes sense.
    """
    today = turn.services.today()
    if tells_the_end(turn):
        return None
    if said := turn.day_gone():
        return said
    past = [day for day in map(as_date, turn.candidates("date")) if day and day <= today]
    if past:
        return latest_of(past)
    # "Five years, and not over 500 a month" is a plan that is wished for.
    months = None if turn.heard in WISHES or turn.entities("money") else turn.entity("month_count")
    return add_months(today, -int(months)) if months is not None else None


def tells_the_end(turn: Turn) -> bool:
    """Whether the day of the message is when the trouble ends: "I should be back full time by February".

    Words tell: a month alone is the beginning to who is asked for that. Two days are one of each.
    """
    words = {each["value"] for each in turn.entities("trouble_time")}
    days = turn.entities("date")
    could_come = [
        day
        for said in days
        for day in map(as_date, [said["value"], *(said.get("candidates") or [])])
        if day and day > turn.services.today()
    ]
    return words == {"ends"} and len(days) == 1 and bool(could_come)


def note_since_beside(turn: Turn) -> dict[str, Any]:
    """Keep the day of a message that tells what happened, with the slot that says so: "laid off in April".

    Only a day that can lie behind and nowhere else: "paid on the 15th" is another day's matter.
    """
    gone = [day for day in map(as_date, _days_told(turn)) if day and day <= turn.services.today()]
    if tells_the_end(turn):
        return {}
    begins = any(each["value"] == "begins" for each in turn.entities("trouble_time"))
    # "Surgery in October, it cost 36000": a month as a whole is none on which something is paid.
    begins = begins or turn.heard.startswith("hardship_") and bool(turn.candidates("date"))
    if len(turn.entities("date")) != 1 or not gone or turn.entities("money") and not begins:
        return {}
    record(turn, "since", latest_of(gone).isoformat())
    turn.say("utter_since_noted", day=turn.day(latest_of(gone)))
    return {STEP_OF_FIELD["since"]: "given"}


def latest_of(days: list[date]) -> date:
    """The latest of the days that could be meant; of a month told as a whole its first day."""
    last = max(days)
    return min(day for day in days if (day.year, day.month) == (last.year, last.month))


def _days_told(turn: Turn) -> list[str]:
    clear = [each["value"] for each in turn.entities("date") if not each.get("ambiguous")]
    return [*clear, *turn.candidates("date")]


def duration_said(turn: Turn) -> str | None:
    """How long the trouble will last: temporary, lasting, unknown; None if the message does not tell.

    By the words for it, else by an end that is named ("until spring", "six months"), else as learnt.
    """
    of_a_plan = any(is_of_a_plan(turn, each) for each in turn.entities("duration"))
    if said := (None if of_a_plan else turn.only("duration")) or turn.answer_to("hardship_duration"):
        return str(said)
    if turn.intent == "dont_know":
        return UNKNOWN
    return "temporary" if _names_an_end(turn) else None


def is_of_a_plan(turn: Turn, said: Mapping[str, Any]) -> bool:
    """Whether words for a long time stand in the name of a plan, as in 延长期限."""
    return bool(
        set(_places(said)) & {place for each in turn.entities("plan_kind") for place in _places(each)}
    )


def _names_an_end(turn: Turn) -> bool:
    lists = turn.entities("statement_field") and turn.entities("money")
    of_contact = any(turn.entities(name) for name in ("contacting", "contact_hours", "contact_channel"))
    if turn.heard in WISHES or lists or of_contact:
        return False  # "what we spend in a month: rent 900, food 600" names no end
    days = [turn.entity("date"), *turn.candidates("date")]
    ahead = any(day > turn.services.today() for day in map(as_date, days) if day)
    months = [
        int(months) for months in [turn.entity("month_count"), *turn.candidates("month_count")] if months
    ]
    return ahead or any(months) and max(months) <= NEAR_END


def is_correction(turn: Turn) -> bool:
    """Whether the message says outright that something was wrong."""
    return turn.intent == "correct_detail" or turn.entity("correction") is not None


def correct_situation(turn: Turn, open_question: str) -> Answer | None:
    """Change an answer about the situation that was given before; None if the message does not."""
    if turn.session.case_id is None or turn.intent not in _OPEN_INTENTS or turn.entities("money"):
        return None
    if turn.entities("keeps_agreement"):
        return None  # "keep it the same till January" is about the plan
    given = hardship.answers(turn.services.store, turn.session.case_id)
    for field, value in _named(turn, open_question).items():
        says_nothing_new = given.get(field) == value and not is_correction(turn)
        if STEP_OF_FIELD[field] != open_question and field in given and not says_nothing_new:
            record(turn, field, value)
            turn.say("utter_situation_corrected", field=turn.phrase(f"utter_told_{field}"))
            return Answer({STEP_OF_FIELD[field]: "given"})
    return None


def note_early(turn: Turn, open_question: str) -> Answer | None:
    """Keep how long it lasts or what the money was for, told before it was asked; the question stays open."""
    if turn.session.case_id is None or turn.entities("never_mind"):
        return None  # "leave that for now" tells nothing of how long the trouble lasts
    of_a_figure = turn.entities("statement_field") or is_correction(turn)
    may_begin = open_question == "hardship_cause" and turn.heard == FALLBACK and not of_a_figure
    if may_begin and (noted := note_since_beside(turn)):
        return Answer({**noted, open_question: None})
    if open_question not in ("hardship_since", "hardship_duration", "hardship_cause"):
        return None
    given = hardship.answers(turn.services.store, turn.session.case_id)
    told = _told_early(turn, open_question)
    fresh = {field: value for field, value in told.items() if field not in given}
    ends = open_question == "hardship_since" and tells_the_end(turn)
    if ends:
        fresh = {"lasting": False}
    if not fresh or turn.entities("date") and not ends or turn.entities("money"):
        return None
    for field, value in fresh.items():
        record(turn, field, value)
    turn.say("utter_situation_noted", facts=in_words(turn, fresh))
    return Answer({open_question: None, **{STEP_OF_FIELD[field]: "given" for field in fresh}})


def _told_early(turn: Turn, open_question: str) -> dict[str, object]:
    told: dict[str, object] = {}
    purpose = turn.answer_to("hardship_purpose", surely=True)
    if purpose and turn.score_of("hardship_purpose") >= PLAINLY:
        told["business"] = purpose == "business"
    lasting = turn.only("duration")
    if open_question != "hardship_duration" and lasting in LASTING and turn.entity("month_count") is None:
        told["lasting"] = LASTING[str(lasting)]
    return told if turn.score_of(open_question) < CERTAIN else {}


def _named(turn: Turn, open_question: str) -> dict[str, object]:
    """What the message says about the situation, by field."""
    named: dict[str, object] = {}
    of_a_plan = any(is_of_a_plan(turn, each) for each in turn.entities("duration"))
    if (duration := turn.entity("duration")) in LASTING and not of_a_plan:
        named["lasting"] = LASTING[duration]
    if (purpose := _purpose_said(turn)) and is_correction(turn):
        named["business"] = purpose == "business"
    since = since_said(turn) if open_question not in _ABOUT_TIME else None
    names_a_day = bool(turn.entities("date"))  # "a loan that is paid once a year" corrects no beginning
    if since is not None and (is_correction(turn) or open_question and names_a_day):
        named["since"] = since.isoformat()
    return named


def _purpose_said(turn: Turn) -> str | None:
    """What the money was for; the rent or the wages of "same rent as before" are figures and no purpose."""
    figures = {place for each in turn.entities("statement_field") for place in _places(each)}
    said = [each for each in turn.entities("purpose") if not figures & set(_places(each))]
    return str(said[-1]["value"]) if said else None


def _places(said: Mapping[str, Any]) -> range:
    return range(said.get("start") or 0, said.get("end") or 0)


def in_words(turn: Turn, facts: Mapping[str, Any]) -> str:
    """What was taken, in one line: "it began around 1 June 2026; it is temporary"."""
    line = ""
    for field, value in facts.items():
        fact = _in_words(turn, field, value)
        line = turn.phrase("utter_fact_next", before=line, fact=fact) if line else fact
    return line


def _in_words(turn: Turn, field: str, value: Any) -> str:
    if field == "since":
        return turn.phrase("utter_fact_since", day=turn.day(date.fromisoformat(str(value))))
    if field == "lasting":
        return turn.phrase("utter_fact_lasting" if value else "utter_fact_temporary")
    return turn.phrase("utter_fact_business" if value else "utter_fact_household")
