"""The commands that keep the store usable: keys changed, backups made and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from casestore import audit, backup, flow_record, migrations, rotation
from casestore.errors import StoreOutdated
from casestore.keys import Keys
from cli.opening import DemoOption, StaffOption, fail, opened
from cli.output import console

keys_app = typer.Typer(no_args_is_help=True, help="The keys of the encrypted columns.")


def register(app: typer.Typer) -> None:
    """Add the commands to the staff command."""
    app.add_typer(keys_app, name="keys")
    app.command("backup")(make_backup)
    app.command("restore")(restore_backup)


@keys_app.callback()
def _keys() -> None:
    """The keys of the encrypted columns."""


@keys_app.command("rotate")
def rotate(staff: StaffOption = "", demo: DemoOption = False) -> None:
    """Make everything anew with the first of RESPITE_KEYS and RESPITE_LOOKUP_KEYS; stopped, it goes on."""
    with opened(demo, staff=staff) as store:
        result = rotation.rotate(store, flow_record.open_flow())
        others = _more_than_one(store.keys)
    console.print(
        f"{result.renewed} values encrypted again, {result.newest} now lie under the first key.",
        highlight=False,
    )
    if result.rehashed:
        console.print(f"{result.rehashed} look-up hashes made again.", highlight=False)
    for place, count in result.unreadable.items():
        typer.echo(f"{place}: {count} values that none of the keys opens", err=True)
    if result.unreadable:
        fail(
            "add the key that these values were written with to RESPITE_KEYS, remove none, and run it again."
        )
    if result.older or result.older_hashes:
        fail(
            f"{result.older + result.older_hashes} values were written under an older key meanwhile: start "
            "every server with the new key first, then run it again. Remove no key yet."
        )
    if others:
        console.print(
            "Once every server runs with the new key first, the other keys may be removed from "
            f"{' and '.join(others)}. Keep them as long as you keep backups made before now."
        )


def _more_than_one(keys: Keys) -> list[str]:
    """The settings that name more than one key."""
    named = {"RESPITE_KEYS": keys.encryption, "RESPITE_LOOKUP_KEYS": keys.lookup}
    return [name for name, listed in named.items() if len(listed) > 1]


def make_backup(
    file: Annotated[Path, typer.Argument(help="A new file.")],
    demo: DemoOption = False,
) -> None:
    """Write the whole case store to FILE while the servers run. Personal data stays encrypted in it."""
    with opened(demo, current=False) as store:
        backup.backup(store, file)
        console.print(f"The case store, version {migrations.version_of(store)}, is in {file}.")


def restore_backup(
    file: Annotated[Path, typer.Argument(help="As `respite backup` wrote it.")],
    replace: Annotated[
        bool, typer.Option("--replace", help="Remove the rows that are in the store now.")
    ] = False,
    staff: StaffOption = "",
    demo: DemoOption = False,
) -> None:
    """Make the case store what it was when FILE was written. Stop the servers first."""
    with opened(demo, current=False, staff=staff) as store:
        problems = backup.restore(store, file, replace)
        for problem in problems:
            typer.echo(str(problem), err=True)
        if problems:
            fail("the store is restored, but the audit trail in the backup is not as it was written.")
        end = audit.last(store)
        console.print("The case store is restored; its audit trail is as it was written.")
        if end:
            typer.echo(f"Last audit entry: {end.seq}:{end.hash}")
        try:
            migrations.require_current(store)
        except StoreOutdated as older:
            console.print(str(older))
