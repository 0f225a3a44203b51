"""Kinds of repayment plan, one module each, all with the interface of base.PlanKind.

A module named after its kind holds KIND; registry.py finds it by the name the policy pack uses.
The same function makes the preview, the offer and the booked schedule.
"""

from __future__ import annotations

from hardship.plans.base import (
    Ask,
    Offer,
    PlanKind,
    PlanRequest,
    Refusal,
    content_hash,
    from_json,
    to_json,
)
from hardship.plans.registry import UnknownKind, kinds_in_force, plan_kind
from hardship.schedules import Row

__all__ = [
    "Ask",
    "Offer",
    "PlanKind",
    "PlanRequest",
    "Refusal",
    "Row",
    "UnknownKind",
    "content_hash",
    "from_json",
    "kinds_in_force",
    "plan_kind",
    "to_json",
]
