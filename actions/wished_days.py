"""The days of a wish: which of those named is wished for, and which is pay day or comes round each month."""

from __future__ import annotations

from datetime import date
from typing import Any

from actions.formats import as_date
from actions.turn import Turn
from actions.wished_amounts import gap
from hardship.calendar import add_months

INCOME = "monthly_income"
# Days: later than so many after the wages a due day is rather the one that is too early for them.
_SOON_AFTER_PAY, _LONGEST_MONTH = 20, 31


def days_wished(turn: Turn) -> list[dict[str, Any]]:
    """The clear days without the pay day: "on the 28th, I get paid on the 26th" wishes for one.

    Where pay day is the only day, or the other comes shortly before it, pay day itself is meant.
    """
    said = [each for each in turn.entities("date") if not each.get("ambiguous")]
    wages = [*turn.entities("wages"), *_income_words(turn)]
    if len(said) < 2 or not wages:
        return said
    pay_day = min(said, key=lambda day: min(gap(day, word) for word in wages))
    soon = [each for each in said if each is not pay_day and _days_after(pay_day, each) <= _SOON_AFTER_PAY]
    return soon or [pay_day]


def day_of_month(turn: Turn) -> int | None:
    """The day of the month that is wished for, from 1 to 31; None where none is clear."""
    days = {date.fromisoformat(str(each)).day for each in turn.candidates("date")}
    said = days_wished(turn)
    monthly = [each for each in turn.entities("pay_rhythm") if each["value"] == "monthly"]
    if said:
        # "Every 20th, I get my wages on the 15th": the day beside "every month" is the one wished for.
        wished = min(said, key=lambda day: min(gap(day, word) for word in monthly)) if monthly else said[-1]
        return date.fromisoformat(str(wished["value"])).day
    if len(days) == 1:
        return days.pop()
    bare = turn.text.strip()
    return int(bare) if bare.isascii() and bare.isdigit() and 1 <= int(bare) <= 31 else None


def comes_each_month(said: dict[str, Any]) -> bool:
    """Whether a day is one of every month: "the 10th", and neither "10 January" nor "on Friday"."""
    day, gone = as_date(said["value"]), as_date(said.get("earlier"))
    return day is not None and gone is not None and add_months(gone, 1, day.day) == day


def feast_over(turn: Turn) -> date | None:
    """The day after a feast that is named alone ("after Christmas"); its reading is put to the borrower."""
    unclear = [said for said in turn.entities("date") if said.get("ambiguous")]
    days = turn.candidates("date")
    alone = len(unclear) == 1 and len(days) == 1 and not turn.is_ambiguous("money")
    return as_date(days[0]) if alone else None


def _days_after(pay_day: dict[str, Any], other: dict[str, Any]) -> int:
    first, second = (date.fromisoformat(str(each["value"])).day for each in (pay_day, other))
    return (second - first) % _LONGEST_MONTH


def _income_words(turn: Turn) -> list[dict[str, Any]]:
    return [each for each in turn.entities("statement_field") if each["value"] == INCOME]
