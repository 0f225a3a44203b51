"""What a payment settles: the parts of one debt (民法典 art. 561), and which of several debts (art. 560)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby

from hardship.calendar import is_plausible
from hardship.money import split_pro_rata

# Costs, then interest, then principal: what holds when nothing else is agreed (rules.md CN-561).
ORDER = ("fees", "interest", "principal")
# Contract interest comes before penalty interest, because only the latter can still be waived.
_PARTS = {"fees": ("fees",), "interest": ("interest", "penalty_interest"), "principal": ("principal",)}
# Bounds of representation, not of policy.
_LARGEST = 10**14


class AllocationError(ValueError):
    """A payment or a debt that cannot be; says what is wrong and never repeats an amount."""


@dataclass(frozen=True)
class Payment:
    """Money received from the borrower on a day, minor units."""

    received: date
    amount: int

    def __post_init__(self) -> None:
        """AllocationError for an amount or a date that cannot be."""
        if not 0 < self.amount <= _LARGEST:
            raise AllocationError("the amount of a payment is out of range")
        if not is_plausible(self.received):
            raise AllocationError("the date of a payment is out of range")


@dataclass(frozen=True)
class Owed:
    """What a payment may settle, minor units; `fees` include the costs of enforcing."""

    fees: int
    penalty_interest: int
    interest: int
    principal: int

    def __post_init__(self) -> None:
        """AllocationError when a part is negative."""
        if min(self.fees, self.penalty_interest, self.interest, self.principal) < 0:
            raise AllocationError("no part of what is owed may be negative")

    @property
    def total(self) -> int:
        """All parts together, minor units."""
        return self.fees + self.penalty_interest + self.interest + self.principal


@dataclass(frozen=True)
class Allocation:
    """How a payment was used, minor units; the parts and `left_over` always add up to it."""

    fees: int
    penalty_interest: int
    interest: int
    principal: int
    left_over: int

    @property
    def used(self) -> int:
        """What settled something, minor units."""
        return self.fees + self.penalty_interest + self.interest + self.principal


@dataclass(frozen=True)
class Debt:
    """One of several debts to the same lender; `rate` (annual fraction) is how heavy its burden is."""

    debt_id: str
    owed: Owed
    due: bool
    secured: bool
    rate: Decimal
    due_since: date | None = None

    def __post_init__(self) -> None:
        """AllocationError when the rate is no number."""
        if not self.rate.is_finite():
            raise AllocationError("the rate of a debt must be a number")


def allocate(amount: int, owed: Owed, order: Sequence[str] = ORDER) -> Allocation:
    """`amount` minor units over the parts of one debt, in `order` (民法典 art. 561).

    "interest" in the order stands for contract interest and, after it, penalty interest.
    AllocationError when the amount is negative or the order does not name each part once.
    """
    if amount < 0:
        raise AllocationError("a negative amount cannot be allocated")
    if sorted(order) != sorted(_PARTS):
        raise AllocationError(f"the order must name each of {', '.join(_PARTS)} once")
    used: dict[str, int] = {}
    for part in (part for name in order for part in _PARTS[name]):
        used[part] = min(amount, getattr(owed, part))
        amount -= used[part]
    return Allocation(**used, left_over=amount)


def allocate_across(
    amount: int, debts: Sequence[Debt], order: Sequence[str] = ORDER, designated: str | None = None
) -> dict[str, Allocation]:
    """`amount` minor units over several debts (民法典 art. 560), each then by `order`.

    The debt the borrower names comes first. Then: due debts, the least secured, the heavier burden (the
    higher rate), the earliest due; debts alike in all of these share pro rata. What is left when all are
    settled is the `left_over` of the last. AllocationError for a negative amount, without debts or for a
    name that is none.
    """
    if amount < 0:
        raise AllocationError("a negative amount cannot be allocated")
    _check_debts(debts, designated)
    shares, left = {}, amount
    for group in _groups(debts, designated):
        total = sum(debt.owed.total for debt in group)
        shares.update(_shared(min(left, total), group))
        left -= min(left, total)
    last = group[-1].debt_id
    shares[last] += left
    return {debt.debt_id: allocate(shares[debt.debt_id], debt.owed, order) for debt in debts}


def _check_debts(debts: Sequence[Debt], designated: str | None) -> None:
    names = [debt.debt_id for debt in debts]
    if not names or len(set(names)) != len(names):
        raise AllocationError("there must be at least one debt and no name twice")
    if designated is not None and designated not in names:
        raise AllocationError("the designated debt is none of the debts")


def _groups(debts: Sequence[Debt], designated: str | None) -> Iterator[list[Debt]]:
    """Debts that rank alike, the first to be settled first."""

    def rank(debt: Debt) -> tuple[bool, bool, bool, Decimal, date]:
        since = debt.due_since or date.max
        return debt.debt_id != designated, not debt.due, debt.secured, -debt.rate, since

    for _, group in groupby(sorted(debts, key=rank), key=rank):
        yield list(group)


def _shared(amount: int, group: list[Debt]) -> dict[str, int]:
    weights = tuple(debt.owed.total for debt in group)
    parts = split_pro_rata(amount, weights) if sum(weights) else [0] * len(group)
    return dict(zip((debt.debt_id for debt in group), parts, strict=True))
