""" "Don't let my husband find out": somebody shall not hear of it, which is no wish to be left alone.

Nothing is recorded for it, since it holds for everybody anyway; what was told already is a complaint.
"""

from __future__ import annotations

from actions.turn import FALLBACK, Turn

NOT_TELL, NOT_LET, LEARN, SOMEONE = "not_tell", "not_let", "learn", "someone"
TELL_OTHERS = "tell_others"

# What such a wish is taken for.
_NEAR = frozenset(
    {
        FALLBACK,
        "ask_my_rights",
        "complain_disclosure",
        "deny",
        "express_distress",
        "out_of_scope",
        "refuse_identity",
        "request_my_data",
        "set_contact_preference",
        "stop_contact",
        "wrong_person",
    }
)
# These tell that it has happened, or that something else is wished for as well.
_ELSE = ("contact_channel", "contact_hours", "date", "money", "went_on")


def answer(turn: Turn) -> bool:
    """Say that nobody is told; False where the message is no such wish."""
    if not is_wished(turn):
        return False
    turn.say("utter_secrecy_promised")
    return True


def is_wished(turn: Turn) -> bool:
    """Whether the message wishes that somebody shall not hear of it, and nothing else."""
    if turn.heard not in _NEAR or turn.is_chosen or any(turn.entities(name) for name in _ELSE):
        return False
    names_somebody = bool(turn.entities("told_party")) or bool(_starts(turn, SOMEONE))
    if _not_let(turn, TELL_OTHERS):
        return True
    return names_somebody and (bool(_starts(turn, NOT_TELL)) or _not_let(turn, LEARN))


def _not_let(turn: Turn, what: str) -> bool:
    """Whether a word for not letting stands before one for learning or telling of it."""
    return any(start < happens for start in _starts(turn, NOT_LET) for happens in _starts(turn, what))


def _starts(turn: Turn, value: str) -> list[int]:
    return [each["start"] for each in turn.entities("kept_from") if each["value"] == value]
