"""`respite complaints`, `disputes` and `answered`: what borrowers raised, until it is answered."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

import typer
from rich.table import Table

from casestore import complaints, disputes
from casestore.store import CaseStore
from cli.opening import DemoOption, StaffOption, opened, refusing_what_is_not_there
from cli.output import console, local, print_table
from cli.usage import refuse

Reference = Annotated[
    str | None, typer.Argument(metavar="[REFERENCE]", help="Show what was said in this one.")
]


def register(app: typer.Typer) -> None:
    """Add the commands on complaints and disputes to the staff command."""
    app.command("complaints")(show_complaints)
    app.command("disputes")(show_disputes)
    app.command("answered")(answered)


def show_complaints(reference: Reference = None, demo: DemoOption = False) -> None:
    """List the complaints that wait for an answer, the first due first."""
    with opened(demo) as store:
        waiting = complaints.open_complaints(store)
    if reference is None:
        _print([(each.reference, each.kind, each.received_at, each.due_on, "") for each in waiting])
        return
    told = next((each.details for each in waiting if each.reference == reference), None)
    _print_told(told, reference)


def show_disputes(reference: Reference = None, demo: DemoOption = False) -> None:
    """List the disputes that wait for a written answer, the first due first."""
    with opened(demo) as store:
        waiting = disputes.open_disputes(store)
    if reference is None:
        _print(
            [
                (
                    each.reference,
                    each.ground or "",
                    each.raised_at,
                    each.due_on,
                    "on hold" if each.on_hold else "",
                )
                for each in waiting
            ]
        )
        return
    told = next(({"words": each.words or ""} for each in waiting if each.reference == reference), None)
    _print_told(told, reference)


def answered(
    reference: Annotated[str, typer.Argument(help="As the lists show it, CP-… or DP-…")],
    staff: StaffOption = "",
    demo: DemoOption = False,
) -> None:
    """Note that the borrower has the answer in writing; the hold of a dispute ends with it."""
    with opened(demo, staff=staff) as store, refusing_what_is_not_there():
        state = _close(store, reference)
    console.print(f"{reference} {state}.", highlight=False)


def _close(store: CaseStore, reference: str) -> str:
    if reference.startswith("DP-"):
        return disputes.close(store, reference).state
    return complaints.answered(store, reference).state


def _print(rows: list[tuple[str, str, datetime, date, str]]) -> None:
    table = Table("Reference", "About", "Received", "Answer due", "Hold")
    for reference, about, received, due, hold in rows:
        table.add_row(reference, about, local(received), due.isoformat(), hold)
    print_table(table)


def _print_told(told: dict[str, str] | None, reference: str) -> None:
    if told is None:
        refuse(f"{reference} is not open.")
    for detail, text in told.items():
        if text:
            console.print(f"{detail}: {text}", highlight=False, markup=False)
