"""Skill rights: how and when to be contacted, and no contact at all."""

from __future__ import annotations

from actions import topics
from actions.base import RespiteAction
from actions.complaints import add_to_disclosure
from actions.contact_wish import (
    ANY,
    ENDS_CLAUSE,
    NO_CALL,
    NO_CALL_AT_WORK,
    REFUSES,
    WISHES_OF_CONTACT,
    both_hours,
    others_are_barred,
    wished_channel,
    wished_hours,
    work_is_barred,
)
from actions.events import Events, go_to, leave_form, set_slot
from actions.forms import Answer, FormValidator, ask_again
from actions.intake import CALLED_OFF, GIVEN, TALK_IS_LEFT, ended, is_called_off
from actions.kept_contact import say_kept
from actions.situation import is_correction
from actions.strangers import is_a_stranger, say_wrong_number
from actions.turn import Turn
from casestore import contact_preferences, handoffs
from casestore.contact_preferences import ContactPreference

# What the entity `follow_up` says of a question whether a wish can be changed.
CAN_CHANGE = "can_change"
# Within so many messages of an end of contact, the same said again is no other wish.
STILL_SAID = 4
# So many remarks are kept beside the codes, the latest ones.
REMARKS = 8
# So sure a meaning needs no word of its own.
ALMOST_SURE = 0.9


class ActionSetContactPreference(RespiteAction):
    """Keeps what is named at once and asks for the rest."""

    action_name = "action_set_contact_preference"

    def handle(self, turn: Turn) -> Events:
        channel, hours = wished_channel(turn), wished_hours(turn)
        if work_is_barred(turn) and channel is None:
            channel = NO_CALL_AT_WORK
        if say_still_stopped(turn):
            return []
        if wants_a_call_back(turn):
            return [go_to("action_request_human")]
        if not turn.active_form and (before := _before(turn, channel, hours)):
            say_kept(turn, before)
            return []
        if not turn.active_form and not (channel and hours):
            return self._ask_rest(turn, channel, hours)
        if not channel and not hours and others_are_barred(turn):
            add_to_disclosure(turn)  # "leave my mum alone" amid the questions of her complaint
            return []
        if not channel and not hours:
            return topics.bring_up(turn, "preference_form")
        say_kept(turn, _keep(turn, channel, hours))
        return []

    @staticmethod
    def _ask_rest(turn: Turn, channel: str | None, hours: str | None) -> Events:
        """Keep the half that is named and ask the other, unless that was named before."""
        kept = _keep(turn, channel, hours) if channel or hours else None
        if kept and kept.channel and kept.hours:
            say_kept(turn, kept)
            return []
        if kept:
            _say_half(turn, kept)
        slots = {
            "preferred_channel": GIVEN if kept and kept.channel else None,
            "preferred_hours": GIVEN if kept and kept.hours else None,
        }
        return [*(set_slot(name, value) for name, value in slots.items()), go_to("preference_form")]


def wants_a_call_back(turn: Turn) -> bool:
    """ "Can a person ring me on Thursday" wishes for a person who calls once, and no way of contact."""
    wishes = [each for each in turn.entities("wants_person") if "start" in each]
    refused = [each["start"] for each in turn.entities("refusal") if each["value"] in REFUSES]
    wants = any(not any(start <= each["start"] for start in refused) for each in wishes)
    return wants and not turn.is_chosen and bool(turn.typed)


def say_still_stopped(turn: Turn) -> bool:
    """Say that contact has ended already, to who says it again: "calls, texts, all of it"; else False.

    Naming one way that is wanted begins contact again; naming them all is the same wish once more.
    """
    before = contact_preferences.of_session(turn.services.store, turn.session.session_id)
    if before is None or not before.stopped or not turn.acted_within(STILL_SAID, {"action_stop_contact"}):
        return False
    ways = {each["value"] for each in turn.entities("contact_channel")}
    is_all = len(ways) > 1 or bool(turn.entities("whole")) or wished_channel(turn) in (None, NO_CALL)
    is_of_it = turn.heard in WISHES_OF_CONTACT or turn.beside(WISHES_OF_CONTACT) is not None
    if not turn.typed or wished_hours(turn) or not (is_all and is_of_it) or _names_the_rest(turn):
        return False
    say_kept(turn, before)
    return True


