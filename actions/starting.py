"""Skill dialogue: a conversation begins, begins again after a long silence, or starts over by a wish."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecuted, SessionStarted

from actions.base import RespiteAction
from actions.cancelling import ANY_WORD, is_called_off, leaves_questions, tells_a_value
from actions.contact_wish import REFUSES
from actions.events import Events, go_to, set_slot
from actions.flow import GOAL_PLAN, NO, YES, advance, back
from actions.flow_slots import forget_flow
from actions.forms import ALWAYS_FIRST, Answer, FormValidator
from actions.topics import step_aside
from actions.turn import Turn
from casestore import handover, hardship, sessions, unfinished

# The value of `refusal` that wishes not to begin anew.
NO_RESTART = "no_restart"

# They say how to talk, not what about, so they outlive the silence.
KEPT_SLOTS = ("language", "language_choice")


class ActionSessionStart(RespiteAction):
    """Called by Rasa before the first message, and before one that comes after a long silence.

    The silence ends who was verified: the device may be in other hands. The words about it come with the
    answer to the message itself.
    """

    action_name = "action_session_start"
    apologises = False
    ends_turn = False

    def _handle(self, turn: Turn) -> Events:
        """No news here: this is not yet the answer to anything."""
        return self.handle(turn)

    def handle(self, turn: Turn) -> Events:
        """The session's first events."""
        session = sessions.get(turn.services.store, turn.session_id)
        spoke_before = any(event.get("event") == "user" for event in turn.tracker.events)
        if session is None:
            return _started(turn.tracker, [])
        if not spoke_before:
            if handover.is_stale(turn.services.store, session):
                sessions.lapse(turn.services.store, turn.session_id)
            return _started(turn.tracker, [])
        began = session.borrower_id is not None or session.case_id is not None
        sessions.lapse(turn.services.store, turn.session_id)
        return _started(turn.tracker, [set_slot("returning", True)] if began else [])

    def after_problem(self, tracker: Tracker) -> Events:
        """The session begins in any case."""
        return _started(tracker, [])


def _started(tracker: Tracker, events: Events) -> Events:
    kept = [set_slot(name, tracker.slots[name]) for name in KEPT_SLOTS if tracker.slots.get(name)]
    return [dict(SessionStarted()), *kept, *events, dict(ActionExecuted("action_listen"))]


class ActionStartOver(RespiteAction):
    """Starts the talk anew; asks first when questions were answered or one is open."""

    action_name = "action_start_over"

    def handle(self, turn: Turn) -> Events:
        if _refuses_it(turn) and not turn.is_chosen:
            return _go_on(turn)
        if not _would_lose(turn):
            turn.say("utter_started_over")
            return forget_flow()
        aside = step_aside(turn) if turn.active_form else []
        return [*aside, set_slot("restart_confirmed", None), go_to("restart_form")]


def _go_on(turn: Turn) -> Events:
    """ "Is there an easier version? I don't want to start again": on to a plan, with all that was told."""
    turn.say("utter_not_started_over_easier" if turn.asks else "utter_not_started_over")
    if turn.active_form:
        return []
    return advance(turn, GOAL_PLAN) if turn.asks else back(turn)


def _would_lose(turn: Turn) -> bool:
    """Whether anything was answered in what would be left."""
    if turn.active_form == "consent_form":
        return False
    case_id = turn.session.case_id
    told: dict[str, Any] = hardship.answers(turn.services.store, case_id) if case_id else {}
    return bool(turn.active_form) or bool(told)


class ValidateRestartForm(FormValidator):
    """A yes begins anew, a no goes back to the open question."""

    form = "restart_form"
    first = ALWAYS_FIRST - {"start_over"}  # said once more, it is a yes
    leaves_on = frozenset()

    def handle(self, turn: Turn) -> Events:
        """ "No need to start over" is a no, however unsure the whole is."""
        if turn.answers(self.form) and _refuses_it(turn):
            return [set_slot("restart_confirmed", NO)]
        return super().handle(turn)

    def answer_restart_confirmed(self, turn: Turn) -> Answer | None:
        """A plain yes or no."""
        calls_off = leaves_questions(turn, ANY_WORD) or is_called_off(turn)
        if turn.intent in ("deny", "reject_offer") or calls_off or _refuses(turn):
            return Answer({"restart_confirmed": NO})
        if turn.intent in ("affirm", "accept_offer", "start_over") and not tells_a_value(turn):
            return Answer({"restart_confirmed": YES})
        return None


def _refuses_it(turn: Turn) -> bool:
    """Whether starting over is named to refuse it: "is there an easier one? I don't want to start again"."""
    return any(each["value"] == NO_RESTART for each in turn.entities("refusal"))


def _refuses(turn: Turn) -> bool:
    """ "Don't start over" is near "start over" in its letters; what was answered must not be lost by that."""
    return any(each["value"] in {*REFUSES, NO_RESTART} for each in turn.entities("refusal"))


class ActionAfterRestart(RespiteAction):
    """What is recorded stays, and so does who the borrower is; the questions begin with no answers."""

    action_name = "action_after_restart"

    def handle(self, turn: Turn) -> Events:
        confirmed = turn.slot("restart_confirmed") == YES
        if not confirmed:
            turn.say("utter_not_started_over")
            return [set_slot("restart_confirmed", None), *back(turn)]
        unfinished.begin_anew(turn.services.store, turn.session.session_id)
        turn.say("utter_started_over")
        return forget_flow()
