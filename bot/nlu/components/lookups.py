"""Adds the entities of `data/lookups/` (statement_field, duration, purpose)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe

from bot.nlu.components.extractor import TextExtractor
from bot.nlu.lookups import find, load

ROOT = Path(__file__).resolve().parents[3]


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LookupExtractor(TextExtractor):
    """Reads the files named in `files`, relative to the project, when the model is loaded."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """The lookup files of the project."""
        return {"files": [f"data/lookups/{name}.yml" for name in ("statement_field", "duration", "purpose")]}

    def __init__(self, config: dict[str, Any]) -> None:
        super().__init__(config)
        self._lookups = [load(ROOT / name) for name in config["files"]]

    def entities_of(self, text: str) -> list[dict[str, Any]]:
        """Return every phrase found, with the value it stands for."""
        return [
            {"entity": found.entity, "value": found.value, "start": found.start, "end": found.end}
            for lookup in self._lookups
            for found in find(lookup, text)
        ]
