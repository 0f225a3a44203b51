"""Wrong usage of a command told in one line, and the option types that the commands share."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import Any, NoReturn

import typer
from typer.core import TyperGroup

from hardship.money import AmountError, parse_amount

# Typer exports the special error only, not its base that also covers options missing or unknown.
UsageError: Any = typer.BadParameter.__mro__[1]

EARLIEST, LATEST = date(1970, 1, 1), date(2199, 12, 31)
_PERCENT = re.compile(r"[0-9]{1,3}(\.[0-9]{1,8})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_HUNDRED = Decimal(100)


class OneLineErrors(TyperGroup):
    """A group of commands that tells wrong usage in one line on stderr and ends with exit code 2."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command that was named."""
        try:
            return super().invoke(ctx)
        except UsageError as problem:
            if type(problem).__name__ == "NoArgsIsHelpError":
                raise
            refuse(" ".join(problem.format_message().split()))


def refuse(message: str) -> NoReturn:
    """End the command for bad input: one line on stderr, exit code 2, nothing on stdout."""
    typer.echo(f"respite: {message}", err=True)
    raise typer.Exit(2)


def amount(text: str) -> int:
    """Yuan as typed, e.g. 6500 or 6500.00, in minor units."""
    try:
        return parse_amount(text)
    except AmountError as problem:
        raise typer.BadParameter(f"{problem}.") from None


def percent(text: str) -> Decimal:
    """A yearly rate typed in percent, e.g. 4.9, as a fraction."""
    if not text.isascii() or not _PERCENT.fullmatch(text) or Decimal(text) > _HUNDRED:
        raise typer.BadParameter("not a rate in percent: expected a number from 0 to 100, such as 4.9.")
    return Decimal(text) / _HUNDRED


def day(text: str) -> date:
    """An ISO date between the years 1970 and 2199."""
    try:
        parsed = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        parsed = None
    if parsed is None or not EARLIEST <= parsed <= LATEST:
        raise typer.BadParameter(f"not a date between {EARLIEST} and {LATEST}, written like 2026-11-24.")
    return parsed


def rate_change(text: str) -> tuple[int, Decimal]:
    """K:RATE, the number of the first instalment at a new rate, and that rate in percent."""
    number, _, rate = text.partition(":")
    if not re.fullmatch(r"[0-9]{1,4}", number) or not number.isascii():
        raise typer.BadParameter("expected K:RATE, such as 13:3.85 for 3.85 % from instalment 13 on.")
    return int(number), percent(rate)
