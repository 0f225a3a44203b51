"""What every entity component of ours shares: adding entities to a message in Rasa's form."""

from __future__ import annotations

import abc
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message


class TextExtractor(GraphComponent, EntityExtractorMixin, abc.ABC):
    """Adds the entities that `entities_of` finds in the text; needs no training."""

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TextExtractor:
        """Create the component; Rasa calls this for training and for loading."""
        return cls(config)

    @abc.abstractmethod
    def entities_of(self, text: str) -> list[dict[str, Any]]:
        """Return entities with entity, value, start and end, in the positions of `text`."""

    def process(self, messages: list[Message]) -> list[Message]:
        """Add the found entities to each message that has a text."""
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                found = self.add_extractor_name(self.entities_of(text))
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages
