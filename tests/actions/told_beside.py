"""A message with what the rules find in it: the values and the fixed phrases, as the trained bot does."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.nlu import lookups
from bot.nlu.values import extract
from tests.actions.helpers import Said

LOOKUPS = Path(__file__).resolve().parents[2] / "data" / "lookups"
NAMES = (
    "amount_role",
    "complaint_hint",
    "contact_channel",
    "contact_hours",
    "contacting",
    "correction",
    "dispute_ground",
    "duration",
    "fears_end",
    "first_person",
    "follow_up",
    "fraud_kind",
    "kept_from",
    "offer_fact",
    "offer_wish",
    "part_of_instalment",
    "pay_rhythm",
    "paying_early",
    "plan_kind",
    "purpose",
    "question",
    "rating",
    "refusal",
    "statement_field",
    "told_party",
    "trouble_time",
    "under_plan",
    "wages",
    "went_on",
)
TODAY = date(2026, 11, 24)


@cache
def _lookup(name: str) -> lookups.Lookup:
    return lookups.load(LOOKUPS / f"{name}.yml")


def said(text: str, intent: str = "nlu_fallback", **more: Any) -> Said:
    """`text` taken for `intent`, with every value and phrase that the rules find."""
    values = [value.as_entity() for value in extract(text, TODAY)]
    phrases = [
        {"entity": each.entity, "value": each.value, "start": each.start, "end": each.end}
        for name in NAMES
        for each in lookups.find(_lookup(name), text)
    ]
    return Said(text, intent, entities=[*values, *phrases], **more)
