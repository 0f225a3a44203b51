"""Skill care: danger first, then a softer pace. No talk of money in the same breath."""

from __future__ import annotations

from abc import abstractmethod

from rasa_sdk import Tracker

from actions.base import RespiteAction
from actions.events import Events
from actions.flow_slots import forget_flow
from actions.pace import softened
from actions.turn import Turn
from casestore import contact_preferences, handoffs

HOTLINES = ("mental_health", "ambulance", "police", "women_rights")


class InDanger(RespiteAction):
    """Whatever fails, the numbers are said, and no person is promised who was never told."""

    yields_to_small_questions = False

    def apologise(self, turn: Turn) -> None:
        turn.say("utter_danger_not_passed_on", **hotlines(turn))

    def after_problem(self, tracker: Tracker) -> Events:
        """Even when nothing can be recorded the money talk stops."""
        return forget_flow()


class DangerAnswer(InDanger):
    """One calm sentence and the number to call; the open question closes; a person comes first.

    Only the flag and the kind of danger are kept, never the words.
    """

    @abstractmethod
    def response(self, turn: Turn) -> str:
        """Id of the response that says whom to call."""

    @abstractmethod
    def kind(self, turn: Turn) -> handoffs.DangerKind:
        """What the person who answers is told of the danger."""

    def handle(self, turn: Turn) -> Events:
        turn.say(self.response(turn), **hotlines(turn))
        store, session_id = turn.services.store, turn.session.session_id
        handoffs.request_for_danger(store, session_id, turn.services.policy, self.kind(turn))
        # Nobody who collects writes or calls first now; for violence the phone may be in the wrong hands.
        contact_preferences.stop(store, session_id)
        return forget_flow()


class ActionSelfHarm(DangerAnswer):
    """The borrower may hurt themself, or others where the message is known for a threat."""

    action_name = "action_self_harm"

    def response(self, turn: Turn) -> str:
        return "utter_threat" if turn.is_a_threat else "utter_self_harm"

    def kind(self, turn: Turn) -> handoffs.DangerKind:
        return "threat_to_others" if turn.is_a_threat else "self_harm"


class ActionAbuse(DangerAnswer):
    """Violence or threats against the borrower, at home or by others, or a loan they were forced to take."""

    action_name = "action_abuse"

    def response(self, turn: Turn) -> str:
        """Whoever goes on telling of it, or says that they are safe, is heard and not told the same again."""
        told = handoffs.dangers_told(turn.services.store, turn.session.session_id)
        return "utter_abuse_again" if self.kind(turn) in told else "utter_abuse"

    def kind(self, turn: Turn) -> handoffs.DangerKind:
        return "violence_suffered"


class ActionDangerWaits(InDanger):
    """After danger the way to a plan stays closed until a person has answered; the numbers are said again."""

    action_name = "action_danger_waits"

    def handle(self, turn: Turn) -> Events:
        store, session_id = turn.services.store, turn.session.session_id
        waiting = handoffs.request_for_danger(store, session_id, turn.services.policy)
        turn.say("utter_danger_waits", when=turn.moment(waiting.due_at), **hotlines(turn))
        return forget_flow()


class ActionDistress(RespiteAction):
    """Distress short of danger: acknowledged, a number, a person offered, no hurry."""

    action_name = "action_distress"
    comforts = True

    def handle(self, turn: Turn) -> Events:
        turn.say("utter_distress", **hotlines(turn))
        return softened(turn)


def hotlines(turn: Turn) -> dict[str, str]:
    """Numbers to call, from the policy pack."""
    return {name: turn.services.policy.hotline(name) for name in HOTLINES}
