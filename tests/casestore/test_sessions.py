"""Sessions, consents, messages and the demo telephone."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from casestore import account, consents, hardship, messages, outbox, sessions
from casestore.errors import NotFound
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import LI, WANG, KeepingSender, load, verify


def test_starting_twice_keeps_what_the_session_knows(store: CaseStore) -> None:
    sessions.start(store, "a", "web")
    sessions.remember(store, "a", language="zh")
    session = sessions.start(store, "a", "shell")
    assert (session.channel, session.language) == ("web", "zh")


def test_a_session_that_never_began_is_not_there(store: CaseStore) -> None:
    assert sessions.get(store, "a") is None
    with pytest.raises(NotFound):
        sessions.remember(store, "a", language="zh")


def test_two_processes_starting_one_session_make_one(store: CaseStore, url: str) -> None:
    other = CaseStore.open(url, store.keys)
    gate, started = threading.Barrier(2), list[str]()

    def run(mine: CaseStore) -> None:
        gate.wait()
        started.append(sessions.start(mine, "a", "web").session_id)

    threads = [threading.Thread(target=run, args=(mine,)) for mine in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert started == ["a", "a"]


def test_a_session_remembers_only_its_own_borrowers_loans_and_cases(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    load(store, tmp_path, WANG, LI)
    lis_loan = account.loans_of(store, verify(store, "li", LI, policy, sender))[0].loan.loan_id
    lis_case = hardship.open_case(store, "li", None).case_id
    wangs_loan = account.loans_of(store, verify(store, "wang", WANG, policy, sender))[0].loan.loan_id
    sessions.remember(store, "wang", loan_id=wangs_loan)
    for foreign in ({"loan_id": lis_loan}, {"case_id": lis_case}):
        with pytest.raises(NotFound):
            sessions.remember(store, "wang", **foreign)
    with pytest.raises(NotFound):
        hardship.attach_loan(store, "wang", lis_loan)


def test_a_case_can_go_on_in_another_session_of_the_same_borrower(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    load(store, tmp_path, WANG)
    verify(store, "phone", WANG, policy, sender)
    case_id = hardship.open_case(store, "phone", "illness").case_id
    verify(store, "laptop", WANG, policy, sender)
    sessions.remember(store, "laptop", case_id=case_id)
    assert hardship.open_case(store, "laptop", None).case_id == case_id


def test_forgetting_leaves_nothing_of_the_borrower(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    load(store, tmp_path, WANG)
    verify(store, "a", WANG, policy, sender)
    hardship.open_case(store, "a", "illness")
    sessions.forget(store, "a")
    session = sessions.get(store, "a")
    assert session is not None
    assert (session.borrower_id, session.verified_at, session.loan_id, session.case_id) == (None,) * 4


def test_the_last_decision_about_a_purpose_counts(store: CaseStore) -> None:
    sessions.start(store, "a", "web")
    assert not consents.is_given(store, "a", "privacy", "1")
    consents.record(store, "a", "privacy", "1", True)
    assert consents.is_given(store, "a", "privacy", "1")
    consents.record(store, "a", "privacy", "1", False)
    assert not consents.is_given(store, "a", "privacy", "1")


@pytest.mark.parametrize(
    ("session", "purpose", "version"),
    [("a", "privacy", "2"), ("a", "health_detail", "1"), ("b", "privacy", "1")],
)
def test_consent_is_for_this_session_purpose_and_version_only(
    store: CaseStore, session: str, purpose: str, version: str
) -> None:
    sessions.start(store, "a", "web")
    consents.record(store, "a", "privacy", "1", True)
    assert not consents.is_given(store, session, purpose, version)


def test_messages_are_numbered_per_session_and_read_after_a_number(store: CaseStore, clock: SetClock) -> None:
    for session in ("a", "b"):
        sessions.start(store, session, "web")
        for text in ("one", "two", "three"):
            messages.append(store, session, "bot", {"text": text})
    later = messages.after(store, "a", 1, limit=10)
    assert [(message.seq, message.body["text"]) for message in later] == [(2, "two"), (3, "three")]
    assert later[0].at == clock.now
    assert len(messages.after(store, "a", 0, limit=2)) == 2


def test_a_message_sent_twice_is_kept_once(store: CaseStore) -> None:
    sessions.start(store, "a", "web")
    first = messages.append(store, "a", "borrower", {"text": "hi"}, "client-1")
    again = messages.append(store, "a", "borrower", {"text": "hi"}, "client-1")
    assert (first.duplicate, again.duplicate) == (False, True) and first.seq == again.seq
    assert len(messages.after(store, "a", 0, limit=10)) == 1


def test_messages_of_two_workers_get_different_numbers(store: CaseStore, url: str) -> None:
    sessions.start(store, "a", "web")
    other = CaseStore.open(url, store.keys)
    gate = threading.Barrier(2)

    def run(mine: CaseStore) -> None:
        gate.wait()
        for _ in range(10):
            messages.append(mine, "a", "bot", {"text": "x"})

    threads = [threading.Thread(target=run, args=(mine,)) for mine in (store, other)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    other.close()
    assert [message.seq for message in messages.after(store, "a", 0, limit=50)] == list(range(1, 21))


def test_issued_payloads_are_those_of_the_bots_own_buttons(store: CaseStore) -> None:
    sessions.start(store, "a", "web")
    sessions.start(store, "b", "web")
    messages.append(store, "a", "bot", {"text": "?", "buttons": [{"title": "Yes", "payload": "/affirm"}]})
    card = {"card": {"offers": [{"button": {"title": "1", "payload": "/choose_1"}}]}}
    messages.append(store, "a", "bot", card)
    messages.append(store, "a", "borrower", {"payload": "/steal"})
    messages.append(store, "b", "bot", {"buttons": [{"title": "x", "payload": "/other_session"}]})
    assert messages.issued_payloads(store, "a") == {"/affirm", "/choose_1"}
    assert messages.issued_payloads(store, "a", limit=1) == {"/choose_1"}


def test_the_demo_phone_shows_the_newest_code_first(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPITE_DEMO", "1")
    outbox.put(store, "+8613800000101", "111111", "zh")
    outbox.put(store, "+8613800000101", "222222", "en")
    assert [code.code for code in outbox.recent(store, 5)] == ["222222", "111111"]


def test_outside_demo_mode_no_code_is_kept_readable(
    store: CaseStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESPITE_DEMO", raising=False)
    with pytest.raises(outbox.OutboxClosed):
        outbox.put(store, "+8613800000101", "111111", "zh")
    assert outbox.recent(store, 5) == ()
