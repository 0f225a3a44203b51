"""Every response is worded in the borrower's language."""

from __future__ import annotations

from typing import Any

import pytest
from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.nlg import BilingualGenerator, language_of

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
slots:
  language: {type: text, influence_conversation: false, initial_value: zh, mappings: [{type: custom}]}
  language_choice: {type: any, mappings: [{type: custom}]}
  case_kind: {type: any, mappings: [{type: custom}]}
responses:
  utter_hello:
    - text: 您好，{name}
    - text: Hello, {name}
      condition: [{type: slot, name: language, value: en}]
  utter_by_channel:
    - text: 网页
      channel: web
    - text: 其他
    - text: page
      condition: [{type: slot, name: language, value: en}]
  utter_only_english:
    - text: Only English
      condition: [{type: slot, name: language, value: en}]
  utter_card:
    - custom: {type: document, title: 协议, href: "{href}"}
    - custom: {type: document, title: Agreement, href: "{href}"}
      condition: [{type: slot, name: language, value: en}]
"""
)


async def said(
    response: str, channel: str = "web", slots: dict[str, Any] | None = None, **values: Any
) -> Any:
    tracker = DialogueStateTracker.from_events(
        "ann", [SlotSet(name, value) for name, value in (slots or {}).items()], DOMAIN.slots
    )
    generator = NaturalLanguageGenerator.create(EndpointConfig(type="bot.nlg.BilingualGenerator"), DOMAIN)
    assert isinstance(generator, BilingualGenerator)
    return await generator.generate(response, tracker, channel, **values)


@pytest.mark.parametrize(
    ("slots", "language"),
    [
        ({}, "zh"),
        ({"language": None}, "zh"),
        ({"language": "en"}, "en"),
        ({"language": "en", "language_choice": "zh"}, "zh"),
        ({"language": "zh", "language_choice": "en"}, "en"),
    ],
)
def test_an_explicit_choice_wins_over_the_language_last_written(slots: dict[str, Any], language: str) -> None:
    assert language_of(slots) == language


async def test_chinese_is_the_default_even_when_the_slot_was_emptied() -> None:
    assert (await said("utter_hello", slots={"language": None}, name="王"))["text"] == "您好，王"


async def test_english_when_the_borrower_writes_english() -> None:
    assert (await said("utter_hello", slots={"language": "en"}, name="Ann"))["text"] == "Hello, Ann"


async def test_english_when_the_borrower_asked_for_it_and_writes_chinese() -> None:
    assert (await said("utter_hello", slots={"language_choice": "en"}, name="Ann"))["text"] == "Hello, Ann"


async def test_a_variant_for_the_channel_does_not_beat_the_language() -> None:
    assert (await said("utter_by_channel", "web", {"language": "en"}))["text"] == "page"


async def test_a_variant_for_the_channel_is_preferred_within_the_language() -> None:
    assert (await said("utter_by_channel", "web"))["text"] == "网页"
    assert (await said("utter_by_channel", "sms"))["text"] == "其他"


async def test_a_known_response_is_never_silent() -> None:
    assert (await said("utter_only_english"))["text"] == "Only English"


async def test_an_unknown_response_is_none_as_rasa_expects() -> None:
    assert await said("utter_nothing_like_this") is None


async def test_cards_are_worded_and_filled_too() -> None:
    answer = await said("utter_card", slots={"language": "en"}, href="/chat/documents/x")
    assert answer["custom"] == {"type": "document", "title": "Agreement", "href": "/chat/documents/x"}


async def test_filling_a_response_leaves_the_template_alone() -> None:
    await said("utter_hello", name="one")
    assert (await said("utter_hello", name="two"))["text"] == "您好，two"
