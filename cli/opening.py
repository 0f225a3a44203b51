"""Opening the case store for one command, with every problem told in one line that says what to do."""

from __future__ import annotations

import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer
from sqlalchemy.exc import SQLAlchemyError

from casestore import migrations
from casestore.errors import CaseStoreError, NotFound
from casestore.store import STAFF, CaseStore
from cli.usage import refuse

DemoOption = Annotated[
    bool,
    typer.Option(
        "--demo/--no-demo",
        envvar="RESPITE_DEMO",
        help="Use the publicly known demo keys. Never with real borrowers.",
    ),
]


StaffOption = Annotated[
    str,
    typer.Option(
        "--staff",
        envvar="RESPITE_STAFF",
        metavar="NAME",
        help="Who does it; the audit trail names them. Unless given, the account of this machine.",
    ),
]


@contextmanager
def opened(demo: bool, current: bool = True, staff: str = "") -> Iterator[CaseStore]:
    """The store that the environment names; `current` demands this program's schema version.

    What is done is noted under the name `staff`, or of the account that runs the command.
    """
    os.environ["RESPITE_DEMO"] = "1" if demo else "0"
    try:
        store = CaseStore.open().signed_by(staff.strip() or _account())
        if current:
            migrations.require_current(store)
        yield store
        store.close()
    except CaseStoreError as problem:
        fail(str(problem))
    except SQLAlchemyError as problem:
        # The database's own words may quote a row, so only their kind is shown.
        fail(f"the case store can't be used ({type(problem).__name__}); check RESPITE_DATABASE_URL.")


@contextmanager
def refusing_what_is_not_there() -> Iterator[None]:
    """Where a command names something that the store does not have, it is refused."""
    try:
        yield
    except NotFound as problem:
        refuse(str(problem))


def _account() -> str:
    """The account that runs the command; some containers have none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return STAFF


def fail(message: str) -> NoReturn:
    """End the command with one line on stderr and exit code 1."""
    typer.echo(f"respite: {message}", err=True)
    raise typer.Exit(1)
