"""Skill feedback: a rating is counted, the words are not kept."""

from __future__ import annotations

from actions import displeasure
from actions.base import RespiteAction
from actions.events import Events, go_to, set_slot
from actions.feedback_words import hear_remark, rating_in
from actions.forms import Answer, FormValidator
from actions.intake import GIVEN
from actions.turn import Turn
from casestore import feedback


class ActionGiveFeedback(RespiteAction):
    """Thanks; a rating in the same breath is counted, else it is asked once."""

    action_name = "action_give_feedback"

    def handle(self, turn: Turn) -> Events:
        if displeasure.hear(turn) or not turn.active_form and hear_remark(turn):
            return []
        rating = rating_in(turn)
        if rating is None and not turn.active_form:
            turn.say("utter_feedback_heard")
            return [set_slot("feedback_rating", None), go_to("feedback_form")]
        count(turn, rating)
        return []


def count(turn: Turn, rating: int | None) -> None:
    """Add to the counts and say thanks; who is not content is offered a person."""
    feedback.count(turn.services.store, rating, turn.language, turn.services.today())
    unhappy = rating is not None and rating < max(feedback.RATINGS) / 2
    turn.say("utter_feedback_sorry" if unhappy else "utter_feedback_thanks")


class ValidateFeedbackForm(FormValidator):
    """One to five, as buttons; without a number the remark alone is counted."""

    form = "feedback_form"

    def answer_feedback_rating(self, turn: Turn) -> Answer | None:
        """A rating, or none."""
        rating = rating_in(turn)
        if rating is None and turn.intent not in ("dont_know", "deny", "give_feedback"):
            return None
        count(turn, rating)
        return Answer({"feedback_rating": GIVEN})
