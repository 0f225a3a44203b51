"""Disputes: a hold while one is open, its case on hold, a person told, and everything back when it ends."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from casestore import agreement_life, cases, disputes, handoffs, hardship, sessions
from casestore.errors import NotFound
from casestore.store import CaseStore
from hardship.cases import CaseState
from hardship.policy import Policy
from tests.casestore.agreements import Life
from tests.casestore.conftest import SetClock
from tests.casestore.people import TODAY, WANG, KeepingSender, load, open_case


@pytest.fixture
def case_id(store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path) -> str:
    """Wang's verified case."""
    load(store, tmp_path, WANG)
    return open_case(store, "a", WANG, policy, sender)


def loan_of(store: CaseStore, case_id: str) -> str:
    return str(hardship.case(store, case_id).loan_id)


def held(store: CaseStore, case_id: str, clock: SetClock) -> bool:
    return agreement_life.on_hold(store, loan_of(store, case_id), clock.now)


def test_collection_rests_and_the_case_is_on_hold_from_the_moment_of_a_dispute(
    store: CaseStore, case_id: str, policy: Policy, clock: SetClock
) -> None:
    assert not held(store, case_id, clock)
    made = disputes.raise_dispute(store, "a", "wrong_amount", policy, TODAY, "多算了罚息")
    assert made.on_hold and held(store, case_id, clock)
    assert hardship.case(store, case_id).state is CaseState.ON_HOLD
    assert [each.on_hold for each in cases.list_cases(store)] == [True]


def test_the_written_answer_is_due_by_the_packs_deadline_and_a_person_is_told(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    made = disputes.raise_dispute(store, "a", "not_owed", policy, TODAY)
    assert made.due_on == TODAY + timedelta(days=policy.legal.complaint_days.value)
    assert [each.reason for each in handoffs.open_handoffs(store)] == ["dispute"]


def test_what_is_added_later_belongs_to_the_same_dispute(
    store: CaseStore, case_id: str, policy: Policy
) -> None:
    first = disputes.raise_dispute(store, "a", None, policy, TODAY)
    disputes.raise_dispute(store, "a", "not_me", policy, TODAY, "我没借过")
    last = disputes.raise_dispute(store, "a", None, policy, TODAY, "电话 13800138000")
    assert last.reference == first.reference and last.ground == "not_me"
    assert last.words is not None and "我没借过" in last.words and "138001" not in last.words
    assert len(disputes.open_disputes(store)) == 1


def test_a_stranger_can_dispute_but_no_loan_is_held_until_it_is_known_whose_debt_it_is(
    store: CaseStore, case_id: str, policy: Policy, clock: SetClock
) -> None:
    sessions.start(store, "stranger", "web")
    made = disputes.raise_dispute(store, "stranger", "not_me", policy, TODAY)
    assert not made.on_hold and not held(store, case_id, clock)


def test_a_dispute_raised_before_verification_holds_once_it_is_raised_again(
    store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path, clock: SetClock
) -> None:
    load(store, tmp_path, WANG)
    sessions.start(store, "a", "web")
    disputes.raise_dispute(store, "a", "not_me", policy, TODAY)
    case_id = open_case(store, "a", WANG, policy, sender)
    assert disputes.raise_dispute(store, "a", None, policy, TODAY).on_hold
    assert held(store, case_id, clock)


@pytest.mark.parametrize("by_borrower", [True, False])
def test_when_it_ends_collection_and_the_case_go_on(
    store: CaseStore, case_id: str, policy: Policy, clock: SetClock, by_borrower: bool
) -> None:
    made = disputes.raise_dispute(store, "a", "wrong_amount", policy, TODAY)
    clock.forward(days=1)
    ended = disputes.withdraw(store, "a") if by_borrower else disputes.close(store, made.reference)
    assert ended.state == ("withdrawn" if by_borrower else "closed") and not ended.on_hold
    assert not held(store, case_id, clock)
    assert hardship.case(store, case_id).state is CaseState.DRAFT
    assert disputes.open_of(store, "a") is None


def test_what_is_not_open_can_not_end(store: CaseStore, case_id: str, policy: Policy) -> None:
    with pytest.raises(NotFound):
        disputes.withdraw(store, "a")
    with pytest.raises(NotFound):
        disputes.close(store, "DP-20261124-AAAAAA")


def test_an_agreement_in_force_stays_in_force_and_its_hold_outlives_the_dispute(
    store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path, clock: SetClock
) -> None:
    load(store, tmp_path, WANG)
    life = Life(store, clock, policy, sender, tmp_path)
    before = life.agree()
    disputes.raise_dispute(store, "a", "wrong_amount", policy, TODAY)
    disputes.withdraw(store, "a")
    assert life.view == before
    assert agreement_life.on_hold(store, life.loan_id, clock.now)
