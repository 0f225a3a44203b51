"""Called back or answered here: what a borrower who has asked for a person is offered, and the choice."""

from __future__ import annotations

import json
from datetime import datetime

from actions import formats
from actions.lender import lender_values
from actions.strangers import is_a_stranger, writes_for_another
from actions.turn import FALLBACK, Turn
from casestore import callbacks, contact_preferences
from casestore.callbacks import SlotGone
from casestore.handoffs import Handoff
from casestore.working_hours import Slot

HERE = "here"

# So many messages after the times were offered a time that is written is one for the call.
OFFER_STANDS = 2
# What a day or a time of day is taken for, all by itself.
_TIMES_ARE_TAKEN_FOR = frozenset({FALLBACK, "promise_to_pay", "pause_conversation"})


def offer(turn: Turn, handoff: Handoff) -> None:
    """Say when people work, with the next slots as buttons; a person who comes at once need not call."""
    if handoff.priority == "top":
        return
    if turn.session.borrower_id is None:
        another = writes_for_another(turn) or is_a_stranger(turn)
        response = "utter_callback_for_another" if another else "utter_callback_unverified"
        turn.say(response, **working_hours(turn), **lender_values(turn))
    elif not _welcomes_calls(turn):
        turn.say("utter_callback_unwished", **working_hours(turn))
    else:
        turn.say("utter_callback_offer", buttons=_buttons(turn), **working_hours(turn))


def is_chosen(turn: Turn) -> bool:
    """Whether the message is the press of one of the buttons of `offer`."""
    return turn.entity("callback_slot") is not None


def choose(turn: Turn) -> None:
    """Keep what was pressed, and say it back; the next slots when that one can't be had any more."""
    store, policy, chosen = turn.services.store, turn.services.policy, str(turn.entity("callback_slot"))
    if chosen == HERE:
        handoff = callbacks.answer_here(store, turn.session.session_id, policy)
        turn.say("utter_callback_here", reference=handoff.reference, when=turn.moment(handoff.due_at))
        return
    if turn.session.borrower_id is None:
        turn.say("utter_callback_unverified", **working_hours(turn))
        return
    try:
        handoff = callbacks.choose(store, turn.session.session_id, _moment(chosen), policy)
    except SlotGone:
        turn.say("utter_callback_gone", buttons=_buttons(turn))
        return
    turn.say(
        "utter_callback_chosen",
        reference=handoff.reference,
        slot=_words(turn, handoff.callback),
        zone=_zone(turn),
    )


def names_another_time(turn: Turn) -> bool:
    """Whether somebody who was just offered times for a call writes one of their own."""
    names = any(turn.entities(name) for name in ("contact_hours", "date"))
    offered = turn.acted_within(OFFER_STANDS, {"action_request_human"}) and not turn.active_form
    return offered and names and turn.heard in _TIMES_ARE_TAKEN_FOR and _can_be_called(turn)


def _can_be_called(turn: Turn) -> bool:
    return turn.session.borrower_id is not None and _welcomes_calls(turn)


def offer_again(turn: Turn) -> None:
    """The times that can be had, for who wrote another; nothing is booked by that."""
    turn.say("utter_callback_pick", buttons=_buttons(turn), **working_hours(turn))


def _moment(chosen: str) -> datetime:
    """The moment in a payload. Raises `SlotGone` for what is none."""
    try:
        return datetime.fromisoformat(chosen)
    except ValueError:
        raise SlotGone("That is no time.") from None


def _welcomes_calls(turn: Turn) -> bool:
    wish = contact_preferences.of_session(turn.services.store, turn.session.session_id)
    return wish is None or wish.welcomes_calls


def _buttons(turn: Turn) -> list[dict[str, str]]:
    slots = callbacks.offered(turn.services.store.clock(), turn.services.policy)
    here = _button(turn.phrase("utter_callback_here_button"), HERE)
    calls = [
        _button(turn.phrase("utter_callback_button", slot=_words(turn, slot)), slot.start.isoformat())
        for slot in slots
    ]
    return [here, *calls]


def _button(title: str, slot: str) -> dict[str, str]:
    return {"title": title, "payload": "/request_human" + json.dumps({"callback_slot": slot})}


def _words(turn: Turn, slot: Slot) -> str:
    zone = turn.services.policy.lender.timezone.value
    return formats.stretch(slot.start, slot.end, turn.language, zone)


def _zone(turn: Turn) -> str:
    return formats.zone_name(turn.services.policy.lender.timezone.value, turn.language)


def working_hours(turn: Turn) -> dict[str, str]:
    """When people work, in words."""
    window = turn.services.policy.handoff.working_hours.value
    days = _days(turn, sorted(window.weekdays))
    return {
        "days": turn.phrase("utter_but_public_holidays", days=days) if window.closed_days else days,
        "opens": f"{window.start:%H:%M}",
        "closes": f"{window.end:%H:%M}",
        "zone": _zone(turn),
    }


def _days(turn: Turn, weekdays: list[int]) -> str:
    """ISO weekdays in words: "Monday to Friday" when they follow one another, else one by one."""
    names = [formats.weekday(each, turn.language) for each in weekdays]
    if len(names) > 2 and weekdays[-1] - weekdays[0] == len(weekdays) - 1:
        return turn.phrase("utter_weekday_range", first=names[0], last=names[-1])
    return formats.listed(names, turn.language)
