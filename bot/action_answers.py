"""Checks the form of the action server's answers as Rasa does, only quicker: decision 0014."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.exceptions import RasaException


class AnswerForm:
    """Rasa's own schema of answers, examined once, with the schema of each event found by its name."""

    def __init__(self) -> None:
        # A copy: Rasa hands out the one that it keeps.
        schema = deepcopy(RemoteAction.action_response_format_spec())
        kind = validator_for(schema)
        kind.check_schema(schema)
        alternatives = schema["properties"]["events"]["items"].pop("oneOf")
        self._answer = kind(schema)
        self._events = {each["properties"]["event"]["const"]: kind(each) for each in alternatives}

    def faults(self, answer: Any) -> Iterator[str]:
        """The place of each fault, never what stands there: that may be what the borrower said."""
        wrong = [error.json_path for error in self._answer.iter_errors(answer)]
        yield from wrong
        events = [] if wrong else answer.get("events", [])
        for number, event in enumerate(events):
            known = self._events.get(event["event"])
            if known is None or not known.is_valid(event):
                yield f"$.events[{number}]"


def check_form_once() -> None:
    """Let Rasa keep the schema of answers from now on, instead of examining it again for every answer."""
    form = AnswerForm()

    def check(action: RemoteAction, answer: dict[str, Any]) -> bool:
        for place in form.faults(answer):
            raise RasaException(f"The answer of '{action.name()}' has a wrong form at {place}.")
        return True

    RemoteAction._validate_action_result = check
