"""One turn of the conversation as an action sees it: what was said, by whom, in which language."""

from __future__ import annotations

from collections.abc import Container, Mapping
from copy import copy
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import formats, wording
from actions.services import Services
from casestore import sessions
from casestore.sessions import Session

DEFAULT_LANGUAGE = "zh"

FALLBACK = "nlu_fallback"

# Danger to life, and violence: what the care detector makes of a message before any other meaning.
DANGERS = frozenset({"express_self_harm", "report_abuse"})

# A question makes its answers likelier than they are out of the blue, so less is asked of a "yes" to it than
# config.yml asks. From here on, 95 in 100 first meanings of held-out messages are right (docs/nlu.md).
LIKELY = 0.45
# As near as this, two meanings are a question to the borrower: ambiguity_threshold in config.yml.
APART = 0.05
# As likely as this a second meaning was told in the same breath as the first, where the two go together.
BESIDE = 0.1
# What is no topic beside an answer, and from which score on a message of another meaning is an answer all the
# same: there at most 4 in 100 messages about something else look like one (docs/nlu.md, "Answers").
NO_TOPIC = frozenset({FALLBACK, "affirm", "deny", "dont_know", "out_of_scope"})
SURE = 0.5
# From this score on hardly any message about something else looks like an answer (4 of 461 to the likeliest
# question), so that not even a wish to stop or to say nothing comes first.
CERTAIN = 1.5
# By so much a message answers one question better than another.
FAR = 1.0
# From this score on a message answers a question that is not open yet.
PLAINLY = 3.0
QUESTION_MARKS = ("?", "？")
# The value of `amount_role` that denies.
NOT_SO = "not_so"
_ABOUT_A_PERSON = frozenset({"request_human", "wrong_person"})
NOTHING = (("", 0.0), ("", 0.0))


def ranking_of(message: Mapping[str, Any]) -> list[tuple[str, float]]:
    """What a message may mean with the probability of each, the likeliest first; without the fallback."""
    read = [(each["name"], float(each["confidence"])) for each in message.get("intent_ranking") or []]
    return [(name, chance) for name, chance in read if name != FALLBACK]


