"""Complaints: taken in from anybody, filled in bit by bit, due by the deadline, without numbers of others."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from casestore import audit, complaints, sessions
from casestore.errors import NotFound, UnknownField
from casestore.models import AuditRow
from casestore.redaction import without_contacts
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import TODAY, WANG, KeepingSender, load, verify

WORDS = "你们半夜十一点打电话骂我"


@pytest.fixture
def session(store: CaseStore) -> str:
    sessions.start(store, "a", "web")
    return "a"


def test_a_stranger_can_complain_and_gets_a_reference_and_a_deadline(
    store: CaseStore, session: str, policy: Policy
) -> None:
    made = complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    assert made.reference.startswith("CP-20261124-") and not made.verified
    assert made.due_on == TODAY + timedelta(days=policy.legal.complaint_days.value)
    assert made.details == {"opening": WORDS}


def test_complaining_again_goes_on_with_the_same_complaint(
    store: CaseStore, session: str, policy: Policy
) -> None:
    first = complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    again = complaints.receive(store, session, "contact", "又打了", policy, TODAY)
    assert again.reference == first.reference
    assert again.details["opening"].splitlines() == [WORDS, "又打了"]
    assert complaints.receive(store, session, "contact", "又打了", policy, TODAY) == again
    other = complaints.receive(store, session, "disclosure", "告诉了我妈", policy, TODAY)
    assert other.reference != first.reference
    assert [each.kind for each in complaints.open_complaints(store)].count("contact") == 1


def test_a_complaint_belongs_to_the_borrower_once_they_are_verified(
    store: CaseStore, session: str, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG)
    complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    verify(store, session, WANG, policy, sender)
    assert complaints.receive(store, session, "contact", "", policy, TODAY).verified


def test_details_are_kept_as_told_and_not_told(store: CaseStore, session: str, policy: Policy) -> None:
    complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    complaints.note(store, session, "contact", "when", "昨晚十一点")
    done = complaints.note(store, session, "contact", "who", complaints.NOT_SAID)
    assert done.details["when"] == "昨晚十一点" and done.details["who"] == ""


def test_a_detail_told_again_replaces_the_first(store: CaseStore, session: str, policy: Policy) -> None:
    complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    complaints.note(store, session, "contact", "when", "昨天")
    assert complaints.note(store, session, "contact", "when", "前天").details["when"] == "前天"


def test_an_unknown_detail_is_refused(store: CaseStore, session: str, policy: Policy) -> None:
    complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    with pytest.raises(UnknownField):
        complaints.note(store, session, "contact", "colour", "blue")


def test_a_complaint_that_was_taken_back_is_not_open_and_takes_no_details(
    store: CaseStore, session: str, policy: Policy
) -> None:
    complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    assert complaints.withdraw(store, session, "contact").state == "withdrawn"
    assert complaints.open_of(store, session, "contact") is None
    with pytest.raises(NotFound):
        complaints.note(store, session, "contact", "when", "昨天")


def test_an_answered_complaint_leaves_the_list_and_is_answered_once(
    store: CaseStore, session: str, policy: Policy
) -> None:
    made = complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    assert complaints.answered(store, made.reference).state == "answered"
    assert complaints.open_complaints(store) == ()
    with pytest.raises(NotFound):
        complaints.answered(store, made.reference)


def test_complaints_are_listed_by_the_day_they_are_due(store: CaseStore, policy: Policy) -> None:
    for name, day in (("late", TODAY), ("early", TODAY - timedelta(days=3))):
        sessions.start(store, name, "web")
        complaints.receive(store, name, "contact", WORDS, policy, day)
    due = [each.due_on for each in complaints.open_complaints(store)]
    assert due == sorted(due) and len(due) == 2


def test_the_audit_trail_knows_that_but_not_what(store: CaseStore, session: str, policy: Policy) -> None:
    complaints.receive(store, session, "contact", WORDS, policy, TODAY)
    complaints.note(store, session, "contact", "words", "他说要弄死我")
    with store.reading() as unit:
        entries = list(unit.session.scalars(select(AuditRow)))
    assert [each.action for each in entries] == ["complaint_received", "complaint_detail_noted"]
    assert not [each for each in entries if "弄死" in each.details or WORDS in each.details]
    assert policy.legal.complaint_days.id in entries[0].details
    assert audit.verify(store) == []


@pytest.mark.parametrize(
    "said",
    [
        "they rang my mum on 13800138000",
        "my boss is at +86 138-0013-8000",
        "他打给我妈，一三八零零一三八零零零",
        "they wrote to li.na@example.com",
        "加了我同事 wxid_abc123xyz",
        "身份证３３０１０６１９８５０３１２０００１",
    ],
)
def test_numbers_and_addresses_of_others_are_not_kept(said: str) -> None:
    kept = without_contacts(said)
    assert "[…]" in kept and "0013" not in kept and "example.com" not in kept and "abc123" not in kept
    assert "１９８５" not in kept and "零零一三八" not in kept


@pytest.mark.parametrize(
    "said", ["一天打了二十几个电话", "at 23:45 on 20 November 2026", "工号3368", "rang 37 times"]
)
def test_times_and_counts_are_kept(said: str) -> None:
    assert without_contacts(said) == said
