"""The questions of a skill, one at a time: answers, digressions, corrections and misunderstandings.

Rasa's form asks the questions and calls the validator after every message. A validator here looks for the
answer to the open question; if the message is a question or a topic of its own it steps back, the rule for
that intent answers, and the form asks again.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker

from actions import displeasure, meanings, renegotiating, small_questions
from actions.base import RespiteAction
from actions.cancelling import ANY_WORD, leaves_questions, say_left
from actions.events import Events, set_slot
from actions.turn import DANGERS, FALLBACK, Turn
from actions.wording import exists

# Whatever question is open, these come first: safety, a person, and the right to stop or to be someone else.
ALWAYS_FIRST = DANGERS | {
    "request_human",
    "wrong_person",
    "start_over",
    "change_language",
    "pause_conversation",
    "refuse_identity",
    # says what an earlier message meant; that message then comes again
    "choose_meaning",
}

# Topics that have an answer of their own and leave the open question open.
DIGRESSIONS = frozenset(
    {
        "greet",
        "goodbye",
        "thank",
        "repeat_message",
        "out_of_scope",
        "express_distress",
        "report_hardship",
        "hardship_job_loss",
        "hardship_reduced_income",
        "hardship_illness",
        "hardship_business_downturn",
        "hardship_family_event",
        "hardship_disaster",
        "hardship_overspending",
        "hardship_overindebted",
        "request_plan",
        "request_lower_instalments",
        "request_payment_holiday",
        "request_interest_only",
        "request_due_date_change",
        "request_charge_waiver",
        "request_settlement",
        "promise_to_pay",
        "counter_offer",
        "report_missed_instalment",
        "cancel_agreement",
        "request_early_payoff",
        # account, rights and feedback: noted at once; for their questions see `actions.topics`
        "report_paid",
        "complain_contact",
        "complain_disclosure",
        "set_contact_preference",
        "stop_contact",
        "dispute_debt",
        "report_fraud",
        "request_my_data",
        "give_feedback",
    }
)

# A third misunderstanding in a row offers a person: US-CHATBOT (no doom loops) in the rules pack.
PATIENCE = 2


@dataclass
class Answer:
    """What a message did for the open question: slots to set, after anything was said about it."""

    slots: dict[str, Any] = field(default_factory=dict)
    events: Events = field(default_factory=list)


class FormValidator(RespiteAction):
    """The validator of one form. Subclasses have an `answer_<slot>` for each question."""

    ends_turn = False

    # Intents that are never an answer here.
    first = ALWAYS_FIRST

    # Words of `actions.cancelling` that leave this form.
    leaves_on = ANY_WORD

    @property
    @abstractmethod
    def form(self) -> str:
        """Name of the form. Abstract, so that the action server does not take this class for an action."""

    @property
    def action_name(self) -> str:  # type: ignore[override]
        """Rasa calls the validator of a form by this name."""
        return f"validate_{self.form}"

    def handle(self, turn: Turn) -> Events:
        """Events for one message: slots filled, or none at all when another rule shall answer it."""
        if not turn.answers(self.form):
            return _slots(self.known(turn))
        question = str(turn.requested_slot)
        keeps_plan = renegotiating.is_left(turn)
        wants_person = turn.intent == "request_human"  # "forget it, can I talk to somebody" leaves nothing
        if keeps_plan or leaves_questions(turn, self.leaves_on) and not wants_person:
            renegotiating.leave(turn) if keeps_plan else say_left(turn, self.form)
            return [set_slot("called_off", self.form), set_slot("requested_slot", None)]
        if wants_person and turn.heard == FALLBACK:
            turn.say("utter_offer_person")
            return [set_slot("misunderstandings", 0), set_slot(question, None)]
        if small_questions.answer(turn):
            return [set_slot("misunderstandings", 0), set_slot(question, None)]
        is_told = self.tells_what_is_asked(turn, question)
        comes_first = turn.heard in self.first and not turn.surely_answers(question)
        if comes_first and not is_told:
            return []
        if turn.heard == FALLBACK and turn.entity("comes_back") and turn.answer_to(question) is None:
            return [set_slot(question, None)]
        answer = self.asked_back(turn)
        if answer is None and _is_a_question(turn) and not is_told:
            return []
        return self._answered(turn, question, answer)

    def _answered(self, turn: Turn, question: str, asked_back: Answer | None) -> Events:
        answer = asked_back or self.correct(turn) or getattr(self, f"answer_{question}")(turn)
        if answer is not None:
            return [set_slot("misunderstandings", 0), *_slots(answer.slots), *answer.events]
        return self._not_answered(turn, question)

    def _not_answered(self, turn: Turn, question: str) -> Events:
        if self.is_digression(turn):
            return []
        return self._misunderstood(turn, question)

    def steps_aside(self, turn: Turn, events: Events) -> bool:
        """Whether the form leaves the message to the rule for its intent: Rasa takes no events for that."""
        return not events and turn.answers(self.form)

    def known(self, turn: Turn) -> dict[str, Any]:
        """Slots of questions that need not be asked because the case store knows the answer."""
        return {}

    def asked_back(self, turn: Turn) -> Answer | None:
        """The answer when the message asks about what this form has put before the borrower, else None."""
        return None

    def correct(self, turn: Turn) -> Answer | None:
        """The answer when the message corrects an earlier question, else None."""
        return None

    def tells_what_is_asked(self, turn: Turn, question: str) -> bool:
        """Whether the message answers in so many words, though it is taken for a topic of its own."""
        return False

    def is_digression(self, turn: Turn) -> bool:
        """Whether the message is a topic of its own rather than a failed answer."""
        has_a_rule = turn.heard in DIGRESSIONS or turn.heard.startswith("ask_")
        return turn.is_chosen or has_a_rule

    def _misunderstood(self, turn: Turn, question: str) -> Events:
        """First the closest meanings or an apology, then an explanation with an example, then a person."""
        if turn.entity("comes_back"):
            return [set_slot(question, None)]  # "go on" to a figure that is asked for is no failed answer
        if displeasure.hear(turn):
            return [set_slot(question, None)]
        times = int(turn.slot("misunderstandings") or 0) + 1
        if times > PATIENCE:
            turn.say("utter_offer_person")
        elif times == PATIENCE or turn.intent == "dont_know" or turn.says_no_word:
            turn.say(explanation_of(question))
        elif not meanings.ask_which(turn):
            turn.say("utter_not_understood")
        # Once a person was offered, patience begins anew: the same offer each time would be a loop itself.
        return [set_slot("misunderstandings", times % (PATIENCE + 1)), set_slot(question, None)]

    def after_problem(self, tracker: Tracker) -> Events:
        """Keep the open question open."""
        question = tracker.slots.get("requested_slot")
        return [set_slot(question, None)] if question else []


def explanation_of(question: str) -> str:
    """The response that explains a question with an example."""
    response = f"utter_explain_{question}"
    return response if exists(response) else "utter_not_understood"


def ask_again(question: str) -> Answer:
    """The question stays open; what was wrong has been said."""
    return Answer({question: None})


def _slots(values: dict[str, Any]) -> Events:
    return [set_slot(name, value) for name, value in values.items()]


def _is_a_question(turn: Turn) -> bool:
    """Whether the message asks in so many words; "会持续比较久" is near a question only in its letters."""
    return turn.asks and turn.heard.startswith("ask_")