@dataclass
class Turn:
    """Reads the tracker and speaks through the dispatcher, so that actions need to know neither."""

    dispatcher: CollectingDispatcher
    tracker: Tracker
    services: Services
    # The offer a person has granted, when the borrower hears of it in this very turn.
    granted_offer: str | None = field(default=None, init=False)

    @property
    def session_id(self) -> str:
        """The opaque id of this conversation: the subject of the channel's token."""
        return str(self.tracker.sender_id)

    @cached_property
    def channel(self) -> str:
        """The channel the latest message came by."""
        return str(self.tracker.get_latest_input_channel() or "unknown")

    @cached_property
    def session(self) -> Session:
        """What the case store knows of this conversation."""
        return sessions.start(self.services.store, self.session_id, self.channel)

    def forget_session_cache(self) -> None:
        """Read the session anew: a service has just changed it."""
        self.__dict__.pop("session", None)

    @property
    def language(self) -> str:
        """The language to answer in: the one the borrower chose, else that of the latest clear message."""
        return str(self.slot("language_choice") or self.slot("language") or DEFAULT_LANGUAGE)

    @property
    def heard(self) -> str:
        """Name of the intent that Rasa acts on; "nlu_fallback" when no meaning is sure enough."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def intent(self) -> str:
        """What the latest message means. To an open question a likely meaning is an answer already."""
        if self.heard != FALLBACK or not self.active_form or not self.requested_slot:
            return self.heard
        (best, chance), (_, next_chance) = [*ranking_of(self.tracker.latest_message), *NOTHING][:2]
        return best if chance >= LIKELY and chance - next_chance >= APART else self.heard

    @property
    def says_no_word(self) -> bool:
        """Whether the latest message is figures or marks alone: the question explains what it waits for."""
        return not any(sign.isalpha() for sign in self.text)

    def beside(self, meanings: Container[str]) -> str | None:
        """The likeliest of `meanings` that the latest message tells besides what is acted upon, if any.

        Never for a button: it says one thing.
        """
        told = [
            name
            for name, chance in ranking_of(self.tracker.latest_message)
            if name in meanings and name != self.heard and chance >= BESIDE
        ]
        return told[0] if told else None

    @property
    def likeliest(self) -> str | None:
        """The meaning a message comes closest to, however unsure; None for a button."""
        ranking = ranking_of(self.tracker.latest_message)
        return ranking[0][0] if ranking else None

    def before(self) -> Turn | None:
        """This turn with the message before the latest in its place, None where there was none."""
        said = self._messages()
        return self._with(said[-2]) if len(said) > 1 else None

    def earlier(self) -> list[Turn]:
        """This turn with each message before the latest in its place, the last one first."""
        return [self._with(message) for message in reversed(self._messages()[:-1])]

    def latest_of(self, intent: str) -> Turn | None:
        """This turn with the last message that was heard as `intent` in its place, None where none was."""
        said = [each for each in self._messages() if (each.get("intent") or {}).get("name") == intent]
        if self.heard == intent or not said:
            return self if self.heard == intent else None
        return self._with(said[-1])

    def without(self, entities: Container[int]) -> Turn:
        """This turn without the entities at these places of the latest message."""
        read = dict(self.tracker.latest_message)
        kept = [each for place, each in enumerate(read.get("entities") or []) if place not in entities]
        return self._with({**read, "entities": kept})

    def _messages(self) -> list[Mapping[str, Any]]:
        events = (event for event in self.tracker.events if event.get("event") == "user")
        return [event.get("parse_data") or {} for event in events]

    def _with(self, message: Mapping[str, Any]) -> Turn:
        earlier = copy(self.tracker)
        earlier.latest_message = dict(message)
        return Turn(self.dispatcher, earlier, self.services)

    @property
    def is_distressed(self) -> bool:
        """Whether the latest message tells of distress short of danger, whatever else it is about."""
        return self.tracker.latest_message.get("care") == "distress"

    @property
    def is_doubtful_danger(self) -> bool:
        """Whether it was taken for danger without a word of it, on the faintest of grounds."""
        return self.heard in DANGERS and bool(self.tracker.latest_message.get("danger_is_doubtful"))

    @property
    def is_violence_between_the_lines(self) -> bool:
        """Whether it was taken for violence suffered, though it has no word of any."""
        return self.heard == "report_abuse" and bool(self.tracker.latest_message.get("danger_is_unworded"))

    @property
    def is_a_threat(self) -> bool:
        """Whether the latest message threatens others, as far as the care detector can tell."""
        return self.tracker.latest_message.get("care") == "threat"

    @property
    def is_chosen(self) -> bool:
        """Whether the borrower has picked this meaning among the closest, see `actions.meanings`."""
        return bool(self.intent) and self.entity("meaning") == self.intent

    @property
    def text(self) -> str:
        """The latest message as written."""
        return str(self.tracker.latest_message.get("text") or "")

    @property
    def asks(self) -> bool:
        """Whether the latest message is a question: by a word that asks, or by its mark."""
        return bool(self.entities("question")) or any(mark in self.text for mark in QUESTION_MARKS)

    @property
    def typed(self) -> str:
        """The latest message as the borrower wrote it, "" for a button."""
        return "" if self.text.startswith("/") else self.text

    def slot(self, name: str) -> Any:
        """A slot's value, None when unset."""
        return self.tracker.slots.get(name)

    def entities(self, name: str) -> list[dict[str, Any]]:
        """All entities of that name in the latest message, in the order they were said.

        An amount in another currency than the loan's says nothing clear about the loan.
        """
        said = [e for e in self.tracker.latest_message.get("entities") or [] if e.get("entity") == name]
        return [{**e, "ambiguous": True, "candidates": []} if self._is_foreign(e) else e for e in said]

    def _is_foreign(self, entity: dict[str, Any]) -> bool:
        return entity.get("currency") not in (None, self.services.policy.lender.currency.value)

    def entity(self, name: str) -> Any:
        """The last unambiguous value of that name in the latest message, else None."""
        clear = [e["value"] for e in self.entities(name) if not e.get("ambiguous")]
        return clear[-1] if clear else None

    def only(self, name: str) -> Any:
        """The value of that name in the latest message, None where it holds several that differ."""
        clear = {e["value"] for e in self.entities(name) if not e.get("ambiguous")}
        return clear.pop() if len(clear) == 1 else None

    def day_gone(self) -> date | None:
        """The last clear day of the message that is not to come: here "the 15th" is the latest one gone.

        Beside another day, today is when somebody writes: "I paid on the 10th, why this text today".
        """
        today = self.services.today()
        gone: list[date] = []
        for said in reversed(self.entities("date")):
            days = [] if said.get("ambiguous") else [said["value"], said.get("earlier")]
            gone += [day for day in map(formats.as_date, days) if day and day <= today][:1]
        return next((day for day in gone if day < today), gone[0] if gone else None)

    @property
    def says_not_so(self) -> bool:
        """Whether something is said not to be so: "5,600 and not 6,500", "not all of it"."""
        return any(each["value"] == NOT_SO for each in self.entities("amount_role"))

    def is_ambiguous(self, name: str) -> bool:
        """Whether the latest message holds such a value that could be read in several ways."""
        return any(e.get("ambiguous") for e in self.entities(name))

    def ask_which_amount(self) -> None:
        """Ask again for an amount that can be read in several ways, or is in another currency."""
        if any(self._is_foreign(entity) for entity in self.entities("money")):
            currency = self.services.policy.lender.currency.value
            self.say("utter_other_currency", currency=formats.currency_name(currency, self.language))
        else:
            self.say("utter_unclear_amount")

    def candidates(self, name: str) -> list[Any]:
        """What an ambiguous value of that name could mean, as the extractor lists it."""
        return [value for e in self.entities(name) for value in e.get("candidates") or []]

    def surely_answers(self, question: str) -> bool:
        """Whether a message that would come first, whatever was asked, is an answer to this question.

        Asked about rent, "I own it outright" says no goodbye: what sounded like danger, though not in so many
        words, is one where it surely answers. Asked for the cause, "I'd rather keep that private" is no
        refusal to say who it is. A wish for a person is never an answer.
        """
        if self.heard in DANGERS or self.heard in _ABOUT_A_PERSON:
            doubtful = bool(self.tracker.latest_message.get("danger_is_doubtful"))
            return doubtful and self.answer_to(question, surely=True) is not None
        return self.score_of(question) >= CERTAIN

    def score_of(self, question: str) -> float:
        """How surely the latest message would be an answer to `question`; 0 where it is none."""
        answers: Mapping[str, Any] = self.tracker.latest_message.get("answers") or {}
        return float(answers[question]["score"]) if question in answers else 0.0

    def tells_the_situation(self, question: str) -> bool:
        """Whether it answers a question about the situation far better: "for the household" is no zero."""
        answers: Mapping[str, Any] = self.tracker.latest_message.get("answers") or {}
        others = [float(each["score"]) for name, each in answers.items() if name.startswith("hardship_")]
        return max(others, default=0.0) >= self.score_of(question) + FAR

    def answer_to(self, question: str, surely: bool = False) -> str | None:
        """What the latest message would mean as an answer to `question`, as learnt from `data/answers/`.

        A message that has a clear meaning of its own is an answer only where it surely is one.
        """
        answers: Mapping[str, Any] = self.tracker.latest_message.get("answers") or {}
        answer = answers.get(question)
        surely = surely or self.heard not in NO_TOPIC
        if answer is None or (surely and self.score_of(question) < SURE):
            return None
        return str(answer["value"])

    def small_question(self, least: float) -> str | None:
        """What the latest message asks about, as learnt from `data/questions/`, from the score `least` on."""
        asked: Mapping[str, Any] = self.tracker.latest_message.get("small_question") or {}
        return str(asked["topic"]) if asked and float(asked["score"]) >= least else None

    @property
    def active_form(self) -> str | None:
        """The form that is under way, if any."""
        return (self.tracker.active_loop or {}).get("name")

    @property
    def requested_slot(self) -> str | None:
        """The question that is open, if any."""
        return self.slot("requested_slot")

    def say(
        self,
        response: str,
        *,
        buttons: list[dict[str, str]] | None = None,
        card: dict[str, Any] | None = None,
        **values: object,
    ) -> None:
        """Send a response by its id; a card only where the channel can draw it."""
        self.dispatcher.utter_message(
            response=response,
            buttons=buttons,
            json_message=card if self.channel == "web" else None,
            **values,
        )

    def phrase(self, response: str, **values: object) -> str:
        """A short phrase in the borrower's language, to build a list from."""
        return wording.phrase(response, self.language, **values)

    def money(self, minor: int) -> str:
        """An amount in minor units, with the sign of the pack's currency."""
        return formats.money(minor, self.services.policy.lender.currency.value)

    def day(self, value: date) -> str:
        """A calendar day in the borrower's language."""
        return formats.day(value, self.language)

    def share(self, fraction: Decimal) -> str:
        """A fraction as a percentage."""
        return formats.share(fraction, self.language)

    def moment(self, value: datetime) -> str:
        """A UTC moment on the lender's clock, in the borrower's language."""
        return formats.moment(value, self.language, self.services.policy.lender.timezone.value)

    def acted_within(self, messages: int, names: Container[str]) -> bool:
        """Whether one of the actions `names` ran since that many messages of the borrower ago."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                messages -= 1
            elif event.get("event") == "action" and event.get("name") in names:
                return True
            if messages < 0:
                return False
        return False

    def answers(self, form: str) -> bool:
        """Whether the latest message is fresh for `form`: nothing has acted on it, and a question was open.

        False while the form is being opened or resumed after a digression; its message was for another.
        """
        return bool(self.requested_slot) and self.active_form == form and self._acted in ([], [form])

    @property
    def is_fresh(self) -> bool:
        """Whether nothing but the form under way has acted on the latest message."""
        return self._acted in ([], [self.active_form])

    @cached_property
    def _acted(self) -> list[str]:
        """The actions since the latest message."""
        acted: list[str] = []
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                break
            if event.get("event") == "action":
                acted.append(str(event.get("name")))
        return acted
