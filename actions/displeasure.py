"""Rude or bitter words to the bot: heard calmly, without thanks for them and without alarm."""

from __future__ import annotations

from actions.feedback_words import rating_in
from actions.turn import FALLBACK, Turn

# As what such words are heard. "You lot have been brilliant, thanks" is thanks.
_HEARD_AS = frozenset({FALLBACK, "give_feedback", "out_of_scope"})


def hear(turn: Turn) -> bool:
    """Say that it was heard, and what would help; False when the message is something else, or a rating."""
    if turn.heard not in _HEARD_AS or not turn.entities("displeasure") or rating_in(turn) is not None:
        return False
    turn.say("utter_displeased")
    return True
