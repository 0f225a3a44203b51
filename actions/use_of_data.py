"""Skill hardship: the separate consents to keep figures, and to keep an illness as the cause."""

from __future__ import annotations

from actions.forms import Answer
from actions.plain_yes import consent
from actions.turn import Turn
from casestore import consents


def answer_consent(turn: Turn, purpose: str, slot: str) -> Answer | None:
    """Record the yes or no to the use of such data; None where neither was said."""
    given = consent(turn)
    if given is None:
        return None
    consents.record(turn.services.store, turn.session.session_id, purpose, notice_version(turn), given)
    return Answer({slot: "given" if given else "refused"})


def notice_version(turn: Turn) -> str:
    """The privacy notice that a consent belongs to."""
    return str(turn.services.policy.privacy.notice_version.value)
