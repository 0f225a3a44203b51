"""Says which language a message is in, as an entity, only when the text decides it."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.components.extractor import TextExtractor
from bot.nlu.language import detect


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageDetector(TextExtractor):
    """Emits the entity `language` with "zh" or "en" over the whole text."""

    def entities_of(self, text: str) -> list[dict[str, Any]]:
        """Return at most one entity."""
        language = detect(text)
        if language is None:
            return []
        return [{"entity": "language", "value": language, "start": 0, "end": len(text)}]
