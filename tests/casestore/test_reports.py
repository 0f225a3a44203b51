"""Reported payments and counts of feedback."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import inspect, text

from casestore import desk, feedback, handoffs, hardship, payment_claims, sessions, told_rows
from casestore.errors import NotFound
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import TODAY, WANG, KeepingSender, load, open_case, verify
from tests.casestore.together import at_once


@pytest.fixture
def loan_id(store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path) -> str:
    load(store, tmp_path, WANG)
    case_id = open_case(store, "a", WANG, policy, sender)
    return str(hardship.case(store, case_id).loan_id)


def elsewhere(store: CaseStore, name: str, loan_id: str, policy: Policy, sender: KeepingSender) -> None:
    """Another conversation of the borrower, about the same loan."""
    verify(store, name, WANG, policy, sender)
    sessions.remember(store, name, loan_id=loan_id)


def test_a_reported_payment_waits_for_a_person_in_working_hours(
    store: CaseStore, loan_id: str, policy: Policy
) -> None:
    made = payment_claims.claim(store, "a", 80000, TODAY - timedelta(days=1), policy, TODAY)
    assert made.reference.startswith("PC-") and made.amount == 80000
    (handoff,) = handoffs.open_handoffs(store)
    assert (handoff.reason, handoff.due_at) == ("payment_claim", made.due_at)
    assert payment_claims.open_claims(store, loan_id) == (made,)


def test_the_same_report_again_is_one_claim_and_another_payment_is_another(
    store: CaseStore, loan_id: str, policy: Policy
) -> None:
    first = payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY)
    assert payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY) == first
    assert payment_claims.claim(store, "a", None, None, policy, TODAY) == first
    payment_claims.claim(store, "a", 50000, TODAY, policy, TODAY)
    assert len(payment_claims.open_claims(store, loan_id)) == 2


def test_a_report_told_bit_by_bit_is_one_claim_and_its_amount_can_be_corrected(
    store: CaseStore, loan_id: str, policy: Policy
) -> None:
    payment_claims.claim(store, "a", None, None, policy, TODAY)
    payment_claims.claim(store, "a", 80000, None, policy, TODAY)
    payment_claims.correct(store, "a", 90000)
    payment_claims.claim(store, "a", None, TODAY, policy, TODAY)
    (made,) = payment_claims.open_claims(store, loan_id)
    assert (made.amount, made.paid_on) == (90000, TODAY)


def test_a_payment_told_in_another_conversation_too_is_one_claim_and_another_payment_is_another(
    store: CaseStore, loan_id: str, policy: Policy, sender: KeepingSender
) -> None:
    """The second conversation learns whose it is, adds what it knows, and asks no second person."""
    first = payment_claims.claim(store, "a", None, TODAY, policy, TODAY)
    elsewhere(store, "b", loan_id, policy, sender)
    assert payment_claims.claim(store, "b", 80000, None, policy, TODAY) == replace(first, amount=80000)
    assert payment_claims.correct(store, "b", 90000) == replace(first, amount=90000)
    assert [each.session_id for each in handoffs.open_handoffs(store)] == ["a"]
    other = payment_claims.claim(store, "b", 50000, None, policy, TODAY)
    assert other.session_id == "b" and len(payment_claims.open_claims(store, loan_id)) == 2


def test_one_payment_told_in_four_conversations_at_once_is_one_claim_for_one_person(
    store: CaseStore, url: str, loan_id: str, policy: Policy, sender: KeepingSender
) -> None:
    names = iter(["a", "b", "c", "d"])
    for name in ("b", "c", "d"):
        elsewhere(store, name, loan_id, policy, sender)
    told = at_once(
        store,
        url,
        lambda worker: payment_claims.claim(worker, next(names), 80000, TODAY, policy, TODAY),
    )
    assert len({each.reference for each in told}) == 1
    assert len(payment_claims.open_claims(store, loan_id)) == len(handoffs.open_handoffs(store)) == 1
    assert told_rows.verify(store) == []


def test_a_payment_told_after_a_person_has_answered_is_checked_again(
    store: CaseStore, loan_id: str, policy: Policy
) -> None:
    first = payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY)
    (handoff,) = handoffs.open_handoffs(store)
    desk.take(store, handoff.reference, "Chen")
    desk.close(store, handoff.reference, "Chen")
    assert payment_claims.open_claims(store, loan_id) == () and told_rows.verify(store) == []
    again = payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY)
    assert again.reference != first.reference and len(handoffs.open_handoffs(store)) == 1


def test_what_an_older_program_left_open_after_the_answer_counts_as_checked(
    store: CaseStore, loan_id: str, policy: Policy
) -> None:
    payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY)
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE handoffs SET closed_at = requested_at"))
    assert payment_claims.open_claims(store, loan_id) == ()


def test_what_was_not_reported_can_not_be_corrected(store: CaseStore, loan_id: str) -> None:
    with pytest.raises(NotFound):
        payment_claims.correct(store, "a", 90000)


def test_without_a_loan_there_is_nothing_to_claim_on(store: CaseStore, policy: Policy) -> None:
    sessions.start(store, "stranger", "web")
    with pytest.raises(NotFound):
        payment_claims.claim(store, "stranger", 80000, TODAY, policy, TODAY)


def test_ratings_are_counted(store: CaseStore) -> None:
    for rating in (5, 5, 2, None):
        feedback.count(store, rating, "zh", TODAY)
    feedback.count(store, 5, "en", TODAY)
    assert feedback.totals(store) == {0: 1, 2: 1, 5: 3}


@pytest.mark.parametrize("rating", [-1, 6, 10])
def test_a_rating_outside_of_the_scale_is_refused(store: CaseStore, rating: int) -> None:
    with pytest.raises(feedback.BadRating):
        feedback.count(store, rating, "zh", TODAY)
    assert feedback.totals(store) == {}


def test_a_rating_points_to_nobody(store: CaseStore, loan_id: str) -> None:
    feedback.count(store, 1, "zh", TODAY)
    columns = {column["name"] for column in inspect(store.engine).get_columns("feedback_counts")}
    assert columns == {"day", "language", "rating", "times"}
    with store.engine.connect() as connection:
        rows = connection.execute(text("SELECT * FROM feedback_counts")).all()
    assert json.dumps([list(row) for row in rows], default=str) == '[["2026-11-24", "zh", 1, 1]]'
