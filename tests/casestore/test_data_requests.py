"""The borrower's data: a copy behind a link that ends, changes by a person, consent taken back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from casestore import (
    complaints,
    consents,
    contact_preferences,
    data_requests,
    disputes,
    handoffs,
    held_data,
    messages,
    payment_claims,
    payments,
    sessions,
)
from casestore.errors import NotFound
from casestore.held_data import Amount, Section
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.agreements import Life, payment_file
from tests.casestore.conftest import SetClock
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load, open_case, verify


@pytest.fixture
def borrower(store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path) -> str:
    load(store, tmp_path, WANG, LI)
    open_case(store, "a", WANG, policy, sender)
    session = sessions.get(store, "a")
    assert session is not None and session.borrower_id is not None
    return session.borrower_id


def copied(store: CaseStore, policy: Policy) -> dict[str, Section]:
    """The sections that a copy is made of, by their codes."""
    seen: dict[str, Section] = {}

    def keep(sections: tuple[Section, ...]) -> str:
        seen.update({section.code: section for section in sections})
        return "copy"

    data_requests.make_copy(store, "a", keep, policy, TODAY)
    return seen


def test_a_copy_holds_the_person_the_loan_and_every_answer(
    store: CaseStore, borrower: str, policy: Policy
) -> None:
    sections = copied(store, policy)
    assert sections["person"].rows[0]["name"] == WANG["name"]
    assert sections["loans"].rows[0]["fees"] == Amount(0)
    case = sections["cases"].rows[0]
    assert case["monthly_income"] == Amount(600000) and case["cause"] == "job_loss"


def test_a_copy_holds_complaints_disputes_wishes_claims_consents_and_messages(
    store: CaseStore, borrower: str, policy: Policy
) -> None:
    complaints.receive(store, "a", "contact", "半夜打电话", policy, TODAY)
    disputes.raise_dispute(store, "a", "wrong_amount", policy, TODAY, "多算了")
    contact_preferences.prefer(store, "a", "sms", None)
    payment_claims.claim(store, "a", 50000, TODAY, policy, TODAY)
    consents.record(store, "a", "privacy", "2026-11", True)
    messages.append(store, "a", "borrower", {"text": "你好"})
    sections = copied(store, policy)
    assert sections["complaints"].rows[0]["opening"] == "半夜打电话"
    assert sections["disputes"].rows[0]["words"] == "多算了"
    assert sections["contact"].rows[0]["channel"] == "sms"
    assert sections["payments"].rows[0]["amount"] == Amount(50000)
    assert sections["consents"].rows[0]["given"] is True
    assert sections["messages"].rows[0]["text"] == "你好"


def test_a_copy_names_a_message_that_no_key_opens_and_holds_all_others(
    store: CaseStore, borrower: str, policy: Policy, tmp_path: Path
) -> None:
    """And every payment: nobody needs its reference for that."""
    path = payment_file(tmp_path, (WANG["loan_number"], TODAY.isoformat(), "100.00", "P1"))
    payments.import_csv(store, path, policy, TODAY)
    messages.append(store, "a", "borrower", {"text": "你好"})
    messages.append(store, "a", "borrower", {"text": "在吗"})
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE messages SET body = 'lost' WHERE seq = 1"))
        connection.execute(text("UPDATE payments SET reference = 'lost'"))
    sections = copied(store, policy)
    assert [row["text"] for row in sections["messages"].rows] == [held_data.NOT_READABLE, "在吗"]
    assert sections["payments"].rows == ({"received_on": TODAY, "amount": Amount(10000)},)


def test_a_copy_holds_nothing_of_anybody_else(
    store: CaseStore, borrower: str, policy: Policy, sender: KeepingSender
) -> None:
    verify(store, "li", LI, policy, sender)
    messages.append(store, "li", "borrower", {"text": "李的话"})
    sections = copied(store, policy)
    assert "messages" not in sections and len(sections["loans"].rows) == 1


def test_a_copy_opens_behind_its_link_until_its_time_is_over(
    store: CaseStore, borrower: str, policy: Policy, clock: SetClock
) -> None:
    made = data_requests.make_copy(store, "a", lambda _: "所有数据", policy, TODAY)
    assert data_requests.copy_behind(store, made.token) == "所有数据"
    assert data_requests.copy_behind(store, "guessed") is None
    clock.forward(days=policy.privacy.copy_link_days.value)
    assert data_requests.copy_behind(store, made.token) is None


def test_an_agreement_is_in_the_copy(
    store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path, clock: SetClock
) -> None:
    load(store, tmp_path, WANG)
    made = Life(store, clock, policy, sender, tmp_path).agree()
    assert copied(store, policy)["agreements"].rows[0]["reference"] == made.reference


@pytest.mark.parametrize("kind", ["correct", "delete"])
def test_correcting_and_deleting_is_for_a_person_and_asked_once(
    store: CaseStore, borrower: str, policy: Policy, kind: data_requests.Kind
) -> None:
    first = data_requests.ask_person(store, "a", kind, "电话错了", policy, TODAY)
    again = data_requests.ask_person(store, "a", kind, "还有名字", policy, TODAY)
    assert first.reference == again.reference and first.state == "open"
    assert [each.reason for each in handoffs.open_handoffs(store)] == ["data_request"]


def test_nothing_is_given_to_somebody_who_is_not_verified(store: CaseStore, policy: Policy) -> None:
    sessions.start(store, "stranger", "web")
    with pytest.raises(NotFound):
        data_requests.make_copy(store, "stranger", lambda _: "", policy, TODAY)
    with pytest.raises(NotFound):
        data_requests.ask_person(store, "stranger", "delete", "", policy, TODAY)


def test_consent_is_taken_back_for_every_purpose_in_every_conversation(
    store: CaseStore, borrower: str, policy: Policy, sender: KeepingSender
) -> None:
    verify(store, "b", WANG, policy, sender)
    consents.record(store, "a", "privacy", "v", True)
    consents.record(store, "a", "financial_detail", "v", True)
    consents.record(store, "b", "privacy", "v", True)
    done = data_requests.withdraw_consent(store, "a", policy, TODAY)
    assert done.state == "answered"
    given = [
        consents.is_given(store, *each, "v")
        for each in (("a", "privacy"), ("a", "financial_detail"), ("b", "privacy"))
    ]
    assert given == [False, False, False]


def test_a_stranger_takes_back_only_what_was_given_here(
    store: CaseStore, borrower: str, policy: Policy
) -> None:
    sessions.start(store, "stranger", "web")
    consents.record(store, "a", "privacy", "v", True)
    consents.record(store, "stranger", "privacy", "v", True)
    data_requests.withdraw_consent(store, "stranger", policy, TODAY)
    assert consents.is_given(store, "a", "privacy", "v")
    assert not consents.is_given(store, "stranger", "privacy", "v")


def test_what_was_asked_in_a_conversation_and_waits_is_found_there_alone(
    store: CaseStore, borrower: str, policy: Policy
) -> None:
    sessions.start(store, "stranger", "web")
    asked = data_requests.ask_person(store, "a", "correct", "住址", policy, TODAY)
    assert [each.reference for each in data_requests.open_of(store, "a")] == [asked.reference]
    assert data_requests.open_of(store, "stranger") == ()
    data_requests.corrected(store, asked.reference, "li")
    assert data_requests.open_of(store, "a") == ()
