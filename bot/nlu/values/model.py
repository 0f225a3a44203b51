"""The value found in a message, and how unclear it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# Marks characters that an earlier reader has taken, so that no later reader takes them again.
TAKEN = "\ufffc"


@dataclass(frozen=True)
class Value:
    """One value: kind, place in the text, and the value or its candidates.

    money: minor units; date: ISO text; month_count: months; percentage: decimal text;
    option_number: 1 and up; phone: E.164. `ambiguous` means: ask, do not use.
    `earlier`: the latest day gone that the same words can name, for a date that comes round.
    `currency`: ISO 4217, where the borrower named one; whether the loan is in it, the listener knows.
    `offered`: an amount right behind a word for paying, so that it is what somebody would pay.
    """

    kind: str
    start: int
    end: int
    value: int | str | None
    ambiguous: bool = False
    candidates: tuple[int | str, ...] = ()
    earlier: str | None = None
    currency: str | None = None
    offered: bool = False

    def as_entity(self) -> dict[str, Any]:
        """Return the value in the form of a Rasa entity."""
        entity: dict[str, Any] = {
            "entity": self.kind,
            "value": self.value,
            "start": self.start,
            "end": self.end,
        }
        if self.ambiguous:
            entity |= {"ambiguous": True, "candidates": list(self.candidates)}
        if self.earlier:
            entity["earlier"] = self.earlier
        if self.currency:
            entity["currency"] = self.currency
        if self.offered:
            entity["offered"] = True
        return entity


def sure(kind: str, span: tuple[int, int], value: int | str) -> Value:
    """Return a clear value over `span`."""
    return Value(kind, span[0], span[1], value)


def unclear(kind: str, span: tuple[int, int], *candidates: int | str) -> Value:
    """Return a value to ask about, with what it may be (nothing when unknown)."""
    return Value(kind, span[0], span[1], None, True, tuple(candidates))


def blank(text: str, start: int, end: int) -> str:
    """Return `text` of the same length with one span marked as taken."""
    return text[:start] + TAKEN * (end - start) + text[end:]
