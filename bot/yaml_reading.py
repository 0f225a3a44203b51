"""Two slow spots of how Rasa reads its YAML, mended: decision 0018."""

from __future__ import annotations

from typing import Any

import rasa.shared.utils.validation
from ruamel.yaml.nodes import ScalarNode
from ruamel.yaml.resolver import VersionedResolver


def look_at_each_scalar_once() -> None:
    """Let ruamel.yaml resolve a scalar without remembering it.

    Before 0.17.22, which Rasa does not allow, every scalar makes a list of rules one longer, and all later
    ones are compared with it: the time grows with the square of the file.
    """
    otherwise = VersionedResolver.resolve

    def resolve(self: VersionedResolver, kind: Any, value: Any, implicit: tuple[bool, bool]) -> Any:
        if kind is not ScalarNode or not implicit[0]:
            return otherwise(self, kind, value, implicit)
        rules = self.versioned_resolver
        for tag, pattern in (*rules.get(value[:1], ()), *rules.get(None, ())):
            if pattern.match(value):
                return tag
        return otherwise(self, kind, value, (False, implicit[1]))

    VersionedResolver.resolve = resolve


def trust_the_model() -> None:
    """Let Rasa load a model's domain without comparing it with its schema: that was done in training."""
    rasa.shared.utils.validation.validate_yaml_schema = lambda *args, **options: None
