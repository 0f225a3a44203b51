"""The instalments of an agreement against what was paid: worked out, never stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from sqlalchemy import select

from casestore.models import ScheduleRow
from casestore.store import UnitOfWork
from hardship.calendar import whole_months
from hardship.schedules import Row

State = Literal["paid", "part_paid", "due", "upcoming", "missed"]


@dataclass(frozen=True)
class InstalmentView:
    """One instalment, amounts in minor units.

    `missed` means that its day has passed and some of it is unpaid; `due` that its day is today;
    `part_paid` that a part was paid ahead of its day.
    """

    number: int
    due: date
    payment: int
    paid: int
    state: State

    @property
    def unpaid(self) -> int:
        """What is still to be paid of it, minor units."""
        return self.payment - self.paid


def spread(schedule: Sequence[ScheduleRow], paid: int, today: date) -> tuple[InstalmentView, ...]:
    """`paid` (minor units) laid on the instalments, the oldest first; what is over goes to the next ones."""
    views, left = list[InstalmentView](), paid
    for row in schedule:
        part = min(row.payment, left)
        left -= part
        views.append(InstalmentView(row.number, row.due, row.payment, part, _state(row, part, today)))
    return tuple(views)


def _state(row: ScheduleRow, paid: int, today: date) -> State:
    if paid == row.payment and (paid > 0 or row.due <= today):
        return "paid"
    if row.due < today:
        return "missed"
    if paid > 0:
        return "part_paid"
    return "due" if row.due == today else "upcoming"


def missed(views: Sequence[InstalmentView]) -> tuple[InstalmentView, ...]:
    """The missed ones. Payments fill the oldest first, so these are always in a row."""
    return tuple(view for view in views if view.state == "missed")


def missed_in_a_row(views: Sequence[InstalmentView], today: date) -> int:
    """How many due days in a row have passed unpaid.

    When the last instalment is missed nothing more falls due, so each further month in which it stays
    unpaid counts as another: a plan of one payment can be mended before it breaks, and none rests for ever.
    """
    count = len(missed(views))
    if views and views[-1].state == "missed":
        count += whole_months(views[-1].due, today - timedelta(days=1))
    return count


def schedule_of(unit: UnitOfWork, agreement_id: str) -> list[ScheduleRow]:
    """The agreement's schedule in its order."""
    query = select(ScheduleRow).where(ScheduleRow.agreement_id == agreement_id).order_by(ScheduleRow.number)
    return list(unit.session.scalars(query))


def plain_rows(schedule: Sequence[ScheduleRow]) -> list[Row]:
    """The booked schedule as rows of the domain."""
    return [
        Row(each.number, each.due, each.payment, each.interest, each.principal, each.other, each.balance)
        for each in schedule
    ]
