"""Whatever is done to an imported payment by other ways than an import, the look over the store names it."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import delete, insert, select, text, update
from sqlalchemy.orm import Session

from casestore import audit, erased, payment_checks, payments
from casestore.models import LoanRow, PaymentRow
from casestore.store import CaseStore
from casestore.verification import problems
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import LI, TODAY, WANG, load
from tests.casestore.test_retention import YEARS_AND_A_DAY, run

FILE = """loan_number,received_on,amount,reference
LN20260001,2026-11-20,100.00,P1
LN20260001,2026-11-21,200.00,P2
LN20260003,2026-11-22,300.00,P3
"""

# Behind any number that is given out: PostgreSQL goes on counting from one test to the next.
FAR = 1000


@pytest.fixture
def paid(store: CaseStore, policy: Policy, tmp_path: Path) -> CaseStore:
    """Three payments on two loans, as imported."""
    load(store, tmp_path, WANG, LI)
    _import(store, policy, tmp_path, FILE)
    assert payment_checks.verify(store) == []
    return store


def _import(store: CaseStore, policy: Policy, folder: Path, rows: str) -> None:
    file = folder / "payments.csv"
    file.write_text(rows)
    assert payments.import_csv(store, file, policy, TODAY).rejected == ()


def _first(session: Session) -> PaymentRow:
    return session.scalars(select(PaymentRow).order_by(PaymentRow.number)).first()


@pytest.mark.parametrize("column", ["loan_id", "received_on", "amount", "reference", "number"])
def test_a_changed_payment_is_named(paid: CaseStore, column: str) -> None:
    with paid.unit() as unit:
        row = _first(unit.session)
        number, other = row.number, unit.session.scalars(select(LoanRow.loan_id)).all()
        unheard_of = number + FAR
        wrong = {
            "loan_id": next(each for each in other if each != row.loan_id),
            "received_on": TODAY,
            "amount": row.amount + 1,
            "reference": "P9",
            "number": unheard_of,
        }
        change = update(PaymentRow).where(PaymentRow.number == number).values({column: wrong[column]})
        unit.session.execute(change.execution_options(synchronize_session=False))
    expected = (
        [(number, "missing"), (unheard_of, "inserted")] if column == "number" else [(number, "changed")]
    )
    assert payment_checks.verify(paid) == expected
    assert f"payment {number}: {expected[0][1]}" in problems(paid)


def test_a_removed_payment_is_named(paid: CaseStore) -> None:
    with paid.unit() as unit:
        number = _first(unit.session).number
        unit.session.execute(delete(PaymentRow).where(PaymentRow.number == number))
    assert payment_checks.verify(paid) == [(number, "missing")]


def test_an_inserted_payment_is_named(paid: CaseStore) -> None:
    with paid.unit() as unit:
        like = _first(unit.session)
        values = {column.name: getattr(like, column.name) for column in PaymentRow.__table__.columns}
        free = like.number + FAR
        unit.session.execute(insert(PaymentRow).values(**values | {"number": free, "reference_hash": "x"}))
    assert payment_checks.verify(paid) == [(free, "inserted")]


def test_a_payment_that_no_key_opens_is_named(paid: CaseStore) -> None:
    with paid.unit() as unit:
        number = _first(unit.session).number
        unit.session.execute(
            text("UPDATE payments SET reference = 'x' WHERE number = :number"), {"number": number}
        )
    assert payment_checks.verify(paid) == [(number, "unreadable")]


def test_payments_erased_with_their_borrower_are_not_missing(paid: CaseStore) -> None:
    with paid.unit() as unit:
        own = PaymentRow.number == _first(unit.session).number
        unit.audit(erased.ACTION, "DR-1", **erased.named(unit, {PaymentRow.__table__: own}))
        unit.session.execute(delete(PaymentRow).where(own))
    assert payment_checks.verify(paid) == []


def test_payments_that_went_after_their_years_are_not_missing(
    paid: CaseStore, policy: Policy, clock: SetClock
) -> None:
    clock.forward(days=YEARS_AND_A_DAY)
    assert run(paid, policy)["borrowers"].erased == 2
    assert [*problems(paid)] == []


def test_of_payments_imported_by_an_older_program_nothing_is_known_and_of_later_ones_all(
    paid: CaseStore, policy: Policy, clock: SetClock, tmp_path: Path
) -> None:
    with paid.unit() as unit:
        loan_id = unit.session.scalars(select(LoanRow.loan_id)).first()
        old = {"received_on": TODAY, "amount": 5, "reference": "P0", "reference_hash": "x"}
        unit.session.add(PaymentRow(loan_id=loan_id, loaded_at=unit.now, **old))
        unit.audit(payment_checks.IMPORTED, "payments", "staff", loaded=1)
    clock.forward(minutes=1)
    _import(paid, policy, tmp_path, FILE + "LN20260001,2026-11-23,400.00,P4\n")
    assert payment_checks.verify(paid) == []
    with paid.unit() as unit:
        unit.session.execute(update(PaymentRow).where(PaymentRow.amount >= 5).values(amount=1))
    assert [wrong for _, wrong in payment_checks.verify(paid)] == ["changed"] * 4


def test_the_entry_of_an_import_names_the_file_and_nobody(paid: CaseStore, tmp_path: Path) -> None:
    with paid.reading() as unit:
        (of_payments,) = audit.entries(unit.session, payment_checks.IMPORTED)
        (of_accounts,) = audit.entries(unit.session, "accounts_imported")
    file = payments.sha256_of(tmp_path / "payments.csv")
    assert of_payments.details["file_sha256"] == file != of_accounts.details["file_sha256"]
    assert "P1" not in str(of_payments.details)
