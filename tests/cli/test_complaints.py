"""`respite complaints`, `respite disputes` and `respite answered`."""

from __future__ import annotations

from pathlib import Path

import pytest

from casestore import complaints, disputes
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import TODAY, WANG, KeepingSender, load, open_case
from tests.cli.running import respite

WORDS = "你们半夜打电话骂我"


@pytest.fixture
def case_id(store: CaseStore, tmp_path: Path, policy: Policy) -> str:
    """Wang's verified case."""
    load(store, tmp_path, WANG)
    return open_case(store, "a", WANG, policy, KeepingSender())


@pytest.fixture
def complaint(store: CaseStore, case_id: str, policy: Policy) -> str:
    """The reference of Wang's complaint."""
    return complaints.receive(store, "a", "contact", WORDS, policy, TODAY).reference


@pytest.fixture
def dispute(store: CaseStore, case_id: str, policy: Policy) -> str:
    """The reference of Wang's dispute."""
    return disputes.raise_dispute(store, "a", "wrong_amount", policy, TODAY, "多算了罚息").reference


def test_complaints_are_listed_with_their_deadline_and_without_words(complaint: str) -> None:
    shown = respite("complaints").stdout
    assert complaint in shown and "contact" in shown and "2026-12-09" in shown
    assert WORDS not in shown and WANG["name"] not in shown


def test_what_was_said_is_shown_for_one_complaint(complaint: str) -> None:
    assert WORDS in respite("complaints", complaint).stdout


def test_disputes_are_listed_with_their_hold(dispute: str) -> None:
    shown = respite("disputes").stdout
    assert dispute in shown and "wrong_amount" in shown and "on hold" in shown
    assert "多算了罚息" in respite("disputes", dispute).stdout


def test_an_answered_complaint_leaves_the_list(complaint: str) -> None:
    assert f"{complaint} answered." in respite("answered", complaint).stdout
    assert complaint not in respite("complaints").stdout


def test_an_answered_dispute_ends_its_hold(dispute: str) -> None:
    assert "on hold" in respite("cases").stdout
    assert respite("answered", dispute).exit_code == 0
    assert "on hold" not in respite("cases").stdout


@pytest.mark.parametrize("words", [("answered", "CP-1"), ("answered", "DP-1"), ("complaints", "CP-1")])
def test_what_is_not_open_is_told_in_one_line(store: CaseStore, words: tuple[str, ...]) -> None:
    result = respite(*words)
    assert result.exit_code == 2 and result.stderr.count("\n") == 1 and result.stdout == ""
