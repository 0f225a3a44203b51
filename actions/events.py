"""What an action returns: the events by which it remembers, calls another action, or closes a form."""

from __future__ import annotations

from typing import Any

from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet

Events = list[dict[str, Any]]


def go_to(action: str) -> dict[str, Any]:
    """Run `action` next, in the same turn."""
    return dict(FollowupAction(action))


def set_slot(name: str, value: object) -> dict[str, Any]:
    """Remember `value`, an opaque id or a word about the flow, never personal data."""
    return dict(SlotSet(name, value))


def leave_form() -> Events:
    """Close the form that is under way; what was answered stays in the case store."""
    return [dict(ActiveLoop(None)), set_slot("requested_slot", None)]
