"""Payments from a file: loaded once, bad rows listed, nothing lost, counted towards the right agreement."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from datetime import date, timedelta
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import func, select

from casestore import agreement_life, audit, payments, plan
from casestore.errors import ImportFailed
from casestore.models import PaymentRow
from casestore.payments import PaymentReport
from casestore.store import CaseStore
from hardship.allocation import Payment
from hardship.policy import Policy
from tests.casestore.agreements import Life, payment_file
from tests.casestore.conftest import SetClock
from tests.casestore.odd_cells import ODD
from tests.casestore.people import TODAY, WANG, WANGS_SECOND_LOAN, KeepingSender, load
from tests.casestore.together import at_once

Import = Callable[..., PaymentReport]

NUMBER = WANG["loan_number"]
GOOD = (NUMBER, "2026-11-24", "500.00", "TX-1")


@pytest.fixture
def life(store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path) -> Life:
    load(store, tmp_path, WANG, WANGS_SECOND_LOAN)
    return Life(store, clock, policy, sender, tmp_path)


@pytest.fixture
def imported(store: CaseStore, policy: Policy, life: Life) -> Import:
    def load_rows(*rows: tuple[str, str, str, str], encoding: str = "utf-8") -> PaymentReport:
        return payments.import_csv(store, payment_file(life.folder, *rows, encoding=encoding), policy, TODAY)

    return load_rows


def all_paid(store: CaseStore) -> int:
    with store.reading() as unit:
        return int(unit.session.scalar(select(func.sum(PaymentRow.amount))) or 0)


def loan_id_of(life: Life) -> str:
    life.agree()
    return life.loan_id


def test_a_file_loads_once_and_again_changes_nothing(store: CaseStore, imported: Import) -> None:
    second = (NUMBER, "2026-11-23", "1.00", "TX-2")
    assert imported(GOOD, second) == PaymentReport(loaded=2, unchanged=0, rejected=())
    assert imported(GOOD, second) == PaymentReport(loaded=0, unchanged=2, rejected=())
    assert all_paid(store) == 50100
    assert audit.verify(store) == []


def test_the_same_reference_twice_in_one_file_is_one_payment(store: CaseStore, imported: Import) -> None:
    assert imported(GOOD, GOOD) == PaymentReport(loaded=1, unchanged=1, rejected=())
    assert all_paid(store) == 50000


@pytest.mark.parametrize(
    "other",
    [
        (NUMBER, "2026-11-24", "500.01", "TX-1"),
        (NUMBER, "2026-11-23", "500.00", "TX-1"),
        (WANGS_SECOND_LOAN["loan_number"], "2026-11-24", "500.00", "TX-1"),
    ],
    ids=["another amount", "another day", "another loan"],
)
def test_a_reference_used_for_another_payment_is_rejected(
    store: CaseStore, imported: Import, other: tuple[str, str, str, str]
) -> None:
    imported(GOOD)
    assert imported(other).rejected == ((2, "reference was used for another payment"),)
    assert all_paid(store) == 50000


@pytest.mark.parametrize(
    ("position", "text", "reason"),
    [
        (0, "LN99999999", "loan_number is not known"),
        (0, "", "loan_number is not known"),
        (1, "2026-11-25", "received_on is in the future"),
        (1, "24.11.2026", "received_on is missing or not valid"),
        (1, "0001-01-01", "the date of a payment is out of range"),
        (2, "0.00", "the amount of a payment is out of range"),
        (2, "-5.00", "amount is missing or not valid"),
        (2, "NaN", "amount is missing or not valid"),
        (2, "0.001", "amount is missing or not valid"),
        (2, "1000000000000000", "amount is missing or not valid"),
        (3, "", "reference is missing or not valid"),
        (3, "=1+1", "reference is missing or not valid"),
    ],
)
def test_a_bad_row_is_listed_by_its_line_and_the_others_load(
    store: CaseStore, imported: Import, position: int, text: str, reason: str
) -> None:
    bad = [NUMBER, "2026-11-24", "70.00", "TX-9"]
    bad[position] = text
    report = imported(GOOD, (bad[0], bad[1], bad[2], bad[3]), (NUMBER, "2026-11-24", "1.00", "TX-3"))
    assert report == PaymentReport(loaded=2, unchanged=0, rejected=((3, reason),))
    assert all_paid(store) == 50100
    assert text == "" or text not in reason


def test_whatever_stands_in_a_cell_the_rows_around_it_load(store: CaseStore, imported: Import) -> None:
    odd = []
    for number, (position, value) in enumerate(product(range(len(GOOD)), ODD)):
        cells = [NUMBER, "2026-11-24", "7.00", f"ODD-{number}"]
        cells[position] = value
        odd.append((cells[0], cells[1], cells[2], cells[3]))
    report = imported(GOOD, *odd, (NUMBER, "2026-11-24", "1.00", "TX-3"))
    assert report.loaded + report.unchanged + len(report.rejected) == len(odd) + 2
    assert imported(GOOD, (NUMBER, "2026-11-24", "1.00", "TX-3")).unchanged == 2
    told = " ".join(reason for _, reason in report.rejected)
    assert not [value for value in ODD if len(value) > 3 and value in told]


def test_a_file_that_breaks_off_after_many_good_rows_changes_nothing(
    store: CaseStore, policy: Policy, life: Life
) -> None:
    rows = [(NUMBER, "2026-11-24", "1.00", f"TX-{number}") for number in range(2 * payments.BATCH)]
    path = payment_file(life.folder, *rows)
    with path.open("ab") as file:
        file.write(b"\xff\xff")
    with pytest.raises(ImportFailed, match="neither UTF-8"):
        payments.import_csv(store, path, policy, TODAY)
    assert all_paid(store) == 0


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_files_of_every_usual_encoding_load(
    store: CaseStore, policy: Policy, life: Life, encoding: str
) -> None:
    path = life.folder / "payments.csv"
    text = f"loan_number,received_on,amount,reference,备注\n{NUMBER},2026-11-24,500.00,TX-1,王秀兰还款\n"
    path.write_bytes(text.encode(encoding))
    assert payments.import_csv(store, path, policy, TODAY).loaded == 1


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"loan_number,amount\n", "lacks the columns: received_on, reference"),
        (b"", "lacks the columns"),
        (b"\xff\xfe\xff", "neither UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(
    store: CaseStore, policy: Policy, life: Life, content: bytes, message: str
) -> None:
    path = life.folder / "payments.csv"
    path.write_bytes(content)
    with pytest.raises(ImportFailed, match=message):
        payments.import_csv(store, path, policy, TODAY)
    assert all_paid(store) == 0


def test_a_long_file_is_never_in_memory_whole(store: CaseStore, policy: Policy, life: Life) -> None:
    path, count = life.folder / "payments.csv", 5_000
    with path.open("w", encoding="utf-8") as file:
        file.write("loan_number,received_on,amount,reference,remark\n")
        file.writelines(f"NO{number},2026-11-24,1.00,TX-{number},{'x' * 2000}\n" for number in range(count))
    tracemalloc.start()
    try:
        report = payments.import_csv(store, path, policy, TODAY)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(report.rejected) == count
    assert peak < path.stat().st_size / 2


def test_a_row_with_too_few_cells_is_listed(store: CaseStore, policy: Policy, life: Life) -> None:
    path = life.folder / "payments.csv"
    path.write_text(f"loan_number,received_on,amount,reference\n{NUMBER},2026-11-24\n")
    report = payments.import_csv(store, path, policy, TODAY)
    assert report.rejected == ((2, "the number of columns differs from the heading"),)


def test_four_imports_of_one_file_at_the_same_moment_load_each_payment_once(
    store: CaseStore, url: str, clock: SetClock, policy: Policy, life: Life
) -> None:
    rows = [(NUMBER, "2026-11-24", f"{number}.00", f"TX-{number}") for number in range(1, 41)]
    path = payment_file(life.folder, *rows)
    reports = at_once(store, url, lambda worker: payments.import_csv(worker, path, policy, TODAY))
    assert sum(report.loaded for report in reports) == 40
    assert sum(report.unchanged for report in reports) == 120
    assert all_paid(store) == sum(range(1, 41)) * 100
    assert audit.verify(store) == []


def test_the_payments_of_a_loan_are_told_by_the_day_received(
    store: CaseStore, life: Life, imported: Import
) -> None:
    imported((NUMBER, "2026-11-24", "2.00", "B"), (NUMBER, "2026-11-20", "1.00", "A"))
    loan_id = loan_id_of(life)
    assert payments.received(store, loan_id, date(2026, 11, 1)) == (
        Payment(date(2026, 11, 20), 100),
        Payment(date(2026, 11, 24), 200),
    )
    assert payments.received(store, loan_id, date(2026, 11, 21)) == (Payment(date(2026, 11, 24), 200),)


def test_a_payment_that_the_figures_held_already_does_not_count_towards_the_agreement(life: Life) -> None:
    """The loan's snapshot is of the 24th: what came in by then is in it."""
    life.agree()
    life.pay(10000, on=TODAY)
    assert life.view.paid == 0
    life.go_to(TODAY + timedelta(days=1))
    life.pay(10000)
    assert life.view.paid == 10000


def test_a_payment_loaded_between_offer_and_acceptance_counts_towards_the_plan(life: Life) -> None:
    life.agree()
    life.go_to(TODAY + timedelta(days=1))
    agreement_life.renegotiate(life.store, "a", life.loan_id)
    plan.propose(life.store, life.case_id, life.policy, life.today)
    life.pay(30000)
    assert life.view.paid == 30000
    life.accept()
    assert life.view.version == 2 and life.view.paid == 30000
    assert agreement_life.history(life.store, life.case_id)[0].paid == 0


def test_a_payment_that_a_new_offer_knows_stays_with_the_version_it_was_made_on(life: Life) -> None:
    life.agree()
    life.go_to(TODAY + timedelta(days=1))
    life.pay(30000)
    agreement_life.renegotiate(life.store, "a", life.loan_id)
    before = life.view.total_to_pay
    plan.propose(life.store, life.case_id, life.policy, life.today)
    life.accept()
    first, second = agreement_life.history(life.store, life.case_id)
    assert (first.paid, second.paid) == (30000, 0)
    assert second.total_to_pay < before
