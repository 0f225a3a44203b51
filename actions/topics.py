"""Another topic in the middle of a longer one: asked whether now or later, and never lost.

What the borrower says first is on record at once, with its number and deadline (`actions.complaints`,
`actions.disputes` …). Here it is about the questions that would follow, and about the way back.
"""

from __future__ import annotations

from typing import Any

from actions.events import Events, go_to, leave_form, set_slot
from actions.turn import Turn

# Forms with many questions or a decision; shorter ones are finished first without asking.
LONG_FORMS = frozenset({"hardship_form", "plan_form", "request_form", "agreement_form"})

HARDSHIP, DATA = "hardship_form", "data_form"
# Short forms after which what was told of hardship comes up. In a dispute the plan waits for its answer.
INTAKES = frozenset(
    {
        "complaint_form",
        "disclosure_form",
        "preference_form",
        "fraud_form",
        "data_form",
        "paid_form",
        "feedback_form",
    }
)

# After these forms something else begins, so what waits can be offered before it.
RESTS = frozenset({"hardship_form"})


def bring_up(turn: Turn, form: str) -> Events:
    """`form` has questions about a topic that came up inside another form: they are offered, or wait."""
    active = turn.active_form
    if active == "topic_form" and turn.slot("topic") == form or active == form:
        return []
    if active in LONG_FORMS:
        return [*step_aside(turn), *_offered(form)]
    turn.say("utter_topic_waits")
    return [waits(turn, form)]


def hardship_waits(turn: Turn) -> Events:
    """What is told of hardship, or wished for, amid the questions of another matter comes after them."""
    is_under_way = turn.slot("goal") == "plan" or bool(LONG_FORMS & set(forms_left(turn)))
    if turn.active_form not in INTAKES or is_under_way:
        return []
    if HARDSHIP not in (turn.slot("topics_waiting") or []):
        turn.say("utter_topic_waits")
    return [waits(turn, HARDSHIP)]


def step_aside(turn: Turn) -> Events:
    """Close the open form so that it can be gone back to; its answers are in the case store."""
    left = [form for form in forms_left(turn) if form != turn.active_form]
    return [*leave_form(), set_slot("forms_left", [*left, turn.active_form])]


def forms_left(turn: Turn) -> list[str]:
    """The forms to go back to, the last one first."""
    return list(turn.slot("forms_left") or [])


def waits(turn: Turn, form: str) -> dict[str, Any]:
    """The event that keeps a topic for later."""
    waiting = list(turn.slot("topics_waiting") or [])
    return set_slot("topics_waiting", [*waiting, *([form] if form not in waiting else [])])


def then_waiting(turn: Turn, events: Events) -> Events:
    """`events`, or the topic that waits, offered once, where the talk has come to a rest."""
    waiting = list(turn.slot("topics_waiting") or [])
    goes_on = any(event["event"] == "followup" for event in events)
    if not waiting or (goes_on and finished_form(turn) not in RESTS):
        return events
    kept = [event for event in events if event["event"] != "followup"]
    return [*kept, *offer_next(turn)]


def offer_next(turn: Turn) -> Events:
    """Offer the topic that has waited longest."""
    waiting = list(turn.slot("topics_waiting") or [])
    return [set_slot("topics_waiting", waiting[1:] or None), *_offered(waiting[0])]


def finished_form(turn: Turn) -> str | None:
    """The form whose end called the present action."""
    actions = [event["name"] for event in turn.tracker.events if event.get("event") == "action"]
    return str(actions[-1]) if actions else None


def _offered(form: str) -> Events:
    return [set_slot("topic", form), set_slot("topic_choice", None), go_to("topic_form")]
