"""Skill rights: a complaint is taken in at the first word, added to afterwards, or taken back."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection

from actions import feedback_words, small_answers, topics
from actions.base import RespiteAction
from actions.complaint_readback import say_complete
from actions.complaint_words import (
    DEMAND,
    EVIDENCE,
    NO_EVIDENCE,
    WHEN,
    WHO,
    WORDS,
    hinted,
    is_another_matter,
    is_mere_wish,
    named_time,
    named_way,
)
from actions.events import Events, go_to, set_slot
from actions.intake import is_called_off
from actions.situation import is_correction
from actions.turn import Turn
from casestore import complaints
from casestore.complaints import Complaint

# Within so many messages a statement still belongs to the complaint.
JUST_TOLD = 3
# People tell a matter in several messages, one after another.
GOES_ON = 6
# What the entity `follow_up` says of a wish that the complaint comes before anything else.
COMPLAINT_FIRST = "complaint_first"
COMPLAINTS = frozenset({"complain_contact", "complain_disclosure"})
# The questions that a day answers, and the value of `amount_role` for "not".
ASKS_WHEN = frozenset({"complaint_when", "disclosure_when"})
TAKES_COMPLAINTS = frozenset(
    {"action_complain_contact", "action_complain_disclosure", "complaint_form", "disclosure_form"}
)


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
        if known is None and is_mere_wish(turn) and (other := small_answers.open_complaints(turn)):
            turn.say("utter_complaint_open", **complaint_values(turn, other[0]))
            return []
        if known is None and (just_taken := self.goes_on_with(turn)):
            add(turn, just_taken.kind, hinted(turn))
            return []
        complaint = add_words(turn, self.kind)
        told = known.details if known else {}
        for detail, value in self.named(turn).items():
            if told.get(detail):
                continue  # "twice that morning, too" is in its words; the first answer stays
            complaint = complaints.note(services.store, turn.session.session_id, self.kind, detail, value)
        if known and self.is_complete(known):
            turn.say("utter_complaint_added", **complaint_values(turn, complaint))
            return []
        turn.say(f"utter_complaint_{self.kind}", **complaint_values(turn, complaint))
        told = [set_slot("misunderstandings", 0)]
        if self.is_complete(complaint):  # who has told everything is asked nothing
            say_complete(turn, complaint)
            return told if turn.active_form else [*told, go_to("action_after_rights")]
        if turn.active_form:
            return [*told, *topics.bring_up(turn, self.form)]
        turn.say("utter_complaint_questions")
        return [*told, go_to(self.form)]

    def is_complete(self, complaint: Complaint) -> bool:
        """Whether all its questions are answered; what comes then only adds to it."""
        return self.asked <= complaint.details.keys()

    def goes_on_with(self, turn: Turn) -> Complaint | None:
        """The complaint of another kind that the message goes on with; None where it is one of its own."""
        return None

    @abstractmethod
    def named(self, turn: Turn) -> dict[str, str]:
        """Details that the first message names already."""


class ActionComplainContact(TakeComplaint):
    """Too many calls, calls at night, threats, a rude collector."""

    action_name = "action_complain_contact"
    kind = "contact"
    form = "complaint_form"
    asked = frozenset({"when", "who", "channel", "words"})

    def goes_on_with(self, turn: Turn) -> Complaint | None:
        """The disclosure just told of: who it was, when they rang again, how rude they were."""
        just_told = turn.acted_within(GOES_ON, TAKES_COMPLAINTS)
        if not just_told or not turn.typed or turn.is_chosen or is_another_matter(turn):
            return None
        return complaints.open_of(turn.services.store, turn.session.session_id, "disclosure")

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


def add_to_disclosure(turn: Turn) -> None:
    """ "Don't call her again": who was called is no party to the debt, so it belongs to a complaint.

    To the one about that, else to one that is open, else to a new one.
    """
    known = small_answers.open_complaints(turn)
    is_told = any(each.kind == "disclosure" for each in known)
    complaint = add_words(turn, known[0].kind if known and not is_told else "disclosure")
    turn.say("utter_others_left_alone", **complaint_values(turn, complaint))


def add_afterwards(turn: Turn) -> bool:
    """Add to the latest open complaint what is told when its questions are over; False when it tells nothing.

    A colleague took the call, there is a recording, an apology is wanted: no meaning of its own holds these.
    """
    if corrects_when(turn):
        return True
    if _comes_first(turn):
        return True
    hints = hinted(turn)
    known = small_answers.open_complaints(turn)
    tells = hints or turn.entities("told_party") or _goes_on(turn)
    if not known or not turn.typed or not tells:
        return False
    add(turn, known[0].kind, hints)
    return True


def _comes_first(turn: Turn) -> bool:
    """ "Register the complaint first, then we talk about paying": it is, under its number."""
    known = small_answers.open_complaints(turn)
    if not known or COMPLAINT_FIRST not in {each["value"] for each in turn.entities("follow_up")}:
        return False
    turn.say("utter_complaint_first", **complaint_values(turn, add_words(turn, known[0].kind)))
    return True


def add_told(turn: Turn) -> bool:
    """Add to a complaint that was just told of what tells who it was or what was said; False otherwise."""
    known = small_answers.open_complaints(turn)
    hints = hinted(turn)
    just_told = turn.acted_within(GOES_ON, TAKES_COMPLAINTS) and not turn.active_form
    if not known or not turn.typed or not just_told or not hints & {WHO, WORDS}:
        return False
    add(turn, known[0].kind, hints)
    return True


def _goes_on(turn: Turn) -> bool:
    """ "He also sent a photo of my contract": soon after a complaint that is part of it.

    So is what would be a complaint of its own, however unsure: "my full team came to know".
    """
    if turn.asks:
        return False
    if turn.entities("went_on"):
        return turn.acted_within(GOES_ON, TAKES_COMPLAINTS)
    return turn.acted_within(JUST_TOLD, TAKES_COMPLAINTS) and turn.beside(COMPLAINTS) is not None


def corrects_when(turn: Turn, kind: complaints.Kind | None = None) -> bool:
    """Change when it was: "not Thursday, it was Wednesday"; False where nothing of it is corrected."""
    known = [each for each in small_answers.open_complaints(turn) if kind in (None, each.kind)]
    denies = turn.says_not_so
    is_of_time = WHEN in hinted(turn) and (is_correction(turn) or denies)
    is_new = turn.requested_slot not in ASKS_WHEN and turn.acted_within(GOES_ON, TAKES_COMPLAINTS)
    if not known or not is_of_time or not is_new or WHEN not in known[0].details or not turn.typed:
        return False
    told = complaints.note(turn.services.store, turn.session.session_id, known[0].kind, WHEN, turn.typed)
    turn.say("utter_complaint_when_corrected", **complaint_values(turn, told))
    return True


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


def say_withdrawn(turn: Turn, kind: complaints.Kind) -> None:
    """Take the complaint back by the borrower's wish."""
    withdrawn = complaints.withdraw(turn.services.store, turn.session.session_id, kind)
    turn.say("utter_complaint_withdrawn", reference=withdrawn.reference)
