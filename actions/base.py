"""What all actions share: run in a thread, never leave a borrower with silence or a trace."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from typing import Any

import structlog
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import news, pace, parts, small_questions
from actions.events import Events, go_to, set_slot
from actions.services import services
from actions.turn import Turn

log = structlog.get_logger(__name__)

# What answers who has a part of an instalment, whatever the message was taken for.
MISSED = "action_report_missed_instalment"


class RespiteAction(Action, ABC):
    """An action whose `handle` is plain synchronous code.

    It runs in a thread, because database work in the event loop would hold up every other conversation.
    An exception becomes a calm sentence: Rasa would drop the turn's events and echo the tracker.
    """

    action_name: str

    # Whether what it says is itself for somebody in distress, so that nothing calm needs to come before.
    comforts = False

    # False for what nobody has asked for: its failure is logged and not spoken of.
    apologises = True

    # Whether the borrower speaks next. False for what runs inside a form, which goes on by itself.
    ends_turn = True

    # Whether a small question in the message is answered instead (`actions.small_questions`).
    yields_to_small_questions = True

    def name(self) -> str:
        """The name under which rules call this action."""
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> Events:
        """Answer one turn."""
        return await asyncio.to_thread(self._answer, dispatcher, tracker)

    def _answer(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> Events:
        turn = Turn(dispatcher, tracker, services())
        try:
            events = self._handle(turn)
        except Exception as problem:  # the borrower must get an answer whatever went wrong
            # Only the kind of problem is logged: its message may quote what the borrower wrote.
            log.error("action_failed", action=self.action_name, problem=type(problem).__name__)
            dispatcher.messages.clear()
            if self.apologises:
                self.apologise(turn)
            events = self.after_problem(tracker)
        return self._closed(tracker, events)

    def _handle(self, turn: Turn) -> Events:
        """A calm word to who is in distress, what is new for the borrower, then the answer."""
        softened = [] if self.comforts else pace.soften(turn)
        told = news.tell(turn)
        events = self._first_answer(turn)
        if self.steps_aside(turn, events):
            # Rasa drops what was said here; the action that answers instead says it again.
            turn.dispatcher.messages.clear()
            return []
        try:
            told.mark_told(turn)
        except Exception as problem:  # told twice is better than an answer that is taken back
            log.error("news_not_marked_as_told", problem=type(problem).__name__)
        return [*softened, *told.events, *events]

    def _first_answer(self, turn: Turn) -> Events:
        """The small question in the message, a part of an instalment, or else what this action is for.

        Only the first action of a turn looks for the others, so that nothing is answered twice.
        """
        if not (self.ends_turn and self.yields_to_small_questions and turn.is_fresh):
            return self.handle(turn)
        if parts.leads_on(turn):
            return self.handle(turn) if self.action_name == MISSED else [*understood(turn), go_to(MISSED)]
        return understood(turn) if small_questions.answer(turn) else self.handle(turn)

    def _closed(self, tracker: Tracker, events: Events) -> Events:
        """`events`, and the word to listen: no rule follows an action that another action has called."""
        goes_on = any(event["event"] == "followup" for event in events)
        form = (tracker.active_loop or {}).get("name")
        in_form = form and not any(event["event"] == "active_loop" for event in events)
        return events if goes_on or in_form or not self.ends_turn else [*events, go_to("action_listen")]

    def apologise(self, turn: Turn) -> None:
        """Say that it did not work and what to do. Nothing that needs the case store is asked for here."""
        turn.say("utter_technical_problem")

    def steps_aside(self, turn: Turn, events: Events) -> bool:
        """Whether another action answers the message, because `handle` came to nothing but these events."""
        return False

    def after_problem(self, tracker: Tracker) -> Events:
        """Events that keep the conversation where it was after a failure."""
        return []

    @abstractmethod
    def handle(self, turn: Turn) -> Events:
        """Answer the turn: call one service, say responses by id, return events."""


def understood(turn: Turn) -> Events:
    """No misunderstanding any more; inside a form its validator says so."""
    return [] if turn.active_form else [set_slot("misunderstandings", 0)]
