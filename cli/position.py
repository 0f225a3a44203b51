"""`respite position`: what is owed on a loan on a day, line by line."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import typer
from rich.table import Table

from cli.loans import AccountOption, loan_named
from cli.opening import DemoOption, opened
from cli.output import console, exact_percent, grouped, print_json, print_table, yuan
from cli.today import lender_today, policy_in_force
from cli.usage import day, refuse
from hardship.explanation import Line, explain
from hardship.loans import LoanError

OnOption = Annotated[date | None, typer.Option("--on", parser=day, metavar="DATE", help="Default: today.")]
JsonOption = Annotated[bool, typer.Option("--json", help="JSON; amounts in yuan, rates in percent.")]


def register(app: typer.Typer) -> None:
    """Add `position` to the staff command."""
    app.command("position")(position)


def position(
    account_number: AccountOption,
    on: OnOption = None,
    as_json: JsonOption = False,
    demo: DemoOption = False,
) -> None:
    """Show how what is owed comes about: from the last snapshot over interest and payments to that day."""
    policy = policy_in_force()
    wanted = on or lender_today(policy=policy)
    with opened(demo) as store:
        loan, received = loan_named(store, account_number)
    try:
        lines = explain(loan, wanted, received, policy.legal.allocation_order.value)
    except LoanError as problem:
        refuse(f"{problem}.")
    counted = max(wanted, loan.as_of)
    total = lines[-1].total if lines else 0
    if as_json:
        print_json(
            {"on": counted.isoformat(), "lines": [_plain(line) for line in lines], "total": yuan(total)}
        )
        return
    print_table(_table(lines))
    console.print(f"Owed on {counted}: {grouped(total)}", highlight=False)


def _plain(line: Line) -> dict[str, Any]:
    return {
        "code": line.code,
        "day": line.day.isoformat(),
        "until": line.until.isoformat() if line.until else None,
        "base": yuan(line.base),
        "rate": exact_percent(line.rate) if line.rate is not None else None,
        "days": line.days,
        "amount": yuan(line.amount),
        "total": yuan(line.total),
    }


def _table(lines: tuple[Line, ...]) -> Table:
    table = Table("What", "From", "Until")
    for name in ("Days", "On", "% a year", "Amount", "Owed"):
        table.add_column(name, justify="right")
    for line in lines:
        table.add_row(
            line.code.replace("_", " "),
            line.day.isoformat(),
            line.until.isoformat() if line.until else "",
            str(line.days) if line.days else "",
            grouped(line.base) if line.base else "",
            exact_percent(line.rate) if line.rate is not None else "",
            grouped(line.amount),
            grouped(line.total),
        )
    return table
