"""What a borrower asked for, as JSON and back: counter-offers and requests keep it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from casestore.keys import Keys
from hardship.plans.base import Ask


def ask_to_json(ask: Ask) -> dict[str, Any]:
    """The ask with an ISO date, amounts in minor units."""
    return {**asdict(ask), "first_due": ask.first_due.isoformat() if ask.first_due else None}


def ask_from_json(stored: Mapping[str, Any]) -> Ask:
    """The ask that `ask_to_json` wrote."""
    first_due = stored["first_due"]
    return Ask(**{**stored, "first_due": date.fromisoformat(first_due) if first_due else None})


def ask_hash(keys: Keys, stored: Mapping[str, Any]) -> str:
    """The ask for the audit trail: keyed, for its few figures could be guessed from a plain hash."""
    return keys.hash("ask", json.dumps(stored, sort_keys=True))
