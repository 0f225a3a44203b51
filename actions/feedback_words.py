"""The rating in a message, and remarks that follow one."""

from __future__ import annotations

import re

from actions.turn import FALLBACK, Turn

# Within so many messages of a rating a remark, or another rating, belongs to it.
SOON = 3
COUNTS = frozenset({"action_give_feedback", "feedback_form"})
# As what they are heard.
_HEARD_AS = frozenset({FALLBACK, "complain_contact", "give_feedback", "out_of_scope"})

_DIGIT_ALONE = re.compile(r"\s*([1-5])\W*", re.ASCII)


def rating_in(turn: Turn) -> int | None:
    """A number from 1 to 5 if one is named; "8 out of 10" is on another scale and counts as a remark."""
    named = [int(each["value"]) for each in turn.entities("rating") if str(each["value"]).isdigit()]
    if named:
        return named[-1]
    alone = _DIGIT_ALONE.fullmatch(turn.text)
    return int(alone.group(1)) if alone else None


def hear_remark(turn: Turn) -> bool:
    """Thank for a remark or another rating just after one was counted; False when it is something else.

    Nothing is counted twice, and nobody who praises is taken to complain: "nobody shouted, make it a 3".
    """
    rates = rating_in(turn) is not None
    is_remark = turn.heard == "give_feedback" or turn.heard == FALLBACK and turn.beside({"give_feedback"})
    if turn.heard not in _HEARD_AS or turn.asks or not turn.acted_within(SOON, COUNTS):
        return False
    if not (rates or is_remark):
        return False
    turn.say("utter_feedback_remark")
    return True
