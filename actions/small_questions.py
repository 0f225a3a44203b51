"""Small questions that come up anywhere: will my family hear of it, when are people there, is this the bank.

They have no intent of their own: the words for them are in `data/lookups/asked_about.yml`. They count only in
a message that asks, and that was not understood or taken for a question near them. Other wordings are learnt
from `data/answers/asked_about/`. What is said of each is in `actions.small_answers`.
"""

from __future__ import annotations

from actions import small_answers
from actions.cancelling import is_short
from actions.lender import lender_values
from actions.small_answers import (
    DATA_KEPT,
    DIED,
    GENUINE,
    HOURS,
    LETTERS,
    MESSAGE,
    NUMBER_SOURCE,
    POLICE,
    PRIVACY_NOTICE,
    PROGRESS,
    REFUSING_CONSENT,
    SECRECY,
    SEEN_BY,
)
from actions.turn import DANGERS, FALLBACK, Turn
from casestore import handoffs

# What such a question is taken for. A message of another meaning is about that.
_NEAR = frozenset({FALLBACK, "out_of_scope", "refuse_identity", "request_human", "give_feedback"})

# Only these of them may also be heard as something else near: "you'll tell my wife, won't you?" as what
# happened already, "how do you have her number" as a stranger's words.
_ALSO_NEAR: dict[str, frozenset[str]] = {
    SECRECY: frozenset({"complain_disclosure", "set_contact_preference"}),
    NUMBER_SOURCE: frozenset({"wrong_person", "complain_disclosure", "request_my_data", "stop_contact"}),
    PROGRESS: frozenset({"repeat_message"}),
    SEEN_BY: frozenset({"request_my_data"}),
    LETTERS: frozenset({"set_contact_preference", "stop_contact"}),
    MESSAGE: frozenset({"set_contact_preference", "correct_detail"}),
    REFUSING_CONSENT: frozenset({"deny"}),
    PRIVACY_NOTICE: frozenset({"repeat_message"}),
    DATA_KEPT: frozenset({"request_my_data"}),
    POLICE: frozenset({"report_fraud", "dispute_debt"}),
}

# The words for these are questions or wishes themselves.
_QUESTIONS = frozenset({HOURS, PROGRESS, LETTERS, MESSAGE})

# "Will my" and "a scam" stand in other questions, too.
_VAGUE = frozenset({SECRECY, GENUINE})

# From these scores on what is asked has been learnt well enough: of a message that was not understood or that
# asks, and of one with another meaning (docs/nlu.md, "Small questions").
SURE, CERTAIN = 0.2, 1.0
# A plain answer or a choice asks for nothing.
_SAYS_WHAT_IT_MEANS = frozenset({"affirm", "accept_offer", "choose_meaning", "choose_option", "wrong_person"})

# What opens a talk, with hardly a word beside it.
OPENING, LITTLE_ELSE = "opening", 5

# Who tells that they stand surety may do so at length; what they are taken for is a debtor or a stranger.
GUARANTOR = "guarantor"
_NEAR_GUARANTOR = frozenset({"hardship_overindebted", "dispute_debt", "wrong_person"})
# Of a borrower who has died it is told as of any loss.
_NEAR_DEATH = frozenset({"hardship_family_event", "express_distress", "wrong_person"})


def answer(turn: Turn) -> bool:
    """Answer the small question in the message; False when there is none, or nothing to say of it."""
    if turn.heard in DANGERS:
        return False
    if speaks_for_another(turn):
        say_only_the_borrower(turn)
        return True
    about = _asked_about(turn) if is_asked(turn) else _learnt(turn)
    return bool(about) and not _waits_for_help(turn) and any(small_answers.say(turn, each) for each in about)


def _waits_for_help(turn: Turn) -> bool:
    """After danger nothing is talked about but that."""
    return handoffs.danger_waits(turn.services.store, turn.session.session_id)


def _learnt(turn: Turn) -> list[str]:
    """What the message asks about in words of its own, as learnt from `data/answers/asked_about/`."""
    if turn.is_chosen or turn.heard in _SAYS_WHAT_IT_MEANS:
        return []
    near = turn.heard in _NEAR or turn.heard.startswith("ask_")
    topic = turn.learnt("asked_about", SURE if near else CERTAIN)
    return [topic] if topic is not None and small_answers.has(topic) else []


def is_asked(turn: Turn) -> bool:
    """Whether the message asks, and is about nothing else."""
    about = set(_asked_about(turn))
    in_words = bool(turn.entities("question")) or bool(about & _QUESTIONS)
    asks = in_words or "?" in turn.text or "？" in turn.text
    is_remark = is_short(turn) or MESSAGE in about
    return bool(about) and asks and _is_near(turn, about) and not turn.is_chosen and is_remark


def _is_near(turn: Turn, about: set[str]) -> bool:
    also = any(turn.heard in _ALSO_NEAR.get(each, ()) for each in about)
    return also or turn.heard in _NEAR or turn.heard.startswith("ask_")


def speaks_for_another(turn: Turn) -> bool:
    """Whether somebody who is not verified asks for the borrower, or for themself as a guarantor."""
    if turn.session.borrower_id is not None or not turn.entities("speaks_for"):
        return False
    is_guarantor = turn.entity("speaks_for") == GUARANTOR
    also = _NEAR_DEATH if _tells_of_a_death(turn) else _NEAR_GUARANTOR if is_guarantor else frozenset()
    return _is_near(turn, set()) or turn.heard in also


def _tells_of_a_death(turn: Turn) -> bool:
    return any(each["value"] == DIED for each in turn.entities("asked_about"))


def say_only_the_borrower(turn: Turn) -> None:
    """What somebody else than the borrower can be told: nothing of the loan, and what is theirs to know."""
    if turn.entity("speaks_for") == GUARANTOR:
        legal_aid = turn.services.policy.hotline("legal_aid")
        turn.say("utter_guarantor", legal_aid=legal_aid, **lender_values(turn))
        return
    is_dead = _tells_of_a_death(turn)
    turn.say("utter_borrower_died" if is_dead else "utter_speaks_for_another", **lender_values(turn))


def _asked_about(turn: Turn) -> list[str]:
    """What is asked about; the vague words last, since another question may hold them."""
    named = [str(each["value"]) for each in turn.entities("asked_about")]
    is_told = bool(turn.entities("told_party"))
    known = [each for each in named if small_answers.has(each) and (is_told or each != SECRECY)]
    return sorted(known, key=lambda each: each in _VAGUE)


def is_an_opening(turn: Turn) -> bool:
    """Whether the message only opens the talk: "我想问下", "can I ask you something"."""
    said = [each for each in turn.entities("asked_about") if each["value"] == OPENING]
    around = sum(sign.isalnum() for sign in turn.text) - sum(
        sign.isalnum() for each in said for sign in turn.text[each["start"] : each["end"]]
    )
    return bool(said) and around <= LITTLE_ELSE
