"""Skill hardship: an amount told before is denied and another put in its place: "not 700, closer to 900".

No word names the figure; the denied amount does, where exactly one figure is so much. And a debt or a cost
that has ended is taken out of what it was a part of.
"""

from __future__ import annotations

from actions import figures, figures_told
from actions.figures import ADDED_UP, DIFFERENCE, NOT_TODAY, SETTLED, SHARED, SPECIAL, Figure
from actions.forms import Answer, ask_again
from actions.situation import is_correction
from actions.statement import ask_for_the_whole, ask_once_more, given, is_doubted, may_record, record
from actions.turn import Turn
from hardship.statements import FIELDS, implausible

_NONE_IN_ITS_PLACE = NOT_TODAY | {"lent", DIFFERENCE, SHARED}


def note(turn: Turn, open_question: str) -> Answer | None:
    """Change the figure that the denied amount is, and say so; ask which, where two are so much."""
    is_told = turn.heard in figures_told.BESIDE | {"deny"} and may_record(turn)
    pair = _denied_and_new(turn) if is_told else None
    if pair is None:
        return _ask_for_the_usual(turn, open_question) if is_told else None
    denied, new = (int(figure.said or 0) for figure in pair)
    held, named = given(turn), _fields_named(turn)
    fields = [field for field in FIELDS if held.get(field) == denied and (not named or field in named)]
    if len(fields) > 1:
        turn.say("utter_which_figure")
        return ask_again(open_question) if open_question else Answer()
    if len(fields) == 1:
        return _change(turn, fields[0], new, open_question)
    listed = [] if named else _listed(turn, denied)
    if len(listed) == 1:
        field = listed[0]
        return _change(turn, field, int(held[field]) - denied + new, open_question)
    return None


def note_ended(turn: Turn, open_question: str) -> Answer | None:
    """ "The car loan is paid off, I was wrong": what was told of it is taken off, or the rest asked for."""
    words = turn.entities("statement_field")
    ended = any(each["value"] == "ended" for each in turn.entities("not_counted"))
    is_told = turn.heard in figures_told.BESIDE and is_correction(turn) and may_record(turn) and not turn.asks
    if not (ended and is_told) or len(words) != 1 or turn.entities("money"):
        return None
    field, held = str(words[0]["value"]), int(given(turn).get(words[0]["value"]) or 0)
    if field not in ADDED_UP or not held or field == open_question:
        return None
    word = turn.text[words[0]["start"] : words[0]["end"]].casefold()
    told = (each for before in turn.earlier() for each in figures_told.read(before))
    part = next((each.minor for each in told if each.field == field and each.words == {word}), None)
    if part is not None and part <= held:
        record(turn, field, held - part)
        label = turn.phrase(f"utter_label_{field}")
        turn.say("utter_corrected", field=label, amount=turn.money(held - part))
        return Answer({**_still_open(open_question), field: "given", "doubted_field": None})
    turn.say("utter_part_ended", field=turn.phrase(f"utter_label_{field}"), held=turn.money(held))
    return Answer({**_still_open(open_question), field: None} if open_question else {})


def _still_open(open_question: str) -> dict[str, None]:
    return {open_question: None} if open_question else {}


def _ask_for_the_usual(turn: Turn, open_question: str) -> Answer | None:
    """ "The 5000 was last year" says what a figure is not: what it is now is asked."""
    told, held = figures.said(turn), given(turn)
    if len(told) != 1 or told[0].role != SPECIAL:
        return None
    fields = [field for field in FIELDS if told[0].said and held.get(field) == told[0].said]
    if len(fields) != 1 or open_question == fields[0] or _fields_named(turn) - set(fields):
        return None
    return ask_for_the_whole(turn, fields[0], open_question, SPECIAL)


def _denied_and_new(turn: Turn) -> tuple[Figure, Figure] | None:
    """The one amount that is said not to be so, and the one that is; of several the settled one."""
    told = figures.said(turn)
    denied = [each for each in told if each.role in NOT_TODAY and each.said]
    others = [
        each
        for each in told
        if each.role not in _NONE_IN_ITS_PLACE and each.said and not each.entity.get("offered")
    ]
    new = [each for each in others if each.role == SETTLED] or others
    months = all(each.period == "month" for each in [*denied, *new])
    return (denied[0], new[0]) if len(denied) == len(new) == 1 and months else None


def _fields_named(turn: Turn) -> set[str]:
    return {str(each["value"]) for each in turn.entities("statement_field")}


def _listed(turn: Turn, denied: int) -> list[str]:
    """The fields in whose lists the denied amount was one of several, as far as they are held."""
    held = given(turn)
    fields = (
        each.field
        for before in turn.earlier()
        for each in figures_told.read(before)
        if each.minor == denied and each.field in ADDED_UP and int(held.get(each.field) or 0) > denied
    )
    return list(dict.fromkeys(fields))


def _change(turn: Turn, field: str, amount: int, open_question: str) -> Answer:
    if implausible(field, amount, turn.services.policy) and not is_doubted(turn, field):
        return ask_once_more(turn, field, amount, open_question)
    record(turn, field, amount)
    turn.say("utter_corrected", field=turn.phrase(f"utter_label_{field}"), amount=turn.money(amount))
    still_open = {open_question: None} if open_question and open_question != field else {}
    return Answer({**still_open, field: "given", "doubted_field": None})
