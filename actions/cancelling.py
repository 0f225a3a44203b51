""" "Never mind", "stop", "算了": an open question is left, and what is kept and possible now is said."""

from __future__ import annotations

from typing import Any

from actions.agreed import in_force
from actions.turn import DANGERS, Turn
from actions.wording import exists

# What the entity `never_mind` says: a matter is called off, the questions shall end, or a single word such as
# "stop", which means this only when nothing else is said.
CALLED_OFF, STOPS, ALONE = "called_off", "stops", "alone"
ANY_WORD = frozenset({CALLED_OFF, STOPS, ALONE})

# A message of up to so many characters is about the question itself; Latin letters say less each.
SHORT, SHORT_IN_LATIN_LETTERS = 40, 60

# What such words are taken for among others; with another intent the message is about that.
_NOTHING_ELSE = frozenset(
    {
        "affirm",
        "cancel_agreement",
        "deny",
        "dont_know",
        "goodbye",
        "nlu_fallback",
        "out_of_scope",
        "refuse_identity",
        "reject_offer",
        "request_my_data",
        "stop_contact",
        "thank",
        "wrong_person",
    }
)
_ANSWERS = ("money", "date", "month_count", "option_number", "percentage", "duration", "purpose")
_NO_VALUES = frozenset(
    {
        "never_mind",
        "language",
        "keeps_agreement",
        "fears_end",
        "complaint_other",
        "contacting",
        "for_another",
        "paying",
        "phone_access",
        "wants_person",
        "kept_from",
        "question",
        "refusal",
        "complaint_hint",
        "went_on",
        "displeasure",
        "asked_about",
        "asked_beside",
        "term",
        "follow_up",
        "amount_role",
        "living_whole",
        "settles",
        "first_person",
        "trouble_time",
        "paying_early",
        "part_of_instalment",
    }
)

# Left, these change nothing of a plan in force.
_OF_A_PLAN = frozenset({"hardship_form", "plan_form", "request_form", "agreement_form"})


def is_called_off(turn: Turn) -> bool:
    """Whether the borrower would rather leave it; in a long account the same words are somebody's."""
    return bool(_words(turn) & {CALLED_OFF}) and is_short(turn)


def leaves_questions(turn: Turn, words: frozenset[str]) -> bool:
    """Whether the message says one of `words` and nothing that could be an answer or a topic of its own."""
    if turn.heard == "cancel_agreement" and turn.active_form in _OF_A_PLAN and in_force(turn) is not None:
        return False  # the plan in force is what shall end, and not the questions about another
    if not is_short(turn) or not (turn.heard in _NOTHING_ELSE or _is_all(turn, words)):
        return False
    values = {str(each["entity"]) for each in turn.tracker.latest_message.get("entities") or []}
    return bool(_words(turn) & words) and not _calls_off(turn, words) and values <= _NO_VALUES


def _calls_off(turn: Turn, words: frozenset[str]) -> bool:
    """Whether the matter itself is called off, where that is more than leaving its questions."""
    return CALLED_OFF not in words and is_called_off(turn)


def _is_all(turn: Turn, words: frozenset[str]) -> bool:
    """Whether one of `words` is all that is said: then it counts, whatever so short a text is taken for.

    Danger is danger, whichever words it comes in.
    """
    said = (each for each in turn.entities("never_mind") if each["value"] in words)
    return turn.heard not in DANGERS and any(_is_whole(turn, each) for each in said)


def tells_a_value(turn: Turn) -> bool:
    """Whether the message holds an amount, a day or another answer: "6500" is no yes to anything else."""
    return any(turn.entities(name) for name in _ANSWERS)


def says_only_a_value(turn: Turn) -> bool:
    """Whether one such answer is all that is said: "temporary", and not "yes, 6500 a month"."""
    return any(_is_whole(turn, each) for name in _ANSWERS for each in turn.entities(name))


def is_short(turn: Turn) -> bool:
    """Whether the message is a button, or no longer than a remark."""
    most = SHORT_IN_LATIN_LETTERS if turn.text.isascii() else SHORT
    return turn.text.startswith("/") or len(turn.text) <= most


def _words(turn: Turn) -> frozenset[str]:
    return frozenset(
        str(each["value"])
        for each in turn.entities("never_mind")
        if each["value"] != ALONE or _is_whole(turn, each)
    )


def _is_whole(turn: Turn, said: dict[str, Any]) -> bool:
    """Whether nothing but marks stands around the word."""
    around = turn.text[: said["start"]] + turn.text[said["end"] :]
    return not any(sign.isalnum() for sign in around)


def say_left(turn: Turn, form: str) -> None:
    """What is left and what stays; with ways on, unless the talk goes back to where it came from."""
    if turn.slot("forms_left"):
        turn.say("utter_left_this")
        return
    made = in_force(turn)
    if made is not None and form in _OF_A_PLAN:
        turn.say("utter_left_agreed", reference=made.reference)
        return
    response = f"utter_left_{form}"
    turn.say(response if exists(response) else "utter_left")
