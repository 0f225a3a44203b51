"""Skill rights: what became of a wish to delete, told with the reason for everything that stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from actions.turn import Turn
from casestore.data_requests import Outcome


def tell(turn: Turn, outcome: Outcome) -> None:
    """Say that everything is gone, or what stays and why."""
    if outcome.outcome == "erased":
        turn.say("utter_data_erased", reference=outcome.reference)
        return
    held = any(ground["code"] == "legal_hold" for ground in outcome.grounds)
    reasons = "\n".join(f"• {_reason(turn, ground)}" for ground in outcome.grounds)
    response = "utter_data_kept_whole" if held else "utter_data_kept"
    turn.say(response, reference=outcome.reference, reasons=reasons)


def _reason(turn: Turn, ground: Mapping[str, Any]) -> str:
    until = ground["until"]
    return turn.phrase(
        f"utter_data_ground_{ground['code']}",
        matters=turn.phrase("utter_comma").join(ground["matters"]),
        day=turn.day(date.fromisoformat(until)) if until else "",
    )
