"""Skill rights: the copy of a borrower's data as a page of text, worded from phrases in their language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from actions.lender import lender_name
from actions.turn import Turn
from actions.wording import exists
from casestore.held_data import Amount, Section


def render(turn: Turn, sections: tuple[Section, ...]) -> str:
    """Everything held, kind by kind, one figure a line."""
    head = turn.phrase("utter_data_title", lender=lender_name(turn), day=turn.day(turn.services.today()))
    return "\n\n".join([head, *(_section(turn, section) for section in sections)]) + "\n"


def _section(turn: Turn, section: Section) -> str:
    rows = ["\n".join(_lines(turn, row)) for row in section.rows]
    return "\n\n".join([f"# {turn.phrase(f'utter_data_section_{section.code}')}", *rows])


def _lines(turn: Turn, row: Mapping[str, Any]) -> list[str]:
    colon = turn.phrase("utter_colon")
    told = {name: value for name, value in row.items() if value not in (None, "")}
    return [f"{_label(turn, name)}{colon}{_worded(turn, value)}" for name, value in told.items()]


def _label(turn: Turn, name: str) -> str:
    """What a figure is called; the balance and the statement have their words already."""
    own = f"utter_data_label_{name}"
    return turn.phrase(own if exists(own) else f"utter_label_{name}")


def _worded(turn: Turn, value: Any) -> str:
    if isinstance(value, Amount):
        return turn.money(value.minor)
    if isinstance(value, bool):
        return turn.phrase("utter_data_yes" if value else "utter_data_no")
    if isinstance(value, datetime):
        there = value.astimezone(ZoneInfo(turn.services.policy.lender.timezone.value))
        return f"{turn.day(there.date())} {there:%H:%M}"
    if isinstance(value, date):
        return turn.day(value)
    return _code(turn, str(value))


def _code(turn: Turn, value: str) -> str:
    """A code in words where there are some; what the borrower said stays as it is."""
    response = f"utter_data_value_{value}"
    return turn.phrase(response) if value.isidentifier() and exists(response) else value
