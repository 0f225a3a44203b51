"""The action server's answers are believed only in the form that Rasa knows."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from rasa.core.actions.action import RemoteAction
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import Event, SlotSet
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.exceptions import RasaException

from bot.action_answers import check_form_once
from bot.nlg import BilingualGenerator


class _ActionServer:
    """In place of the connection to an action server: gives one answer."""

    url, kwargs = "http://127.0.0.1/webhook", {}

    def __init__(self, answer: dict[str, Any]) -> None:
        self._answer = answer

    async def request(self, *_: Any, **__: Any) -> dict[str, Any]:
        return self._answer


def _run(answer: dict[str, Any]) -> list[Event]:
    check_form_once()
    tracker = DialogueStateTracker("someone", slots=[])
    action = RemoteAction("action_check", _ActionServer(answer))
    return asyncio.run(action.run(CollectingOutputChannel(), BilingualGenerator(), tracker, Domain.empty()))


def test_an_answer_in_the_known_form_is_taken() -> None:
    answer = {"events": [{"event": "slot", "name": "language", "value": "zh"}], "responses": []}
    assert _run(answer) == [SlotSet("language", "zh")]


@pytest.mark.parametrize(
    ("answer", "place"),
    [
        ({"events": "nothing"}, r"\$\.events"),
        ({"events": [{"event": "slot", "value": "13800138000"}]}, r"\$\.events\[0\]"),
        ({"events": [{"event": "unheard_of", "value": "13800138000"}]}, r"\$\.events\[0\]"),
        ({"events": [{"event": "slot", "name": 13800138000, "value": 1}]}, r"\$\.events\[0\]"),
        ({"events": [], "responses": ["words"]}, r"\$\.responses\[0\]"),
    ],
)
def test_an_answer_in_another_form_is_refused_by_its_place_without_its_words(
    answer: dict[str, Any], place: str
) -> None:
    with pytest.raises(RasaException, match=f"'action_check' has a wrong form at {place}") as refused:
        _run(answer)
    assert "13800138000" not in str(refused.value)
