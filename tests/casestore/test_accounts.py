"""Importing accounts: good rows load, bad rows are listed without their data, again changes nothing."""

from __future__ import annotations

import csv
from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import pytest
from sqlalchemy import func, select
from stdnum.cn import ric

from casestore import account, accounts, audit
from casestore.account_files import COLUMNS
from casestore.accounts import ImportReport
from casestore.errors import ImportFailed
from casestore.models import AuditRow, BorrowerRow, LoanRow
from casestore.store import CaseStore
from casestore.text_files import is_formula
from hardship.calendar import DayCount
from hardship.loans import Method
from hardship.policy import Policy
from tests.casestore.conftest import ROOT
from tests.casestore.odd_cells import ODD
from tests.casestore.people import LI, WANG, WANGS_SECOND_LOAN, KeepingSender, verify, write_csv
from tests.casestore.together import at_once

DEMO = ROOT / "demo" / "accounts.csv"


def ciphers(store: CaseStore) -> list[tuple[object, ...]]:
    """Every stored cell as it lies in the database."""
    with store.engine.connect() as connection:
        tables = (BorrowerRow.__table__, LoanRow.__table__)
        return [
            tuple(row) for table in tables for row in connection.exec_driver_sql(f"SELECT * FROM {table}")
        ]


def test_one_person_with_two_loans_is_one_borrower(store: CaseStore, tmp_path: Path) -> None:
    report = accounts.import_csv(store, write_csv(tmp_path, WANG, WANGS_SECOND_LOAN, LI))
    assert report == ImportReport(loaded=3, unchanged=0, updated=0, rejected=())
    with store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(BorrowerRow)) == 2
        assert unit.session.scalar(select(func.count()).select_from(LoanRow)) == 3


def test_what_a_later_line_says_of_a_new_person_counts(store: CaseStore, tmp_path: Path) -> None:
    moved = {**WANGS_SECOND_LOAN, "phone": LI["phone"]}
    report = accounts.import_csv(store, write_csv(tmp_path, WANG, moved))
    with store.reading() as unit:
        (person,) = unit.session.scalars(select(BorrowerRow))
        assert (report.loaded, person.phone) == (2, f"+86{LI['phone']}")


def test_running_it_again_changes_nothing(store: CaseStore, tmp_path: Path) -> None:
    path = write_csv(tmp_path, WANG, WANGS_SECOND_LOAN, LI)
    accounts.import_csv(store, path)
    before = ciphers(store)
    assert accounts.import_csv(store, path) == ImportReport(loaded=0, unchanged=3, updated=0, rejected=())
    assert ciphers(store) == before
    with store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(AuditRow)) == 1
    assert audit.verify(store) == []


