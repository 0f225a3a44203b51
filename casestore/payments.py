"""Payments from the lender's file: good rows load once, bad rows are listed, agreements follow at once."""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from casestore import payment_checks
from casestore.agreement_review import review_loans
from casestore.agreement_views import ACTIVE, standings
from casestore.lookups import LOAN_NUMBER, PAYMENT_REFERENCE
from casestore.models import AgreementRow, LoanRow, PaymentRow
from casestore.received import payments_of
from casestore.store import CaseStore, UnitOfWork
from casestore.text_files import BadRow, read_texts, sha256_of
from hardship.allocation import AllocationError, Payment
from hardship.money import AmountError, parse_amount
from hardship.policy import Policy

log = structlog.get_logger(__name__)

COLUMNS = ("loan_number", "received_on", "amount", "reference")
REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")

# Rows per transaction: long enough to be quick, short enough not to hold up the conversations.
BATCH = 200

Value = TypeVar("Value")

LOADED, UNCHANGED = "loaded", "unchanged"

# Rows with their line numbers, as `casestore.text_files` reads them.
Batch = list[tuple[int, "Mapping[str, str] | str"]]


@dataclass(frozen=True)
class PaymentReport:
    """How many payments did what, and the rejected ones as (line, reason) without personal data."""

    loaded: int
    unchanged: int
    rejected: tuple[tuple[int, str], ...]


@dataclass(frozen=True)
class _Row:
    """One payment of the file; `amount` in minor units."""

    loan_number: str
    payment: Payment
    reference: str


@dataclass
class _Done:
    """What came of a batch."""

    counts: Counter[str]
    rejected: list[tuple[int, str]]
    loans: set[str]
    hashes: dict[int, str]


def import_csv(store: CaseStore, path: Path | str, policy: Policy, today: date) -> PaymentReport:
    """Load the payments in `path` (UTF-8, UTF-16 or GBK) and bring the agreements concerned up to date.

    A reference that was loaded before changes nothing, so a file can be loaded again, also after a failure
    half-way. `today` is the lender's. Raises `ImportFailed` when the file can't be read at all.
    """
    file = sha256_of(Path(path))
    rows, done = read_texts(Path(path), COLUMNS), _Done(Counter(), [], set(), {})
    while batch := list(islice(rows, BATCH)):
        loaded = _load_batch(store, batch, today, file)
        done.counts += loaded.counts
        done.rejected += loaded.rejected
        done.loans |= loaded.loans
    review_loans(store, policy, today, done.loans)
    log.info("payments_imported", **done.counts, rejected=len(done.rejected))
    return PaymentReport(done.counts[LOADED], done.counts[UNCHANGED], tuple(done.rejected))


def received(store: CaseStore, loan_id: str, since: date) -> tuple[Payment, ...]:
    """The loan's payments received on or after `since`, in the order received, amounts in minor units."""
    with store.reading() as unit:
        return payments_of(unit, loan_id, since)


def _load_batch(store: CaseStore, batch: Batch, today: date, file: str) -> _Done:
    try:
        return _load_rows(store, batch, today, file)
    except IntegrityError:
        # Another import was faster with one of these references; its payment is committed now.
        return _load_rows(store, batch, today, file)


def _load_rows(store: CaseStore, batch: Batch, today: date, file: str) -> _Done:
    done = _Done(Counter(), [], set(), {})
    with store.unit() as unit:
        loans = _locked_loans(unit, (row["loan_number"] for _, row in batch if not isinstance(row, str)))
        for line, texts in batch:
            try:
                row = _row(texts, today)
                done.counts[_load(unit, loans, row, done.hashes)] += 1
                done.loans.add(loans[row.loan_number].loan_id)
            except BadRow as problem:
                # The same few reasons over and over: one copy of each, also of a million.
                done.rejected.append((line, sys.intern(str(problem))))
        if done.counts[LOADED]:
            told = {payment_checks.HASHES: done.hashes, "loaded": done.counts[LOADED], "file_sha256": file}
            unit.audit(payment_checks.IMPORTED, "payments", "staff", **told)
    return done


def _locked_loans(unit: UnitOfWork, numbers: Iterable[str]) -> dict[str, LoanRow]:
    """The batch's loans by number as written, locked in one order so that two imports can't block."""
    wanted = set(numbers)
    query = select(LoanRow).where(LOAN_NUMBER.finds(unit.keys, wanted)).order_by(LoanRow.loan_id)
    locked = unit.session.scalars(query.with_for_update(key_share=True))
    return LOAN_NUMBER.by_value(unit.keys, wanted, locked)


def _row(texts: Mapping[str, str] | str, today: date) -> _Row:
    if isinstance(texts, str):
        raise BadRow(texts)
    received_on = _field(texts, "received_on", date.fromisoformat)
    if received_on > today:
        raise BadRow("received_on is in the future")
    amount = _field(texts, "amount", parse_amount)
    reference = _field(texts, "reference", _reference)
    try:
        return _Row(texts["loan_number"], Payment(received_on, amount), reference)
    except AllocationError as problem:
        raise BadRow(str(problem)) from None


def _field(texts: Mapping[str, str], column: str, convert: Callable[[str], Value]) -> Value:
    try:
        return convert(texts[column])
    except (ValueError, AmountError):
        raise BadRow(f"{column} is missing or not valid") from None


def _reference(text: str) -> str:
    if not REFERENCE.fullmatch(text):
        raise ValueError
    return text


def _load(unit: UnitOfWork, loans: Mapping[str, LoanRow], row: _Row, hashes: dict[int, str]) -> str:
    loan = loans.get(row.loan_number)
    if loan is None:
        raise BadRow("loan_number is not known")
    # Found by its hash; the reference itself may be one that no key opens any more.
    known = unit.session.execute(
        select(PaymentRow.loan_id, PaymentRow.received_on, PaymentRow.amount).where(
            PAYMENT_REFERENCE.finds(unit.keys, [row.reference])
        )
    ).one_or_none()
    if known is not None:
        return _same(known, loan, row)
    new = PaymentRow(
        loan_id=loan.loan_id,
        agreement_id=_agreement_of(unit, loan.loan_id, row.payment.received),
        received_on=row.payment.received,
        amount=row.payment.amount,
        reference=row.reference,
        reference_hash=PAYMENT_REFERENCE.hash(unit.keys, row.reference),
        loaded_at=unit.now,
    )
    unit.session.add(new)
    unit.session.flush()
    paid = row.payment
    hashes[new.number] = payment_checks.hash_of(
        unit.keys, new.number, loan.loan_id, paid.received, paid.amount, row.reference
    )
    return LOADED


def _same(known: Any, loan: LoanRow, row: _Row) -> str:
    if tuple(known) != (loan.loan_id, row.payment.received, row.payment.amount):
        raise BadRow("reference was used for another payment")
    return UNCHANGED


def _agreement_of(unit: UnitOfWork, loan_id: str, received_on: date) -> str | None:
    """The agreement in force, unless the payment was in the figures that it was made of."""
    found = standings(unit, AgreementRow.loan_id == loan_id, AgreementRow.state == ACTIVE)
    if not found:
        return None
    as_of = found[0].offer.figures_as_of
    counts = as_of is None or received_on > as_of
    return found[0].row.agreement_id if counts else None
