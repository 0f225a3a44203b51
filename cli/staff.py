"""The commands on records: accounts in, agreements out, cases shown, the store checked."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from casestore import (
    accounts,
    agreement,
    agreement_review,
    audit,
    bot_user,
    cases,
    migrations,
    payments,
    verification,
)
from casestore.accounts import ImportReport
from cli.exports import private_file, write_agreements
from cli.opening import DemoOption, StaffOption, fail, opened
from cli.output import console, local, print_table
from cli.today import lender_today, policy_in_force

accounts_app = typer.Typer(no_args_is_help=True, help="The lender's accounts.")
agreements_app = typer.Typer(no_args_is_help=True, help="The agreements made.")
payments_app = typer.Typer(no_args_is_help=True, help="What borrowers paid.")
store_app = typer.Typer(no_args_is_help=True, help="The case store itself.")


def _anchor(text: str) -> audit.Anchor:
    found = re.fullmatch(r"([1-9][0-9]{0,17}):([0-9a-f]{64})", text)
    if not found:
        raise typer.BadParameter("not an audit entry as `respite verify` names the last one.")
    return audit.Anchor(int(found[1]), found[2])


def register(app: typer.Typer) -> None:
    """Add the commands on records to the staff command."""
    app.add_typer(accounts_app, name="accounts")
    app.add_typer(agreements_app, name="agreements")
    app.add_typer(payments_app, name="payments")
    app.add_typer(store_app, name="store")
    app.command("cases")(show_cases)
    app.command("verify")(verify)


@accounts_app.command("import")
def import_accounts(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8, UTF-16 or GBK.")],
    staff: StaffOption = "",
    demo: DemoOption = False,
) -> None:
    """Load accounts from FILE: bad rows are listed, good rows load, running it again changes nothing."""
    with opened(demo, staff=staff) as store:
        report = accounts.import_csv(store, file, shift_to=lender_today() if demo else None)
    _print_report(report)
    if report.rejected:
        raise typer.Exit(2)


@payments_app.command("import")
def import_payments(
    file: Annotated[Path, typer.Argument(help="CSV in UTF-8, UTF-16 or GBK.")],
    staff: StaffOption = "",
    demo: DemoOption = False,
) -> None:
    """Load payments from FILE and bring their agreements up to date; running it again changes nothing."""
    policy = policy_in_force()
    with opened(demo, staff=staff) as store:
        report = payments.import_csv(store, file, policy, lender_today(policy=policy))
    _print_rejected(report.rejected)
    console.print(
        f"{report.loaded} loaded, {report.unchanged} unchanged, {len(report.rejected)} rejected",
        highlight=False,
    )
    if report.rejected:
        raise typer.Exit(2)


@agreements_app.command("review")
def review_agreements(staff: StaffOption = "", demo: DemoOption = False) -> None:
    """Move on what only time moves: run it daily. Again on the same day changes nothing."""
    policy = policy_in_force()
    with opened(demo, staff=staff) as store:
        done = agreement_review.review(store, policy, lender_today(policy=policy))
    console.print(", ".join(f"{count} {name}" for name, count in vars(done).items()), highlight=False)


@agreements_app.command("export")
def export_agreements(
    file: Annotated[Path | None, typer.Argument(help="CSV to write; standard output without it.")] = None,
    demo: DemoOption = False,
) -> None:
    """Write every agreement with its schedule as CSV, for booking in the servicing system."""
    with opened(demo) as store:
        if file is None:
            write_agreements(agreement.export(store), sys.stdout)
            return
        try:
            # With the mark that lets spreadsheet programs read Chinese; only the owner may read loan numbers.
            with private_file(file, "utf-8-sig") as target:
                count = write_agreements(agreement.export(store), target)
        except OSError as problem:
            fail(f"{file} can't be written: {problem.strerror}.")
        console.print(f"{count} agreements written to {file}")


@store_app.command("migrate")
def migrate(staff: StaffOption = "", demo: DemoOption = False) -> None:
    """Bring the case store to this program's version."""
    with opened(demo, current=False, staff=staff) as store:
        before = migrations.version_of(store)
        migrations.migrate(store)
        if migrations.version_of(store) != before:
            with store.unit() as unit:
                unit.audit("store_migrated", "store", "staff", version=migrations.version_of(store))
        console.print(f"The case store has version {migrations.version_of(store)}.")


@store_app.command("grant")
def grant(
    user: Annotated[str, typer.Argument(metavar="USER", help="The PostgreSQL user of the servers.")],
    staff: StaffOption = "",
    demo: DemoOption = False,
) -> None:
    """Give USER what the servers need on the store, and no more: run it as the owner of the tables."""
    with opened(demo, staff=staff) as store:
        bot_user.give_rights(store, user)
    console.print("The user can write cases, add to the audit trail, and change no table.")


def show_cases(demo: DemoOption = False) -> None:
    """List all cases, the latest first."""
    table = Table("Case", "State", "Opened", "Last change", "Rounds", "Loan", "Agreement", "Hold")
    with opened(demo) as store:
        for case in cases.list_cases(store):
            table.add_row(
                case.reference,
                case.state,
                local(case.opened_at),
                local(case.updated_at),
                str(case.rounds),
                f"…{case.loan_tail}" if case.loan_tail else "",
                case.agreement or "",
                "on hold" if case.on_hold else "",
            )
    print_table(table)


def verify(
    since: Annotated[
        audit.Anchor | None,
        typer.Option(
            parser=_anchor,
            metavar="NUMBER:HASH",
            help="What an earlier run named as the last audit entry: it must still be there.",
        ),
    ] = None,
    demo: DemoOption = False,
) -> None:
    """Re-compute the audit trail and check agreements, requests, consents and encrypted values."""
    with opened(demo) as store:
        found = list(verification.problems(store, since))
        end = audit.last(store)
    for line in found:
        typer.echo(line, err=True)
    if found:
        raise typer.Exit(1)
    console.print("The audit trail, all agreements, requests and consents are as they were written.")
    if end:
        typer.echo(f"Last audit entry: {end.seq}:{end.hash}")


def _print_rejected(rejected: tuple[tuple[int, str], ...]) -> None:
    for line, reason in rejected:
        typer.echo(f"line {line}: {reason}", err=True)
    if rejected:
        typer.echo("Mend these lines and import the file again: what was loaded stays as it is.", err=True)


def _print_report(report: ImportReport) -> None:
    _print_rejected(report.rejected)
    console.print(
        f"{report.loaded} loaded, {report.updated} updated, {report.unchanged} unchanged, "
        f"{len(report.rejected)} rejected"
    )
