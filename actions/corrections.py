"""Skills hardship and plan: a correction outside the questions, or with offers on the table."""

from __future__ import annotations

from actions import causes, complaints, denied_figures, my_data, others_income, reported_payments, wishes
from actions.base import RespiteAction
from actions.dialogue import hand_off
from actions.events import Events, set_slot
from actions.flow import GOAL_PLAN, advance
from actions.forms import Answer
from actions.situation import correct_situation
from actions.statement import correct_statement, may_record
from actions.turn import Turn
from casestore import plan


class ActionCorrectDetail(RespiteAction):
    """A correction outside the questions: changes the statement and, if offers are out, makes new ones."""

    action_name = "action_correct_detail"

    def handle(self, turn: Turn) -> Events:
        if reported_payments.correct_afterwards(turn) or complaints.corrects_when(turn):
            return []
        if my_data.correct_afterwards(turn):
            return []
        answer = _corrected(turn) if turn.session.case_id else None
        if answer is None:
            # Nothing of it is on record yet: who begins with the figures is led into the questions.
            told = causes.hear_told_first(turn) if not has_told(turn) else None
            if told is not None:
                return [*told, *advance(turn, GOAL_PLAN)]
            turn.say("utter_what_to_correct")
            return []
        return [*(set_slot(name, value) for name, value in answer.slots.items()), *advance(turn, "plan")]


def has_told(turn: Turn) -> bool:
    """Whether figures of income or spending are on record that could be corrected."""
    return turn.session.case_id is not None and may_record(turn)


def _corrected(turn: Turn) -> Answer | None:
    return (
        others_income.note(turn, "")
        or denied_figures.note(turn, "")
        or denied_figures.note_ended(turn, "")
        or correct_statement(turn, "")
        or correct_situation(turn, "")
    )


def correct_figure(turn: Turn) -> Answer | None:
    """Change what the message corrects, with new offers from it; None when it corrects nothing."""
    answer = others_income.note(turn, "") or denied_figures.note(turn, "") or correct_statement(turn, "")
    if answer is None and not _moves_the_start(turn):
        answer = correct_situation(turn, "")
    if answer is None:
        return None
    proposal = plan.propose(
        turn.services.store, str(turn.session.case_id), turn.services.policy, turn.services.today()
    )
    if proposal.offers:
        return Answer({**answer.slots, "offers_shown": None, "plan_choice": None})
    hand_off(turn, "not_affordable", response="utter_not_affordable")
    return Answer({"plan_choice": "none"}, [set_slot("requested_slot", None)])


def _moves_the_start(turn: Turn) -> bool:
    """Whether a corrected day is the start that was wished for: "not the 10th, the 12th"."""
    before = wishes.earlier(turn)
    return before is not None and before.first_due is not None and bool(turn.entities("date"))
