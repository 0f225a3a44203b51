"""Writing agreements as a spreadsheet file that no program mistakes for formulas."""

from __future__ import annotations

import csv
import os
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Any, TextIO

from casestore.text_files import is_formula
from hardship.money import to_major

AGREEMENT_COLUMNS = (
    "reference",
    "case",
    "loan_number",
    "kind",
    "state",
    "accepted_at",
    "policy_version",
    "total_to_pay",
    "offer_sha256",
    "document_sha256",
    "version",
    "replaces",
)
ROW_COLUMNS = ("number", "due", "payment", "interest", "principal", "other", "balance")
AMOUNTS = frozenset({"total_to_pay", "payment", "interest", "principal", "other", "balance"})


def private_file(file: Path, encoding: str) -> TextIO:
    """The file opened for writing, empty, for nobody but its owner to read. Raises `OSError`."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    return os.fdopen(descriptor, "w", encoding=encoding, newline="")


def write_agreements(agreements: Iterable[Mapping[str, Any]], file: TextIO) -> int:
    """Write one line per payment of each agreement, amounts in yuan; returns how many agreements."""
    # These line ends (RFC 4180) also make the writer quote a text with a carriage return in it.
    writer = csv.writer(file, lineterminator="\r\n")
    writer.writerow((*AGREEMENT_COLUMNS, *ROW_COLUMNS))
    count = 0
    for agreement in agreements:
        count += 1
        head = [_cell(name, agreement[name]) for name in AGREEMENT_COLUMNS]
        for row in agreement["schedule"]:
            writer.writerow([*head, *(_cell(name, row[name]) for name in ROW_COLUMNS)])
    return count


def guarded(text: str) -> str:
    """The text as a cell that stays text: a formula sign at its start gets an apostrophe before it."""
    return f"'{text}" if is_formula(text) else text


def _cell(name: str, value: object) -> str:
    if isinstance(value, int):
        return str(to_major(value) if name in AMOUNTS else value)
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    return guarded(str(value))
