"""A debt's position as JSON and back: an agreement shows the figures its offer was made on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from hardship.loans import Position

# Positions stored before `interest_from` was known lack it.
_DATES = ("day", "next_due", "interest_from")


def position_to_json(position: Position) -> dict[str, Any]:
    """The position with ISO dates, amounts in minor units."""
    return {name: _plain(value) for name, value in asdict(position).items()}


def position_from_json(stored: Mapping[str, Any]) -> Position:
    """The position that `position_to_json` wrote."""
    dates = {name: date.fromisoformat(stored[name]) for name in _DATES if stored.get(name)}
    return Position(**{**stored, **dates})


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value
