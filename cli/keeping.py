"""The commands that keep the store usable: keys changed, backups made and brought back."""

from __future__ import annotations

import typer

from casestore import rotation
from cli.opening import DemoOption, fail, opened
from cli.output import console

keys_app = typer.Typer(no_args_is_help=True, help="The keys of the encrypted columns.")


def register(app: typer.Typer) -> None:
    """Add the commands to the staff command."""
    app.add_typer(keys_app, name="keys")


@keys_app.callback()
def _keys() -> None:
    """The keys of the encrypted columns."""


@keys_app.command("rotate")
def rotate(demo: DemoOption = False) -> None:
    """Encrypt everything again with the first key of RESPITE_KEYS; stopped, it goes on where it was."""
    with opened(demo) as store:
        result = rotation.rotate(store)
        others = len(store.keys.encryption) - 1
    console.print(
        f"{result.renewed} values encrypted again, {result.newest} now lie under the first key.",
        highlight=False,
    )
    for place, count in result.unreadable.items():
        typer.echo(f"{place}: {count} values that none of the keys opens", err=True)
    if result.unreadable:
        fail(
            "add the key that these values were written with to RESPITE_KEYS, remove none, and run it again."
        )
    if result.older:
        fail(
            f"{result.older} values were written under an older key meanwhile: start every server with the "
            "new key first in RESPITE_KEYS, then run it again. Remove no key yet."
        )
    if others:
        console.print(
            "Once every server runs with the new key first, the other keys may be removed from RESPITE_KEYS. "
            "Keep them as long as you keep backups made before now."
        )
