"""Distress said beside another matter ("I haven't slept in weeks, the rent is 2500"): a softer pace.

The matter is answered as ever; before it comes one calm sentence with a number to call and a person to ask
for. A message that is about nothing but distress has an answer of its own (`actions.care`).
"""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import SlotSet

from actions.turn import DANGERS, Turn

# Said once, it holds for so many messages of the borrower: comfort in every reply wears out.
HOLDS_FOR = 10

# These answers say it themselves, or bring the person at once.
SPEAK_FOR_THEMSELVES = DANGERS | {"request_human"}


def soften(turn: Turn) -> list[dict[str, Any]]:
    """Say that there is no hurry and who will listen, if the message tells of distress; once in a while."""
    if not turn.is_distressed or turn.heard in SPEAK_FOR_THEMSELVES or _holds_still(turn):
        return []
    turn.say("utter_softer_pace", mental_health=turn.services.policy.hotline("mental_health"))
    return softened(turn)


def softened(turn: Turn) -> list[dict[str, Any]]:
    """The event that remembers at which message it was said."""
    return [dict(SlotSet("softened_at", turn.tracker.latest_message.get("message_id")))]


def _holds_still(turn: Turn) -> bool:
    """Whether it was said lately, or in this very turn by an earlier action."""
    at = turn.slot("softened_at")
    said = [event.get("message_id") for event in turn.tracker.events if event.get("event") == "user"]
    return at is not None and at in said[-HOLDS_FOR:]
