"""One turn of the conversation as an action sees it: what was said, by whom, in which language."""

from __future__ import annotations

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
    def intent(self) -> str:
        """Name of the intent of the latest message."""
        return str((self.tracker.latest_message.get("intent") or {}).get("name") or "")

    @property
    def confidence(self) -> float:
        """How sure the NLU is of `intent`, from 0 to 1."""
        return float((self.tracker.latest_message.get("intent") or {}).get("confidence") or 0.0)

    @property
    def is_chosen(self) -> bool:
        """Whether the borrower has picked this meaning among the closest, see `actions.meanings`."""
        return bool(self.intent) and self.entity("meaning") == self.intent

    @property
    def text(self) -> str:
        """The latest message as written."""
        return str(self.tracker.latest_message.get("text") or "")

    def slot(self, name: str) -> Any:
        """A slot's value, None when unset."""
        return self.tracker.slots.get(name)

    def entities(self, name: str) -> list[dict[str, Any]]:
        """All entities of that name in the latest message, in the order they were said."""
        return [e for e in self.tracker.latest_message.get("entities") or [] if e.get("entity") == name]

    def entity(self, name: str) -> Any:
        """The last unambiguous value of that name in the latest message, else None."""
        clear = [e["value"] for e in self.entities(name) if not e.get("ambiguous")]
        return clear[-1] if clear else None

    def day_gone(self) -> date | None:
        """The last clear day of the message that is not to come: here "the 15th" is the latest one gone."""
        today = self.services.today()
        for said in reversed(self.entities("date")):
            days = [] if said.get("ambiguous") else [said["value"], said.get("earlier")]
            gone = [day for day in map(formats.as_date, days) if day and day <= today]
            if gone:
                return gone[0]
        return None

    def is_ambiguous(self, name: str) -> bool:
        """Whether the latest message holds such a value that could be read in several ways."""
        return any(e.get("ambiguous") for e in self.entities(name))

    def candidates(self, name: str) -> list[Any]:
        """What an ambiguous value of that name could mean, as the extractor lists it."""
        return [value for e in self.entities(name) for value in e.get("candidates") or []]

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

    def answers(self, form: str) -> bool:
        """Whether the latest message is fresh for `form`: nothing has acted on it, and a question was open.

        False while the form is being opened or resumed after a digression; its message was for another.
        """
        if not self.requested_slot:
            return False
        since: list[dict[str, Any]] = []
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                break
            since.append(event)
        acted = [e for e in since if e.get("event") == "action"]
        return self.active_form == form and [e.get("name") for e in acted] in ([], [form])
