"""Questions that are answered in one's own words: kept as said, skipped, or the whole matter called off."""

from __future__ import annotations

from actions.cancelling import ALONE, STOPS, is_called_off
from actions.events import set_slot
from actions.forms import Answer
from actions.turn import Turn

__all__ = [
    "CALLED_OFF",
    "GIVEN",
    "SKIPS",
    "TALK_IS_LEFT",
    "UNVERIFIED",
    "ended",
    "is_called_off",
    "is_mere_yes",
    "own_words",
]

# What a slot says of its question; what was answered is in the case store.
GIVEN, UNVERIFIED, CALLED_OFF = "given", "unverified", "called_off"

# "Never mind" calls the matter off in these forms; only words about the questions leave it on record.
TALK_IS_LEFT = frozenset({STOPS, ALONE})

# How people leave a question out.
SKIPS = frozenset({"dont_know", "deny"})

# "Yes that's alright" is no account of anything; a longer yes may go on to tell.
MERE_YES = 20

# Short words of courtesy and of distress are nobody's account of what happened.
NEVER_AN_ACCOUNT = frozenset({"greet", "goodbye", "thank", "repeat_message", "express_distress"})


def own_words(turn: Turn) -> str | None:
    """What was said, "" when the question is skipped, None when the message is a topic of its own."""
    if turn.is_chosen:
        return None
    if turn.intent in SKIPS:
        return ""
    if turn.intent in NEVER_AN_ACCOUNT:
        return None
    return turn.typed


def is_mere_yes(turn: Turn) -> bool:
    """Whether the message only agrees to be asked, and tells nothing."""
    return turn.intent == "affirm" and len(turn.text) <= MERE_YES


def ended(question: str, how: str) -> Answer:
    """An answer after which nothing more is asked."""
    return Answer({question: how}, [set_slot("requested_slot", None)])
