"""Short phrases from `data/responses`, for the parts of a message that an action puts together.

Whole messages go out by response id and are worded by the bot; a list of offers or loans is built from
phrases here. Both read the same files, so a translator has one place to look.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

RESPONSES = Path(__file__).resolve().parent.parent / "data" / "responses"


@lru_cache(maxsize=1)
def _variants() -> dict[str, list[dict[str, Any]]]:
    """Every response id with its variants, from all files of `data/responses`."""
    variants: dict[str, list[dict[str, Any]]] = {}
    for path in sorted(RESPONSES.glob("*.yml")):
        variants.update(yaml.safe_load(path.read_text(encoding="utf-8"))["responses"])
    return variants


def exists(response: str) -> bool:
    """Whether a response of that id is written."""
    return response in _variants()


def phrase(response: str, language: str, **values: object) -> str:
    """The text of `response` in `language` ("zh" is the unconditioned variant), with `values` filled in.

    Raises `KeyError` for an unknown id or a missing value: both are mistakes of ours, found by tests.
    """
    chosen = next((v for v in _variants()[response] if _speaks(v) == language), _variants()[response][0])
    return str(chosen["text"]).strip("\n").format(**values)


def _speaks(variant: dict[str, Any]) -> str:
    conditions = variant.get("condition", [])
    return next((c["value"] for c in conditions if c.get("name") == "language"), "zh")
