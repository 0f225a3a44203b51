"""Whoever reads first and writes later is overtaken in between, at the worst moment: nothing is lost.

On PostgreSQL each look sees what others committed by then, so that a look before a lock may be too old. On
SQLite a unit that writes has the store alone from its beginning.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from casestore import (
    account,
    accounts,
    addresses,
    agreement,
    agreement_life,
    audit,
    complaints,
    data_requests,
    decisions,
    desk,
    disputes,
    erasure,
    handoffs,
    hardship,
    identity,
    kept_answers,
    legal_holds,
    messages,
    payment_claims,
    payments,
    plan,
    retention,
    sessions,
    told_rows,
)
from casestore.desk import UnknownHandoff
from casestore.errors import NotFound, OfferNotAcceptable
from casestore.identity import CodeResult
from casestore.models import BorrowerRow, DeskEventRow, LoanRow, MessageRow, PaymentRow
from casestore.payment_claims import PaymentClaim
from casestore.payments import PaymentReport
from casestore.store import CaseStore
from hardship.cases import CaseState
from hardship.identity import Login
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.agreements import accept, payment_file
from tests.casestore.conftest import SetClock
from tests.casestore.people import (
    TODAY,
    WANG,
    KeepingSender,
    ask_for_code,
    load,
    verify,
    with_offers,
    write_csv,
)
from tests.casestore.test_erasure import PAID_BACK
from tests.casestore.test_retention import YEARS_AND_A_DAY
from tests.casestore.together import overtaking

pytestmark = [
    pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
]

CHEN = "Chen Jing"
SETTLEMENT = Ask(kind="settlement", lump_sum=1_500_000)


@pytest.fixture
def offered(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> tuple[str, Callable[[CaseStore], object]]:
    """A case with offers on the table, and the yes to the first of them."""
    load(store, tmp_path, WANG)
    case_id, proposal = with_offers(store, "a", WANG, policy, sender)
    return case_id, lambda other: accept(replace(other, desk=True), case_id, proposal.offers[0].offer_id)


def asked_for(store: CaseStore, case_id: str, policy: Policy) -> str:
    """The hand-off of a wish that only a person may grant; a yes to something else takes it back."""
    asked = plan.counter(store, case_id, SETTLEMENT, policy, TODAY).result
    assert asked.offer is not None
    decisions.ask_person(store, case_id, asked.offer, SETTLEMENT, policy, TODAY)
    return handoffs.open_handoffs(store)[0].reference


def require_agreed(store: CaseStore, case_id: str) -> None:
    """The agreement and its case say the same, and the trail tells all of it."""
    assert agreement.for_case(store, case_id, TODAY) is not None
    assert hardship.case(store, case_id).state is CaseState.ACCEPTED
    assert told_rows.verify(store) == [] and agreement.verify(store) == []


def test_a_person_asked_for_while_a_yes_is_heard_leaves_the_case_agreed(
    store: CaseStore, url: str, policy: Policy, offered: tuple[str, Callable[[CaseStore], object]]
) -> None:
    case_id, yes = offered
    with overtaking(store, url, "cases", yes):
        handoffs.request(store, "a", handoffs.ASKED, policy)
    require_agreed(store, case_id)


def test_a_talk_that_is_closed_while_a_yes_is_heard_leaves_the_case_agreed(
    store: CaseStore, url: str, policy: Policy, offered: tuple[str, Callable[[CaseStore], object]]
) -> None:
    case_id, yes = offered
    reference = handoffs.request(store, "a", handoffs.ASKED, policy).reference
    desk.take(store, reference, CHEN)
    with overtaking(store, url, "cases", yes):
        desk.close(store, reference, CHEN)
    require_agreed(store, case_id)


def test_a_hand_off_taken_while_a_yes_makes_it_needless_is_not_taken_after_its_end(
    store: CaseStore, url: str, policy: Policy, offered: tuple[str, Callable[[CaseStore], object]]
) -> None:
    case_id, yes = offered
    at_desk = replace(store, desk=True)
    reference = asked_for(at_desk, case_id, policy)
    with overtaking(store, url, "handoffs", yes, nth=2), suppress(UnknownHandoff):
        desk.take(at_desk, reference, CHEN)
    with store.reading() as unit:
        told = list(unit.session.scalars(select(DeskEventRow.kind).order_by(DeskEventRow.number)))
    assert told[-1] == "handoff_closed" and told.count("handoff_closed") == 1
    require_agreed(store, case_id)


def test_a_danger_named_while_a_yes_makes_the_hand_off_needless_still_waits_for_a_person(
    store: CaseStore, url: str, policy: Policy, offered: tuple[str, Callable[[CaseStore], object]]
) -> None:
    case_id, yes = offered
    asked_for(store, case_id, policy)
    with overtaking(store, url, "handoffs", yes):
        handoffs.request_for_danger(store, "a", policy, "self_harm")
    assert handoffs.danger_waits(store, "a")
    require_agreed(store, case_id)


def test_a_renegotiation_begun_while_the_agreement_is_withdrawn_from_finds_none(
    store: CaseStore, url: str, offered: tuple[str, Callable[[CaseStore], object]]
) -> None:
    case_id, yes = offered
    yes(store)
    loan_id = str(hardship.case(store, case_id).loan_id)
    with (
        overtaking(store, url, "agreements", lambda other: agreement_life.withdraw(other, case_id, TODAY)),
        pytest.raises(NotFound),
    ):
        agreement_life.renegotiate(store, "a", loan_id)
    assert hardship.case(store, case_id).state is CaseState.WITHDRAWN


def test_two_offers_accepted_at_once_make_one_agreement(
    store: CaseStore, url: str, offered: tuple[str, Callable[[CaseStore], object]]
) -> None:
    case_id, yes = offered
    second = plan.current(store, case_id).offers[1].offer_id
    with pytest.raises(OfferNotAcceptable), overtaking(store, url, "cases", yes):
        accept(store, case_id, second)
    assert len(agreement.history(store, case_id, TODAY)) == 1
    require_agreed(store, case_id)


def test_a_yes_that_the_end_of_its_offer_overtakes_agrees_to_nothing(
    store: CaseStore, url: str, policy: Policy, offered: tuple[str, Callable[[CaseStore], object]]
) -> None:
    """The yes waits for the case; what happened to its offer meanwhile counts."""
    case_id, yes = offered
    with pytest.raises(OfferNotAcceptable, match="superseded"), overtaking(store, url, "cases", yes):
        plan.propose(store, case_id, policy, TODAY)
    assert agreement.for_case(store, case_id, TODAY) is None


def test_a_dispute_taken_back_while_the_lender_answers_it_stays_taken_back(
    store: CaseStore, url: str, policy: Policy
) -> None:
    sessions.start(store, "a", "web")
    reference = disputes.raise_dispute(store, "a", "not_owed", policy, TODAY).reference
    with (
        overtaking(store, url, "disputes", lambda other: disputes.withdraw(other, "a")),
        pytest.raises(NotFound),
    ):
        disputes.close(store, reference)
    assert told_rows.verify(store) == []


def test_a_complaint_answered_while_the_borrower_takes_it_back_stays_answered(
    store: CaseStore, url: str, policy: Policy
) -> None:
    sessions.start(store, "a", "web")
    complaint = complaints.receive(store, "a", "complaint", "", policy, TODAY)
    with (
        suppress(NotFound),
        overtaking(store, url, "complaints", lambda other: complaints.answered(other, complaint.reference)),
    ):
        complaints.withdraw(store, "a", complaint.kind)
    assert len(audit_of(store, "complaint_answered", "complaint_withdrawn")) == 1


def test_a_payment_that_comes_in_while_its_loan_is_agreed_on_counts_towards_the_agreement(
    store: CaseStore,
    url: str,
    policy: Policy,
    offered: tuple[str, Callable[[CaseStore], object]],
    tmp_path: Path,
) -> None:
    case_id, yes = offered
    day = TODAY + timedelta(days=1)
    path = payment_file(tmp_path, (WANG["loan_number"], day.isoformat(), "100.00", "P1"))
    with overtaking(store, url, "loans", yes):
        payments.import_csv(store, path, policy, day)
    made = agreement.for_case(store, case_id, day)
    assert made is not None and made.paid == 10_000


def talk_of_one_loan(store: CaseStore, policy: Policy, sender: KeepingSender, tmp_path: Path) -> str:
    """Two conversations, a and b, of the same borrower; the loan that both are about."""
    load(store, tmp_path, WANG)
    loan_id = account.by_number(store, WANG["loan_number"]).loan.loan_id
    for name in ("a", "b"):
        verify(store, name, WANG, policy, sender)
        sessions.remember(store, name, loan_id=loan_id)
    return loan_id


def test_a_payment_told_while_another_conversation_tells_of_it_is_one_claim(
    store: CaseStore, url: str, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    talk_of_one_loan(store, policy, sender, tmp_path)
    claims = list[PaymentClaim]()

    def tell(other: CaseStore, name: str = "b") -> None:
        claims.append(payment_claims.claim(other, name, 80000, TODAY, policy, TODAY))

    with overtaking(store, url, "payment_claims", tell):
        tell(store, "a")
    assert len(claims) == 2 and len({each.reference for each in claims}) == 1
    assert len(handoffs.open_handoffs(store)) == 1 and told_rows.verify(store) == []


def test_a_payment_told_again_while_a_person_ends_the_check_is_not_left_to_nobody(
    store: CaseStore, url: str, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    loan_id = talk_of_one_loan(store, policy, sender, tmp_path)
    first = payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY)
    (handoff,) = handoffs.open_handoffs(store)
    desk.take(store, handoff.reference, CHEN)
    with overtaking(store, url, "loans", lambda other: desk.close(other, handoff.reference, CHEN)):
        again = payment_claims.claim(store, "b", 80000, TODAY, policy, TODAY)
    assert again.reference != first.reference
    assert [each.session_id for each in handoffs.open_handoffs(store)] == ["b"]
    assert payment_claims.open_claims(store, loan_id) == (again,)


def test_one_payment_in_two_files_at_once_counts_once(
    store: CaseStore, url: str, policy: Policy, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG)
    path = payment_file(tmp_path, (WANG["loan_number"], TODAY.isoformat(), "100.00", "P1"))
    reports = list[PaymentReport]()

    def again(other: CaseStore) -> None:
        reports.append(payments.import_csv(other, path, policy, TODAY))

    with overtaking(store, url, "payments", again):
        reports.append(payments.import_csv(store, path, policy, TODAY))
    assert sorted((each.loaded, each.unchanged) for each in reports) == [(0, 1), (1, 0)]


def test_a_legal_hold_placed_while_a_forgotten_borrower_is_erased_keeps_them(
    store: CaseStore, url: str, policy: Policy, clock: SetClock, tmp_path: Path
) -> None:
    """The erasing waits for who places the hold, and must see it then."""
    load(store, tmp_path, WANG)
    clock.forward(days=YEARS_AND_A_DAY)

    def erase(other: CaseStore) -> None:
        retention.run(other, None, policy, CHEN)

    with overtaking(store, url, "borrowers", erase):
        legal_holds.place(store, WANG["loan_number"], "court order", CHEN, TODAY)
    with store.reading() as unit:
        assert len(unit.session.scalars(select(BorrowerRow)).all()) == 1


def test_a_debt_that_comes_in_while_its_borrower_is_erased_keeps_them_or_comes_after(
    store: CaseStore, url: str, policy: Policy, clock: SetClock, sender: KeepingSender, tmp_path: Path
) -> None:
    load(store, tmp_path, PAID_BACK)
    clock.forward(days=YEARS_AND_A_DAY)
    verify(store, "a", WANG, policy, sender)
    request = data_requests.ask_person(store, "a", "delete", "", policy, TODAY)
    path = write_csv(tmp_path, {**WANG, "as_of": "2031-11-29", "next_due": "2031-12-20"})
    with overtaking(store, url, "loans", lambda other: accounts.import_csv(other, path)):
        erasure.decide(store, None, request.reference, CHEN, policy)
    with store.reading() as unit:
        assert [row.principal for row in unit.session.scalars(select(LoanRow))] == [2078468]
    assert told_rows.verify(store) == []


def writes(store: CaseStore, _policy: Policy, _folder: Path) -> bool:
    messages.append(store, "a", "borrower", {"text": "我回来了"})
    return True


def pays(store: CaseStore, policy: Policy, folder: Path) -> bool:
    day = store.clock().date()
    path = payment_file(folder, (WANG["loan_number"], day.isoformat(), "100.00", "P1"))
    return payments.import_csv(store, path, policy, day).loaded == 1


def proves_who_they_are(store: CaseStore, policy: Policy, _folder: Path) -> bool:
    sender = KeepingSender()
    sessions.start(store, "b", "web")
    ask_for_code(store, "b", Login("phone", f"+86{WANG['phone']}"), WANG["id_number"][-4:], policy, sender)
    return bool(sender.sent) and identity.check(store, "b", sender.code, policy) is CodeResult.VERIFIED


@pytest.mark.parametrize("look", range(1, 6))
@pytest.mark.parametrize(
    ("sign_of_life", "row"), [(writes, MessageRow), (pays, PaymentRow), (proves_who_they_are, BorrowerRow)]
)
def test_who_gives_a_sign_of_life_while_a_run_erases_them_is_kept_or_refused(
    store: CaseStore,
    url: str,
    policy: Policy,
    clock: SetClock,
    sender: KeepingSender,
    tmp_path: Path,
    sign_of_life: Callable[[CaseStore, Policy, Path], bool],
    row: Any,
    look: int,
) -> None:
    """At whichever look of the run: what was taken stays with its borrower, and nothing of who went is."""
    load(store, tmp_path, WANG)
    verify(store, "a", WANG, policy, sender)
    clock.forward(days=YEARS_AND_A_DAY)
    taken = list[bool]()

    def come_back(other: CaseStore) -> None:
        with suppress(NotFound):
            taken.append(sign_of_life(other, policy, tmp_path))

    with overtaking(store, url, "borrowers", come_back, nth=look):
        retention.run(store, None, policy, CHEN)
    with store.reading() as unit:
        there = [len(unit.session.scalars(select(each)).all()) for each in (BorrowerRow, row)]
    assert there == ([1, 1] if any(taken) else [0, 0])
    assert told_rows.verify(store) == []


@pytest.mark.parametrize("look", range(1, 6))
def test_a_stranger_who_writes_while_a_run_erases_the_conversation_is_kept_or_refused(
    store: CaseStore, url: str, policy: Policy, clock: SetClock, look: int
) -> None:
    sessions.start(store, "a", "web")
    clock.forward(days=policy.privacy.unidentified_days.value + 1)
    taken = list[bool]()

    def come_back(other: CaseStore) -> None:
        with suppress(NotFound):
            taken.append(writes(other, policy, Path()))

    with overtaking(store, url, "chat_sessions", come_back, nth=look):
        retention.run(store, None, policy, CHEN)
    assert len(messages.after(store, "a", 0, 10)) == len(taken)


@pytest.mark.parametrize("look", range(1, 6))
def test_who_texts_again_while_a_run_erases_their_number_can_be_answered(
    store: CaseStore, url: str, policy: Policy, clock: SetClock, look: int
) -> None:
    number = "+8613800000101"
    session = addresses.session_for(store, "sms", number)
    clock.forward(days=policy.privacy.address_days.value + 1)

    def text_again(other: CaseStore) -> None:
        kept_answers.arrive(other, "sms", number, "m2")
        messages.append(other, session, "borrower", {"text": "我回来了"})

    with overtaking(store, url, "channel_addresses", text_again, nth=look):
        retention.run(store, None, policy, CHEN)
    assert addresses.address_of(store, session) == number
    assert len(messages.after(store, session, 0, 10)) == 1


def test_two_files_at_once_leave_a_loan_the_figures_of_one(
    store: CaseStore, url: str, tmp_path: Path
) -> None:
    load(store, tmp_path, WANG)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    lower = write_csv(first, {**WANG, "fees": "1.00"})
    higher = write_csv(second, {**WANG, "interest": "500.00"})
    with overtaking(store, url, "loans", lambda other: accounts.import_csv(other, higher)):
        accounts.import_csv(store, lower)
    with store.reading() as unit:
        loan = unit.session.scalars(select(LoanRow)).one()
    assert (loan.fees, loan.interest) in [(100, 40365), (0, 50000)]


def audit_of(store: CaseStore, *actions: str) -> list[audit.Entry]:
    """The trail's entries of these actions."""
    with store.reading() as unit:
        return list(audit.entries(unit.session, *actions))
