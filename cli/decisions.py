"""`respite requests` and `respite decide`: what only a person may grant, and the person's answer."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from rich.table import Table

from casestore import decisions
from casestore.decisions import (
    AlreadyDecided,
    DecisionIncomplete,
    NotGrantable,
    PlanRequestView,
    UnknownRequest,
)
from casestore.errors import CaseClosed
from casestore.plan import CaseIncomplete
from cli.opening import DemoOption, opened
from cli.output import console, grouped, local, print_table
from cli.today import lender_today, policy_in_force
from cli.usage import amount, refuse


def register(app: typer.Typer) -> None:
    """Add the commands on requests to the staff command."""
    app.command("requests")(show_requests)
    app.command("decide")(decide)


def show_requests(demo: DemoOption = False) -> None:
    """List what borrowers asked for that only a person may grant, the first due first."""
    table = Table("Request", "Kind", "Case", "Asked", "Answer due")
    for name in ("To pay", "Instalments", "Let off"):
        table.add_column(name, justify="right")
    with opened(demo) as store:
        for request in decisions.open_requests(store):
            table.add_row(*_cells(request))
    print_table(table)


def decide(
    reference: Annotated[str, typer.Argument(help="As `respite requests` lists it, PR-…")],
    grant: Annotated[bool, typer.Option("--grant/--refuse", help="The decision.", show_default=False)],
    staff: Annotated[str, typer.Option(metavar="NAME", help="Who decides.")],
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Told to the borrower; a refusal needs one.")
    ] = None,
    sum_granted: Annotated[
        int | None,
        typer.Option(
            "--amount", parser=amount, metavar="YUAN", help="Grant this sum or waiver, not the one asked for."
        ),
    ] = None,
    demo: DemoOption = False,
) -> None:
    """Grant or refuse a request; the borrower hears it when they next talk."""
    policy = policy_in_force()
    today = lender_today(policy=policy)
    with opened(demo) as store:
        try:
            changed = _changed(decisions.find(store, reference), grant, sum_granted)
            done = decisions.decide(store, reference, grant, staff, reason, policy, today, changed)
        except (
            AlreadyDecided,
            CaseClosed,
            CaseIncomplete,
            DecisionIncomplete,
            NotGrantable,
            UnknownRequest,
        ) as problem:
            refuse(str(problem))
    option = f" as option {done.option_number}" if done.option_number else ""
    console.print(f"{done.reference} {done.state}{option}; the borrower is told.", highlight=False)


def _changed(request: PlanRequestView, grant: bool, sum_granted: int | None) -> dict[str, Any]:
    """The part of the ask that another amount changes: the sum to pay, or what is let off."""
    if sum_granted is None:
        return {}
    if not grant:
        refuse("an amount belongs to a grant.")
    if request.ask.waive or request.ask.waiver is not None:
        return {"waive": True, "waiver": sum_granted}
    if request.ask.lump_sum is not None:
        return {"lump_sum": sum_granted}
    refuse("this request is not about an amount.")


def _cells(request: PlanRequestView) -> tuple[str, ...]:
    offer = request.offer
    return (
        request.reference,
        request.kind,
        request.case_reference,
        local(request.asked_at),
        local(request.due_at),
        grouped(offer.total_to_pay),
        str(offer.count),
        grouped(offer.waived),
    )
