"""Minor units in, minor units out; Decimal in between; one rounding rule."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from decimal import ROUND_DOWN, ROUND_HALF_UP, Context, Decimal, localcontext

_PRECISION = 28
_MINOR_PER_MAJOR = Decimal(100)
_WHOLE = Decimal(1)
_AMOUNT = re.compile(r"[0-9]{1,13}(\.[0-9]{1,2})?")
# A bound of representation: what is larger was never an amount of money.
_LARGEST = Decimal(10) ** 15
_CONTEXT = Context(prec=_PRECISION, rounding=ROUND_HALF_UP)


class AmountError(ValueError):
    """A text is not an amount of money; the text itself is not repeated, it may be personal."""


def exact() -> AbstractContextManager[Context]:
    """The arithmetic context of this room, so that a caller's context cannot change a result."""
    return localcontext(_CONTEXT)


def round_half_up(value: Decimal) -> int:
    """A Decimal number of minor units rounded HALF_UP to a whole one."""
    return int(value.quantize(_WHOLE, ROUND_HALF_UP))


def round_down(value: Decimal) -> int:
    """A Decimal number of minor units cut to a whole one; for ceilings, which must never be passed."""
    return int(value.quantize(_WHOLE, ROUND_DOWN))


def to_minor(amount: Decimal) -> int:
    """Major units (yuan) to minor units (fen), HALF_UP to 0.01; AmountError for what is no finite sum."""
    if not amount.is_finite() or abs(amount) > _LARGEST:
        raise AmountError("not an amount: it is no number or too large")
    return round_half_up(amount * _MINOR_PER_MAJOR)


def to_major(minor: int) -> Decimal:
    """Minor units to major units with two decimals."""
    return (Decimal(minor) / _MINOR_PER_MAJOR).quantize(Decimal("0.01"))


def parse_amount(text: str) -> int:
    """A plain decimal string in major units ("1234.56") to minor units; AmountError for anything else."""
    cleaned = text.strip()
    if not cleaned.isascii() or not _AMOUNT.fullmatch(cleaned):
        raise AmountError("not an amount: expected digits with at most two decimals, not negative")
    return to_minor(Decimal(cleaned))


def split_evenly(amount: int, parts: int) -> list[int]:
    """`amount` minor units in `parts` equal parts, HALF_UP; the last part absorbs the difference."""
    if amount < 0 or parts < 1:
        raise ValueError("an amount that is not negative is split into at least one part")
    share = round_half_up(Decimal(amount) / parts)
    shares: list[int] = []
    left = amount
    for _ in range(parts - 1):
        shares.append(min(share, left))
        left -= shares[-1]
    return [*shares, left]


def split_pro_rata(amount: int, weights: tuple[int, ...]) -> list[int]:
    """`amount` minor units by weight; what is given out so far is always rounded HALF_UP.

    Rounding the running sum keeps every share at most its weight when `amount` is at most their sum,
    and the last part absorbs the difference.
    """
    total = sum(weights)
    if amount < 0 or total <= 0 or min(weights) < 0:
        raise ValueError("amount and weights must not be negative and not all weights zero")
    shares: list[int] = []
    weighed = given = 0
    for weight in weights:
        weighed += weight
        shares.append((2 * amount * weighed + total) // (2 * total) - given)
        given += shares[-1]
    return shares
