"""Loading accounts from a lender's file: good rows load, bad rows are listed, again changes nothing."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from casestore.account_files import LOAN_COLUMNS, PERSON_COLUMNS, AccountRow, read_rows
from casestore.lookups import ID_NUMBER, LOAN_NUMBER, PHONE, Lookup
from casestore.models import BorrowerRow, LoanRow
from casestore.references import new_id
from casestore.store import CaseStore, UnitOfWork
from casestore.text_files import BadRow, sha256_of

log = structlog.get_logger(__name__)

# Rows per transaction: long enough to be quick, short enough not to hold up the conversations.
BATCH = 200

# A person is found by the ID number; the rest may change.
PERSON_FIELDS = tuple(name for name in PERSON_COLUMNS if name != "id_number")

LOADED, UPDATED, UNCHANGED = "loaded", "updated", "unchanged"

# Rows with their line numbers, and what came of them: how many did what, which were rejected and why.
Batch = list[tuple[int, "AccountRow | str"]]
Done = tuple[Counter[str], list[tuple[int, str]]]


@dataclass(frozen=True)
class ImportReport:
    """How many rows did what, and the rejected ones as (line, reason) without personal data."""

    loaded: int
    unchanged: int
    updated: int
    rejected: tuple[tuple[int, str], ...]


def import_csv(store: CaseStore, path: Path | str, shift_to: date | None = None) -> ImportReport:
    """Load the accounts in `path` (UTF-8, UTF-16 or GBK).

    `shift_to` moves the dates of every row so that its snapshot is of that day.
    Raises `ImportFailed` when the file can't be read at all.
    """
    file = sha256_of(Path(path))
    rows, counts, rejected = read_rows(Path(path), shift_to), Counter[str](), list[tuple[int, str]]()
    seen = set[int]()
    while batch := list(islice(rows, BATCH)):
        done, refused = _load_batch(store, batch, seen, file)
        counts.update(done)
        rejected.extend(refused)
    report = ImportReport(counts[LOADED], counts[UNCHANGED], counts[UPDATED], tuple(rejected))
    log.info("accounts_imported", **counts, rejected=len(rejected))
    return report


def _load_batch(store: CaseStore, batch: Batch, seen: set[int], file: str) -> Done:
    try:
        return _load_rows(store, batch, seen, file)
    except IntegrityError:
        # Another import was faster with one of these people or loans; what it loaded is committed now.
        return _load_rows(store, batch, seen, file)


def _load_rows(store: CaseStore, batch: Batch, seen: set[int], file: str) -> Done:
    """Load the rows, unless an earlier one was of the same loan: nobody knows which of the two is right.

    `seen` holds the hashes of the loan numbers loaded so far, far smaller than the numbers themselves.
    """
    counts, rejected, loaded = Counter[str](), list[tuple[int, str]](), set[int]()
    with store.unit() as unit:
        book = _Book(unit, [row for _, row in batch if isinstance(row, AccountRow)])
        for line, row in batch:
            try:
                good = _good(row)
                mark = hash(good.loan_number)
                if mark in seen or mark in loaded:
                    raise BadRow("loan_number stands in an earlier line of this file, which was loaded")
                counts[book.load(good)] += 1
                loaded.add(mark)
            except BadRow as problem:
                # The same few reasons over and over: one copy of each, also of a million.
                rejected.append((line, sys.intern(str(problem))))
        book.write()
        if counts[LOADED] or counts[UPDATED]:
            done = {"loaded": counts[LOADED], "updated": counts[UPDATED], "file_sha256": file}
            unit.audit("accounts_imported", "accounts", "staff", **done)
    seen |= loaded
    return counts, rejected


def _good(row: AccountRow | str) -> AccountRow:
    if isinstance(row, str):
        raise BadRow(row)
    return row


class _Book:
    """The people and loans of one batch: what the store has of them, and what is to be added.

    They are looked up and added all at once: a statement for each would cost more than all the rest.
    """

    def __init__(self, unit: UnitOfWork, rows: list[AccountRow]) -> None:
        self._unit = unit
        # Loans before people: another import may commit in between, and a loan that is seen has an owner.
        self._loans = self._stored(LoanRow, LOAN_NUMBER, {row.loan_number for row in rows})
        self._people = self._stored(BorrowerRow, ID_NUMBER, {row.id_number for row in rows})
        self._new_people: dict[str, dict[str, Any]] = {}
        self._new_loans: list[dict[str, Any]] = []

    def load(self, row: AccountRow) -> str:
        """Note what the row adds or changes. Raises `BadRow` for a loan of somebody else."""
        loan = self._loans.get(row.loan_number)
        person = self._people.get(row.id_number)
        if loan is not None and (person is None or loan.borrower_id != person.borrower_id):
            raise BadRow("loan_number belongs to another borrower")
        person_changed = self._load_person(person, row)
        if loan is None:
            self._add_loan(person, row)
            return LOADED
        loan_changed = _set(self._unit, loan, {name: getattr(row, name) for name in LOAN_COLUMNS})
        return UPDATED if person_changed or loan_changed else UNCHANGED

    def write(self) -> None:
        """Add the new people and their loans; what changed is written with the unit."""
        session = self._unit.session
        for model, rows in ((BorrowerRow, list(self._new_people.values())), (LoanRow, self._new_loans)):
            if rows:
                session.execute(insert(model.__table__), rows)
                self._unit.tell(*(model(**row) for row in rows))

    def _stored(self, model: Any, lookup: Lookup, values: Collection[str]) -> dict[str, Any]:
        # Locked, in one order: of two files at once each loan has the figures of one, and of none erased.
        key = model.__table__.primary_key.columns[0]
        query = select(model).where(lookup.finds(self._unit.keys, values)).order_by(key)
        rows = self._unit.session.scalars(query.with_for_update(key_share=True))
        return lookup.by_value(self._unit.keys, values, rows)

    def _load_person(self, person: Any, row: AccountRow) -> bool:
        values = {name: getattr(row, name) for name in PERSON_FIELDS}
        if person is None or person.phone != row.phone:
            values["phone_hash"] = PHONE.hash(self._unit.keys, row.phone)
        if person is not None:
            return _set(self._unit, person, values)
        # A second loan of a new person: one entry, with what the later line says.
        known = self._new_people.get(row.id_number, {"borrower_id": new_id()})
        id_hash = ID_NUMBER.hash(self._unit.keys, row.id_number)
        identity = {"id_number": row.id_number, "id_number_hash": id_hash, "updated_at": self._unit.now}
        self._new_people[row.id_number] = {**known, **identity, **values}
        return True

    def _add_loan(self, person: Any, row: AccountRow) -> None:
        owner = person.borrower_id if person else self._new_people[row.id_number]["borrower_id"]
        values = {name: getattr(row, name) for name in LOAN_COLUMNS}
        identity = {"loan_id": new_id(), "borrower_id": owner, "updated_at": self._unit.now}
        number_hash = LOAN_NUMBER.hash(self._unit.keys, row.loan_number)
        number = {"number": row.loan_number, "number_hash": number_hash}
        self._new_loans.append({**identity, **number, **values})


def _set(unit: UnitOfWork, row: Any, values: Mapping[str, object]) -> bool:
    """Set what differs; setting an encrypted column to the same text would still write a new cipher."""
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    if changed:
        row.updated_at = unit.now
    return bool(changed)
