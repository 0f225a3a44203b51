"""Skill hardship: the cause is heard, said outright or beside something else, and opens the case."""

from __future__ import annotations

from actions import clauses, figures_told, told_causes, told_facts, wishes
from actions.base import RespiteAction
from actions.cause_names import CAUSES
from actions.clauses import Clause
from actions.events import Events, set_slot
from actions.flow import advance
from actions.situation import note_since_beside
from actions.statement import may_record, open_case
from actions.topics import hardship_waits
from actions.turn import DANGERS, Turn
from casestore import hardship
from hardship.situations import Cause

_COMPLAINTS = frozenset({"complain_contact", "complain_disclosure"})
# What may stand in other clauses beside a cause: it leads into the same questions, is courtesy, or is said to
# be possible as well. Two matters in one message are asked about.
_IN_A_STORY = _COMPLAINTS | set(CAUSES) | wishes.WISHES | {
    "affirm", "deny", "dont_know", "greet", "thank", "goodbye", "report_hardship", "report_missed_instalment",
    "correct_detail", "ask_capabilities", "give_feedback",
}  # fmt: skip


class ActionReportHardship(RespiteAction):
    """Any words of not being able to pay open a case and start its clock (as AU-NOTICE asks)."""

    action_name = "action_report_hardship"

    def handle(self, turn: Turn) -> Events:
        events = _hear_with_wish(turn, told_facts.cause(turn))
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

    "Separated in May: I take home 3,300 and the mortgage is 1,250": that leads into the same questions. So
    does "laid off, and you ring me every day??", where it is said that one can complain of that as well.
    """
    if _may_be_danger(turn) or turn.beside({"out_of_scope"}):
        return None
    cause = _cause_of_a_story(turn)
    if cause is not None:
        events = _hear_with_wish(turn, cause)
        if any(each.intent in _COMPLAINTS for each in _sure_clauses(turn)):
            turn.say("utter_complaint_may_follow")
        return events
    told = figures_told.sums(turn, figures_told.read(turn))
    names_the_loan = bool(turn.entities("loan_use")) and "business" in told_facts.told(turn)
    # One figure is near many things; with the meaning of a correction beside it, it is one of the statement.
    begins = bool(told) and turn.likeliest == "correct_detail" and turn.session.case_id is None
    are_figures = len(told) > 1 or begins
    return hear_cause(turn, None) if (are_figures or names_the_loan) and not turn.asks else None


def hear_told_first(turn: Turn) -> Events | None:
    """Figures or facts of the situation that are told before anything was asked; None where there are none.

    "Mortgage 6800 a month, 1900 for the car, nothing else" corrects nothing while nothing is on record.
    """
    if _may_be_danger(turn):
        return None
    cause = told_causes.surest(turn)
    is_told = cause is not None or figures_told.read(turn) or told_facts.told(turn)
    return _hear_with_wish(turn, cause) if is_told else None


def _may_be_danger(turn: Turn) -> bool:
    return turn.is_distressed or turn.beside(DANGERS) is not None


def _cause_of_a_story(turn: Turn) -> Cause | None:
    """The surest cause that a clause tells, where no other clause surely is about something else."""
    others = {each.intent for each in _sure_clauses(turn)} - _IN_A_STORY
    return None if others else told_causes.surest(turn)


def _sure_clauses(turn: Turn) -> list[Clause]:
    return [each for each in clauses.of(turn) if each.confidence >= told_causes.SURELY]


def _hear_with_wish(turn: Turn, cause: Cause | None) -> Events:
    """Hear the cause; "I lost my job, can it be paused": the wish beside it is answered with the offers."""
    events = hear_cause(turn, cause)
    if wish := wishes.told_beside(turn):
        events += wishes.remember(turn, wish)
        turn.say("utter_wish_noted")
    return events


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
