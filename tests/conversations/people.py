"""Invented borrowers for conversations; every test gets its own, so that none depends on another."""

from __future__ import annotations

import csv
import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from stdnum.cn import ric

from casestore import accounts
from casestore.store import CaseStore

_numbers = itertools.count(1)


@dataclass(frozen=True)
class Person:
    """What an invented borrower knows of themself."""

    phone: str
    last_four: str
    loan_numbers: tuple[str, ...]


def invent(store: CaseStore, folder: Path, today: date, loans: int = 1, **figures: str) -> Person:
    """Load a borrower with `loans` loans into the store; `figures` replaces columns of the accounts file."""
    number = next(_numbers)
    identity = _identity_number(number)
    phone = f"1390000{number:04d}"
    rows = [_row(number, index, identity, phone, today) | figures for index in range(loans)]
    path = folder / f"accounts-{number}.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    report = accounts.import_csv(store, path)
    assert not report.rejected, report.rejected
    return Person(phone, identity[-4:], tuple(row["loan_number"] for row in rows))


def _identity_number(number: int) -> str:
    # A day has three figures for its people; the next thousand are born the day after.
    born = date(1990, 1, 1) + timedelta(days=number // 1000)
    body = f"110105{born:%Y%m%d}{number % 1000:03d}"
    return body + ric.calc_check_digit(body + "0")


def _row(number: int, index: int, identity: str, phone: str, today: date) -> dict[str, str]:
    """A consumer loan of 20,000 yuan at 12 % over 24 months, 45 days overdue after a year."""
    return {
        "name": "测试甲",
        "phone": phone,
        "id_number": identity,
        "language": "zh",
        "loan_number": f"LN99{number:04d}{index:02d}",
        "product": "consumer",
        "method": "annuity",
        "original_principal": "20000.00",
        "annual_rate": "12",
        "penalty_multiplier": "1.5",
        "as_of": today.isoformat(),
        "principal": "11436.00",
        "overdue_principal": "1660.00",
        "interest": "220.00",
        "penalty_interest": "31.00",
        "fees": "20.00",
        "overdue_since": (today - timedelta(days=45)).isoformat(),
        "next_due": (today + timedelta(days=16)).isoformat(),
        "due_day": str((today + timedelta(days=16)).day),
        "instalment": "941.00",
        "remaining_instalments": "11",
        "handler": "",
    }
