"""Skill hardship: a figure or a fact corrected outside the questions."""

from __future__ import annotations

from actions import others_income
from actions.base import RespiteAction
from actions.events import Events, set_slot
from actions.flow import advance
from actions.forms import Answer
from actions.situation import correct_situation
from actions.statement import correct_statement
from actions.turn import Turn


class ActionCorrectDetail(RespiteAction):
    """A correction outside the questions: changes the statement and, if offers are out, makes new ones."""

    action_name = "action_correct_detail"

    def handle(self, turn: Turn) -> Events:
        answer = _corrected(turn) if turn.session.case_id else None
        if answer is None:
            turn.say("utter_what_to_correct")
            return []
        return [*(set_slot(name, value) for name, value in answer.slots.items()), *advance(turn, "plan")]


def _corrected(turn: Turn) -> Answer | None:
    return others_income.note(turn, "") or correct_statement(turn, "") or correct_situation(turn, "")
