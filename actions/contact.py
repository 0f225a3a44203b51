"""Skill rights: how and when to be contacted, and no contact at all."""

from __future__ import annotations

from actions import topics
from actions.base import Events, RespiteAction, go_to, set_slot
from actions.contact_wish import ANY, wished_channel, wished_hours
from actions.forms import Answer, FormValidator, ask_again
from actions.intake import CALLED_OFF, GIVEN, TALK_IS_LEFT, ended, is_called_off, typed
from actions.turn import Turn
from casestore import contact_preferences
from casestore.contact_preferences import ContactPreference


class ActionSetContactPreference(RespiteAction):
    """Keeps what is named at once and asks for the rest."""

    action_name = "action_set_contact_preference"

    def handle(self, turn: Turn) -> Events:
        channel, hours = wished_channel(turn), wished_hours(turn)
        if not turn.active_form and not (channel and hours):
            if channel or hours:
                _keep(turn, channel, hours)
            slots = {
                "preferred_channel": GIVEN if channel else None,
                "preferred_hours": GIVEN if hours else None,
            }
            return [*(set_slot(name, value) for name, value in slots.items()), go_to("preference_form")]
        if not channel and not hours:
            return topics.bring_up(turn, "preference_form")
        say_kept(turn, _keep(turn, channel, hours))
        return []


def _keep(turn: Turn, channel: str | None, hours: str | None) -> ContactPreference:
    """Keep what is named now beside what was named before."""
    store, session_id = turn.services.store, turn.session.session_id
    before = contact_preferences.of_session(store, session_id)
    if before is not None:
        channel, hours = channel or before.channel, hours or before.hours
    return contact_preferences.prefer(store, session_id, channel, hours, typed(turn))


def say_kept(turn: Turn, kept: ContactPreference) -> None:
    """Read the wish back, with the hours at which nobody calls anyway."""
    quiet = turn.services.policy.contact.quiet_hours.value
    turn.say(
        "utter_preference_kept",
        channel=turn.phrase(f"utter_channel_{kept.channel or ANY}"),
        hours=turn.phrase(f"utter_hours_{kept.hours or ANY}"),
        quiet_from=f"{quiet.start:%H:%M}",
        quiet_until=f"{quiet.end:%H:%M}",
    )
    if not kept.verified:
        turn.say("utter_preference_unverified")


class ValidatePreferenceForm(FormValidator):
    """Which way and at what time; each may be left open."""

    form = "preference_form"
    leaves_on = TALK_IS_LEFT

    def correct(self, turn: Turn) -> Answer | None:
        """ "No, rather by phone" while the hours are asked changes the way."""
        channel = wished_channel(turn)
        if turn.requested_slot != "preferred_hours" or channel is None:
            return None
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
        if channel is None and hours:
            _keep(turn, None, hours)
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
    """Nobody writes or calls first from now on; what that does and doesn't change is said plainly."""

    action_name = "action_stop_contact"

    def handle(self, turn: Turn) -> Events:
        kept = contact_preferences.stop(turn.services.store, turn.session.session_id, typed(turn))
        turn.say("utter_contact_stopped")
        if not kept.verified:
            turn.say("utter_preference_unverified")
        return []
