"""Skill rights: whether a message answers the open question of a complaint, another one, or none."""

from __future__ import annotations

from collections.abc import Collection

from actions.cancelling import is_short
from actions.cause_names import CAUSES
from actions.complaint_words import (
    TELLING,
    UNSURE,
    WHEN,
    WHO,
    WORDS,
    begins_with_a_way,
    hinted,
    only_a_channel,
)
from actions.contact_wish import (
    HENCEFORTH,
    REFUSES,
    WISHES_OF_CONTACT,
    bars_somebody,
    wished_channel,
    wished_hours,
)
from actions.intake import SKIPS
from actions.situation import is_correction
from actions.turn import FALLBACK, Turn
from actions.wishes import WISHES

# What is longer than this and names no usual way tells what happened, and not how they came.
LONGEST_WAY = 9
# What is longer, and holds no word of who it was, is no name.
LONGEST_NAME = 20
# Just after one, hours that are named belong to it.
KEEPS_WISHES = frozenset({"action_set_contact_preference"})
# Topics of the borrower's own money, which have rules of their own.
OF_REPAYING = WISHES | CAUSES.keys() | {"promise_to_pay", "report_hardship", "report_paid", "accept_offer"}


def asks_beside(turn: Turn, asked: str) -> bool:
    """Whether the message is a topic of its own, such as what is allowed, and tells nothing asked for.

    What was said to the borrower may be a question itself: "when are you going to pay?"
    """
    tells = turn.entities("complaint_hint") or turn.entities("contact_channel")
    is_remark = turn.heard == "give_feedback" and not turn.entities("complaint_hint")
    return (turn.heard.startswith("ask_") and not tells or is_remark) and asked != "words"


def is_of_own_data(turn: Turn, asked: str) -> bool:
    """ "Delete my number from your system", "I want to see every document": no account of what happened."""
    tells = hinted(turn) or turn.entities("date") or is_correction(turn)
    return turn.heard == "request_my_data" and asked != WORDS and not tells


def wishes_no_calls(turn: Turn, asked: str) -> bool:
    """ "No more calls, text me" is no account of when it was, of who it was, or of how they came."""
    if turn.heard not in WISHES_OF_CONTACT or is_correction(turn):
        return False
    if _is_of_what_comes(turn):
        return True
    hints = hinted(turn)
    refuses = any(each["value"] in REFUSES for each in turn.entities("refusal"))
    if bars_somebody(turn) and not hints & {WHEN, WHO, WORDS} and asked != WORDS:
        return True  # "don't ring my work, and leave my mum alone" is wished, and was not done
    wishes = refuses or asked == WHO and not hints
    names = wished_channel(turn) is not None
    return (turn.heard == "stop_contact" or wishes and names) and asked != WORDS


def _is_of_what_comes(turn: Turn) -> bool:
    """Whether a wish is of what is to come, "nobody rings my mum from now on", or adds its hours."""
    is_to_come = any(each["value"] == HENCEFORTH for each in turn.entities("refusal"))
    goes_on = wished_hours(turn) is not None and turn.acted_within(1, KEEPS_WISHES)
    names = wished_channel(turn) is not None or wished_hours(turn) is not None or bars_somebody(turn)
    return is_to_come and names or goes_on


def is_of_repaying(turn: Turn, asked: str) -> bool:
    """ "Can I pay 500 first" tells nothing of who called; what was said to the borrower may be just that."""
    tells = any(turn.entities(name) for name in TELLING) or is_correction(turn)
    return turn.heard in OF_REPAYING and asked != "words" and not tells


def asks_what_comes_of_it(turn: Turn, asked: str) -> bool:
    """A question that is nothing else, in the middle of a complaint, is about the complaint."""
    names = [name for name in TELLING if (asked, name) != ("channel", "told_party")]
    tells = any(turn.entities(name) for name in names) or any(sign.isdigit() for sign in turn.text)
    return turn.heard == FALLBACK and turn.asks and asked != "words" and not tells and is_short(turn)


def misses(turn: Turn, asked: str, hints: set[str], details: Collection[str]) -> bool:
    """Whether a message that is an account says nothing of when it was, or of how they came."""
    if turn.intent in SKIPS or not turn.typed:
        return False
    if asked == "when":
        is_time = WHEN in hints or turn.entities("date") or any(sign.isdigit() for sign in turn.text)
        others = hints & set(details) or turn.entities("told_party")
        return not (is_time or others or only_a_channel(turn))
    if asked == WHO:
        return is_no_name(turn, hints, details) and not begins_with_a_way(turn)
    if asked == "channel":
        return not turn.entities("contact_channel") and _is_account(turn) and "words" not in details
    return False


def misses_again(turn: Turn, asked: str, details: Collection[str]) -> bool:
    """Whether who was asked once more when it was, or how they came, goes on to tell of something else."""
    hints = hinted(turn)
    tells = hints - {UNSURE} or turn.entities("went_on") or turn.heard.startswith("complain_")
    return asked in (WHEN, "channel") and bool(tells) and misses(turn, asked, hints, details)


def is_no_name(turn: Turn, hints: set[str], details: Collection[str]) -> bool:
    """Whether a message is too long for a name, with no word of who it was or of another detail."""
    # Another grievance is no name, however short: "three calls, I nearly crashed the bike".
    complains = turn.heard.startswith("complain_")
    is_long = complains or len(turn.text) > (LONGEST_NAME * 3 if turn.text.isascii() else LONGEST_NAME)
    return is_long and not hints & set(details)


def belongs_elsewhere(turn: Turn, asked: str, details: Collection[str]) -> tuple[str, str] | None:
    """Another detail that the message tells instead of the one asked for, and what it tells of it.

    Asked when it was, people say who it was; asked for the words, that it was "on the phone".
    """
    told = hinted(turn)
    if turn.entity("date") or turn.candidates("date"):
        told.add("when")
    party = turn.entity("told_party") if "party" in details else None
    if asked == "party" and party:
        return None  # "they rang my mum" says to whom, and by the way how
    if not told and asked == "when" and party:
        return "party", str(party)
    if not told and asked != "channel" and (channel := only_a_channel(turn)):
        return "channel", channel
    if asked == "channel" and not turn.entities("contact_channel") and _is_account(turn):
        return ("words", turn.typed) if "words" in details else None
    others = told & set(details)
    if asked not in ("when", "who", "party") or asked in told:
        return None
    if not others and asked == WHO and begins_with_a_way(turn):
        return "channel", turn.typed
    for detail in (WHO, WORDS):
        if detail in others:
            return detail, turn.typed
    return (others.pop(), turn.typed) if len(others) == 1 else None


def _is_account(turn: Turn) -> bool:
    """Whether a message is longer than a way is named."""
    return len(turn.text) > (LONGEST_WAY * 2 if turn.text.isascii() else LONGEST_WAY)
