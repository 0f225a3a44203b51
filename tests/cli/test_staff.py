"""`respite` on records: what staff type, what they read, and how it ends."""

from __future__ import annotations

import csv
import io
import stat
from pathlib import Path

import pytest
from sqlalchemy import select

from casestore import agreement, handoffs
from casestore.documents import render_agreement
from casestore.models import LoanRow
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import LI, WANG, KeepingSender, load, with_offers, write_csv
from tests.cli.running import assert_refused, respite
from tests.support.tampering import tamper


@pytest.fixture
def reference(store: CaseStore, tmp_path: Path, policy: Policy) -> str:
    """The reference of Wang's agreement, in the store."""
    load(store, tmp_path, WANG)
    case_id, proposal = with_offers(store, "a", WANG, policy, KeepingSender())
    chosen = proposal.offers[0].offer_id
    return agreement.accept(
        store, case_id, chosen, "k", "zh", lambda draft: render_agreement(draft, "zh")
    ).reference


def test_without_keys_one_line_says_what_to_set(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_DEMO", "0")
    result = respite("cases")
    assert result.exit_code == 1
    assert result.stderr.startswith("respite: Set RESPITE_KEYS") and result.stderr.count("\n") == 1


def test_a_store_that_was_never_migrated_says_what_to_run(url: str) -> None:
    result = respite("cases")
    assert result.exit_code == 1 and "respite store migrate" in result.stderr


def test_a_database_that_does_not_answer_is_one_line(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_DATABASE_URL", "postgresql+psycopg2://nobody:secret@127.0.0.1:1/none")
    result = respite("cases")
    assert result.exit_code == 1
    assert "RESPITE_DATABASE_URL" in result.stderr and "secret" not in result.stderr


def test_migrating_makes_the_store(url: str) -> None:
    assert "has version 0" in respite("store", "migrate").stdout
    assert respite("cases").exit_code == 0


def test_importing_says_what_happened_and_again_changes_nothing(store: CaseStore, tmp_path: Path) -> None:
    path = write_csv(tmp_path, WANG, LI)
    assert "2 loaded, 0 updated, 0 unchanged, 0 rejected" in respite("accounts", "import", path).stdout
    assert "0 loaded, 0 updated, 2 unchanged, 0 rejected" in respite("accounts", "import", path).stdout


def test_bad_rows_are_listed_by_line_and_the_exit_code_tells(store: CaseStore, tmp_path: Path) -> None:
    path = write_csv(tmp_path, WANG, {**LI, "phone": "555"})
    result = respite("accounts", "import", path)
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-2:] == [
        "line 3: phone is missing or not valid",
        "Mend these lines and import the file again: what was loaded stays as it is.",
    ]
    assert "1 loaded" in result.stdout


def test_a_missing_file_is_one_line(store: CaseStore, tmp_path: Path) -> None:
    result = respite("accounts", "import", tmp_path / "missing.csv")
    assert result.exit_code == 1 and "can't be read" in result.stderr


@pytest.mark.parametrize("records", ["accounts", "payments"])
def test_a_file_that_is_no_text_is_one_line_that_says_what_to_save(
    store: CaseStore, tmp_path: Path, records: str
) -> None:
    path = tmp_path / "book.xlsx"
    path.write_bytes(b"PK\x03\x04" + bytes(range(256)) * 50)
    result = respite(records, "import", path)
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1)
    assert result.stderr.startswith("respite: ") and "Save it as CSV in UTF-8." in result.stderr


def test_cases_show_the_reference_number_of_the_agreement(reference: str) -> None:
    result = respite("cases")
    assert reference in result.stdout and "accepted" in result.stdout


def test_cases_show_which_loans_nobody_may_collect_on(reference: str, store: CaseStore) -> None:
    lines = respite("cases").stdout.splitlines()
    assert "on hold" in next(line for line in lines if reference in line)
    assert "Hold" in lines[1]


