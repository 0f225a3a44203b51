"""`respite schedule`: the repayment schedule of any terms, row by row, without a store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.output import console, grouped, percent_of, print_json, print_table, yuan
from cli.today import lender_today
from cli.usage import amount, day, percent, rate_change, refuse
from hardship.annualised import annualised_cost
from hardship.calendar import DayCount, add_months
from hardship.products import Method
from hardship.schedules import Row, ScheduleError, Terms, build

# The methods as typed: equal-principal where the domain writes equal_principal.
MethodName = Enum(  # type: ignore[misc]
    "MethodName", {method.name: method.value.replace("_", "-") for method in Method}, type=str
)


PrincipalOption = Annotated[int, typer.Option(parser=amount, metavar="YUAN", help="What is repaid.")]
RateOption = Annotated[Decimal, typer.Option(parser=percent, metavar="PERCENT", help="Such as 4.9.")]
MonthsOption = Annotated[int, typer.Option(help="Number of monthly instalments, principal grace included.")]
MethodOption = Annotated[MethodName, typer.Option(help="How it is repaid.")]
FirstDueOption = Annotated[
    date | None, typer.Option(parser=day, metavar="DATE", help="Default: a month after the start.")
]
StartOption = Annotated[
    date | None,
    typer.Option(parser=day, metavar="DATE", help="Default: a month before the first due date, else today."),
]
DayCountOption = Annotated[DayCount, typer.Option(help="How days count.")]
PaymentOption = Annotated[
    int | None,
    typer.Option(parser=amount, metavar="YUAN", help="Annuity: pay this; the last row takes the rest."),
]
RateFromOption = Annotated[
    list[str] | None,
    typer.Option(parser=rate_change, metavar="K:PERCENT", help="Another rate from instalment K; repeatable."),
]
GraceOption = Annotated[int, typer.Option(help="First instalments that repay no principal.")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="JSON; amounts in yuan, annualised cost in percent.")
]


def register(app: typer.Typer) -> None:
    """Add `schedule` to the staff command."""
    app.command("schedule")(schedule)


def schedule(
    principal: PrincipalOption,
    annual_rate: RateOption,
    months: MonthsOption,
    method: MethodOption = MethodName["ANNUITY"],
    first_due: FirstDueOption = None,
    start: StartOption = None,
    day_count: DayCountOption = DayCount.THIRTY_360,
    payment: PaymentOption = None,
    rate_from: RateFromOption = None,
    principal_grace: GraceOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Print the repayment schedule of these terms."""
    period = Period.of(start, first_due)
    terms = Terms(
        principal=principal,
        annual_rate=annual_rate,
        count=months,
        method=Method[method.name],
        first_due=period.first_due,
        due_day=period.due_day,
        start=None if period.is_month and day_count is DayCount.THIRTY_360 else period.start,
        day_count=day_count,
        payment=payment,
        # Typer has parsed each already, whatever the annotation says.
        rates_from=tuple(rate_from or ()),  # type: ignore[arg-type]
        principal_grace=principal_grace,
    )
    _show(terms, period, as_json)


@dataclass(frozen=True)
class Period:
    """The first period: `is_month` when one end was derived from the other. `due_day` is 1-31."""

    start: date
    first_due: date
    due_day: int
    is_month: bool

    @classmethod
    def of(cls, start: date | None, first_due: date | None) -> Period:
        """The period with what is left open a month apart; with nothing given it starts today."""
        if first_due is None:
            begin = start or lender_today()
            return cls(begin, add_months(begin, 1), begin.day, True)
        begin = start or add_months(first_due, -1)
        return cls(begin, first_due, first_due.day, start is None)


def _show(terms: Terms, period: Period, as_json: bool) -> None:
    try:
        rows = build(terms)
    except ScheduleError as problem:
        refuse(f"{problem}.")
    cost = annualised_cost(
        terms.principal, period.start, [(row.due, row.payment) for row in rows], terms.annual_rate
    )
    if as_json:
        print_json(as_plain(rows, cost))
        return
    print_table(rows_table(rows))
    console.print(_summary(rows, cost), highlight=False)


def as_plain(rows: Sequence[Row], cost: Decimal) -> dict[str, Any]:
    """The schedule for JSON: amounts as decimal strings in yuan, `annualised_cost` in percent."""
    plain = {
        "rows": plain_rows(rows),
        "total_interest": yuan(sum(row.interest for row in rows)),
        "total_paid": yuan(sum(row.payment for row in rows)),
        "annualised_cost": percent_of(cost),
    }
    if other := sum(row.other for row in rows):
        plain["total_other"] = yuan(other)
    return plain


def plain_rows(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Each row for JSON; `other` (fees and deferred amounts) only in schedules that have any."""
    names = ("payment", "interest", "principal", *(["other"] if _has_other(rows) else []), "balance")
    return [
        {"n": row.number, "due": row.due.isoformat(), **{name: yuan(getattr(row, name)) for name in names}}
        for row in rows
    ]


def rows_table(rows: Sequence[Row], title: str | None = None) -> Table:
    """The rows as a table of amounts in yuan."""
    names = ["payment", "interest", "principal", *(["other"] if _has_other(rows) else []), "balance"]
    table = Table("No.", "Due", title=title)
    for name in names:
        table.add_column(name.capitalize(), justify="right")
    for row in rows:
        amounts = [grouped(getattr(row, name)) for name in names]
        table.add_row(str(row.number), row.due.isoformat(), *amounts)
    return table


def _has_other(rows: Sequence[Row]) -> bool:
    return any(row.other for row in rows)


def _summary(rows: Sequence[Row], cost: Decimal) -> str:
    interest, paid = sum(row.interest for row in rows), sum(row.payment for row in rows)
    other = sum(row.other for row in rows)
    fees = f", other {grouped(other)}" if other else ""
    return f"Interest {grouped(interest)}{fees}, paid in all {grouped(paid)}, {percent_of(cost)} % a year."
