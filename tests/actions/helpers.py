"""Builds a tracker, runs an action, and reads what it said and which events it returned."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.base import RespiteAction

SESSION = "session-of-the-test"
MESSAGE = "id-of-the-message"


@dataclass(frozen=True)
class Outcome:
    """What an action did."""

    events: list[dict[str, Any]]
    messages: list[dict[str, Any]]

    @property
    def said(self) -> list[str]:
        """The ids of the responses, in order."""
        return [message["response"] for message in self.messages]

    @property
    def slots(self) -> dict[str, Any]:
        """The slots that were set, the last value of each."""
        return {event["name"]: event["value"] for event in self.events if event["event"] == "slot"}

    @property
    def followed_by(self) -> str | None:
        """The action that runs next, if the action named one."""
        named = (event["name"] for event in self.events if event["event"] == "followup")
        return next((name for name in named if name != "action_listen"), None)

    @property
    def left_the_form(self) -> bool:
        """Whether the open form was closed."""
        return any(event["event"] == "active_loop" and event["name"] is None for event in self.events)


@dataclass
class Said:
    """A borrower's message as the NLU would hand it on."""

    text: str = ""
    intent: str = "nlu_fallback"
    confidence: float = 0.95
    entities: list[dict[str, Any]] = field(default_factory=list)
    ranking: dict[str, float] = field(default_factory=dict)
    care: str | None = None
    answers: dict[str, dict[str, Any]] = field(default_factory=dict)
    # All that the trained bot made of the text, instead.
    read: dict[str, Any] | None = None
    message_id: str = MESSAGE

    def as_event(self, channel: str = "web") -> dict[str, Any]:
        """The message as it stands in the tracker."""
        read = {
            "text": self.text,
            "intent": {"name": self.intent, "confidence": self.confidence},
            "entities": self.entities,
            "intent_ranking": [{"name": name, "confidence": chance} for name, chance in self.ranking.items()],
            "message_id": self.message_id,
            "care": self.care,
            "answers": self.answers,
            **(self.read or {}),
        }
        return {"event": "user", "parse_data": read, "message_id": self.message_id, "input_channel": channel}


def money(yuan: int) -> dict[str, Any]:
    """An amount in a message."""
    return {"entity": "money", "value": yuan * 100}


def entity(name: str, value: object, **more: object) -> dict[str, Any]:
    """Any other entity in a message."""
    return {"entity": name, "value": value, **more}


def learnt(question: str, value: str, score: float = 0.5) -> dict[str, dict[str, Any]]:
    """What the model of answers makes of a message, see `bot.nlu.answers`."""
    return {question: {"value": value, "score": score}}


def tracker(
    said: Said | None = None,
    form: str | None = None,
    asks: str | None = None,
    channel: str = "web",
    before: Sequence[dict[str, Any]] = (),
    **slots: object,
) -> Tracker:
    """A conversation in which `said` has just been said, while `form` asks for the slot `asks`.

    `before` are the events before it.
    """
    latest = (said or Said()).as_event(channel=channel)
    events: list[dict[str, Any]] = [*before, latest]
    if form:
        events.append({"event": "action", "name": form})
    return Tracker(
        sender_id=SESSION,
        slots={"language": "zh", "requested_slot": asks, **slots},
        latest_message=latest["parse_data"],
        events=events,
        paused=False,
        followup_action=None,
        active_loop={"name": form} if form else {},
        latest_action_name="action_listen",
    )


def run(action: RespiteAction, conversation: Tracker) -> Outcome:
    """Run the action as the action server does."""
    dispatcher = CollectingDispatcher()
    events = asyncio.run(action.run(dispatcher, conversation, {}))
    return Outcome(list(events), dispatcher.messages)


def answer(action: RespiteAction, said: Said, asks: str, **slots: object) -> Outcome:
    """Run a form's validator on a message that answers the open question `asks`."""
    return run(action, tracker(said, form=action.name().removeprefix("validate_"), asks=asks, **slots))
