"""A message with what the rules find in it: the values and the fixed phrases, as the trained bot does."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from bot.nlu import lookups
from bot.nlu.clauses import spans
from bot.nlu.values import extract
from tests.actions.helpers import Said

LOOKUPS = Path(__file__).resolve().parents[2] / "data" / "lookups"
NAMES = (
    "amount_role",
    "asked_about",
    "asked_beside",
    "comes_back",
    "complaint_hint",
    "complaint_other",
    "contact_channel",
    "contact_hours",
    "contacting",
    "correction",
    "data_wish",
    "dispute_ground",
    "duration",
    "fears_end",
    "first_person",
    "follow_up",
    "for_another",
    "fraud_kind",
    "kept_from",
    "left_out",
    "living_whole",
    "loan_use",
    "no_trouble",
    "not_counted",
    "offer_fact",
    "offer_wish",
    "part_of_instalment",
    "pay_period",
    "pay_rhythm",
    "paying",
    "paying_early",
    "phone_access",
    "plan_kind",
    "purpose",
    "question",
    "rating",
    "refusal",
    "share",
    "speaks_for",
    "statement_field",
    "told_party",
    "trouble_time",
    "under_plan",
    "wages",
    "wants_person",
    "went_on",
    "zero",
)
TODAY = date(2026, 11, 24)


@cache
def _lookup(name: str) -> lookups.Lookup:
    return lookups.load(LOOKUPS / f"{name}.yml")


def said(
    text: str, intent: str = "nlu_fallback", clauses: dict[str, dict[str, Any]] | None = None, **more: Any
) -> Said:
    """`text` taken for `intent`, with every value and phrase that the rules find.

    `clauses` tells by a piece of a clause what was learnt of it: its `intent`, `confidence`, `answers`.
    """
    values = [value.as_entity() for value in extract(text, TODAY)]
    phrases = [
        {"entity": each.entity, "value": each.value, "start": each.start, "end": each.end}
        for name in NAMES
        for each in lookups.find(_lookup(name), text)
    ]
    divided = [
        {"start": start, "end": end, "answers": {}, **_learnt(text[start:end], clauses or {})}
        for start, end in spans(text)
    ]
    read = {"clauses": divided if len(divided) > 1 else [], **(more.pop("read", None) or {})}
    return Said(text, intent, entities=[*values, *phrases], read=read, **more)


def _learnt(clause: str, told: dict[str, dict[str, Any]]) -> dict[str, Any]:
    return next((learnt for piece, learnt in told.items() if piece in clause), {})
