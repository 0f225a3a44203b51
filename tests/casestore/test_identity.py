"""Identity: the right person gets in, and everybody else hears exactly the same, whoever they claim to be."""

from __future__ import annotations

from pathlib import Path

import pytest
import structlog
from sqlalchemy import select

from casestore import account, hardship, identity, sessions
from casestore.identity import CodeResult
from casestore.models import ChallengeRow
from casestore.store import CaseStore
from hardship.identity import Login
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import (
    LI,
    WANG,
    WANGS_SECOND_LOAN,
    KeepingSender,
    ask_for_code,
    load,
    verify,
)

PHONE = Login("phone", f"+86{WANG['phone']}")
LOAN = Login("loan_number", WANG["loan_number"])
STRANGER = Login("phone", "+8613900000999")
LAST_FOUR = WANG["id_number"][-4:]
WRONG_FOUR = "999X"


@pytest.fixture(autouse=True)
def accounts_loaded(store: CaseStore, tmp_path: Path) -> None:
    load(store, tmp_path, WANG, WANGS_SECOND_LOAN, LI)
    for session in ("a", "b", "c"):
        sessions.start(store, session, "web")


def wrong(code: str) -> str:
    """Another code than `code`."""
    return f"{(int(code) + 1) % 1000000:06d}"


def lock(store: CaseStore, policy: Policy, session: str) -> None:
    """Lock Wang from another session by three wrong codes."""
    sender = KeepingSender()
    ask_for_code(store, session, LOAN, LAST_FOUR, policy, sender)
    results = [identity.check(store, session, wrong(sender.code), policy) for _ in range(3)]
    assert results[-1] is CodeResult.LOCKED


@pytest.mark.parametrize("login", [PHONE, LOAN], ids=["by phone", "by loan number"])
def test_the_right_code_verifies_the_session(
    store: CaseStore, policy: Policy, sender: KeepingSender, login: Login
) -> None:
    ask_for_code(store, "a", login, LAST_FOUR, policy, sender)
    assert sender.sent[0][0] == PHONE.value
    assert len(sender.code) == 6 and sender.code.isdigit()
    assert identity.check(store, "a", sender.code, policy) is CodeResult.VERIFIED
    session = sessions.get(store, "a")
    assert session is not None and session.verified_at is not None
    assert {view.tail for view in account.loans_of(store, str(session.borrower_id))} == {"0001", "0002"}


