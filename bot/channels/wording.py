"""The few sentences the channel itself must say, worded in data/responses/channel.yml."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import yaml

RESPONSES = Path(__file__).resolve().parents[2] / "data" / "responses" / "channel.yml"
LANGUAGES = ("zh", "en")
DEFAULT_LANGUAGE = "zh"


def wording(response: str, language: str) -> str:
    """The text of `response` in "zh" or "en". Raises KeyError for a response that is not there."""
    return _texts()[response][language if language in LANGUAGES else DEFAULT_LANGUAGE]


@lru_cache(maxsize=1)
def _texts() -> dict[str, dict[str, str]]:
    content = yaml.safe_load(RESPONSES.read_text(encoding="utf-8"))
    return {name: _by_language(variants) for name, variants in content["responses"].items()}


def _by_language(variants: list[dict[str, object]]) -> dict[str, str]:
    # The house format: the Chinese variant is the default, the English one stands under a condition.
    return {"en" if "condition" in variant else "zh": str(variant["text"]) for variant in variants}
