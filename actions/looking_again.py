""" "Can you check again": what was looked up last is looked up once more."""

from __future__ import annotations

from actions.turn import Turn

LOOK_AGAIN = "look_again"
# What looks something up for the borrower and says it.
LOOKS_UP = frozenset(
    {
        "action_ask_agreement_status",
        "action_ask_balance",
        "action_ask_charges",
        "action_ask_due_date",
        "action_request_early_payoff",
    }
)


def is_asked(turn: Turn) -> bool:
    """Whether the message asks to look once more."""
    return bool(turn.entity("follow_up") == LOOK_AGAIN)


def action_asked_again(turn: Turn) -> str | None:
    """The action that looked something up last, where it shall look again; None otherwise."""
    if not is_asked(turn) or turn.active_form:
        return None
    acted = (str(event.get("name")) for event in reversed(turn.tracker.events) if event["event"] == "action")
    return next((name for name in acted if name in LOOKS_UP), None)
