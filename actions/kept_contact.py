"""The wish about contact as it is kept, read back."""

from __future__ import annotations

from actions.turn import Turn
from casestore import handoffs
from casestore.contact_preferences import ContactPreference

# So many of the borrower's remarks are read back, the latest ones.
REMARKS = 4
# What was said in so many replies before need not be said again.
JUST_SAID = 2


def say_kept(turn: Turn, kept: ContactPreference) -> None:
    """Read a wish back that was just noted, with the hours at which nobody calls anyway."""
    _say(turn, kept, "utter_preference_kept")


def say_what_is_kept(turn: Turn, kept: ContactPreference) -> None:
    """Read back what was noted before, to who asks for it, also while a person has to answer a danger."""
    if not kept.stopped or not _waits_for_person(turn):
        _say(turn, kept, "utter_preference_is")
        return
    if kept.channel or kept.hours:
        _read_back(turn, kept, "utter_preference_is")
    turn.say("utter_contact_rests")


def _waits_for_person(turn: Turn) -> bool:
    return handoffs.danger_waits(turn.services.store, turn.session.session_id)


def _say(turn: Turn, kept: ContactPreference, response: str) -> None:
    if kept.stopped:
        waits = _waits_for_person(turn)
        turn.say("utter_contact_waits_for_person" if waits else "utter_contact_is_stopped")
        return
    _read_back(turn, kept, response)


def _read_back(turn: Turn, kept: ContactPreference, response: str) -> None:
    quiet = turn.services.policy.contact.quiet_hours.value
    turn.say(
        response,
        channel=_named(turn, "channel", kept.channel),
        hours=_named(turn, "hours", kept.hours),
        quiet_from=f"{quiet.start:%H:%M}",
        quiet_until=f"{quiet.end:%H:%M}",
        words=_own_words(turn, kept),
    )
    if not kept.verified and not _just_said(turn, "utter_preference_unverified"):
        turn.say("utter_preference_unverified")


def _own_words(turn: Turn, kept: ContactPreference) -> str:
    """The borrower's remarks in order: they tell what no code holds, a single day or "not at work"."""
    remarks = (kept.words or "").splitlines()[-REMARKS:]
    quoted = [turn.phrase("utter_preference_quote", said=each) for each in remarks]
    joined = turn.phrase("utter_preference_next").join(quoted)
    return turn.phrase("utter_preference_words", said=joined) if quoted else ""


def _just_said(turn: Turn, response: str) -> bool:
    """Whether the borrower has read this text in the last replies."""
    text, left = turn.phrase(response), JUST_SAID
    for event in reversed(turn.tracker.events):
        if event.get("event") == "bot" and event.get("text") == text:
            return True
        left -= event.get("event") == "user"
        if left < 0:
            break
    return False


def _named(turn: Turn, what: str, code: str | None) -> str:
    """A code in words; what was not said is no "any"."""
    return turn.phrase(f"utter_{what}_{code}" if code else "utter_not_told")
