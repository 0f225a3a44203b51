"""Plan kinds by name: the kind `x` is the module `hardship.plans.x` and its constant KIND.

A pack puts a kind in force by a section with its name that says it is offered, so a new kind is one
new module and one new section, and nothing else.
"""

from __future__ import annotations

import importlib
import re
from functools import cache
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from hardship.plans.base import PlanKind
    from hardship.policy import Policy

_NAME = re.compile(r"[a-z]+(_[a-z]+)*")


class UnknownKind(ValueError):
    """No module of hardship.plans is a plan kind of this name."""


@cache
def plan_kind(name: str) -> PlanKind:
    """The plan kind called `name`; UnknownKind when there is none."""
    if not _NAME.fullmatch(name):
        raise UnknownKind(f"{name!r} is not a name of a plan kind")
    try:
        kind = getattr(importlib.import_module(f"hardship.plans.{name}"), "KIND", None)
    except ModuleNotFoundError:
        kind = None
    if kind is None:
        raise UnknownKind(f"there is no plan kind {name!r}")
    return cast("PlanKind", kind)


def kinds_in_force(policy: Policy) -> tuple[PlanKind, ...]:
    """The kinds the pack has a section for and offers, in the pack's order."""
    return tuple(plan_kind(name) for name, limits in policy.plans.items() if limits.offered.value)
