"""Skill rights: complaints, taken in at the first word; every question about them may be left out."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection
from typing import Any

from actions import feedback_words, small_answers, topics
from actions.base import RespiteAction
from actions.cancelling import is_short
from actions.contact_wish import HENCEFORTH, NO_CALL, REFUSES, WISHES_OF_CONTACT, wished_channel, wished_hours
from actions.events import Events, go_to, set_slot
from actions.forms import Answer, FormValidator, ask_again
from actions.hardship import CAUSES
from actions.intake import (
    CALLED_OFF,
    GIVEN,
    SKIPS,
    TALK_IS_LEFT,
    ended,
    is_called_off,
    is_mere_yes,
    own_words,
)
from actions.situation import is_correction
from actions.turn import FALLBACK, QUESTION_MARKS, Turn
from actions.wishes import WISHES
from actions.wording import exists
from casestore import complaints
from casestore.complaints import Complaint

# "It was by phone" says no more than "phone".
MERE_WORDS = 9
# Before a way that opens a message stands no more than "by".
FEW_LETTERS = 2
# "I want to complain" is no longer.
MERE_WISH, MERE_WISH_IN_LATIN_LETTERS = 10, 30
# What a message tells beside the questions: what proves it, what is wanted of it.
EVIDENCE, NO_EVIDENCE, DEMAND, WHEN, UNSURE = "evidence", "no_evidence", "demand", "when", "unsure"
# The details that are asked for in the borrower's own words.
WHO, WORDS = "who", "words"
# What is longer than this and names no usual way tells what happened, and not how they came.
LONGEST_WAY = 9
# What is longer, and holds no word of who it was, is no name.
LONGEST_NAME = 20
# Words of a time with no more than so many signs between them are one time: "yesterday evening, half past".
BETWEEN_WORDS_OF_TIME = 4
# "He said his name was Kevin" may sound like "I'm somebody else", "today at lunch" like "until later".
MISTAKEN = frozenset({"change_language", "pause_conversation", "wrong_person"})
# Within so many messages a statement still belongs to the complaint.
JUST_TOLD = 3
# People tell a matter in several messages, one after another.
GOES_ON = 6
TAKES_COMPLAINTS = frozenset(
    {"action_complain_contact", "action_complain_disclosure", "complaint_form", "disclosure_form"}
)
# Just after one, hours that are named belong to it.
KEEPS_WISHES = frozenset({"action_set_contact_preference"})
# Topics of the borrower's own money, which have rules of their own.
OF_REPAYING = WISHES | CAUSES.keys() | {"promise_to_pay", "report_hardship", "report_paid", "accept_offer"}
# What a message may hold that tells of the matter.
TELLING = ("complaint_hint", "contact_channel", "told_party", "date")


class TakeComplaint(RespiteAction):
    """Gives the complaint its number and its deadline at once; outside of a form the questions follow."""

    kind: complaints.Kind
    form: str
    # What its questions ask for.
    asked: frozenset[str]

    def handle(self, turn: Turn) -> Events:
        services = turn.services
        if not turn.active_form and feedback_words.hear_remark(turn):
            return []
        known = complaints.open_of(services.store, turn.session.session_id, self.kind)
        if known and is_called_off(turn):
            say_withdrawn(turn, self.kind)
            return []
        if known is None and _is_mere_wish(turn) and (other := small_answers.open_complaints(turn)):
            turn.say("utter_complaint_open", **complaint_values(turn, other[0]))
            return []
        complaint = complaints.receive(
            services.store,
            turn.session.session_id,
            self.kind,
            turn.typed,
            services.policy,
            services.today(),
        )
        for detail, value in self.named(turn).items():
            complaints.note(services.store, turn.session.session_id, self.kind, detail, value)
        if known and self.is_complete(known):
            turn.say("utter_complaint_added", **complaint_values(turn, complaint))
            return []
        turn.say(f"utter_complaint_{self.kind}", **complaint_values(turn, complaint))
        told = [set_slot("misunderstandings", 0)]
        if turn.active_form:
            return [*told, *topics.bring_up(turn, self.form)]
        turn.say("utter_complaint_questions")
        return [*told, go_to(self.form)]

    def is_complete(self, complaint: Complaint) -> bool:
        """Whether all its questions are answered; what comes then only adds to it."""
        return self.asked <= complaint.details.keys()

    @abstractmethod
    def named(self, turn: Turn) -> dict[str, str]:
        """Details that the first message names already."""


class ActionComplainContact(TakeComplaint):
    """Too many calls, calls at night, threats, a rude collector."""

    action_name = "action_complain_contact"
    kind = "contact"
    form = "complaint_form"
    asked = frozenset({"when", "who", "channel", "words"})

    def named(self, turn: Turn) -> dict[str, str]:
        named = {"when": named_time(turn), "channel": named_way(turn)}
        return {detail: str(value) for detail, value in named.items() if value}


class ActionComplainDisclosure(TakeComplaint):
    """The debt was told to family, employer or anybody else."""

    action_name = "action_complain_disclosure"
    kind = "disclosure"
    form = "disclosure_form"
    asked = frozenset({"party", "when", "channel"})

    def named(self, turn: Turn) -> dict[str, str]:
        named = {
            "party": turn.entity("told_party"),
            "when": named_time(turn),
            "channel": named_way(turn),
        }
        return {detail: str(value) for detail, value in named.items() if value}


def _is_mere_wish(turn: Turn) -> bool:
    """Whether the message says that one complains and nothing of what: "I want to complain"."""
    tells = any(turn.entities(name) for name in TELLING)
    return not tells and len(turn.text) <= (MERE_WISH_IN_LATIN_LETTERS if turn.text.isascii() else MERE_WISH)


def named_time(turn: Turn) -> str | None:
    """The words of a message that say when it was, the first that stand together; None where none do."""
    hints = [each for each in turn.entities("complaint_hint") if each["value"] == WHEN and "start" in each]
    if not hints:
        return None
    start, end = hints[0]["start"], hints[0]["end"]
    for each in hints[1:]:
        if each["start"] - end <= BETWEEN_WORDS_OF_TIME:
            end = max(end, each["end"])
    return turn.text[start:end]


def named_way(turn: Turn) -> str | None:
    """The way they came by that a message names last; "no calls" names none."""
    ways = [str(each["value"]) for each in turn.entities("contact_channel") if each["value"] != NO_CALL]
    return ways[-1] if ways else None


def add_to_disclosure(turn: Turn) -> None:
    """ "Don't call her again": who was called is no party to the debt, so it belongs to a complaint."""
    complaint = add_words(turn, "disclosure")
    turn.say("utter_others_left_alone", **complaint_values(turn, complaint))


def add_afterwards(turn: Turn) -> bool:
    """Add to the latest open complaint what is told when its questions are over; False when it tells nothing.

    A colleague took the call, there is a recording, an apology is wanted: no meaning of its own holds these.
    """
    hints = {str(each["value"]) for each in turn.entities("complaint_hint")}
    known = small_answers.open_complaints(turn)
    tells = hints or turn.entities("told_party") or _goes_on(turn)
    if not known or not turn.typed or not tells:
        return False
    add(turn, known[0].kind, hints)
    return True


def _goes_on(turn: Turn) -> bool:
    """ "He also sent a photo of my contract": soon after a complaint that is part of it."""
    return bool(turn.entities("went_on")) and turn.acted_within(GOES_ON, TAKES_COMPLAINTS) and not turn.asks


def add_consequence(turn: Turn) -> bool:
    """Add what the borrower fears of a matter just complained about: "I could lose my job over this".

    Somebody who asks what follows from not paying is answered that; False then, and without a complaint.
    """
    known = small_answers.open_complaints(turn)
    if not known or turn.asks or not turn.acted_within(JUST_TOLD, TAKES_COMPLAINTS):
        return False
    add(turn, known[0].kind, ())
    return True


def add(turn: Turn, kind: complaints.Kind, hints: Collection[str]) -> None:
    """Add the message to what the complaint tells, and say so; what proves it is to be kept safe."""
    values = complaint_values(turn, add_words(turn, kind))
    if DEMAND in hints:
        turn.say("utter_complaint_outcome_noted", **values)
    elif NO_EVIDENCE in hints:
        turn.say("utter_complaint_no_evidence", **values)
    elif EVIDENCE in hints:
        turn.say("utter_complaint_evidence", **values)
    else:
        turn.say("utter_complaint_added", **values)


def add_words(turn: Turn, kind: complaints.Kind) -> Complaint:
    """Add the message to what the complaint tells."""
    services = turn.services
    return complaints.receive(
        services.store, turn.session.session_id, kind, turn.typed, services.policy, services.today()
    )


def complaint_values(turn: Turn, complaint: Complaint) -> dict[str, str]:
    """Number and deadline."""
    return {"reference": complaint.reference, "due": turn.day(complaint.due_on)}


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
        if is_mere_yes(turn):
            return ask_again(question)
        asked = self.details[question]
        if self.asks_beside(turn, asked) or self.wishes_no_calls(turn, asked) or _is_of_repaying(turn, asked):
            return None
        if self.details[question] != "words" and _is_wish_once_more(turn):
            add_words(turn, self.kind)
            self.say_known(turn, "utter_complaint_open")
            return ask_again(question)
        if self.asks_what_comes_of_it(turn, self.details[question]):
            add_words(turn, self.kind)
            self.say_known(turn, "utter_complaint_outcome")
            return ask_again(question)
        if self.tells_more(turn, self.details[question]):
            return Answer({question: None, "misunderstandings": 1})
        if elsewhere := self.belongs_elsewhere(turn, self.details[question]):
            return self.noted_elsewhere(turn, question, *elsewhere)
        self.note_way(turn, self.details[question])
        complaint = complaints.note(
            turn.services.store, turn.session_id, self.kind, self.details[question], text
        )
        if all(detail in complaint.details for detail in self.details.values()):
            say_complete(turn, complaint)
        return Answer({**self.known(turn), question: GIVEN})

    def noted_elsewhere(self, turn: Turn, question: str, detail: str, text: str) -> Answer:
        """Keep what another detail tells, beside what is told of it already; the question stays open."""
        if detail in self.told(turn):
            add(turn, self.kind, ())
            return ask_again(question)
        complaints.note(turn.services.store, turn.session_id, self.kind, detail, text)
        turn.say("utter_complaint_noted")
        return Answer({**self.known(turn), question: None})

    def asks_beside(self, turn: Turn, asked: str) -> bool:
        """Whether the message is a topic of its own, such as what is allowed, and tells nothing asked for.

        What was said to the borrower may be a question itself: "when are you going to pay?"
        """
        tells = turn.entities("complaint_hint") or turn.entities("contact_channel")
        is_remark = turn.heard == "give_feedback" and not turn.entities("complaint_hint")
        return (turn.heard.startswith("ask_") and not tells or is_remark) and asked != "words"

    def wishes_no_calls(self, turn: Turn, asked: str) -> bool:
        """ "No more calls, text me" is no account of when it was, of who it was, or of how they came."""
        if turn.heard not in WISHES_OF_CONTACT or is_correction(turn):
            return False
        if _is_of_what_comes(turn):
            return True
        hints = {str(each["value"]) for each in turn.entities("complaint_hint")}
        refuses = any(each["value"] in REFUSES for each in turn.entities("refusal"))
        wishes = refuses or asked == WHO and not hints
        names = wished_channel(turn) is not None
        return (turn.heard == "stop_contact" or wishes and names) and asked != WORDS

    def note_way(self, turn: Turn, asked: str) -> None:
        """ "Yesterday, on the phone" answers the question how they came, too."""
        way = named_way(turn)
        untold = "channel" in self.details.values() and "channel" not in self.told(turn)
        if way and untold and asked in (WHEN, "party"):
            complaints.note(turn.services.store, turn.session_id, self.kind, "channel", str(way))

    def asks_what_comes_of_it(self, turn: Turn, asked: str) -> bool:
        """A question that is nothing else, in the middle of a complaint, is about the complaint."""
        tells = any(turn.entities(name) for name in TELLING) or any(sign.isdigit() for sign in turn.text)
        return turn.heard == FALLBACK and turn.asks and asked != "words" and not tells and is_short(turn)

    def say_known(self, turn: Turn, response: str) -> None:
        """A text with the number and the deadline of the complaint."""
        known = complaints.open_of(turn.services.store, turn.session_id, self.kind)
        if known is not None:
            turn.say(response, **complaint_values(turn, known))

    def tells_more(self, turn: Turn, asked: str) -> bool:
        """Add what tells of the matter, though not what is asked; the question is then put once more.

        So "there is CCTV" is no answer to how they came, and "about my loan" none to when it was.
        """
        hints = {str(each["value"]) for each in turn.entities("complaint_hint")}
        proves = bool(hints & {EVIDENCE, NO_EVIDENCE, DEMAND}) and asked not in hints
        is_beside = proves and (asked != WORDS or _tells_no_words(turn, hints))
        is_beside = is_beside or _asks_by_what_right(turn) and asked in ("when", "who") and asked not in hints
        if not is_beside and (turn.slot("misunderstandings") or not self.misses(turn, asked, hints)):
            return False
        add(turn, self.kind, hints)
        return True

    def misses(self, turn: Turn, asked: str, hints: Collection[str]) -> bool:
        """Whether a message that is an account says nothing of when it was, or of how they came."""
        if turn.intent in SKIPS or not turn.typed:
            return False
        if asked == "when":
            is_time = WHEN in hints or turn.entities("date") or any(sign.isdigit() for sign in turn.text)
            others = hints & set(self.details.values()) or turn.entities("told_party")
            return not (is_time or others or _only_a_channel(turn))
        if asked == WHO:
            return self.is_no_name(turn, hints) and not self._begins_with_a_way(turn)
        if asked == "channel":
            is_account = len(turn.text) > (LONGEST_WAY * 2 if turn.text.isascii() else LONGEST_WAY)
            has_words = "words" in self.details.values()
            return not turn.entities("contact_channel") and is_account and not has_words
        return False

    def is_no_name(self, turn: Turn, hints: Collection[str]) -> bool:
        """Whether a message is too long for a name, with no word of who it was or of another detail."""
        is_long = len(turn.text) > (LONGEST_NAME * 3 if turn.text.isascii() else LONGEST_NAME)
        return is_long and not hints & set(self.details.values())

    def tells_what_is_asked(self, turn: Turn, question: str) -> bool:
        """ "Today at lunch" says when it was, and no "until later"; "从什么公司来的" says who."""
        hints = {str(each["value"]) for each in turn.entities("complaint_hint")}
        mistaken = turn.heard in MISTAKEN or turn.heard.startswith("ask_")
        # "At night as well, I can't remember which day" asks for no day.
        is_account = self.details[question] in hints or UNSURE in hints and hints != {UNSURE}
        return mistaken and is_account and not turn.text.rstrip().endswith(QUESTION_MARKS)

    def belongs_elsewhere(self, turn: Turn, asked: str) -> tuple[str, str] | None:
        """Another detail that the message tells instead of the one asked for, and what it tells of it.

        Asked when it was, people say who it was; asked for the words, that it was "on the phone".
        """
        told = {str(each["value"]) for each in turn.entities("complaint_hint")}
        if turn.entity("date") or turn.candidates("date"):
            told.add("when")
        party = turn.entity("told_party") if "party" in self.details.values() else None
        if asked == "party" and party:
            return None  # "they rang my mum" says to whom, and by the way how
        if not told and asked == "when" and party:
            return "party", str(party)
        if not told and asked != "channel" and (channel := _only_a_channel(turn)):
            return "channel", channel
        is_account = len(turn.text) > (LONGEST_WAY * 2 if turn.text.isascii() else LONGEST_WAY)
        if asked == "channel" and not turn.entities("contact_channel") and is_account:
            return ("words", turn.typed) if "words" in self.details.values() else None
        others = told & set(self.details.values())
        if asked not in ("when", "who", "party") or asked in told:
            return None
        if not others and asked == WHO and self._begins_with_a_way(turn):
            return "channel", turn.typed
        for detail in (WHO, WORDS):
            if detail in others:
                return detail, turn.typed
        return (others.pop(), turn.typed) if len(others) == 1 else None

    @staticmethod
    def _begins_with_a_way(turn: Turn) -> bool:
        """ "By phone, then a text with a photo": how they came, whatever is told after it."""
        ways = [each["start"] for each in turn.entities("contact_channel") if "start" in each]
        before = turn.text[: min(ways)] if ways else ""
        return bool(ways) and sum(sign.isalnum() for sign in before) <= FEW_LETTERS


def _is_of_repaying(turn: Turn, asked: str) -> bool:
    """ "Can I pay 500 first" tells nothing of who called; what was said to the borrower may be just that."""
    tells = any(turn.entities(name) for name in TELLING) or is_correction(turn)
    return turn.heard in OF_REPAYING and asked != "words" and not tells


def _is_wish_once_more(turn: Turn) -> bool:
    """ "I want to complain about him" in the middle of a complaint says nothing new."""
    return turn.heard == "complain_contact" and _is_mere_wish(turn) and not turn.entities("told_party")


def _is_of_what_comes(turn: Turn) -> bool:
    """Whether a wish is of what is to come, "only texts from now on", or adds its hours just after."""
    is_to_come = any(each["value"] == HENCEFORTH for each in turn.entities("refusal"))
    goes_on = wished_hours(turn) is not None and turn.acted_within(1, KEEPS_WISHES)
    return is_to_come and wished_channel(turn) is not None or goes_on


def _asks_by_what_right(turn: Turn) -> bool:
    """ "What gives them the right to ring my work" tells of the matter, and not who it was, nor when."""
    tells = turn.entities("contact_channel") or turn.entities("told_party")
    return turn.heard == FALLBACK and turn.asks and bool(tells) and not turn.entities("date")


def _tells_no_words(turn: Turn, hints: Collection[str]) -> bool:
    """Whether a remark about a proof holds nothing that was said or done."""
    return is_short(turn) and WORDS not in hints and not turn.entities("went_on")


def _only_a_channel(turn: Turn) -> str | None:
    """The way of contact, when hardly anything else is said: "on the phone", "打电话呗"."""
    ways = turn.entities("contact_channel")
    named = sum(each["end"] - each["start"] for each in ways if "start" in each)
    rest = len([sign for sign in turn.text if sign.isalnum()]) - named
    return str(ways[-1]["value"]) if named and rest <= MERE_WORDS else None


def say_withdrawn(turn: Turn, kind: complaints.Kind) -> None:
    """Take the complaint back by the borrower's wish."""
    withdrawn = complaints.withdraw(turn.services.store, turn.session.session_id, kind)
    turn.say("utter_complaint_withdrawn", reference=withdrawn.reference)


def say_complete(turn: Turn, complaint: Complaint) -> None:
    """The whole complaint as it was taken down, so that it can be corrected or called off."""
    order = [name for name in complaints.DETAILS if complaint.details.get(name)]
    lines = [
        turn.phrase(f"utter_complaint_line_{name}", told=in_words(turn, name, complaint.details[name]))
        for name in order
    ]
    told = "\n".join(f"· {line}" for line in lines) or turn.phrase("utter_not_told")
    turn.say("utter_complaint_complete", details=told, **complaint_values(turn, complaint))


def in_words(turn: Turn, detail: str, told: str) -> str:
    """A code in words, the borrower's own words as they are."""
    response = f"utter_{detail}_{told}"
    return turn.phrase(response) if detail in ("channel", "party") and exists(response) else told


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
        hints = {str(each["value"]) for each in turn.entities("complaint_hint")}
        is_told = not words or not turn.slot("misunderstandings") or self._begins_with_a_way(turn)
        if is_told or turn.heard != FALLBACK or not self.is_no_name(turn, hints):
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
