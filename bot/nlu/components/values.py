"""Adds amounts, dates, month counts, percentages, option numbers and phone numbers."""

from __future__ import annotations

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.components.extractor import TextExtractor
from bot.nlu.values import extract, today


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class ValueExtractor(TextExtractor):
    """Reads values by rules; an unclear one carries `ambiguous: true` and its candidates."""

    def entities_of(self, text: str) -> list[dict[str, Any]]:
        """Return the values of `text`, relative dates counted from today."""
        return [found.as_entity() for found in extract(text, today())]
