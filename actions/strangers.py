"""Somebody who is called for a borrower they don't know, or who speaks for one: no question who they are."""

from __future__ import annotations

from typing import Any

from actions.lender import lender_values
from actions.turn import FALLBACK, Turn

# So many messages after "I'm somebody else" it is still somebody else who speaks.
STILL_SPEAKS = 6
SPEAKS_FOR, GUARANTOR, BORROWER = "speaks_for", "guarantor", "borrower"
# Words that may also speak of oneself: "I borrowed it for my son".
PERHAPS = "perhaps"

# What a message is heard as that says who writes.
_TELLS_WHO = frozenset(
    {FALLBACK, "give_feedback", "out_of_scope", "refuse_identity", "request_human", "wrong_person"}
)
_WISHES = frozenset(
    {
        "counter_offer",
        "promise_to_pay",
        "report_hardship",
        "request_charge_waiver",
        "request_due_date_change",
        "request_interest_only",
        "request_lower_instalments",
        "request_payment_holiday",
        "request_plan",
        "request_settlement",
    }
)


def is_a_stranger(turn: Turn) -> bool:
    """Whether somebody has said before in this talk that they are not the borrower, and don't know them."""
    said = _said_so(turn)
    return said is not None and not _speaks_for(said)


def spoke_for_another(turn: Turn) -> bool:
    """Whether somebody has said before in this talk that they ask for the borrower."""
    said = _said_so(turn)
    return said is not None and _speaks_for(said)


def writes_for_another(turn: Turn) -> bool:
    """Whether it is somebody else than the borrower who writes, by what was said last of it in this talk.

    A borrower who is verified writes for themself, and so does who said since that they are the borrower.
    """
    if turn.session.borrower_id is not None or says_to_be_the_borrower(turn):
        return False
    another, form = False, None
    for event in turn.tracker.events[: _start_of_turn(turn)]:
        if event.get("event") == "active_loop":
            form = event.get("name")
        elif event.get("event") == "user":
            another = _is_another(event, another, in_form=form is not None)
    return another


def _is_another(message: dict[str, Any], before: bool, in_form: bool) -> bool:
    """Who writes after `message`; inside a form "for my daughter" answers a question."""
    if _has(message, "for_another", BORROWER):
        return False
    if in_form or not _speaks_for(message) or _has(message, SPEAKS_FOR, GUARANTOR):
        return before
    heard = str(((message.get("parse_data") or {}).get("intent") or {}).get("name") or "")
    is_plain = not _has(message, SPEAKS_FOR, PERHAPS)
    return before or is_told_so(heard) or is_plain and is_of_hardship(heard)


def is_told_so(heard: str) -> bool:
    """Whether a message so heard says who writes, where it holds such words."""
    return heard in _TELLS_WHO or heard.startswith("ask_")


def is_of_hardship(heard: str) -> bool:
    """Whether a message so heard tells of hardship, or wishes for a plan."""
    return heard in _WISHES or heard.startswith("hardship_")


def says_to_be_the_borrower(turn: Turn) -> bool:
    """ "I am the borrower": somebody else wrote before."""
    return any(each["value"] == BORROWER for each in turn.entities("for_another"))


def borrower_takes_over(turn: Turn) -> bool:
    """Whether the borrower writes now, where somebody else wrote for them before."""
    earlier = turn.tracker.events[: _start_of_turn(turn)]
    spoke = any(event.get("event") == "user" and _speaks_for(event) for event in earlier)
    return spoke and says_to_be_the_borrower(turn)


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
    # "He stood as guarantor for me" is said by the borrower.
    return _has(message, SPEAKS_FOR) and not _has(message, "asked_about", "my_guarantor")


def _has(message: dict[str, Any], entity: str, value: str | None = None) -> bool:
    entities = (message.get("parse_data") or {}).get("entities") or []
    found = [each.get("value") for each in entities if each.get("entity") == entity]
    return value in found if value else bool(found)


def say_wrong_number(turn: Turn) -> None:
    """How somebody who is no borrower gets rid of the calls, without showing who they are."""
    days = turn.services.policy.legal.complaint_days.value
    turn.say("utter_wrong_number", days=days, **lender_values(turn))
