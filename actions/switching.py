"""Skill dialogue: "shall we do that now?" when another topic comes up, and the way back afterwards."""

from __future__ import annotations

from actions import figures_told
from actions.base import RespiteAction
from actions.cancelling import ANY_WORD, leaves_questions, tells_a_value
from actions.contact_wish import WISHES_OF_CONTACT
from actions.events import Events, go_to, set_slot
from actions.flow import GOAL_PLAN, advance, back
from actions.forms import ALWAYS_FIRST, Answer, FormValidator
from actions.topics import DATA, HARDSHIP, forms_left, waits
from actions.turn import FALLBACK, Turn

NOW, LATER = "now", "later"
HARDSHIP_FORM = "hardship_form"
GOAL_DATA = "data"
# Wishes about data that need no further question, but the borrower to be verified.
_NEED_NO_QUESTION = frozenset({"copy", "delete"})


class ActionAskTopicChoice(RespiteAction):
    """Names the topic, and where the talk would come back to."""

    action_name = "action_ask_topic_choice"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        topic = turn.phrase(f"utter_place_{turn.slot('topic')}")
        left = forms_left(turn)
        if left:
            turn.say("utter_topic_now_or_later", topic=topic, place=turn.phrase(f"utter_place_{left[-1]}"))
        else:
            turn.say("utter_topic_still_waits", topic=topic)
        return []


class ValidateTopicForm(FormValidator):
    """Now or later; whoever says something else is taken back to the open question."""

    form = "topic_form"
    first = ALWAYS_FIRST - {"pause_conversation"}  # "later" is an answer here
    leaves_on = frozenset()

    def answer_topic_choice(self, turn: Turn) -> Answer | None:
        """A yes opens the topic."""
        if turn.heard == FALLBACK and turn.asks:
            return None  # who asks something has not put the topic off
        if turn.heard in WISHES_OF_CONTACT:
            return None  # "not at the weekend either" is a wish, and no day that answers a question
        if tells_a_value(turn):
            if forms_left(turn)[-1:] == [HARDSHIP_FORM]:
                figures_told.hear_aside(turn, "topic_choice")  # "rent is 900" goes with what was left
            return Answer({"topic_choice": LATER})
        if turn.intent in ("affirm", "accept_offer") or _is_now(turn):
            return Answer({"topic_choice": NOW})
        declined = turn.intent in ("deny", "reject_offer", "pause_conversation", "dont_know")
        if declined or leaves_questions(turn, ANY_WORD) or not self.is_digression(turn):
            return Answer({"topic_choice": LATER})
        return None


def _is_now(turn: Turn) -> bool:
    """ "Now", and not "not now"."""
    return turn.entity("pay_rhythm") == "now" and turn.intent not in ("deny", "pause_conversation")


def _can_be_served(turn: Turn) -> bool:
    """Whether nothing more is to be asked of a wish about data, or the borrower is to be verified before."""
    return turn.session.borrower_id is None or turn.slot("data_wish_named") in _NEED_NO_QUESTION


class ActionAfterTopic(RespiteAction):
    """On to the topic, or back with the topic kept for later; offered a second time, it is let go."""

    action_name = "action_after_topic"

    def handle(self, turn: Turn) -> Events:
        topic, now = turn.slot("topic"), turn.slot("topic_choice") == NOW
        cleared = [set_slot("topic", None), set_slot("topic_choice", None)]
        if now and topic == HARDSHIP:
            return [*cleared, *advance(turn, GOAL_PLAN)]
        if now and topic == DATA and _can_be_served(turn):
            return [*cleared, *advance(turn, GOAL_DATA)]
        if now and topic:
            return [*cleared, go_to(str(topic))]
        first_time = bool(forms_left(turn))
        turn.say("utter_topic_kept" if first_time else "utter_topic_let_go")
        kept = [waits(turn, str(topic))] if first_time and topic else []
        return [*cleared, *kept, *back(turn)]
