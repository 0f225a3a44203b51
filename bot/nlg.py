"""Chooses the wording of a response in the borrower's language.

`endpoints.yml`: `nlg: {type: bot.nlg.BilingualGenerator}`. In `data/responses/` the Chinese variant
has no condition (the default) and the English one is conditioned on the slot `language` being "en".
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.constants import CHANNEL, RESPONSE_CONDITION
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.action_answers import check_form_once
from bot.repeats import Admitted, in_other_words

logger = logging.getLogger(__name__)
DEFAULT_LANGUAGE = "zh"


def language_of(slots: Mapping[str, Any]) -> str:
    """Return the language to answer in: the one asked for, else the one last written, else Chinese."""
    return str(slots.get("language_choice") or slots.get("language") or DEFAULT_LANGUAGE)


class BilingualGenerator(TemplatedNaturalLanguageGenerator):
    """Rasa's templated responses, with the language settled before a variant is chosen."""

    def __init__(self, endpoint_config: EndpointConfig | None = None, domain: Domain | None = None) -> None:
        super().__init__((domain or Domain.empty()).responses)
        self._admitted = Admitted()
        # Of what endpoints.yml names, this is the part that every way of starting the bot loads.
        check_form_once()

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the response in the tracker's language; None only for a response nobody has written.

        Empty, which Rasa leaves out, where the reply has admitted already that it repeats itself.

        What the borrower has just read comes in other words, see `bot.repeats`.
        """
        slots = tracker.current_slot_values()

        def word(response: str, **values: str) -> dict[str, Any]:
            return self.generate_from_slots(response, slots, output_channel, **{**kwargs, **values}) or {}

        message = word(utter_action)
        if not message.get("text"):
            return message or None
        said = in_other_words(utter_action, message, tracker, word)
        return {} if self._admitted.leaves_out(said, tracker, word) else said

    def generate_from_slots(
        self, utter_action: str, filled_slots: dict[str, Any], output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """Return the response for these slots, see `generate`."""
        # An action that has just changed the language names it: its events are applied after its words.
        slots = {**filled_slots, "language": kwargs.get("language") or language_of(filled_slots)}
        return super().generate_from_slots(utter_action, slots, output_channel, **kwargs)

    def _random_response_for(
        self, utter_action: str, output_channel: str, filled_slots: dict[str, Any]
    ) -> dict[str, Any] | None:
        """Choose by language first: in Rasa a default for the channel beats a language condition."""
        variants = self.responses.get(utter_action)
        if not variants:
            return None
        matching = [variant for variant in variants if _matches(variant, filled_slots)]
        if not matching:
            logger.warning("response %s has no variant for its conditions", utter_action)
            matching = variants
        return max(matching, key=lambda variant: _rank(variant, output_channel))


def _matches(variant: Mapping[str, Any], slots: Mapping[str, Any]) -> bool:
    return all(
        _same(slots.get(condition["name"]), condition["value"])
        for condition in variant.get(RESPONSE_CONDITION) or []
    )


def _same(value: Any, wanted: Any) -> bool:
    if isinstance(value, str) and isinstance(wanted, str):
        return value.casefold() == wanted.casefold()
    return bool(value == wanted)


def _rank(variant: Mapping[str, Any], output_channel: str) -> tuple[bool, int, bool]:
    """Order of preference: not for another channel, most conditions met, made for this channel."""
    channel = variant.get(CHANNEL)
    return (
        channel in (None, output_channel),
        len(variant.get(RESPONSE_CONDITION) or []),
        channel == output_channel,
    )
