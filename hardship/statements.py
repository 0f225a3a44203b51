"""The borrower's monthly income and spending."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from hardship.money import round_down

if TYPE_CHECKING:
    from hardship.policy import Policy

FIELDS = ("monthly_income", "housing", "living_costs", "other_debts")


@dataclass(frozen=True)
class Statement:
    """Monthly figures in minor units; `other_debts` are instalments of debts other than this loan."""

    monthly_income: int
    housing: int
    living_costs: int
    other_debts: int

    def __post_init__(self) -> None:
        """ValueError when a figure is negative; the figure itself is not repeated."""
        for field in FIELDS:
            if getattr(self, field) < 0:
                raise ValueError(f"{field} must not be negative")

    @property
    def essentials(self) -> int:
        """Housing and living costs a month, minor units."""
        return self.housing + self.living_costs

    @property
    def surplus(self) -> int:
        """What is left a month, minor units; negative when spending exceeds income."""
        return self.monthly_income - self.essentials - self.other_debts

    def affordable(self, share: Decimal) -> int:
        """The most a plan may cost a month, minor units: a share of the surplus, never rounded up."""
        return round_down(max(self.surplus, 0) * share)


def implausible(field: str, amount: int, policy: Policy) -> str | None:
    """A reason code when `amount` (minor units a month) deserves one kind question, else None.

    It is never a reason to refuse (plans.md, Conventions). Zero is always plausible.
    Raises ValueError for a field that is not part of a statement.
    """
    if field not in FIELDS:
        raise ValueError(f"unknown statement field {field!r}")
    bounds = policy.statement.plausible[field].value
    if 0 < amount < bounds.low:
        return "amount_unusually_low"
    if amount > bounds.high:
        return "amount_unusually_high"
    return None
