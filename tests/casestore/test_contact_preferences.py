"""How a borrower wants to be contacted: the latest wish holds, on every conversation of theirs."""

from __future__ import annotations

from pathlib import Path

import pytest

from casestore import contact_preferences, desk, handoffs, sessions
from casestore.errors import NotFound
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import WANG, KeepingSender, load, verify


@pytest.fixture
def borrower(store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path) -> str:
    load(store, tmp_path, WANG)
    return verify(store, "a", WANG, policy, sender)


def test_the_latest_wish_holds(store: CaseStore, borrower: str) -> None:
    contact_preferences.prefer(store, "a", "sms", "evening", "短信，六点以后")
    contact_preferences.prefer(store, "a", "call", None)
    found = contact_preferences.of_borrower(store, borrower)
    assert found is not None and (found.channel, found.hours, found.words) == ("call", None, None)


def test_a_wish_holds_on_the_borrowers_other_conversations(
    store: CaseStore, borrower: str, policy: Policy, sender: KeepingSender
) -> None:
    contact_preferences.prefer(store, "a", "sms", None)
    verify(store, "b", WANG, policy, sender)
    found = contact_preferences.of_session(store, "b")
    assert found is not None and found.channel == "sms"


def test_a_wish_from_before_verification_holds_after_it(
    store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG)
    sessions.start(store, "a", "web")
    assert not contact_preferences.prefer(store, "a", "sms", None).verified
    borrower = verify(store, "a", WANG, policy, sender)
    found = contact_preferences.of_borrower(store, borrower)
    assert found is not None and found.channel == "sms" and found.verified


def test_stopping_keeps_what_was_preferred_and_naming_a_way_ends_it(store: CaseStore, borrower: str) -> None:
    contact_preferences.prefer(store, "a", "sms", "evening")
    stopped = contact_preferences.stop(store, "a")
    assert stopped.stopped and stopped.channel == "sms"
    contact_preferences.prefer(store, "a", "app", None)
    found = contact_preferences.of_borrower(store, borrower)
    assert found is not None and not found.stopped


def test_after_a_danger_nobody_comes_first_until_a_person_has_answered(
    store: CaseStore, borrower: str, policy: Policy
) -> None:
    told = handoffs.request_for_danger(store, "a", policy, "self_harm")
    contact_preferences.stop(store, "a")
    kept = contact_preferences.prefer(store, "a", "sms", "evening")
    assert kept.stopped and (kept.channel, kept.hours) == ("sms", "evening")
    desk.take(store, told.reference, "Li")
    desk.close(store, told.reference, "Li")
    answered = contact_preferences.of_borrower(store, borrower)
    assert answered is not None and not answered.stopped and answered.channel == "sms"


def test_nothing_wished_is_nothing_found(store: CaseStore, borrower: str) -> None:
    assert contact_preferences.of_borrower(store, borrower) is None
    assert contact_preferences.of_session(store, "a") is None


def test_the_words_hold_no_numbers(store: CaseStore, borrower: str) -> None:
    kept = contact_preferences.prefer(store, "a", "call", None, "打我老婆 13800138000")
    assert kept.words is not None and "138001" not in kept.words


def test_an_unknown_conversation_is_refused(store: CaseStore) -> None:
    with pytest.raises(NotFound):
        contact_preferences.prefer(store, "nobody", "sms", None)


@pytest.mark.parametrize(
    ("channel", "welcome"), [(None, True), ("any", True), ("call", True), ("no_call", False), ("sms", False)]
)
def test_calls_are_welcome_unless_another_way_is_wished(
    store: CaseStore, borrower: str, channel: str | None, welcome: bool
) -> None:
    assert contact_preferences.prefer(store, "a", channel, None).welcomes_calls is welcome
    assert not contact_preferences.stop(store, "a").welcomes_calls
