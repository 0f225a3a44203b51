"""The wish about contact as it is kept, read back."""

from __future__ import annotations

from actions.turn import Turn
from casestore import handoffs
from casestore.contact_preferences import ContactPreference


def say_kept(turn: Turn, kept: ContactPreference) -> None:
    """Read the wish back, with the hours at which nobody calls anyway."""
    if kept.stopped:
        waits = handoffs.danger_waits(turn.services.store, turn.session.session_id)
        turn.say("utter_contact_waits_for_person" if waits else "utter_contact_is_stopped")
        return
    quiet = turn.services.policy.contact.quiet_hours.value
    turn.say(
        "utter_preference_kept",
        channel=_named(turn, "channel", kept.channel),
        hours=_named(turn, "hours", kept.hours),
        quiet_from=f"{quiet.start:%H:%M}",
        quiet_until=f"{quiet.end:%H:%M}",
        words=turn.phrase("utter_preference_words") if kept.words else "",
    )
    if not kept.verified:
        turn.say("utter_preference_unverified")


def _named(turn: Turn, what: str, code: str | None) -> str:
    """A code in words; what was not said is no "any"."""
    return turn.phrase(f"utter_{what}_{code}" if code else "utter_not_told")
