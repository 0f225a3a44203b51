"""Candidates for training: equal choices counted, reviewed by somebody with a name, and nobody's own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text

from casestore import audit, training_candidates
from casestore.models import AuditRow
from casestore.store import CaseStore
from casestore.training_candidates import Candidate, StaffMissing
from tests.casestore.people import TODAY

OFFERED = ("complain_contact", "ask_my_rights")


def keep(store: CaseStore, words: str, chosen: str | None = "complain_contact", language: str = "zh") -> bool:
    return training_candidates.keep(store, language, words, OFFERED, chosen, TODAY)


def wordings(store: CaseStore) -> list[tuple[str, int]]:
    return [(each.wording, each.times) for each in training_candidates.waiting(store)]


def test_a_choice_is_kept_with_all_there_is_to_know(store: CaseStore) -> None:
    assert keep(store, "我想投诉")
    (kept,) = training_candidates.waiting(store)
    assert kept == Candidate(
        kept.number, "zh", "我想投诉", OFFERED, "complain_contact", 1, first_on=TODAY, last_on=TODAY
    )


def test_equal_wordings_with_the_same_choice_are_counted(store: CaseStore) -> None:
    for words in ("I can only do 800", "i can only  do 950", "something else"):
        keep(store, words, "counter_offer", "en")
    assert wordings(store) == [("I can only do 000", 2), ("something else", 1)]


def test_the_last_day_an_equal_one_came_is_known(store: CaseStore) -> None:
    keep(store, "我想投诉")
    later = TODAY + timedelta(days=9)
    training_candidates.keep(store, "zh", "我想投诉", ("stop_contact",), "complain_contact", later)
    (kept,) = training_candidates.waiting(store)
    assert (kept.first_on, kept.last_on, kept.offered) == (TODAY, later, ("stop_contact",))


def test_another_choice_or_another_language_is_another_candidate(store: CaseStore) -> None:
    keep(store, "ok la")
    keep(store, "ok la", None)
    keep(store, "ok la", language="en")
    assert [times for _, times in wordings(store)] == [1, 1, 1]


def test_a_wording_of_numbers_alone_is_not_kept(store: CaseStore) -> None:
    assert not keep(store, "13800138000")
    assert training_candidates.waiting(store) == ()


def test_nothing_points_to_a_person_or_a_conversation(store: CaseStore) -> None:
    keep(store, "我叫张伟，电话13800138000，想投诉")
    columns = {column["name"] for column in inspect(store.engine).get_columns("training_candidates")}
    assert not columns & {"session_id", "borrower_id", "case_id", "kept_at"}
    (kept,) = training_candidates.waiting(store)
    assert "张伟" not in kept.wording and "138" not in kept.wording


def test_the_wording_lies_encrypted(store: CaseStore) -> None:
    keep(store, "我想投诉")
    with store.engine.connect() as connection:
        (row,) = connection.execute(text("SELECT * FROM training_candidates")).all()
    assert "投诉" not in str(row)


def test_reviewed_ones_lose_their_wording_and_are_not_listed_again(store: CaseStore) -> None:
    keep(store, "我想投诉")
    keep(store, "催收")
    first = training_candidates.waiting(store)[0]
    assert training_candidates.review(store, [first.number, 999], " Chen Jing ", TODAY) == 1
    keep(store, first.wording)
    assert [each.number for each in training_candidates.waiting(store)] == [first.number + 1]
    with store.engine.connect() as connection:
        query = "SELECT wording, reviewed_by FROM training_candidates WHERE reviewed_on IS NOT NULL"
        assert connection.execute(text(query)).all() == [(None, "Chen Jing")]


def test_reviewing_again_changes_nothing(store: CaseStore) -> None:
    keep(store, "我想投诉")
    number = training_candidates.waiting(store)[0].number
    training_candidates.review(store, [number], "Chen Jing", TODAY)
    assert training_candidates.review(store, [number], "Somebody Else", TODAY) == 0


def test_a_review_has_a_name(store: CaseStore) -> None:
    keep(store, "我想投诉")
    with pytest.raises(StaffMissing):
        training_candidates.review(store, [1], "  ", TODAY)
    assert len(training_candidates.waiting(store)) == 1


def test_the_audit_trail_counts_what_was_reviewed(store: CaseStore) -> None:
    keep(store, "我想投诉")
    number = training_candidates.waiting(store)[0].number
    training_candidates.review(store, [number], "Chen Jing", TODAY)
    with store.reading() as unit:
        (entry,) = unit.session.scalars(select(AuditRow))
    assert (entry.action, entry.actor) == ("training_reviewed", "Chen Jing") and "投诉" not in entry.details
    assert audit.verify(store) == []
