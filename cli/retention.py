"""`respite retention`: erases what is no longer needed by the policy, and tells what it erased."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table

from casestore import flow_record, retention
from casestore.retention import Erasure
from casestore.types import give_keys
from cli.opening import DemoOption, opened
from cli.output import console, local, print_json, print_table
from cli.today import policy_in_force
from cli.usage import refuse

group = typer.Typer(help="Erase what is no longer needed.", no_args_is_help=True)


def register(app: typer.Typer) -> None:
    """Add the commands to the staff command."""
    app.add_typer(group, name="retention")


@group.callback()
def _retention() -> None:
    """Erase what is no longer needed."""


@group.command("run")
def run(
    staff: Annotated[str, typer.Option(metavar="NAME", help="Who runs it; the audit trail names them.")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count only, erase nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="JSON.")] = False,
    demo: DemoOption = False,
) -> None:
    """Erase by the policy's periods. What an open matter still needs is held, and the matters are named."""
    if not staff.strip():
        refuse("Say who erases: --staff NAME.")
    with opened(demo) as store:
        flow = flow_record.open_flow()
        if flow is not None:
            give_keys(flow.dialect, store.keys)
        done = retention.run(store, flow, policy_in_force(), staff, dry_run)
    if as_json:
        print_json([{**asdict(each), "since": each.since.isoformat()} for each in done])
        return
    print_table(_table(done, "due" if dry_run else "erased"))
    for each in done:
        if each.matters:
            console.print(f"{each.kind} held by: {', '.join(each.matters)}", highlight=False)


def _table(done: tuple[Erasure, ...], counted: str) -> Table:
    table = Table("data", "rule", "quiet since", counted, "held")
    for each in done:
        table.add_row(each.kind, each.rule, local(each.since), str(each.erased), str(each.held))
    return table
