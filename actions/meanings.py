"""When a message is not clear: the closest meanings as buttons, and what the borrower's choice does.

A choice takes the message up again as if it had been understood, with everything that was written in it. It
is kept, without personal data, for a person who teaches the bot (`respite learn`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk.events import ActionExecuted, UserUttered

from actions.base import RespiteAction
from actions.care import hotlines
from actions.events import Events, set_slot
from actions.turn import DANGERS, FALLBACK, Turn, ranking_of
from actions.wording import exists
from casestore import training_candidates

NONE_OF_THESE = "none"

# No wording is kept that may tell of danger, distress or health, not even without a name.
NEVER_KEPT = DANGERS | {"express_distress", "hardship_illness"}

# A danger is never a button: where one is likely, care comes before the question what was meant.
NEVER_OFFERED = DANGERS | {
    # courtesies: nobody needs a button to be polite
    "greet",
    "goodbye",
    "thank",
    "out_of_scope",
    # answers to an open question, which has buttons of its own; a plan is never accepted by a guess
    "affirm",
    "deny",
    "accept_offer",
    "dont_know",
    "repeat_message",
    # buttons themselves
    "choose_option",
    "choose_meaning",
}

MOST = 3

# A meaning less likely than this is not shown. Of the development messages that are not understood, 49 have a
# meaning that can be offered: it is among three in 44 of them, however unlikely; among those as likely as
# this in 43, with a quarter fewer buttons; at 0.15 in 37. See docs/nlu.md.
LEAST_LIKELY = 0.1


def ask_which(turn: Turn) -> bool:
    """Show the closest meanings as buttons, or care where danger is likely; False when nothing is close."""
    ranking = ranking_of(turn.tracker.latest_message)
    if likely_danger(ranking):
        turn.say("utter_distress", **hotlines(turn))
        return True
    meanings = closest(ranking)
    if not meanings:
        return False
    message_id = str(turn.tracker.latest_message.get("message_id") or "")
    buttons = [_button(turn, meaning, message_id) for meaning in (*meanings, NONE_OF_THESE)]
    turn.say("utter_did_you_mean", buttons=buttons)
    return True


def closest(ranking: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    """The likeliest meanings that can be offered, at most three, the likeliest first."""
    likely = [name for name, chance in ranking if chance >= LEAST_LIKELY and name not in NEVER_OFFERED]
    return tuple(likely[:MOST])


def likely_danger(ranking: Sequence[tuple[str, float]]) -> bool:
    """Whether a danger is among the closest meanings; a surer one the care detector has found before."""
    return any(name in DANGERS and chance >= LEAST_LIKELY for name, chance in ranking[:MOST])


def _button(turn: Turn, meaning: str, message_id: str) -> dict[str, str]:
    """Only the id of the message goes into the payload, never its words or values."""
    said = json.dumps({"meaning": meaning, "meant_message": message_id})
    return {"title": turn.phrase(f"utter_meaning_{meaning}"), "payload": f"/choose_meaning{said}"}


class ActionChooseMeaning(RespiteAction):
    """Takes the unclear message up again with the meaning chosen for it, in a form or outside of one."""

    action_name = "action_choose_meaning"
    ends_turn = False

    def handle(self, turn: Turn) -> Events:
        message, chosen = _message_meant(turn), _chosen(turn)
        if message and _is_first_press(turn):
            _keep(turn, message, chosen)
        understood = [set_slot("misunderstandings", 0)] if chosen else []
        return [*understood, *_taken_up(turn, message or {}, chosen)]


def _chosen(turn: Turn) -> str | None:
    """The meaning chosen; None for "none of these", and for whatever is never offered."""
    chosen = str(turn.entity("meaning"))
    can_be = chosen not in (NONE_OF_THESE, *NEVER_OFFERED) and exists(f"utter_meaning_{chosen}")
    return chosen if can_be else None


def _message_meant(turn: Turn) -> Mapping[str, Any] | None:
    """What was written and how it was read; None when the tracker does not reach back so far."""
    wanted = turn.entity("meant_message")
    found = [event["parse_data"] for event in _said(turn) if wanted and event.get("message_id") == wanted]
    return found[-1] if found else None


def _is_first_press(turn: Turn) -> bool:
    """Whether no button about this message was pressed before; old buttons stay on some channels."""
    wanted = turn.entity("meant_message")
    entities = [each for event in _said(turn) for each in event["parse_data"].get("entities") or []]
    pressed = [each for each in entities if each.get("entity") == "meant_message"]
    return [each.get("value") for each in pressed].count(wanted) == 1


def _said(turn: Turn) -> list[dict[str, Any]]:
    return [event for event in turn.tracker.events if event.get("event") == "user"]


def _keep(turn: Turn, message: Mapping[str, Any], chosen: str | None) -> None:
    """Keep the choice as a candidate for training, unless the message may tell of danger or health."""
    ranking = ranking_of(message)
    likely = {name for name, chance in ranking if chance >= LEAST_LIKELY}
    if message.get("care") or NEVER_KEPT & {*likely, chosen}:
        return
    services, text = turn.services, str(message.get("text") or "")
    training_candidates.keep(services.store, turn.language, text, closest(ranking), chosen, services.today())


def _taken_up(turn: Turn, message: Mapping[str, Any], chosen: str | None) -> Events:
    """The message once more, as if it had just come; not understood when nothing was chosen.

    A form hears it first, as it hears every message, if its question was open when the message was written;
    to a later question an amount in it is no answer. A form is let again only once it has run and listened.
    """
    mark = [{"entity": "meaning", "value": chosen}] if chosen else []
    read = {
        "intent": {"name": chosen or FALLBACK, "confidence": 1.0},
        "entities": [*(message.get("entities") or []), *mark],
    }
    heard_first = [ActionExecuted(turn.active_form)] if turn.active_form and _is_latest(turn) else []
    again = UserUttered(str(message.get("text") or ""), read, input_channel=turn.channel)
    return [*heard_first, ActionExecuted("action_listen"), again]


def _is_latest(turn: Turn) -> bool:
    """Whether nothing was said between the message and the button about it."""
    said = _said(turn)
    return len(said) > 1 and said[-2].get("message_id") == turn.entity("meant_message")