def test_cases_do_not_show_who_the_borrower_is(reference: str) -> None:
    shown = respite("cases").stdout
    assert not [value for value in (WANG["name"], WANG["phone"], WANG["loan_number"]) if value in shown]


def test_agreements_are_exported_with_a_line_for_each_payment(
    reference: str, store: CaseStore, tmp_path: Path
) -> None:
    path = tmp_path / "agreements.csv"
    assert "1 agreements written" in respite("agreements", "export", path).stdout
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    (made,) = agreement.export(store)
    assert len(rows) == len(made["schedule"])
    assert {(row["reference"], row["version"], row["replaces"]) for row in rows} == {(reference, "1", "")}
    paid = [int(row["payment"].replace(".", "")) for row in rows]
    assert paid == [row["payment"] for row in made["schedule"]] and sum(paid) == made["total_to_pay"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_without_a_file_the_export_goes_to_standard_output_alone(reference: str) -> None:
    result = respite("agreements", "export")
    assert result.stdout.startswith("reference,case,loan_number") and reference in result.stdout


PAYMENT = {"loan_number": "LN20260001", "received_on": "2026-11-24", "amount": "100.00", "reference": "B-1"}


def payments_file(folder: Path, *rows: dict[str, str]) -> Path:
    """A file of payments with these rows."""
    path = folder / "payments.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(PAYMENT))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_payments_are_loaded_once(reference: str, tmp_path: Path) -> None:
    path = payments_file(tmp_path, PAYMENT, {**PAYMENT, "reference": "B-2"})
    assert "2 loaded, 0 unchanged, 0 rejected" in respite("payments", "import", path).stdout
    assert "0 loaded, 2 unchanged, 0 rejected" in respite("payments", "import", path).stdout


def test_bad_payments_are_listed_by_line_and_the_exit_code_tells(reference: str, tmp_path: Path) -> None:
    path = payments_file(tmp_path, PAYMENT, {**PAYMENT, "amount": "-5", "reference": "B-2"})
    result = respite("payments", "import", path)
    assert result.exit_code == 2 and "1 loaded, 0 unchanged, 1 rejected" in result.stdout
    reason, what_to_do = result.stderr.splitlines()[-2:]
    assert reason.startswith("line 3: amount") and "import the file again" in what_to_do


def test_a_missing_file_of_payments_is_one_line(store: CaseStore, tmp_path: Path) -> None:
    result = respite("payments", "import", tmp_path / "missing.csv")
    assert result.exit_code == 1 and "can't be read" in result.stderr


def test_a_review_says_what_time_has_done_and_again_does_nothing(
    reference: str, store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "0 activated, 0 missed, 0 broken, 0 completed" in respite("agreements", "review").stdout
    monkeypatch.setenv("RESPITE_TODAY", "2027-02-25")
    result = respite("agreements", "review")
    assert result.exit_code == 0 and "1 broken" in result.stdout
    assert "0 missed, 0 broken" in respite("agreements", "review").stdout
    assert "on hold" not in respite("cases").stdout


FORMULAS = [
    *(f"{start}cmd|'/C calc'!A1" for start in ("=", "+", "-", "@", "\t", "\r", "\n")),
    *(f"{start}SUM(1,1)" for start in ("＝", "＋", "－", "＠", "﹦", "﹢", "﹣", "﹫")),
    " =1+1",
    "\u3000＝1+1",
    "-",
]


def exported_after(store: CaseStore, folder: Path, number: str) -> dict[str, str]:
    """The first line of the export when the loan has this number: in the store by another way than ours."""
    with store.unit() as unit:
        unit.session.scalars(select(LoanRow)).one().number = number
    path = folder / "agreements.csv"
    assert respite("agreements", "export", path).exit_code == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(csv.DictReader(file))


def test_no_exported_text_is_a_formula(reference: str, store: CaseStore, tmp_path: Path) -> None:
    cells = [exported_after(store, tmp_path, formula)["loan_number"] for formula in FORMULAS]
    assert cells == [f"'{formula}" for formula in FORMULAS]


def test_a_formula_cannot_hide_behind_a_line_end_or_a_comma_in_a_text(
    reference: str, store: CaseStore, tmp_path: Path
) -> None:
    hidden = ["LN1\r=1+1", "LN1\n=1+1", "LN1\r\n=1+1", 'LN1",=1+1', "LN1,=1+1", "王-=+@"]
    lines = [exported_after(store, tmp_path, text) for text in hidden]
    assert [line["loan_number"] for line in lines] == hidden
    assert {line["reference"] for line in lines} == {reference}


def test_exported_numbers_stay_numbers_also_below_zero(reference: str, store: CaseStore) -> None:
    tamper(store.engine, "UPDATE schedule_rows SET other = -1234 WHERE number = 1")
    first, *_ = csv.DictReader(io.StringIO(respite("agreements", "export").stdout, newline=""))
    assert (first["number"], first["other"]) == ("1", "-12.34")
    assert float(first["payment"]) > 0


def test_the_queue_lists_hand_offs_with_the_time_an_answer_is_due(
    reference: str, store: CaseStore, policy: Policy
) -> None:
    made = handoffs.request(store, "a", "asked_for_person", policy)
    shown = respite("queue").stdout
    assert made.reference in shown and "asked_for_person" in shown
    assert made.due_at.astimezone().strftime("%Y-%m-%d %H:%M") in shown


def test_an_untouched_store_verifies(reference: str) -> None:
    result = respite("verify")
    assert result.exit_code == 0 and "as they were written" in result.stdout


def test_a_tampered_store_is_named_and_the_exit_code_tells(reference: str, store: CaseStore) -> None:
    tamper(
        store.engine,
        "UPDATE audit_entries SET actor = 'nobody' WHERE seq = 3",
        "UPDATE schedule_rows SET payment = 1 WHERE number = 1",
    )
    result = respite("verify")
    assert result.exit_code == 1
    assert "audit entry 3: changed" in result.stderr
    assert f"agreement {reference}: schedule changed" in result.stderr


def test_a_value_that_no_key_opens_is_named_and_the_rest_is_checked(reference: str, store: CaseStore) -> None:
    tamper(
        store.engine,
        "UPDATE agreements SET document = 'x'",
        "UPDATE audit_entries SET actor = '' WHERE seq = 3",
    )
    result = respite("verify")
    assert result.exit_code == 1 and "audit entry 3: changed" in result.stderr
    assert f"agreement {reference}: unreadable" in result.stderr and "Traceback" not in result.output


def test_entries_cut_off_since_the_last_check_are_named(reference: str, store: CaseStore) -> None:
    """Somebody removes the last entry and sets the head back; only what was noted elsewhere tells."""
    with store.unit() as unit:
        unit.audit("last", "subject")
    noted = respite("verify").stdout.split()[-1]
    end = int(noted.partition(":")[0])
    assert respite("verify", "--since", noted).exit_code == 0
    tamper(
        store.engine,
        f"DELETE FROM audit_entries WHERE seq = {end}",
        "UPDATE audit_head SET (seq, hash) = (SELECT seq, hash FROM audit_entries ORDER BY seq DESC LIMIT 1)",
    )
    assert respite("verify").exit_code == 0
    result = respite("verify", "--since", noted)
    assert (result.exit_code, result.stderr) == (1, f"audit entry {end}: removed_at_end\n")


@pytest.mark.parametrize("words", ["12", "12:", "x:0f", "0:0f", f"1:{'g' * 64}", f"1:{'0' * 63}"])
def test_a_mistyped_audit_entry_is_refused(store: CaseStore, words: str) -> None:
    assert_refused(respite("verify", "--since", words), "--since")


def test_rights_of_a_database_user_are_for_postgresql(store: CaseStore) -> None:
    result = respite("store", "grant", "respite_bot")
    assert (result.exit_code, result.stderr.count("\n")) == (1, 1) and "SQLite" in result.stderr
