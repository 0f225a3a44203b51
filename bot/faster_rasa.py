"""Slow spots of Rasa on its way from files to a model, mended: decision 0018."""

from __future__ import annotations

from typing import Any

import rasa.shared.utils.validation
from rasa.shared.core.domain import Domain
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
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


def know_an_empty_domain() -> None:
    """Let Rasa build only once the empty domain with which it compares the bot's at every message."""
    empty = Domain.empty().as_dict()
    Domain.is_empty = lambda self: self.as_dict() == empty


def hash_examples_by_text() -> None:
    """Let Rasa find the examples that are the same by their text first.

    For each of them it would write all that it knows of the example as JSON and hash that, several times in a
    training. Equal examples have equal texts, so what counts as the same stays.
    """
    Message.__hash__ = lambda self: hash(self.get(TEXT))
