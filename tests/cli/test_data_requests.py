"""`respite data` and `respite holds`: staff answer wishes about data and keep what an order keeps."""

from __future__ import annotations

from pathlib import Path

import pytest

from casestore import data_requests
from casestore.data_requests import Kind
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import TODAY, WANG, KeepingSender, load, verify
from tests.cli.running import assert_refused, respite


@pytest.fixture
def wang(store: CaseStore, tmp_path: Path, policy: Policy) -> CaseStore:
    load(store, tmp_path, WANG)
    verify(store, "a", WANG, policy, KeepingSender())
    return store


def ask(store: CaseStore, kind: Kind, policy: Policy) -> str:
    return data_requests.ask_person(store, "a", kind, "名字写错了", policy, TODAY).reference


def test_wishes_are_listed_without_words_and_shown_with_them(wang: CaseStore, policy: Policy) -> None:
    reference = ask(wang, "correct", policy)
    listed = respite("data", "list").stdout
    assert reference in listed and "correct" in listed and "名字" not in listed
    assert "名字写错了" in respite("data", "show", reference).stdout
    assert "answered" in respite("data", "corrected", reference, "--staff", "Chen").stdout
    assert_refused(respite("data", "show", reference), reference)
    assert_refused(respite("data", "corrected", reference, "--staff", "Chen"))


def test_a_deletion_is_tried_then_decided_and_each_reason_names_its_rule(
    wang: CaseStore, policy: Policy
) -> None:
    reference = ask(wang, "delete", policy)
    tried = respite("data", "erase", reference, "--staff", "Chen", "--dry-run").stdout
    done = respite("data", "erase", reference, "--staff", "Chen").stdout
    assert "nothing was changed" in tried and tried.endswith(done)
    for word in (f"{reference} kept", "CN-ERASE-LOAN", "CN-PIPL-RETAIN", "until 2031-11-24"):
        assert word in done
    assert reference not in respite("data", "list").stdout
    assert_refused(respite("data", "erase", reference, "--staff", "Chen"))


def test_a_hold_is_placed_listed_named_as_the_reason_and_lifted(wang: CaseStore, policy: Policy) -> None:
    placed = respite(
        "holds", "place", "--loan", WANG["loan_number"], "--reason", "court order", "--staff", "Chen"
    )
    hold = placed.stdout.split()[0]
    listed = respite("holds", "list").stdout
    assert hold.startswith("LH-") and hold in listed and "court order" in listed
    reference = ask(wang, "delete", policy)
    assert hold in respite("data", "erase", reference, "--staff", "Chen", "--dry-run").stdout
    assert "lifted" in respite("holds", "lift", hold, "--staff", "Chen").stdout
    assert hold not in respite("data", "erase", reference, "--staff", "Chen", "--dry-run").stdout


def test_it_says_who_must_be_named_and_which_loan_is_unknown(wang: CaseStore, policy: Policy) -> None:
    reference = ask(wang, "delete", policy)
    assert_refused(respite("data", "erase", reference, "--staff", " "), "--staff")
    words = ("--loan", "LN99999999", "--reason", "x", "--staff", "Chen")
    assert_refused(respite("holds", "place", *words), "loan")
    assert_refused(respite("holds", "lift", "LH-20260101-AAAAAA", "--staff", "Chen"), "legal hold")
