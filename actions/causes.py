"""Skill hardship: the cause is heard, said outright or beside something else, and opens the case."""

from __future__ import annotations

from actions import figures_told, told_facts, wishes
from actions.base import RespiteAction
from actions.cause_names import CAUSES
from actions.events import Events, set_slot
from actions.flow import advance
from actions.situation import note_since_beside
from actions.statement import may_record, open_case
from actions.topics import hardship_waits
from actions.turn import Turn
from casestore import hardship
from hardship.situations import Cause


class ActionReportHardship(RespiteAction):
    """Any words of not being able to pay open a case and start its clock (as AU-NOTICE asks)."""

    action_name = "action_report_hardship"

    def handle(self, turn: Turn) -> Events:
        events = hear_cause(turn, told_facts.cause(turn))
        # "I lost my job, can it be paused": the wish in the same breath is answered when there are offers.
        if wish := wishes.told_beside(turn):
            events += wishes.remember(turn, wish)
            turn.say("utter_wish_noted")
        if turn.active_form:
            return [*events, *hardship_waits(turn)]
        return [*events, *advance(turn, "plan")]


def hear_cause(turn: Turn, cause: Cause | None) -> Events:
    """Open the case, name its cause if there is one, and say that it was heard."""
    open_case(turn, cause)
    turn.say(f"utter_heard_{cause.value}" if cause else "utter_heard_hardship")
    say_figures_wait(turn)
    noted = note_since_beside(turn) if cause and _since_is_open(turn) else {}
    return [*_cause_events(cause), *(set_slot(name, value) for name, value in noted.items())]


def hear_a_story(turn: Turn) -> Events | None:
    """Who is not understood as a whole, but tells a cause in a clause, or figures of two fields, is heard.

    "Separated in May: I take home 3,300 and the mortgage is 1,250": that leads into the same questions.
    """
    cause, told = told_facts.of_a_clause(turn), figures_told.sums(turn, figures_told.read(turn))
    near = {*CAUSES, *wishes.WISHES, "report_hardship", "report_missed_instalment", "correct_detail"}
    names_the_loan = bool(turn.entities("loan_use")) and "business" in told_facts.told(turn)
    tells = cause is not None and turn.likeliest in near or len(told) > 1 or names_the_loan
    return hear_cause(turn, cause) if tells and not turn.asks and not turn.is_distressed else None


def say_figures_wait(turn: Turn) -> None:
    """Figures told before the consent to them are not kept; who told them hears that they were heard."""
    if turn.entities("statement_field") and turn.entities("money") and not may_record(turn):
        turn.say("utter_figures_wait")


def _since_is_open(turn: Turn) -> bool:
    """Whether it is not known yet when the trouble began."""
    case_id = turn.session.case_id
    return bool(case_id) and "since" not in hardship.answers(turn.services.store, str(case_id))


def cause_beside(turn: Turn) -> Cause | None:
    """The cause that a message about something else tells too: "my pay was cut, can it be 1500 a month"."""
    return CAUSES.get(turn.beside(CAUSES) or "") or told_facts.of_a_clause(turn)


def _cause_events(cause: Cause | None) -> Events:
    if cause is None:
        return []
    is_illness = cause is Cause.ILLNESS
    return [
        set_slot("hardship_cause", "given"),
        set_slot("health_mentioned", is_illness or None),
        set_slot("health_consent", None if is_illness else "not_needed"),
    ]
