"""docs/data-map.md names every column, and says truly how it lies and how long it is kept."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table

from casestore import retention
from casestore.flow_record import FlowBase
from casestore.models import BorrowerRow, SessionRow, metadata
from casestore.types import Encrypted
from hardship.policy import Policy

MAP = Path(__file__).resolve().parents[2] / "docs" / "data-map.md"
TABLES = {table.name: table for each in (metadata, FlowBase.metadata) for table in each.sorted_tables}
LINE = re.compile(r"^\| (\w+) \| (encrypted|keyed hash|hash|plain) \| (\S.*) \|$", re.MULTILINE)
# A column whose values are hashes says so in its name, or is one of these.
HASHES = re.compile(r"_hash$|_sha256$|^hash$|^previous$|^fingerprint$")


def sections() -> dict[str, str]:
    """The map's text by table."""
    parts = re.split(r"^## (\w+)$", MAP.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return dict(zip(parts[::2], parts[1::2], strict=True))


def test_every_table_is_on_the_map_once_and_no_other() -> None:
    assert sorted(sections()) == sorted(TABLES)


@pytest.mark.parametrize("name", TABLES)
def test_every_column_has_a_line_that_says_how_it_lies(name: str) -> None:
    lines = LINE.findall(sections()[name])
    assert [column for column, _, _ in lines] == [column.name for column in TABLES[name].columns]
    for (column, how, _), found in zip(lines, TABLES[name].columns, strict=True):
        assert (how == "encrypted") == isinstance(found.type, Encrypted), column
        assert (how in ("hash", "keyed hash")) == bool(HASHES.search(column)), column


@pytest.mark.parametrize("name", TABLES)
def test_every_table_names_the_rule_by_which_it_is_kept(name: str, policy: Policy) -> None:
    (kept,) = re.findall(r"^Kept: (.+)$", sections()[name], re.MULTILINE)
    rules = re.findall(r"`(\w+)`", kept)
    assert all(hasattr(policy.privacy, rule) for rule in rules)
    assert set(rules) >= set(general_rules(TABLES[name])) and (rules or kept == "for good")


def general_rules(table: Table) -> list[str]:
    """What erases rows of this table besides a period of its own."""
    if table.name in retention.NOT_PERSONAL or table.name == "events" or table.name == "identity_challenges":
        return []
    roots: list[tuple[str, Any, Any]] = [
        ("retention_years", BorrowerRow, BorrowerRow.borrower_id),
        ("unidentified_days", SessionRow, SessionRow.session_id),
    ]
    return [rule for rule, row, key in roots if table in retention.dependents(row.__table__, key == "x")]
