"""Puts danger before every other meaning: the last word of the pipeline on a message."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.care import CareDetector, CareLevel


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class CareClassifier(GraphComponent, IntentClassifier):
    """Overrides the intent when the text signals danger; writes the level (not the words) as `care`."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Which level takes which intent; a level left out only sets `care`."""
        return {"intents": {"self_harm": "express_self_harm", "abuse": "report_abuse"}}

    def __init__(self, config: dict[str, Any]) -> None:
        self._intents: dict[str, str] = config["intents"]
        self._detector = CareDetector.load()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CareClassifier:
        """Create the component; Rasa calls this for training and for loading."""
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        """Check each message that has a text."""
        for message in messages:
            level = self._detector.detect(message.get(TEXT) or "")
            if level is not None:
                self._mark(message, level)
        return messages

    def _mark(self, message: Message, level: CareLevel) -> None:
        message.set("care", level.value, add_to_output=True)
        name = self._intents.get(level.value)
        if name is None:
            return
        intent = {"name": name, "confidence": 1.0}
        others = [item for item in message.get(INTENT_RANKING_KEY, []) if item["name"] != name]
        message.set(INTENT, intent, add_to_output=True)
        message.set(INTENT_RANKING_KEY, [intent, *others], add_to_output=True)
