"""Skill rights: the questions about a complaint, each of which may be left out, and its read-back."""

from __future__ import annotations

from typing import Any

from actions import figures_told, parts
from actions.complaint_answers import (
    asks_beside,
    asks_what_comes_of_it,
    belongs_elsewhere,
    is_no_name,
    is_of_own_data,
    is_of_repaying,
    misses,
    misses_again,
    wishes_no_calls,
)
from actions.complaint_readback import say_complete
from actions.complaint_words import (
    DEMAND,
    EVIDENCE,
    NO_EVIDENCE,
    UNSURE,
    WHEN,
    WORDS,
    asks_by_what_right,
    begins_with_a_way,
    hinted,
    is_wish_once_more,
    named_way,
    tells_no_words,
    tells_what_comes,
)
from actions.complaints import add, add_words, complaint_values, corrects_when, say_withdrawn
from actions.contact_wish import wished_channel
from actions.forms import Answer, FormValidator, ask_again
from actions.intake import CALLED_OFF, GIVEN, TALK_IS_LEFT, ended, is_called_off, is_mere_yes, own_words
from actions.situation import is_correction
from actions.turn import FALLBACK, QUESTION_MARKS, Turn
from casestore import complaints
from casestore.complaints import Complaint

# "He said his name was Kevin" may sound like "I'm somebody else", "today at lunch" like "until later".
MISTAKEN = frozenset({"change_language", "pause_conversation", "wrong_person"})


def _is_of_another_matter(turn: Turn, asked: str) -> bool:
    """Whether the message asks or tells of something that the complaint must not swallow."""
    others = (asks_beside, wishes_no_calls, is_of_repaying, is_of_own_data, _is_of_a_payment)
    return any(is_another(turn, asked) for is_another in others)


def _is_of_a_payment(turn: Turn, asked: str) -> bool:
    """Whether a payment is told of, which must not be lost: "I sent this month's yesterday, I've proof"."""
    is_told = turn.heard == "report_paid" and parts.ALREADY in parts.words(turn)
    return asked != WORDS and is_told and not turn.asks and turn.session.loan_id is not None


class ComplaintForm(FormValidator):
    """Questions about one complaint, in the order of `details`: slot and what it tells."""

    kind: complaints.Kind
    details: dict[str, str]
    leaves_on = TALK_IS_LEFT

    def known(self, turn: Turn) -> dict[str, Any]:
        """What the complaint holds already."""
        told = self.told(turn)
        return {slot: GIVEN for slot, detail in self.details.items() if detail in told}

    def told(self, turn: Turn) -> dict[str, str]:
        """Details of the complaint by name."""
        complaint = complaints.open_of(turn.services.store, turn.session_id, self.kind)
        return dict(complaint.details) if complaint else {}

    def correct(self, turn: Turn) -> Answer | None:
        """ "No, it was by text": changes what was told of an earlier question."""
        told = self.known(turn)
        if corrects_when(turn, self.kind):
            return ask_again(str(turn.requested_slot))
        named = {"channel": wished_channel(turn), "party": turn.entity("told_party")}
        for slot, detail in self.details.items():
            value = named.get(detail)
            if value and slot in told and slot != turn.requested_slot and is_correction(turn):
                complaints.note(turn.services.store, turn.session_id, self.kind, detail, str(value))
                turn.say("utter_complaint_corrected")
                return Answer({slot: GIVEN})
        return None

    def keep(self, turn: Turn, text: str | None) -> Answer | None:
        """Keep the answer to the open question; after the last one the complaint is read back."""
        question = str(turn.requested_slot)
        if is_called_off(turn):
            say_withdrawn(turn, self.kind)
            return ended(question, CALLED_OFF)
        if text is None:
            return None
        if is_mere_yes(turn) or figures_told.hear_aside(turn, question):
            return ask_again(question)
        asked = self.details[question]
        if _is_of_another_matter(turn, asked):
            return None
        if asked != "words" and is_wish_once_more(turn):
            add_words(turn, self.kind)
            self.say_known(turn, "utter_complaint_open")
            return ask_again(question)
        if asks_what_comes_of_it(turn, asked):
            add_words(turn, self.kind)
            self.say_known(turn, "utter_complaint_outcome")
            return ask_again(question)
        if self.tells_more(turn, asked):
            return Answer({question: None, "misunderstandings": 1})
        if elsewhere := belongs_elsewhere(turn, asked, self.details.values()):
            return self.noted_elsewhere(turn, question, *elsewhere)
        complaint = self.note(turn, asked, text)
        if all(detail in complaint.details for detail in self.details.values()):
            say_complete(turn, complaint)
        return Answer({**self.known(turn), question: GIVEN})

    def note(self, turn: Turn, asked: str, text: str) -> Complaint:
        """Keep what was told of `asked`; where it sounds like violence, whom to call is said as well."""
        self.note_way(turn, asked)
        if misses_again(turn, asked, self.details.values()):
            add_words(turn, self.kind)
            text = ""  # told with the complaint; to this question there is no answer
        if turn.is_violence_between_the_lines:
            turn.say("utter_complaint_threatened", police=turn.services.policy.hotline("police"))
        return complaints.note(turn.services.store, turn.session_id, self.kind, asked, text)

    def noted_elsewhere(self, turn: Turn, question: str, detail: str, text: str) -> Answer:
        """Keep what another detail tells, beside what is told of it already; the question stays open."""
        if detail in self.told(turn):
            add(turn, self.kind, ())
            return ask_again(question)
        complaints.note(turn.services.store, turn.session_id, self.kind, detail, text)
        turn.say("utter_complaint_noted")
        return Answer({**self.known(turn), question: None})

    def note_way(self, turn: Turn, asked: str) -> None:
        """ "Yesterday, on the phone" answers the question how they came, too."""
        way = named_way(turn)
        untold = "channel" in self.details.values() and "channel" not in self.told(turn)
        if way and untold and asked in (WHEN, "party"):
            complaints.note(turn.services.store, turn.session_id, self.kind, "channel", str(way))

    def say_known(self, turn: Turn, response: str) -> None:
        """A text with the number and the deadline of the complaint."""
        known = complaints.open_of(turn.services.store, turn.session_id, self.kind)
        if known is not None:
            turn.say(response, **complaint_values(turn, known))

    def tells_more(self, turn: Turn, asked: str) -> bool:
        """Add what tells of the matter, though not what is asked; the question is then put once more.

        So "there is CCTV" is no answer to how they came, and "about my loan" none to when it was.
        """
        hints = hinted(turn)
        proves = bool(hints & {EVIDENCE, NO_EVIDENCE, DEMAND}) and asked not in hints
        is_beside = proves and (asked != WORDS or tells_no_words(turn, hints))
        is_beside = is_beside or asked == WHEN and tells_what_comes(turn)
        is_beside = is_beside or asks_by_what_right(turn) and asked in ("when", "who") and asked not in hints
        is_missed = misses(turn, asked, hints, self.details.values())
        if not is_beside and (turn.slot("misunderstandings") or not is_missed):
            return False
        add(turn, self.kind, hints)
        return True

    def tells_what_is_asked(self, turn: Turn, question: str) -> bool:
        """ "Today at lunch" says when it was, and no "until later"; "从什么公司来的" says who.

        What a collector said sounds like violence; it is the complaint unless a word tells of any.
        """
        if turn.is_violence_between_the_lines:
            return True
        hints = hinted(turn)
        mistaken = turn.heard in MISTAKEN or turn.heard.startswith("ask_")
        # "At night as well, I can't remember which day" asks for no day.
        is_account = self.details[question] in hints or UNSURE in hints and hints != {UNSURE}
        return mistaken and is_account and not turn.text.rstrip().endswith(QUESTION_MARKS)