def test_a_code_works_once(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    ask_for_code(store, "a", PHONE, LAST_FOUR, policy, sender)
    identity.check(store, "a", sender.code, policy)
    assert identity.check(store, "a", sender.code, policy) is CodeResult.EXPIRED


OUTCOMES = [CodeResult.TRY_AGAIN, CodeResult.TRY_AGAIN, CodeResult.LOCKED, CodeResult.LOCKED]


@pytest.mark.parametrize(
    ("login", "last_four", "locked", "codes_sent"),
    [
        pytest.param(PHONE, LAST_FOUR, False, 1, id="known person, wrong codes"),
        pytest.param(PHONE, WRONG_FOUR, False, 0, id="known phone, wrong last four"),
        pytest.param(LOAN, WRONG_FOUR, False, 0, id="known loan, wrong last four"),
        pytest.param(STRANGER, LAST_FOUR, False, 0, id="unknown phone"),
        pytest.param(Login("loan_number", "LN29999999"), LAST_FOUR, False, 0, id="unknown loan"),
        pytest.param(PHONE, LAST_FOUR, True, 0, id="locked person"),
    ],
)
def test_unknown_wrong_and_locked_hear_the_same(
    store: CaseStore,
    policy: Policy,
    sender: KeepingSender,
    login: Login,
    last_four: str,
    locked: bool,
    codes_sent: int,
) -> None:
    if locked:
        lock(store, policy, "b")
    ask_for_code(store, "a", login, last_four, policy, sender)
    guess = wrong(sender.code) if sender.sent else "123456"
    assert [identity.check(store, "a", guess, policy) for _ in OUTCOMES] == OUTCOMES
    assert len(sender.sent) == codes_sent


def test_wrong_codes_count_over_sessions(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    for session in ("a", "b", "c"):
        ask_for_code(store, session, PHONE, LAST_FOUR, policy, sender)
        assert identity.check(store, session, wrong(sender.code), policy) is CodeResult.TRY_AGAIN
    # The third wrong code locked the person: now even the right one is no better than a wrong one.
    assert identity.check(store, "c", sender.code, policy) is CodeResult.TRY_AGAIN


def test_wrong_codes_count_over_channels(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    """A try each on the page, in WeChat and by SMS: the person is locked on all of them."""
    for channel in ("web", "wechat", "sms"):
        sessions.start(store, f"{channel}-1", channel)
        ask_for_code(store, f"{channel}-1", PHONE, LAST_FOUR, policy, sender)
        assert identity.check(store, f"{channel}-1", wrong(sender.code), policy) is CodeResult.TRY_AGAIN
    asked = len(sender.sent)
    sessions.start(store, "whatsapp-1", "whatsapp")
    ask_for_code(store, "whatsapp-1", PHONE, LAST_FOUR, policy, sender)
    assert len(sender.sent) == asked
    assert identity.check(store, "sms-1", sender.code, policy) is CodeResult.TRY_AGAIN


def test_the_lock_survives_a_restart(
    store: CaseStore, url: str, clock: SetClock, policy: Policy, sender: KeepingSender
) -> None:
    lock(store, policy, "b")
    restarted = CaseStore.open(url, store.keys, clock)
    ask_for_code(restarted, "a", PHONE, LAST_FOUR, policy, sender)
    assert sender.sent == []
    restarted.close()


def test_the_lock_ends_after_the_policys_time(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender
) -> None:
    lock(store, policy, "a")
    clock.forward(minutes=policy.identity.lock_minutes.value)
    ask_for_code(store, "a", PHONE, LAST_FOUR, policy, sender)
    assert identity.check(store, "a", sender.code, policy) is CodeResult.VERIFIED


def test_starting_again_in_the_session_does_not_give_new_tries(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    lock(store, policy, "a")
    ask_for_code(store, "a", LOAN, LAST_FOUR, policy, sender)
    assert sender.sent == []
    assert identity.check(store, "a", "123456", policy) is CodeResult.LOCKED


@pytest.mark.parametrize("login", [PHONE, STRANGER], ids=["known", "unknown"])
def test_a_code_expires_for_everybody_alike(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, login: Login
) -> None:
    ask_for_code(store, "a", login, LAST_FOUR, policy, sender)
    clock.forward(minutes=policy.identity.code_minutes.value)
    code = sender.code if sender.sent else "123456"
    assert identity.check(store, "a", code, policy) is CodeResult.EXPIRED


def test_a_new_code_replaces_the_old_one(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender
) -> None:
    ask_for_code(store, "a", PHONE, LAST_FOUR, policy, sender)
    clock.forward(seconds=policy.identity.resend_after_seconds.value)
    identity.resend(store, "a", policy, sender, "en")
    old, new = sender.sent[0][1], sender.sent[1][1]
    if old != new:
        assert identity.check(store, "a", old, policy) is CodeResult.TRY_AGAIN
    assert identity.check(store, "a", new, policy) is CodeResult.VERIFIED
    assert sender.sent[1][2] == "en"


def test_nobodys_phone_is_flooded_with_codes(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    ask_for_code(store, "a", PHONE, LAST_FOUR, policy, sender)
    for _ in range(5):
        identity.resend(store, "a", policy, sender, "zh")
    assert len(sender.sent) == 1
    assert identity.check(store, "a", sender.code, policy) is CodeResult.VERIFIED


def test_nobodys_phone_is_flooded_with_codes_from_ever_new_conversations(
    store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender
) -> None:
    most = policy.identity.unused_codes_a_day.value
    for number in range(most + 3):
        sessions.start(store, f"new-{number}", "web")
        ask_for_code(store, f"new-{number}", (PHONE, LOAN)[number % 2], LAST_FOUR, policy, sender)
    assert len(sender.sent) == most
    clock.forward(days=1)
    ask_for_code(store, "a", PHONE, LAST_FOUR, policy, sender)
    assert len(sender.sent) == most + 1
    assert identity.check(store, "a", sender.code, policy) is CodeResult.VERIFIED


def test_who_enters_their_codes_may_ask_for_as_many_as_they_like(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    for number in range(policy.identity.unused_codes_a_day.value + 3):
        sessions.start(store, f"new-{number}", "web")
        ask_for_code(store, f"new-{number}", PHONE, LAST_FOUR, policy, sender)
        assert identity.check(store, f"new-{number}", sender.code, policy) is CodeResult.VERIFIED


def test_a_code_lies_hashed_in_the_store(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    ask_for_code(store, "a", PHONE, LAST_FOUR, policy, sender)
    with store.reading() as unit:
        (row,) = unit.session.execute(select(ChallengeRow.__table__)).all()
    assert sender.code not in row and len(row.code_hash) == 64


def test_a_failing_gateway_changes_nothing_the_speaker_sees(store: CaseStore, policy: Policy) -> None:
    class BrokenGateway:
        def send(self, phone: str, code: str, language: str) -> None:
            raise ConnectionError(f"no route for {phone} {code}")

    identity.claim(store, "a", PHONE)
    with structlog.testing.capture_logs() as logs:
        identity.begin(store, "a", LAST_FOUR, policy, BrokenGateway(), "zh")
    assert logs == [{"event": "code_not_sent", "problem": "ConnectionError", "log_level": "error"}]
    assert identity.check(store, "a", "123456", policy) is CodeResult.TRY_AGAIN


def test_the_code_is_sent_when_nothing_is_locked_any_more(store: CaseStore, policy: Policy) -> None:
    class WritingGateway:
        """Fails on SQLite if the challenge's transaction were still open."""

        def send(self, phone: str, code: str, language: str) -> None:
            sessions.start(store, "from-the-gateway", "web")

    identity.claim(store, "a", PHONE)
    identity.begin(store, "a", LAST_FOUR, policy, WritingGateway(), "zh")
    assert sessions.get(store, "from-the-gateway") is not None


def test_a_verified_session_takes_its_open_case_along(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    case = hardship.open_case(store, "a", "illness")
    borrower_id = verify(store, "a", WANG, policy, sender)
    assert hardship.case(store, case.case_id).borrower_id == borrower_id


def test_another_person_in_the_same_session_gets_nothing_of_the_first(
    store: CaseStore, policy: Policy, sender: KeepingSender
) -> None:
    verify(store, "a", WANG, policy, sender)
    hardship.open_case(store, "a", "illness")
    verify(store, "a", LI, policy, sender)
    session = sessions.get(store, "a")
    assert session is not None and (session.case_id, session.loan_id) == (None, None)


def test_a_code_without_a_check_under_way_is_expired(store: CaseStore, policy: Policy) -> None:
    assert identity.check(store, "a", "123456", policy) is CodeResult.EXPIRED


def test_not_that_person_ends_the_check(store: CaseStore, policy: Policy, sender: KeepingSender) -> None:
    ask_for_code(store, "a", PHONE, LAST_FOUR, policy, sender)
    sessions.forget(store, "a")
    assert identity.check(store, "a", sender.code, policy) is CodeResult.EXPIRED
