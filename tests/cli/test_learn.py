"""`respite learn`: what the bot did not understand, read by a person, exported, and taken off the list."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
import yaml

from casestore import training_candidates
from casestore.store import CaseStore
from tests.casestore.people import TODAY
from tests.cli.running import assert_refused, respite, respite_json

KEPT = [
    ("zh", "我想投诉", "complain_contact"),
    ("zh", "我想投诉", "complain_contact"),
    ("zh", "催收", None),
    ("en", "I can only do 800", "counter_offer"),
    ("en", "800 [maybe](money) a month", "counter_offer"),
]


@pytest.fixture
def candidates(store: CaseStore) -> CaseStore:
    """A store with four candidates, one of them met twice."""
    for language, words, chosen in KEPT:
        training_candidates.keep(store, language, words, ("complain_contact", "ask_balance"), chosen, TODAY)
    return store


def test_candidates_are_listed_the_most_frequent_first(candidates: CaseStore) -> None:
    lines = [line for line in respite("learn").stdout.splitlines() if "2026-11-24" in line]
    assert "我想投诉" in lines[0] and "complain_contact" in lines[0] and " 2 " in lines[0]
    assert len(lines) == 4


def test_candidates_are_filtered_by_meaning_and_language(candidates: CaseStore) -> None:
    shown = respite("learn", "--meaning", "counter_offer").stdout
    assert "I can only do 000" in shown and "投诉" not in shown
    shown = respite("learn", "--language", "zh", "--meaning", "none").stdout
    assert "催收" in shown and "我想投诉" not in shown


def test_json_tells_all_there_is_to_know(candidates: CaseStore) -> None:
    first = respite_json("learn", "--language", "zh")[0]
    assert first == {
        "number": 1,
        "language": "zh",
        "wording": "我想投诉",
        "offered": ["complain_contact", "ask_balance"],
        "chosen": "complain_contact",
        "times": 2,
        "first_on": "2026-11-24",
        "last_on": "2026-11-24",
    }


def test_an_empty_list_is_one(store: CaseStore) -> None:
    assert respite_json("learn") == []
    assert respite("learn").exit_code == 0


def test_an_export_is_training_data_that_only_its_owner_may_read(
    candidates: CaseStore, tmp_path: Path
) -> None:
    file = tmp_path / "candidates.yml"
    assert respite("learn", "--export", file).exit_code == 0
    blocks = {block["intent"]: block["examples"] for block in yaml.safe_load(file.read_text())["nlu"]}
    assert blocks["complain_contact"] == "- 我想投诉\n"
    assert blocks["counter_offer"].splitlines()[0] == "- I can only do 000"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_an_export_marks_no_values_and_leaves_the_rest_to_a_person(
    candidates: CaseStore, tmp_path: Path
) -> None:
    file = tmp_path / "candidates.yml"
    respite("learn", "--export", file)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert "    - 000 [maybe] (money) a month" in lines
    assert "# zh, none of complain_contact, ask_balance: 催收" in lines


def test_an_export_that_can_not_be_written_is_one_line(candidates: CaseStore, tmp_path: Path) -> None:
    result = respite("learn", "--export", tmp_path / "missing" / "file.yml")
    assert result.exit_code == 1 and "can't be written" in result.stderr


def test_reviewed_ones_leave_the_list(candidates: CaseStore) -> None:
    result = respite("learn", "--done", "1,3-9", "--staff", "Chen Jing")
    assert result.exit_code == 0 and result.stdout == "3 reviewed; their wording is erased.\n"
    assert [each["wording"] for each in respite_json("learn")] == ["催收"]


def test_a_review_without_a_name_is_refused(candidates: CaseStore) -> None:
    assert_refused(respite("learn", "--done", "1"), "--staff")
    assert len(respite_json("learn")) == 4


@pytest.mark.parametrize(
    "words",
    [
        ("--done", "all", "--staff", "Chen"),
        ("--done", "1,,2", "--staff", "Chen"),
        ("--done", "", "--staff", "Chen"),
        ("--language", "fr"),
    ],
)
def test_wrong_words_are_told_in_one_line(candidates: CaseStore, words: tuple[str, ...]) -> None:
    assert_refused(respite("learn", *words))
    assert len(respite_json("learn")) == 4
