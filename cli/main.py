"""The staff command `respite`: puts the groups of commands together."""

from __future__ import annotations

import sys

import structlog
import typer

from cli import (
    complaints,
    data_requests,
    decisions,
    keeping,
    learn,
    offers,
    position,
    queue,
    retention,
    schedule,
    serve,
    staff,
)
from cli.usage import OneLineErrors

app = typer.Typer(
    cls=OneLineErrors, no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False
)
GROUPS = (
    serve,
    staff,
    queue,
    schedule,
    offers,
    position,
    decisions,
    complaints,
    data_requests,
    learn,
    retention,
    keeping,
)
for group in GROUPS:
    group.register(app)


@app.callback()
def _respite() -> None:
    """Respite: from arrears to a recorded agreement."""
    # Standard output belongs to the command's result.
    structlog.configure(logger_factory=_to_standard_error)


def _to_standard_error(*_names: object) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
