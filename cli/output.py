"""What commands print: tables for people, JSON for programs, amounts in yuan with two decimals."""

from __future__ import annotations

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import typer
from rich.console import Console
from rich.table import Table

from hardship.money import to_major

console = Console()

# A pipe has no width of its own; references must never be cut off in one.
PIPE_WIDTH = 160


def print_table(table: Table) -> None:
    """Print the table as wide as the terminal, or wide enough when there is none."""
    (console if console.is_terminal else Console(width=PIPE_WIDTH)).print(table)


def print_json(value: Any) -> None:
    """Print the value as JSON and nothing else."""
    typer.echo(json.dumps(value, ensure_ascii=False, allow_nan=False, indent=2))


def yuan(minor: int) -> str:
    """Minor units as a decimal string in yuan: 105577 is "1055.77"."""
    return str(to_major(minor))


def grouped(minor: int) -> str:
    """Minor units for a table: 1,055.77."""
    return f"{to_major(minor):,}"


def percent_of(fraction: Decimal) -> str:
    """A fraction as percent with two decimals: 0.049 is "4.90"."""
    return str((fraction * 100).quantize(Decimal("0.01")))


def exact_percent(fraction: Decimal) -> str:
    """A rate as percent with all its digits: 0.094822 is "9.4822"."""
    return f"{(fraction * 100).normalize():f}"


def local(moment: datetime) -> str:
    """A moment in the time of the machine, which is the office's."""
    return moment.astimezone().strftime("%Y-%m-%d %H:%M")
