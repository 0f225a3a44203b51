"""`respite run` and `respite shell`: start the action server and the bot on loopback, stop both together."""

from __future__ import annotations

import csv
import os
import signal
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import FrameType
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from casestore import accounts, migrations
from casestore.errors import CaseStoreError
from casestore.store import CaseStore
from cli.chat import ChatEnded
from cli.codes import CodeWatch
from cli.environment import ROOT, action_port, bot_port, serving_environment
from cli.opening import fail
from cli.processes import ServerFailed, free_port, port_is_free, watch
from cli.servers import LOGS, MODEL, action_server, bot_server, serving
from cli.terminal import talk
from cli.today import lender_today, policy_in_force

DEMO_ACCOUNTS = ROOT / "demo" / "accounts.csv"

DemoOption = Annotated[
    bool,
    typer.Option(
        "--demo/--no-demo",
        envvar="RESPITE_DEMO",
        help="Demo keys and accounts, and codes shown on the page. Never with real borrowers.",
    ),
]

LanguageOption = Annotated[
    str, typer.Option(envvar="LANG", help="Language of the bot's first words, zh or en.", show_envvar=True)
]

console = Console()


class NotReady(Exception):
    """Something that must be there before starting is not. The message says what to do."""


class Stopped(BaseException):
    """SIGTERM or SIGINT asked for an orderly end."""


def register(app: typer.Typer) -> None:
    """Adds `run` and `shell` to the staff command."""
    app.command()(run)
    app.command()(shell)


def run(demo: DemoOption = False) -> None:
    """Start the bot and its action server, and print the address of the chat page."""
    with _ended_in_one_line():
        env = serving_environment(demo)
        _require_free_ports(env)
        store = prepare(env, demo)
        console.print("Starting the bot and its action server")
        with serving(action_server(env), bot_server(env)) as servers:
            _announce(env, demo)
            watch(servers, CodeWatch(store, console.print).poll if demo else None)


def shell(demo: DemoOption = False, language: LanguageOption = "") -> None:
    """Talk to the bot in this terminal; /stop ends the talk."""
    with _ended_in_one_line():
        env = serving_environment(demo, {**_free_ports(), **os.environ})
        store = prepare(env, demo)
        logs = LOGS / "shell"
        with serving(action_server(env, logs), bot_server(env, logs)):
            if demo:
                _print_identities()
            show_codes = CodeWatch(store, console.print).poll if demo else _nothing
            talk(f"http://127.0.0.1:{bot_port(env)}", language, console, show_codes)


def prepare(env: Mapping[str, str], demo: bool) -> CaseStore:
    """Brings the case store to its newest schema, loads the demo accounts as of today, and returns the store.

    Raises NotReady without a trained model, KeysMissing without keys; a bad policy pack ends the command.
    """
    if not MODEL.exists():
        raise NotReady("there is no trained model; run 'make train' first.")
    policy = policy_in_force(environment=env)
    os.chdir(ROOT)
    os.environ.update(env)
    LOGS.mkdir(parents=True, exist_ok=True)
    store = CaseStore.open()
    migrations.migrate(store)
    if demo:
        accounts.import_csv(store, DEMO_ACCOUNTS, shift_to=lender_today(env, policy))
    return store


def demo_identities() -> list[tuple[str, str, str, str]]:
    """Name, phone, last four of the ID and loan number of each demo account."""
    with DEMO_ACCOUNTS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return [(row["name"], row["phone"], row["id_number"][-4:], row["loan_number"]) for row in rows]


def _nothing() -> None:
    """Codes go to real phones."""


def _announce(env: Mapping[str, str], demo: bool) -> None:
    if demo:
        _print_identities()
    address = f"http://127.0.0.1:{bot_port(env)}/chat/"
    console.print(f"Respite answers at [bold]{address}[/bold]   (Ctrl-C stops it)")


def _print_identities() -> None:
    table = Table("Name", "Phone", "ID, last four", "Loan", title="Invented borrowers to try")
    for identity in demo_identities():
        table.add_row(*identity)
    console.print(table)


def _require_free_ports(env: Mapping[str, str]) -> None:
    for variable, port in (("RESPITE_BOT_PORT", bot_port(env)), ("RESPITE_ACTION_PORT", action_port(env))):
        if not port_is_free(port):
            raise NotReady(f"port {port} is in use; stop what uses it, or set {variable} to another port.")


def _free_ports() -> dict[str, str]:
    return {"RESPITE_BOT_PORT": str(free_port()), "RESPITE_ACTION_PORT": str(free_port())}


@contextmanager
def _ended_in_one_line() -> Iterator[None]:
    """Turns what can go wrong into one line on stderr, and Ctrl-C or SIGTERM into an orderly end."""
    signal.signal(signal.SIGTERM, _raise_stopped)
    try:
        yield
    except (KeyboardInterrupt, Stopped):
        console.print("Stopped.")
    except (NotReady, CaseStoreError, ServerFailed, ChatEnded) as error:
        fail(str(error))
    except SQLAlchemyError as error:
        fail(f"the case store can't be used ({type(error).__name__}); check RESPITE_DATABASE_URL.")


def _raise_stopped(number: int, frame: FrameType | None) -> None:
    raise Stopped