class ValidateComplaintForm(ComplaintForm):
    """When, who, by which channel, and the words that were used."""

    form = "complaint_form"
    kind = "contact"
    details = {
        "complaint_when": "when",
        "complaint_who": "who",
        "complaint_channel": "channel",
        "complaint_words": "words",
    }

    def answer_complaint_when(self, turn: Turn) -> Answer | None:
        """Day and time as people say it."""
        return self.keep(turn, own_words(turn))

    def answer_complaint_who(self, turn: Turn) -> Answer | None:
        """A name, a company, a staff number; telephone numbers are taken out.

        Who tells something else a second time doesn't know, or won't say: it goes with the complaint.
        """
        words = own_words(turn)
        hints = hinted(turn)
        is_told = not words or not turn.slot("misunderstandings") or begins_with_a_way(turn)
        is_account = turn.heard == FALLBACK or turn.heard.startswith("complain_")
        if is_told or not is_account or not is_no_name(turn, hints, self.details.values()):
            return self.keep(turn, words)
        add_words(turn, self.kind)
        return self.keep(turn, "")

    def answer_complaint_channel(self, turn: Turn) -> Answer | None:
        """One of the usual ways, or in own words."""
        return self.keep(turn, named_way(turn) or own_words(turn))

    def answer_complaint_words(self, turn: Turn) -> Answer | None:
        """What was said or done."""
        return self.keep(turn, own_words(turn))


class ValidateDisclosureForm(ComplaintForm):
    """To whom, when and by which channel. Only the group is kept of others, no name and no number."""

    form = "disclosure_form"
    kind = "disclosure"
    details = {
        "disclosure_party": "party",
        "disclosure_when": "when",
        "disclosure_channel": "channel",
    }

    def answer_disclosure_party(self, turn: Turn) -> Answer | None:
        """The group the person belongs to; whoever is named otherwise becomes "somebody else"."""
        said = own_words(turn)
        return self.keep(turn, turn.entity("told_party") or ("other" if said else said))

    def answer_disclosure_when(self, turn: Turn) -> Answer | None:
        """Day and time as people say it."""
        return self.keep(turn, own_words(turn))

    def answer_disclosure_channel(self, turn: Turn) -> Answer | None:
        """One of the usual ways, or in own words."""
        return self.keep(turn, named_way(turn) or own_words(turn))
