"""Skill rights: a complaint read back as it was taken down, so that it can be corrected or called off."""

from __future__ import annotations

from actions.turn import Turn
from actions.wording import exists
from casestore import complaints
from casestore.complaints import Complaint


def say_complete(turn: Turn, complaint: Complaint) -> None:
    """The whole complaint, once its questions are over."""
    _say(turn, complaint, "utter_complaint_complete")


def say_so_far(turn: Turn, complaint: Complaint) -> None:
    """What the complaint holds by now, to who asks whether it was written down."""
    _say(turn, complaint, "utter_complaint_so_far")


def _say(turn: Turn, complaint: Complaint, response: str) -> None:
    order = [name for name in complaints.DETAILS if complaint.details.get(name)]
    lines = [
        turn.phrase(f"utter_complaint_line_{name}", told=_in_words(turn, name, complaint.details[name]))
        for name in order
    ]
    told = "\n".join(f"· {line}" for line in lines) or turn.phrase("utter_not_told")
    turn.say(response, details=told, reference=complaint.reference, due=turn.day(complaint.due_on))


def _in_words(turn: Turn, detail: str, told: str) -> str:
    """A code in words, the borrower's own words as they are."""
    response = f"utter_{detail}_{told}"
    return turn.phrase(response) if detail in ("channel", "party") and exists(response) else told
