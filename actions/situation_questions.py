"""Skill hardship: the questions of what happened, since when, for how long, and what the money was for."""

from __future__ import annotations

from typing import Any

from actions import told_facts, wishes
from actions.forms import Answer, FormValidator, ask_again
from actions.situation import LASTING, UNKNOWN, duration_said, in_words, note_since_beside, since_said
from actions.statement import open_case, record
from actions.turn import CERTAIN, FAR, Turn
from actions.use_of_data import answer_consent
from casestore import hardship
from hardship.situations import Cause


class SituationQuestions(FormValidator):
    """What happened, since when, for how long, household or business."""

    def answer_hardship_cause(self, turn: Turn) -> Answer | None:
        """One of the causes, or another one."""
        cause = told_facts.cause(turn)
        if cause is None and not _names_no_cause(turn):
            return None
        open_case(turn, cause or Cause.OTHER)
        noted: dict[str, Any] = {}
        if cause:
            turn.say(f"utter_heard_{cause.value}")
            noted = note_since_beside(turn)
        return Answer(
            {
                **noted,
                "hardship_cause": "given",
                "health_mentioned": cause is Cause.ILLNESS or None,
                "health_consent": None if cause is Cause.ILLNESS else "not_needed",
            }
        )

    def answer_health_consent(self, turn: Turn) -> Answer | None:
        """May the illness be recorded as the cause? Without, the case says "other"."""
        answer = answer_consent(turn, "health_detail", "health_consent")
        if answer:
            cause = Cause.ILLNESS if answer.slots["health_consent"] == "given" else Cause.OTHER
            hardship.open_case(turn.services.store, turn.session_id, cause.value)
            answer.slots["health_mentioned"] = None
        return answer

    def answer_hardship_since(self, turn: Turn) -> Answer | None:
        """A date or a number of months back; not knowing is an answer too."""
        if turn.heard in wishes.WISHES and turn.entities("money"):
            return None  # "1200 would be all right from January" tells no beginning
        if turn.entities("loan_use") and not turn.entities("trouble_time"):
            return None  # "borrowed it two years ago for the kitchen" is the day of the loan
        learnt = None if turn.heard in ("accept_offer", "affirm") else turn.answer_to("hardship_since")
        since = since_said(turn) or (turn.services.today() if learnt == "recent" else None)
        if since is None and (turn.is_ambiguous("date") or turn.is_ambiguous("month_count")):
            turn.say("utter_unclear_date")
            return ask_again("hardship_since")
        if since is None and turn.intent != "dont_know" and learnt != UNKNOWN:
            return None
        if since:
            record(turn, "since", since.isoformat())
        return Answer({"hardship_since": "given"})

    def answer_hardship_duration(self, turn: Turn) -> Answer | None:
        """Temporary or lasting; who doesn't know is taken as lasting, the more careful reading."""
        said = duration_said(turn)
        if said is None or said == UNKNOWN and is_about_a_figure(turn):
            return None
        record(turn, "lasting", LASTING.get(said, True))
        return Answer({"hardship_duration": "given"})

    def answer_hardship_purpose(self, turn: Turn) -> Answer | None:
        """Household or business."""
        purpose = turn.only("purpose") or turn.answer_to("hardship_purpose")
        if turn.entities("wages"):
            # "The shop is fine, it's my wages" says two things, "I'm on a salary" one.
            doubtful = turn.score_of("hardship_purpose") < CERTAIN
            purpose = purpose if not doubtful else None if turn.entities("purpose") else "household"
        agrees = turn.heard in ("accept_offer", "affirm") and not turn.entities("duration")
        if (
            not agrees
            and not turn.entities("purpose")
            and turn.score_of("hardship_duration") >= (turn.score_of("hardship_purpose") + FAR)
        ):
            return _keep_duration(turn)  # "only till February, hopefully"
        if purpose is None:
            return None
        record(turn, "business", purpose == "business")
        return Answer({"hardship_purpose": "given"})


def _keep_duration(turn: Turn) -> Answer | None:
    """How long it lasts, told once more while another question is open, which stays so."""
    said = duration_said(turn)
    if said not in LASTING:
        return None
    record(turn, "lasting", LASTING[said])
    turn.say("utter_situation_noted", facts=in_words(turn, {"lasting": LASTING[said]}))
    return ask_again("hardship_purpose")


def is_about_a_figure(turn: Turn) -> bool:
    """Whether what is not known is a figure: "no idea what we spend on food" tells nothing of how long."""
    named = bool(turn.entities("statement_field")) or bool(turn.entities("money"))
    return named and not turn.entities("date") and turn.score_of("hardship_duration") < CERTAIN


def _names_no_cause(turn: Turn) -> bool:
    """Whether the answer is that it is none of the causes, or that it is rather not said."""
    return (
        turn.intent in ("dont_know", "out_of_scope", "deny") or turn.answer_to("hardship_cause") is not None
    )