def test_a_newer_snapshot_updates_the_loan(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    accounts.import_csv(store, write_csv(tmp_path, WANG))
    newer = {**WANG, "as_of": "2026-11-25", "penalty_interest": "24.72"}
    assert accounts.import_csv(store, write_csv(tmp_path, newer)).updated == 1
    (view,) = account.loans_of(store, verify(store, "a", WANG, policy, sender))
    assert (view.loan.as_of, view.loan.penalty_interest) == (date(2026, 11, 25), 2472)


def test_a_file_without_a_day_count_counts_actual_days_of_a_year_of_360(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    path = write_csv(tmp_path, WANG)
    with path.open(encoding="utf-8", newline="") as file:
        (row,) = list(csv.DictReader(file))
    del row["day_count"]
    path.write_text(",".join(row) + "\n" + ",".join(row.values()) + "\n", encoding="utf-8")
    assert accounts.import_csv(store, path).loaded == 1
    (view,) = account.loans_of(store, verify(store, "a", WANG, policy, sender))
    assert (view.loan.day_count, view.loan.original_principal) == (DayCount.ACTUAL_360, 3_000_000)


def test_a_loans_own_day_count_and_a_flat_fee_reach_the_domain(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    own = {**WANG, "day_count": "act/365", "method": "flat_fee"}
    assert accounts.import_csv(store, write_csv(tmp_path, own)).loaded == 1
    (view,) = account.loans_of(store, verify(store, "a", WANG, policy, sender))
    assert (view.loan.day_count, view.loan.method) == (DayCount.ACTUAL_365, Method.FLAT_FEE)


BAD = [
    ("phone", "12345", "phone is missing or not valid"),
    ("phone", "", "phone is missing or not valid"),
    ("id_number", "330106198503120002", "id_number is missing or not valid"),
    ("id_number", "330106198513120001", "id_number is missing or not valid"),
    ("name", "=HYPERLINK(1)", "name is missing or not valid"),
    ("name", "＝HYPERLINK(1)", "name is missing or not valid"),
    ("name", "－王", "name is missing or not valid"),
    ("name", "王" * 121, "name is missing or not valid"),
    ("name", "", "name is missing or not valid"),
    ("handler", "@SUM(A1)", "handler is missing or not valid"),
    ("handler", "账" * 121, "handler is missing or not valid"),
    ("language", "fr", "language is missing or not valid"),
    ("loan_number", "@SUM(A1)", "loan_number is missing or not valid"),
    ("product", "mortgage", "product is missing or not valid"),
    ("method", "balloon", "method is missing or not valid"),
    ("principal", "1,000", "principal is missing or not valid"),
    ("principal", "-1", "principal is missing or not valid"),
    ("principal", "0.001", "principal is missing or not valid"),
    ("principal", "40000", "principal is more than original_principal"),
    ("overdue_principal", "25000", "overdue_principal is more than principal"),
    ("annual_rate", "NaN", "annual_rate is missing or not valid"),
    ("annual_rate", "120", "annual_rate is missing or not valid"),
    ("annual_rate", "1e1", "annual_rate is missing or not valid"),
    ("annual_rate", f"12.{'1' * 40}", "annual_rate is missing or not valid"),
    ("penalty_multiplier", "0.5", "penalty_multiplier is missing or not valid"),
    ("overdue_since", "2026-12-01", "overdue_since is after as_of"),
    ("overdue_since", "", "overdue_since is missing though something is overdue"),
    ("next_due", "2026-11-24", "next_due is not after as_of"),
    ("next_due", "20.12.2026", "next_due is missing or not valid"),
    ("due_day", "32", "due_day is missing or not valid"),
    ("remaining_instalments", "0", "remaining_instalments is 0 but not all principal is overdue"),
    ("day_count", "act/act", "day_count is missing or not valid"),
    ("remaining_instalments", "１２", "remaining_instalments is missing or not valid"),
    ("remaining_instalments", "9" * 40, "remaining_instalments is missing or not valid"),
]


@pytest.mark.parametrize(("column", "value", "reason"), BAD)
def test_a_bad_row_is_listed_with_its_line_and_the_good_ones_load(
    store: CaseStore, tmp_path: Path, column: str, value: str, reason: str
) -> None:
    bad = {**WANG, "loan_number": "LN20269999", column: value}
    report = accounts.import_csv(store, write_csv(tmp_path, LI, bad, WANG))
    assert report.rejected == ((3, reason),)
    assert report.loaded == 2


def test_whatever_stands_in_a_cell_the_rows_around_it_load(store: CaseStore, tmp_path: Path) -> None:
    odd = [
        {**WANG, "loan_number": f"LN3026{number:04d}", column: value}
        for number, (column, value) in enumerate(product(COLUMNS, ODD))
    ]
    report = accounts.import_csv(store, write_csv(tmp_path, WANG, *odd, LI))
    assert report.loaded + report.updated + report.unchanged + len(report.rejected) == len(odd) + 2
    with store.reading() as unit:
        loans = unit.session.scalars(select(LoanRow)).all()
        names = unit.session.scalars(select(BorrowerRow.name)).all()
    numbers = {row.number for row in loans}
    assert {WANG["loan_number"], LI["loan_number"]} <= numbers
    texts = [*names, *numbers, *(row.handler for row in loans if row.handler)]
    assert not [text for text in texts if is_formula(text)]
    told = " ".join(reason for _, reason in report.rejected)
    assert not [value for value in ODD if len(value) > 3 and value in told]


def test_the_second_row_of_one_loan_is_listed_and_the_first_stays(store: CaseStore, tmp_path: Path) -> None:
    """Two snapshots of one loan in one file: nobody knows which is right."""
    other = {**WANG, "loan_number": WANG["loan_number"].lower(), "penalty_interest": "99.99"}
    report = accounts.import_csv(store, write_csv(tmp_path, WANG, LI, other))
    reason = "loan_number stands in an earlier line of this file, which was loaded"
    assert (report.loaded, report.updated, report.rejected) == (2, 0, ((4, reason),))
    with store.reading() as unit:
        assert set(unit.session.scalars(select(LoanRow.penalty_interest))) == {2351}


def test_a_row_mended_further_down_in_the_same_file_loads(store: CaseStore, tmp_path: Path) -> None:
    report = accounts.import_csv(store, write_csv(tmp_path, {**WANG, "phone": "1"}, WANG))
    assert (report.loaded, report.rejected) == (1, ((2, "phone is missing or not valid"),))


def test_four_imports_of_one_file_at_the_same_moment_load_each_loan_once(
    store: CaseStore, url: str, tmp_path: Path
) -> None:
    rows = [{**WANG, "loan_number": f"LN3026{number:04d}"} for number in range(40)]
    path = write_csv(tmp_path, *rows, LI)
    reports = at_once(store, url, lambda worker: accounts.import_csv(worker, path))
    assert sum(report.loaded for report in reports) == 41
    assert sum(report.unchanged for report in reports) == 3 * 41
    assert not [report.rejected for report in reports if report.rejected]
    assert audit.verify(store) == []


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_an_import_that_ends_while_another_looks_up_the_same_people_does_not_make_them_strangers(
    store: CaseStore, url: str, tmp_path: Path, listen: Callable[..., None]
) -> None:
    """On PostgreSQL each look sees what others committed by then; on SQLite an import has the store alone."""
    quick = CaseStore.open(url, store.keys, store.clock)
    path, overtaken = write_csv(tmp_path, WANG, LI), list[ImportReport]()

    def overtake(_connection: object, _cursor: object, sql: str, *_rest: object) -> None:
        if sql.startswith("SELECT") and not overtaken:
            overtaken.append(accounts.import_csv(quick, path))

    listen(store.engine, "after_cursor_execute", overtake)
    assert accounts.import_csv(store, path) == ImportReport(loaded=0, unchanged=2, updated=0, rejected=())
    assert overtaken == [ImportReport(loaded=2, unchanged=0, updated=0, rejected=())]
    quick.close()


def test_columns_that_nobody_asked_for_do_no_harm(store: CaseStore, tmp_path: Path) -> None:
    path = write_csv(tmp_path, WANG)
    heading, row, *_ = path.read_text().splitlines()
    path.write_text(f"备注,{heading},branch\n=1+1,{row},杭州\n")
    assert accounts.import_csv(store, path) == ImportReport(loaded=1, unchanged=0, updated=0, rejected=())


def test_a_file_that_breaks_off_after_many_good_rows_changes_nothing(
    store: CaseStore, tmp_path: Path
) -> None:
    rows = [{**WANG, "loan_number": f"LN3026{number:04d}"} for number in range(2 * accounts.BATCH)]
    path = write_csv(tmp_path, *rows)
    with path.open("ab") as file:
        file.write(b'"LN30269999\n' * 3)
    with pytest.raises(ImportFailed, match="line 402 is not closed.*import the file again"):
        accounts.import_csv(store, path)
    assert ciphers(store) == []
    with store.reading() as unit:
        assert unit.session.scalar(select(func.count()).select_from(AuditRow)) == 0


def test_a_reason_never_repeats_the_persons_data(store: CaseStore, tmp_path: Path) -> None:
    bad = {**WANG, "phone": "98765", "id_number": "110101190001010000", "name": "=王"}
    report = accounts.import_csv(store, write_csv(tmp_path, bad))
    (_, reason), *_ = report.rejected
    assert not [value for value in bad.values() if len(value) > 3 and value in reason]


def test_a_loan_does_not_move_to_another_person(store: CaseStore, tmp_path: Path) -> None:
    accounts.import_csv(store, write_csv(tmp_path, WANG, LI))
    report = accounts.import_csv(store, write_csv(tmp_path, {**LI, "loan_number": WANG["loan_number"]}))
    assert report.rejected == ((2, "loan_number belongs to another borrower"),)


def test_a_row_with_too_few_or_too_many_cells_is_listed(store: CaseStore, tmp_path: Path) -> None:
    path = write_csv(tmp_path, WANG)
    path.write_text(path.read_text() + "only,three,cells\n" + ",".join(["x"] * 30) + "\n")
    report = accounts.import_csv(store, path)
    assert [line for line, _ in report.rejected] == [3, 4] and report.loaded == 1


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_files_of_every_usual_encoding_load(store: CaseStore, tmp_path: Path, encoding: str) -> None:
    assert accounts.import_csv(store, write_csv(tmp_path, WANG, encoding=encoding)).loaded == 1
    with store.reading() as unit:
        assert unit.session.scalars(select(BorrowerRow.name)).one() == "王秀兰"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name,phone\n", "lacks the columns"),
        (b"", "lacks the columns"),
        (b"\xff\xfe\xff", "neither UTF-8"),
        (b"\x81\xff\xff", "neither UTF-8"),
    ],
)
def test_a_file_of_another_kind_is_refused_whole(
    store: CaseStore, tmp_path: Path, content: bytes, message: str
) -> None:
    path = tmp_path / "accounts.csv"
    path.write_bytes(content)
    with pytest.raises(ImportFailed, match=message):
        accounts.import_csv(store, path)


def test_a_missing_file_is_refused(store: CaseStore, tmp_path: Path) -> None:
    with pytest.raises(ImportFailed, match="can't be read"):
        accounts.import_csv(store, tmp_path / "missing.csv")


def test_demo_dates_move_to_today_together(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    report = accounts.import_csv(store, write_csv(tmp_path, WANG), shift_to=date(2026, 12, 4))
    assert report.loaded == 1
    (view,) = account.loans_of(store, verify(store, "a", WANG, policy, sender))
    loan = view.loan
    assert (loan.as_of, loan.overdue_since) == (date(2026, 12, 4), date(2026, 10, 30))
    assert (loan.next_due, loan.due_day) == (date(2026, 12, 30), 30)


def test_the_demo_file_loads_whole_and_again_without_change(store: CaseStore) -> None:
    assert accounts.import_csv(store, DEMO) == ImportReport(loaded=13, unchanged=0, updated=0, rejected=())
    assert accounts.import_csv(store, DEMO) == ImportReport(loaded=0, unchanged=13, updated=0, rejected=())


def test_the_demo_file_has_the_borrowers_the_issue_asks_for() -> None:
    with DEMO.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    people = [row["id_number"] for row in rows]
    late = [
        (date.fromisoformat(row["as_of"]) - date.fromisoformat(row["overdue_since"])).days
        for row in rows
        if row["overdue_since"]
    ]
    assert len(set(people)) == 12
    assert {row["product"] for row in rows} == {"consumer", "business"}
    assert {row["method"] for row in rows} == {"annuity", "equal_principal", "interest_first"}
    assert (min(late), max(late)) == (3, 200)
    assert [people.count(person) for person in set(people)].count(2) == 1
    assert [bool(row["handler"]) for row in rows].count(True) == 1
    assert [bool(row["overdue_since"]) for row in rows].count(False) == 1


def test_no_demo_borrower_can_be_a_real_person() -> None:
    """Sequence number 000 is never given to anybody, and no network has numbers 1380000xxxx."""
    with DEMO.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            assert ric.is_valid(row["id_number"]) and row["id_number"][14:17] == "000"
            assert row["phone"].startswith("+86 138 0000 ")