def _names_the_rest(turn: Turn) -> bool:
    """ "Not by phone, only by text" leaves one way open."""
    only = any(each["value"] == ENDS_CLAUSE for each in turn.entities("refusal"))
    return only and wished_channel(turn) not in (None, NO_CALL)


def _before(turn: Turn, channel: str | None, hours: str | None) -> ContactPreference | None:
    """The wish of before with what is changed now; None where nothing is named, or a half was missing."""
    before = contact_preferences.of_session(turn.services.store, turn.session.session_id)
    if before is None or before.stopped or not (channel or hours):
        return None
    is_whole = bool((channel or before.channel) and (hours or before.hours))
    return _keep(turn, channel, hours) if is_whole else None


def tells_of_others(turn: Turn) -> bool:
    """Whether the message is about somebody else who was called, and no wish of one's own."""
    parties = {str(each["value"]) for each in turn.entities("told_party")}
    return turn.heard.startswith("complain_") or bool(parties - {"employer"})


def says_to_stop(turn: Turn) -> bool:
    """Whether a message that was taken for a wish to be left alone says so, or can hardly be another.

    It ends all contact, so what only sounds like it is asked about first: "I don't want him to know".
    """
    if not turn.typed or turn.is_chosen:
        return True
    refuses = any(each["value"] in REFUSES for each in turn.entities("refusal"))
    chance = float((turn.tracker.latest_message.get("intent") or {}).get("confidence") or 0)
    return bool(refuses and turn.entities("contacting")) or chance >= ALMOST_SURE


def _keep(turn: Turn, channel: str | None, hours: str | None) -> ContactPreference:
    """Keep what is named now beside what was named before."""
    store, session_id = turn.services.store, turn.session.session_id
    before = contact_preferences.of_session(store, session_id)
    if before is not None:
        # Another way than calls says more than that none shall come at work; the words are kept beside it.
        is_said = channel in (NO_CALL, NO_CALL_AT_WORK) and before.channel not in (None, ANY, "call", NO_CALL)
        channel = before.channel if is_said else channel or before.channel
        changes = is_correction(turn) or hours is None
        hours = hours or before.hours if changes else both_hours(before.hours, str(hours))
    return contact_preferences.prefer(store, session_id, channel, hours, _remarks(turn, before))


def _remarks(turn: Turn, before: ContactPreference | None) -> str:
    """What was said of it by now, a line for each message: none takes the place of an earlier one."""
    ended_before = before is not None and before.stopped
    waits = ended_before and handoffs.danger_waits(turn.services.store, turn.session.session_id)
    earlier = (before.words or "").splitlines() if before and (waits or not ended_before) else []
    said = " ".join(turn.typed.split())
    return "\n".join([*earlier, *([said] if said and said not in earlier else [])][-REMARKS:])


def _say_half(turn: Turn, kept: ContactPreference) -> None:
    """What of the wish is kept already, before the rest is asked."""
    named = f"utter_channel_{kept.channel}" if kept.channel else f"utter_hours_{kept.hours}"
    turn.say("utter_preference_half", named=turn.phrase(named))


