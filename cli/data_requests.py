"""`respite data` and `respite holds`: what borrowers ask about their data, and orders to keep it."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from casestore import data_requests, erasure, flow_record, legal_holds
from casestore.types import give_keys
from cli.opening import DemoOption, opened, refusing_what_is_not_there
from cli.output import console, local, print_table
from cli.today import lender_today, policy_in_force
from cli.usage import refuse

data_app = typer.Typer(no_args_is_help=True, help="What borrowers ask about the data held on them.")
holds_app = typer.Typer(no_args_is_help=True, help="Orders to keep everything on a borrower.")

Reference = Annotated[str, typer.Argument(help="As `respite data list` shows it, DR-…")]
Staff = Annotated[str, typer.Option(metavar="NAME", help="Who does it; the audit trail names them.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the staff command."""
    app.add_typer(data_app, name="data")
    app.add_typer(holds_app, name="holds")


@data_app.command("list")
def show_requests(demo: DemoOption = False) -> None:
    """List the wishes to correct or delete data that wait for an answer, the first due first."""
    table = Table("Request", "Wish", "Asked", "Answer due")
    with opened(demo) as store:
        for each in data_requests.open_requests(store):
            asked = each.request
            table.add_row(asked.reference, asked.kind, local(asked.asked_at), local(asked.due_at))
    print_table(table)


@data_app.command("show")
def show(reference: Reference, demo: DemoOption = False) -> None:
    """Show what the borrower said is wrong."""
    with opened(demo) as store:
        found = [each for each in data_requests.open_requests(store) if each.request.reference == reference]
    if not found:
        refuse(f"{reference} is not open.")
    console.print(found[0].words or "No words were added.", highlight=False, markup=False)


@data_app.command("corrected")
def corrected(reference: Reference, staff: Staff, demo: DemoOption = False) -> None:
    """Note that data was corrected in the lender's own system and the borrower has the answer."""
    _require_name(staff)
    with opened(demo) as store, refusing_what_is_not_there():
        data_requests.corrected(store, reference, staff)
    console.print(f"{reference} answered.", highlight=False)


@data_app.command("erase")
def erase(
    reference: Reference,
    staff: Staff,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Tell only what would be decided.")] = False,
    demo: DemoOption = False,
) -> None:
    """Answer a wish to delete: erase what may go; the borrower hears the reasons for the rest."""
    _require_name(staff)
    with opened(demo) as store:
        flow = flow_record.open_flow()
        if flow is not None:
            give_keys(flow.dialect, store.keys)
        with refusing_what_is_not_there():
            done = erasure.decide(store, flow, reference, staff, policy_in_force(), dry_run)
    if dry_run:
        console.print("This is what would be decided; nothing was changed.")
    console.print(f"{reference} {done.outcome}.", highlight=False)
    for ground in done.grounds:
        until = f" until {ground.until}" if ground.until else ""
        matters = f": {', '.join(ground.matters)}" if ground.matters else ""
        console.print(f"  {ground.code} ({ground.rule}){until}{matters}", highlight=False)


@holds_app.command("list")
def show_holds(demo: DemoOption = False) -> None:
    """List the holds in force."""
    table = Table("Hold", "Since", "Placed by", "Reason")
    with opened(demo) as store:
        for hold in legal_holds.in_force(store):
            table.add_row(hold.reference, local(hold.placed_at), hold.placed_by, hold.reason)
    print_table(table)


@holds_app.command("place")
def place(
    loan: Annotated[str, typer.Option(metavar="NUMBER", help="A loan of the borrower's.")],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="For the lender's people only.")],
    staff: Staff,
    demo: DemoOption = False,
) -> None:
    """Keep everything on the borrower of a loan, whatever is due or asked, until the hold is lifted."""
    _require_name(staff)
    with opened(demo) as store, refusing_what_is_not_there():
        hold = legal_holds.place(store, loan, reason, staff, lender_today())
    console.print(f"{hold.reference} is in force.", highlight=False)


@holds_app.command("lift")
def lift(
    reference: Annotated[str, typer.Argument(help="As `respite holds list` shows it, LH-…")],
    staff: Staff,
    demo: DemoOption = False,
) -> None:
    """End a hold; what is due by the policy goes with the next retention run."""
    _require_name(staff)
    with opened(demo) as store, refusing_what_is_not_there():
        legal_holds.lift(store, reference, staff)
    console.print(f"{reference} is lifted.", highlight=False)


def _require_name(staff: str) -> None:
    if not staff.strip():
        refuse("Say who does it: --staff NAME.")
