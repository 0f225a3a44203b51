"""Personal data is unreadable without keys, amounts are whole, times have a zone."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import insert, inspect, select, text
from sqlalchemy.exc import IntegrityError, StatementError

from casestore import (
    account,
    agreement,
)
from casestore.documents import render_agreement
from casestore.errors import KeysMissing, NaiveTime, NotWholeUnits
from casestore.keys import Keys, demo_keys, keys_from_environment
from casestore.models import BorrowerRow, CollectionHoldRow, LoanRow
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.filled import PERSONAL, fill
from tests.casestore.people import WANG, KeepingSender, load, verify, with_offers

HASH_KEY = "x" * 32


def test_without_keys_no_store_opens() -> None:
    with pytest.raises(KeysMissing, match="RESPITE_KEYS"):
        keys_from_environment({})


def test_demo_keys_are_for_demo_mode_only() -> None:
    assert keys_from_environment({"RESPITE_DEMO": "1"}) == demo_keys()
    with pytest.raises(KeysMissing):
        keys_from_environment({"RESPITE_DEMO": "0"})


def test_configured_keys_win_over_demo_keys() -> None:
    key = Fernet.generate_key().decode()
    keys = keys_from_environment({"RESPITE_DEMO": "1", "RESPITE_KEYS": key, "RESPITE_HASH_KEY": HASH_KEY})
    assert keys.encryption == (key,)


@pytest.mark.parametrize(
    "environment",
    [
        {"RESPITE_KEYS": "not-a-key", "RESPITE_HASH_KEY": HASH_KEY},
        {"RESPITE_KEYS": Fernet.generate_key().decode(), "RESPITE_HASH_KEY": "short"},
        {
            "RESPITE_KEYS": Fernet.generate_key().decode(),
            "RESPITE_HASH_KEY": HASH_KEY,
            "RESPITE_LOOKUP_KEYS": f"{HASH_KEY},short",
        },
        {"RESPITE_KEYS": Fernet.generate_key().decode()},
        {"RESPITE_HASH_KEY": HASH_KEY},
    ],
    ids=["malformed key", "short hash key", "short look-up key", "no hash key", "no encryption key"],
)
def test_half_configured_keys_are_refused(environment: dict[str, str]) -> None:
    with pytest.raises(KeysMissing) as refusal:
        keys_from_environment(environment)
    assert "not-a-key" not in str(refusal.value)


def test_keys_do_not_show_when_printed() -> None:
    keys = demo_keys()
    assert keys.encryption[0] not in repr(keys) and repr(keys.hash_key) not in repr(keys)


def test_a_new_key_in_front_still_reads_what_the_old_one_wrote(
    store: CaseStore, url: str, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG)
    rotated = Keys((Fernet.generate_key().decode(), *store.keys.encryption), store.keys.hash_key)
    with (reopened := CaseStore.open(url, rotated)).reading() as unit:
        assert unit.session.scalars(select(BorrowerRow.name)).one() == WANG["name"]
    reopened.close()


def test_hashes_of_one_purpose_tell_nothing_about_another() -> None:
    keys = demo_keys()
    assert keys.hash("phone", "1") != keys.hash("loan_number", "1")


def test_no_column_holds_personal_data_readable(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole case with unusual values, then every cell of every table is searched for them."""
    monkeypatch.setenv("RESPITE_DEMO", "1")
    fill(store, tmp_path, policy, sender)
    cells = _all_cells(store)
    for secret in PERSONAL:
        assert not [table for table, cell in cells if secret in cell], secret


def test_the_agreements_document_is_encrypted(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    load(store, tmp_path, WANG)
    case_id, proposal = with_offers(store, "a", WANG, policy, sender)
    made = agreement.accept(
        store, case_id, proposal.offers[0].offer_id, "k", "zh", lambda draft: render_agreement(draft, "zh")
    )
    page = agreement.document(store, made.document_token)
    assert page is not None and WANG["name"] in page
    cells = _all_cells(store)
    assert not [table for table, cell in cells if WANG["name"] in cell or "<html" in cell]
    assert not [table for table, cell in cells if made.document_token in cell]


def test_a_time_without_zone_is_refused(store: CaseStore) -> None:
    with pytest.raises(StatementError) as refusal, store.unit() as unit:
        unit.session.add(
            CollectionHoldRow(
                hold_id="h", loan_id="l", agreement_id="a", reason="r", starts_at=datetime(2026, 1, 1)
            )
        )
    assert isinstance(refusal.value.orig, NaiveTime)


@pytest.mark.parametrize("amount", [1.5, "100", True])
def test_an_amount_that_is_no_whole_number_is_refused(
    store: CaseStore, tmp_path: Path, amount: object
) -> None:
    load(store, tmp_path, WANG)
    with pytest.raises(StatementError) as refusal, store.unit() as unit:
        unit.session.scalars(select(LoanRow)).one().fees = amount
    assert isinstance(refusal.value.orig, NotWholeUnits)


def test_rates_and_large_amounts_come_back_exact(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    large = {
        **WANG,
        "annual_rate": "12.3456789",
        "original_principal": "90000000000.01",
        "principal": "90000000000.01",
    }
    load(store, tmp_path, large)
    borrower_id = verify(store, "a", WANG, policy, sender)
    loan = account.loans_of(store, borrower_id)[0].loan
    assert (str(loan.annual_rate), loan.principal) == ("0.123456789", 9_000_000_000_001)


def _all_cells(store: CaseStore) -> list[tuple[str, str]]:
    with store.engine.connect() as connection:
        return [
            (table, json.dumps(list(row), default=str, ensure_ascii=False))
            for table in inspect(store.engine).get_table_names()
            for row in connection.execute(text(f'SELECT * FROM "{table}"'))
        ]


def test_an_error_of_the_database_quotes_no_value(store: CaseStore) -> None:
    with pytest.raises(IntegrityError) as problem, store.unit() as unit:
        unit.session.execute(insert(BorrowerRow).values(borrower_id="x", phone="13912345678"))
    assert "13912345678" not in str(problem.value)
