"""Somebody who is called for a borrower they don't know: how the calls end, and no question who they are."""

from __future__ import annotations

from actions.lender import lender_values
from actions.turn import Turn

# So many messages after "I'm somebody else" it is still somebody else who speaks.
STRANGER_FOR = 6
SAID_SO = frozenset({"action_wrong_person"})


def is_a_stranger(turn: Turn) -> bool:
    """Whether somebody has said before in this talk that they are not the borrower."""
    return turn.session.borrower_id is None and turn.acted_within(STRANGER_FOR, SAID_SO)


def say_wrong_number(turn: Turn) -> None:
    """How somebody who is no borrower gets rid of the calls, without showing who they are."""
    days = turn.services.policy.legal.complaint_days.value
    turn.say("utter_wrong_number", days=days, **lender_values(turn))
