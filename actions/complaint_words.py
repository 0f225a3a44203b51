"""Skill rights: what a message says of a complaint: when it was, how they came, or nothing of it yet."""

from __future__ import annotations

from typing import Any

from actions.cancelling import is_short
from actions.contact_wish import NO_CALL
from actions.turn import FALLBACK, Turn

# What a message tells beside the questions: what proves it, what is wanted of it.
EVIDENCE, NO_EVIDENCE, DEMAND, WHEN, UNSURE = "evidence", "no_evidence", "demand", "when", "unsure"
# What only looks like a detail: what somebody is called, and what the borrower is going to do.
NAME, AHEAD = "name", "ahead"
# That what comes is a matter of its own.
ANOTHER = "another"
# The details that are asked for in the borrower's own words.
WHO, WORDS = "who", "words"
# "It was by phone" says no more than "phone".
MERE_WORDS = 9
# Before a way that opens a message stands no more than "by".
FEW_LETTERS = 2
# "I want to complain" is no longer.
MERE_WISH, MERE_WISH_IN_LATIN_LETTERS = 10, 30
# Words of a time with no more than so many signs between them are one time: "yesterday evening, half past".
BETWEEN_WORDS_OF_TIME = 4
# What a message may hold that tells of the matter.
TELLING = ("complaint_hint", "contact_channel", "told_party", "date")


def hinted(turn: Turn) -> set[str]:
    """The details of a complaint that words of the message belong to."""
    return {str(each["value"]) for each in turn.entities("complaint_hint")}


def named_time(turn: Turn) -> str | None:
    """The words of a message that say when it was, the first that stand together; None where none do."""
    hints = [each for each in turn.entities("complaint_hint") if each["value"] == WHEN and "start" in each]
    if not hints:
        return None
    start, end = hints[0]["start"], hints[0]["end"]
    for each in hints[1:]:
        if each["start"] - end <= BETWEEN_WORDS_OF_TIME:
            end = max(end, each["end"])
    return turn.text[start:end]


def named_way(turn: Turn) -> str | None:
    """The way they came by that a message names last; "no calls", or "calling me a thief", names none."""
    ways = [each for each in turn.entities("contact_channel") if each["value"] != NO_CALL]
    names = [each for each in turn.entities("complaint_other") if each["value"] == NAME]
    told = [str(way["value"]) for way in ways if not any(_overlap(way, name) for name in names)]
    return told[-1] if told else None


def _overlap(way: dict[str, Any], other: dict[str, Any]) -> bool:
    return "start" in way and bool(way["start"] < other["end"] and other["start"] < way["end"])


def tells_what_comes(turn: Turn) -> bool:
    """ "I will go to the police on Monday" is no time at which anything happened."""
    return any(each["value"] == AHEAD for each in turn.entities("complaint_other"))


def is_another_matter(turn: Turn) -> bool:
    """ "And another complaint": in so many words not what was told just before."""
    return any(each["value"] == ANOTHER for each in turn.entities("complaint_other"))


def only_a_channel(turn: Turn) -> str | None:
    """The way of contact, when hardly anything else is said: "on the phone", "打电话呗"."""
    ways = turn.entities("contact_channel")
    named = sum(each["end"] - each["start"] for each in ways if "start" in each)
    rest = len([sign for sign in turn.text if sign.isalnum()]) - named
    return str(ways[-1]["value"]) if named and rest <= MERE_WORDS else None


def begins_with_a_way(turn: Turn) -> bool:
    """ "By phone, then a text with a photo": how they came, whatever is told after it."""
    ways = [each["start"] for each in turn.entities("contact_channel") if "start" in each]
    before = turn.text[: min(ways)] if ways else ""
    return bool(ways) and sum(sign.isalnum() for sign in before) <= FEW_LETTERS


def is_mere_wish(turn: Turn) -> bool:
    """Whether the message says that one complains and nothing of what: "I want to complain"."""
    tells = any(turn.entities(name) for name in TELLING)
    return not tells and len(turn.text) <= (MERE_WISH_IN_LATIN_LETTERS if turn.text.isascii() else MERE_WISH)


def is_wish_once_more(turn: Turn) -> bool:
    """ "I want to complain about him" in the middle of a complaint says nothing new."""
    return turn.heard == "complain_contact" and is_mere_wish(turn) and not turn.entities("told_party")


def asks_by_what_right(turn: Turn) -> bool:
    """ "What gives them the right to ring my work" tells of the matter, and not who it was, nor when."""
    tells = turn.entities("contact_channel") or turn.entities("told_party")
    return turn.heard == FALLBACK and turn.asks and bool(tells) and not turn.entities("date")


def tells_no_words(turn: Turn, hints: set[str]) -> bool:
    """Whether a remark about a proof holds nothing that was said or done."""
    return is_short(turn) and WORDS not in hints and not turn.entities("went_on")
