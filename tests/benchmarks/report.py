"""The figures of a benchmark run and their table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One measured value in `unit`, with the most it may be, if there is a limit."""

    name: str
    value: float
    unit: str
    limit: float | None = None

    @property
    def is_within(self) -> bool:
        return self.limit is None or self.value <= self.limit


def print_table(figures: Sequence[Figure]) -> None:
    """Prints one line per figure; what exceeds its limit says so."""
    table = Table("measured", "value", "limit", "")
    for figure in figures:
        table.add_row(figure.name, _amount(figure.value, figure.unit), _limit(figure), _verdict(figure))
    Console().print(table)


def _amount(value: float, unit: str) -> str:
    digits = {"x": 2, "ms": 1}.get(unit, 0)
    return f"{value:.{digits}f} {unit}"


def _limit(figure: Figure) -> str:
    return "" if figure.limit is None else _amount(figure.limit, figure.unit)


def _verdict(figure: Figure) -> str:
    if figure.limit is None:
        return ""
    return "ok" if figure.is_within else "EXCEEDED"
