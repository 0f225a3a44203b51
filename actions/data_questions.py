"""Questions about one's own data that ask for nothing to be done: how a copy comes, what goes later.

They hold the words of a wish ("delete", "copy", "withdraw"), and count as questions only soon after data was
talked of, but for the permissions of a phone, which are no consent to what is told here.
"""

from __future__ import annotations

from collections.abc import Callable

from actions import small_answers
from actions.lender import lender_values
from actions.turn import FALLBACK, Turn
from casestore import data_requests

# Within so many messages of one wish another one, or a question, is told in few words.
STILL_ABOUT_DATA = 4
TALKS_OF_DATA = frozenset({"action_request_my_data", "data_form"})

# Values of `data_wish` and `follow_up`.
COPY, DELETE = "copy", "delete"
COPY_HOW, AFTER_PAYOFF, DONE_YET, HOW_WITHDRAW = "copy_how", "after_payoff", "done_yet", "how_withdraw"
# What such questions are heard as.
_HEARD_AS = frozenset(
    {FALLBACK, "request_my_data", "set_contact_preference", "ask_agreement_status", "cancel_agreement"}
)


def is_about_data(turn: Turn) -> bool:
    """Whether data was talked of just now, so that few words tell a further wish."""
    return turn.acted_within(STILL_ABOUT_DATA, TALKS_OF_DATA)


def answer(turn: Turn) -> bool:
    """Answer a question about the data held; False when there is none."""
    if turn.is_chosen or not turn.typed:
        return False
    return _say_permission(turn) or any(say(turn) for say in _ANSWERS)


def _say_permission(turn: Turn) -> bool:
    """An app's permission to read contacts, photos or the place: nothing of these is held here.

    The consent to what is told here is not taken back by that; who wants it says so.
    """
    named = {str(each["value"]) for each in turn.entities("phone_access")}
    if named != {"what", "permission"} or turn.heard not in ("request_my_data", "cancel_agreement", FALLBACK):
        return False
    turn.say("utter_data_permission", **lender_values(turn))
    return True


def _say_copy_how(turn: Turn) -> bool:
    """A copy is a link here; nothing comes by post, and "I'd prefer post" is no way of contact."""
    is_of_copy = COPY in _values(turn, "data_wish") or COPY_HOW in _values(turn, "follow_up")
    is_asked = turn.asks and bool(turn.entities("contact_channel")) or COPY_HOW in _values(turn, "follow_up")
    if not (is_of_copy and is_asked and is_about_data(turn)):
        return False
    turn.say("utter_data_copy_how", days=turn.services.policy.privacy.copy_link_days.value)
    return True


def _say_after_payoff(turn: Turn) -> bool:
    """ "Can you delete the rest once it's settled": what goes then; nothing is asked for now."""
    if not (AFTER_PAYOFF in _values(turn, "follow_up") and DELETE in _values(turn, "data_wish")):
        return False
    turn.say("utter_data_after_payoff", years=turn.services.policy.privacy.retention_years.value)
    return True


def _say_done_yet(turn: Turn) -> bool:
    """ "Has the change of address gone through": what waits, with its number and day."""
    if not turn.asks or DONE_YET not in _values(turn, "follow_up"):
        return False
    store, session_id = turn.services.store, turn.session.session_id
    return bool(data_requests.open_of(store, session_id)) and small_answers.say_under_way(turn)


def _say_how_to_withdraw(turn: Turn) -> bool:
    """How consent is taken back, and what follows; asking is not doing it, since it ends the talk."""
    if not turn.asks or HOW_WITHDRAW not in _values(turn, "follow_up"):
        return False
    turn.say("utter_data_how_to_withdraw", **lender_values(turn))
    return True


def _say_effect_of_deleting(turn: Turn) -> bool:
    """ "Does deleting change what I pay": it doesn't."""
    is_asked = turn.asks and turn.heard.startswith("ask_") and DELETE in _values(turn, "data_wish")
    if not is_asked or not is_about_data(turn):
        return False
    turn.say("utter_data_deleting_changes_nothing")
    return True


def _values(turn: Turn, entity: str) -> set[str]:
    return {str(each["value"]) for each in turn.entities(entity)}


def _of_these(say: Callable[[Turn], bool]) -> Callable[[Turn], bool]:
    """Only where the message was heard as something such a question is taken for."""
    return lambda turn: turn.heard in _HEARD_AS and say(turn)


_ANSWERS: tuple[Callable[[Turn], bool], ...] = (
    _of_these(_say_copy_how),
    _of_these(_say_after_payoff),
    _of_these(_say_done_yet),
    _of_these(_say_how_to_withdraw),
    _say_effect_of_deleting,
)
