"""Somebody who is called for a borrower they don't know, or who speaks for one: no question who they are."""

from __future__ import annotations

from typing import Any

from actions.lender import lender_values
from actions.turn import Turn

# So many messages after "I'm somebody else" it is still somebody else who speaks.
STILL_SPEAKS = 6
SPEAKS_FOR = "speaks_for"


def is_a_stranger(turn: Turn) -> bool:
    """Whether somebody has said before in this talk that they are not the borrower, and don't know them."""
    said = _said_so(turn)
    return said is not None and not _speaks_for(said)


def spoke_for_another(turn: Turn) -> bool:
    """Whether somebody has said before in this talk that they ask for the borrower."""
    said = _said_so(turn)
    return said is not None and _speaks_for(said)


def _said_so(turn: Turn) -> dict[str, Any] | None:
    """The message by which somebody said that it isn't the borrower who writes, if it was not long ago."""
    if turn.session.borrower_id is not None:
        return None
    left, taken_so = STILL_SPEAKS + 1, False
    for event in reversed(turn.tracker.events[: _start_of_turn(turn)]):
        if event.get("event") == "action":
            taken_so = taken_so or event.get("name") == "action_wrong_person"
        elif event.get("event") == "user":
            left -= 1
            if taken_so or _speaks_for(event):
                return dict(event)
            if left == 0:
                return None
    return None


def _start_of_turn(turn: Turn) -> int:
    """Where the latest message stands among the events."""
    places = [place for place, event in enumerate(turn.tracker.events) if event.get("event") == "user"]
    return places[-1] if places else 0


def _speaks_for(message: dict[str, Any]) -> bool:
    entities = (message.get("parse_data") or {}).get("entities") or []
    # "He stood as guarantor for me" is said by the borrower.
    is_the_borrower = any(each.get("value") == "my_guarantor" for each in entities)
    return not is_the_borrower and any(each.get("entity") == SPEAKS_FOR for each in entities)


def say_wrong_number(turn: Turn) -> None:
    """How somebody who is no borrower gets rid of the calls, without showing who they are."""
    days = turn.services.policy.legal.complaint_days.value
    turn.say("utter_wrong_number", days=days, **lender_values(turn))
