"""A request that was begun in another conversation: found, gone on with, or set aside."""

from __future__ import annotations

from pathlib import Path

import pytest

from casestore import consents, disputes, handoffs, hardship, sessions, unfinished
from casestore.errors import NotFound
from casestore.store import CaseStore
from hardship.cases import CaseState
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import (
    LI,
    TODAY,
    WANG,
    WANGS_SECOND_LOAN,
    KeepingSender,
    load,
    open_case,
    verify,
    with_offers,
)


@pytest.fixture(autouse=True)
def accounts_loaded(store: CaseStore, tmp_path: Path) -> None:
    load(store, tmp_path, WANG, WANGS_SECOND_LOAN, LI)


@pytest.fixture
def begun(store: CaseStore, policy: Policy, sender: KeepingSender, clock: SetClock) -> str:
    """Wang's case from a conversation of three days ago."""
    case_id = open_case(store, "before", WANG, policy, sender)
    clock.forward(days=3)
    return case_id


@pytest.fixture
def back(store: CaseStore, begun: str, policy: Policy, sender: KeepingSender) -> str:
    """Wang's new conversation, verified."""
    verify(store, "now", WANG, policy, sender)
    return "now"


def test_it_is_found_by_its_borrower_alone(
    store: CaseStore, begun: str, policy: Policy, sender: KeepingSender
) -> None:
    sessions.start(store, "now", "web")
    assert unfinished.find(store, "now") is None
    verify(store, "li", LI, policy, sender)
    assert unfinished.find(store, "li") is None
    verify(store, "now", WANG, policy, sender)
    found = unfinished.find(store, "now")
    assert found is not None and found.case_id == begun and found.loan_tail == "0001"
    assert found.told == (
        "cause",
        "lasting",
        "business",
        "monthly_income",
        "housing",
        "living_costs",
        "other_debts",
    )


def test_the_conversations_own_case_is_no_earlier_one(store: CaseStore, begun: str) -> None:
    assert unfinished.find(store, "before") is None


def test_a_case_in_which_nothing_was_told_is_nothing_to_go_on_with(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    verify(store, "before", LI, policy, sender)
    hardship.open_case(store, "before", None)
    verify(store, "now", LI, policy, sender)
    assert unfinished.find(store, "now") is None


def test_a_disputed_one_waits_for_its_answer(store: CaseStore, begun: str, back: str, policy: Policy) -> None:
    disputes.raise_dispute(store, "before", "not_me", policy, TODAY, "", "normal")
    assert unfinished.find(store, back) is None


def test_going_on_keeps_what_was_told_and_what_was_told_since(
    store: CaseStore, begun: str, back: str
) -> None:
    new = hardship.open_case(store, back, "illness")
    unfinished.go_on(store, back, begun)
    session = sessions.get(store, back)
    assert session is not None and session.case_id == begun and session.loan_id is not None
    assert hardship.answers(store, begun)["cause"] == "illness"
    assert hardship.answers(store, begun)["monthly_income"] == 600000
    assert hardship.case(store, new.case_id).state is CaseState.WITHDRAWN


def test_going_on_with_another_borrowers_case_is_refused(
    store: CaseStore, begun: str, policy: Policy, sender: KeepingSender
) -> None:
    verify(store, "li", LI, policy, sender)
    for refused in (unfinished.go_on, unfinished.set_aside):
        with pytest.raises(NotFound):
            refused(store, "li", begun)


def test_setting_aside_ends_the_talk_and_keeps_the_record(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case_id, _ = with_offers(store, "before", WANG, policy, sender)
    verify(store, "now", WANG, policy, sender)
    unfinished.set_aside(store, "now", case_id)
    assert hardship.case(store, case_id).state is CaseState.WITHDRAWN
    assert hardship.answers(store, case_id)["housing"] == 150000
    assert unfinished.find(store, "now") is None


def test_what_a_person_has_stays_with_them(store: CaseStore, begun: str, back: str, policy: Policy) -> None:
    handoffs.request(store, "before", "asked_for_person", policy)
    unfinished.set_aside(store, back, begun)
    assert hardship.case(store, begun).state is CaseState.HANDED_OFF


def test_beginning_anew_asks_everything_again(store: CaseStore, begun: str) -> None:
    unfinished.begin_anew(store, "before")
    fresh = hardship.open_case(store, "before", None)
    assert fresh.case_id != begun and hardship.answers(store, fresh.case_id) == {}
    assert hardship.case(store, begun).state is CaseState.WITHDRAWN


def test_beginning_anew_does_not_get_round_a_dispute(store: CaseStore, begun: str, policy: Policy) -> None:
    disputes.raise_dispute(store, "before", "not_me", policy, TODAY, "", "normal")
    unfinished.begin_anew(store, "before")
    assert hardship.open_case(store, "before", None).case_id == begun


def test_after_a_long_silence_nobody_is_verified_and_no_consent_counts(
    store: CaseStore, begun: str, clock: SetClock
) -> None:
    consents.record(store, "before", "privacy", "1", True)
    clock.forward(hours=2)
    sessions.lapse(store, "before")
    session = sessions.get(store, "before")
    assert session is not None and (session.borrower_id, session.loan_id, session.case_id) == (None,) * 3
    assert not consents.is_given(store, "before", "privacy", "1")
    consents.record(store, "before", "privacy", "1", True)
    assert consents.is_given(store, "before", "privacy", "1")