class ValidatePreferenceForm(FormValidator):
    """Which way and at what time; each may be left open."""

    form = "preference_form"
    leaves_on = TALK_IS_LEFT

    def asked_back(self, turn: Turn) -> Answer | None:
        """ "Can I change it later" is about what is being kept here, and wishes for no other due date."""
        if not turn.asks or turn.entity("follow_up") != CAN_CHANGE or wished_channel(turn):
            return None
        turn.say("utter_contact_can_change")
        return ask_again(str(turn.requested_slot))

    def correct(self, turn: Turn) -> Answer | None:
        """ "No, rather by phone" while the hours are asked changes the way."""
        channel = wished_channel(turn)
        if turn.requested_slot != "preferred_hours" or channel is None or tells_of_others(turn):
            return None
        if turn.heard.startswith("ask_"):
            return None  # "what is the number to call" wishes for no call
        hours = wished_hours(turn)
        kept = _keep(turn, channel, hours)
        if hours is None:
            turn.say("utter_channel_changed", channel=turn.phrase(f"utter_channel_{channel}"))
            return ask_again("preferred_hours")
        say_kept(turn, kept)
        return Answer({"preferred_hours": GIVEN})

    def answer_preferred_channel(self, turn: Turn) -> Answer | None:
        """A way of contact; hours named in the same breath are kept too."""
        channel, hours = wished_channel(turn), wished_hours(turn)
        if is_called_off(turn) and not (channel or hours):
            return _call_off(turn, "preferred_channel")
        if channel is None and work_is_barred(turn):
            channel = NO_CALL_AT_WORK
        if channel is None and hours:
            kept = _keep(turn, None, hours)
            if kept.channel:
                say_kept(turn, kept)
                return Answer({"preferred_channel": GIVEN, "preferred_hours": GIVEN})
            _say_half(turn, kept)
            return Answer({"preferred_channel": None, "preferred_hours": GIVEN})
        if channel is None and not _does_not_matter(turn):
            return None
        hours = hours or _hours_before(turn)
        kept = _keep(turn, channel or ANY, hours)
        if hours:
            say_kept(turn, kept)
        return Answer({"preferred_channel": GIVEN, "preferred_hours": GIVEN if hours else None})

    def answer_preferred_hours(self, turn: Turn) -> Answer | None:
        """A part of the day."""
        hours = wished_hours(turn)
        if is_called_off(turn) and not hours:
            return _call_off(turn, "preferred_hours")
        if hours is None and work_is_barred(turn):
            _keep(turn, NO_CALL_AT_WORK, None)
            turn.say("utter_preference_half", named=turn.phrase("utter_channel_no_call_at_work"))
            return ask_again("preferred_hours")
        if hours is None and not _does_not_matter(turn):
            return None
        say_kept(turn, _keep(turn, None, hours or ANY))
        return Answer({"preferred_hours": GIVEN})


def _hours_before(turn: Turn) -> str | None:
    """The hours that were named while the way was asked."""
    if turn.slot("preferred_hours") != GIVEN:
        return None
    before = contact_preferences.of_session(turn.services.store, turn.session.session_id)
    return before.hours if before else None


def _does_not_matter(turn: Turn) -> bool:
    return turn.intent in ("dont_know", "deny")


def _call_off(turn: Turn, question: str) -> Answer:
    turn.say("utter_preference_left")
    return ended(question, CALLED_OFF)


class ActionStopContact(RespiteAction):
    """Nobody writes or calls first from now on; what that does and doesn't change is said plainly.

    Who asks it for their work, or for somebody else, still wants to be reached.
    """

    action_name = "action_stop_contact"

    def handle(self, turn: Turn) -> Events:
        if is_a_stranger(turn):
            say_wrong_number(turn)
            return []
        if any(each["value"] == "employer" for each in turn.entities("told_party")):
            say_kept(turn, _keep(turn, NO_CALL_AT_WORK, None))
            return []
        if turn.entities("told_party") or turn.entities("another_person"):
            add_to_disclosure(turn)
            return []
        if say_still_stopped(turn):
            return []
        if not says_to_stop(turn):
            turn.say("utter_stop_contact_meant")
            return []
        kept = contact_preferences.stop(turn.services.store, turn.session.session_id, turn.typed)
        turn.say("utter_contact_stopped")
        if not kept.verified:
            turn.say("utter_preference_unverified")
        # How to be contacted is no question any more.
        return leave_form() if turn.active_form == "preference_form" else []
