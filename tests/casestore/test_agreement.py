"""Agreements: accepted once, completely, and only as offered."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from casestore import account, agreement, audit, cases, consents, hardship, plan
from casestore.agreement import Accepted, OfferNotAcceptable
from casestore.documents import AgreementDraft, render_agreement
from casestore.models import (
    AgreementRow,
    AuditRow,
    CollectionHoldRow,
    ConsentRow,
    IdempotencyKeyRow,
    ScheduleRow,
)
from casestore.plan import Proposal
from casestore.rows import session_row
from casestore.store import CaseStore
from hardship.cases import CaseState
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import LI, TODAY, WANG, KeepingSender, load, with_offers

Offered = tuple[str, Proposal]


@pytest.fixture
def offered(store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender) -> Offered:
    """Wang's case with offers on the table."""
    load(store, tmp_path, WANG, LI)
    return with_offers(store, "a", WANG, policy, sender)


def page(draft: AgreementDraft) -> str:
    return render_agreement(draft, "zh")


def accept(store: CaseStore, case_id: str, offer_id: str, key: str = "key") -> Accepted:
    return agreement.accept(store, case_id, offer_id, key, "zh", page)


def count(store: CaseStore, model: type) -> int:
    with store.reading() as unit:
        return int(unit.session.scalar(select(func.count()).select_from(model)) or 0)


def nothing_was_recorded(store: CaseStore) -> bool:
    models = (AgreementRow, ScheduleRow, CollectionHoldRow, IdempotencyKeyRow)
    return not any(count(store, model) for model in models)


def test_accepting_records_everything_at_once(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    chosen = proposal.offers[0]
    made = accept(store, case_id, chosen.offer_id)
    assert made.created
    assert re.fullmatch(r"RA-20261124-[34679ACDEFGHJKMNPQRTWXY]{6}", made.reference)
    assert count(store, ScheduleRow) == len(chosen.offer.schedule)
    assert count(store, CollectionHoldRow) == count(store, IdempotencyKeyRow) == 1
    assert hardship.case(store, case_id).state is CaseState.ACCEPTED
    with store.reading() as unit:
        consent = unit.session.scalars(select(ConsentRow).where(ConsentRow.purpose == "agreement")).one()
        entry = unit.session.scalars(select(AuditRow).order_by(AuditRow.seq.desc())).first()
        row = unit.session.scalars(select(AgreementRow)).one()
    assert consents.is_given(store, "a", "agreement", consent.version)
    assert (entry.action, entry.subject) == ("agreement_accepted", made.reference)
    assert row.document_sha256 in entry.details and row.offer_hash in entry.details
    assert audit.verify(store) == [] and agreement.verify(store) == []


def test_the_booked_schedule_is_the_offered_one(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    accept(store, case_id, proposal.offers[0].offer_id)
    (exported,) = agreement.export(store)
    assert exported["loan_number"] == WANG["loan_number"]
    booked = [tuple(row.values()) for row in exported["schedule"]]
    assert booked == [tuple(vars(row).values()) for row in proposal.offers[0].offer.schedule]


def test_saying_yes_twice_makes_one_agreement(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    first = accept(store, case_id, proposal.offers[0].offer_id)
    again = accept(store, case_id, proposal.offers[0].offer_id)
    other_tab = accept(store, case_id, proposal.offers[0].offer_id, "another key")
    assert again == other_tab == replace(first, created=False)
    assert count(store, AgreementRow) == 1


def test_a_second_plan_for_the_same_case_is_refused(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    accept(store, case_id, proposal.offers[0].offer_id)
    with pytest.raises(OfferNotAcceptable) as refusal:
        accept(store, case_id, proposal.offers[1].offer_id, "another key")
    assert refusal.value.reason == "already_agreed"


def test_a_second_plan_for_the_same_loan_is_refused(
    store: CaseStore, offered: Offered, policy: Policy, sender: KeepingSender
) -> None:
    case_id, proposal = offered
    second_id, second = with_offers(store, "b", WANG, policy, sender)
    accept(store, case_id, proposal.offers[0].offer_id)
    with pytest.raises(OfferNotAcceptable) as refusal:
        accept(store, second_id, second.offers[0].offer_id, "another key")
    assert refusal.value.reason == "already_agreed"


@pytest.mark.parametrize("same_offer", [True, False], ids=["the same offer", "two different offers"])
@pytest.mark.parametrize("round_", range(5))
def test_two_workers_accepting_at_the_same_moment_make_one_agreement(
    store: CaseStore, url: str, clock: SetClock, offered: Offered, same_offer: bool, round_: int
) -> None:
    case_id, proposal = offered
    workers = [CaseStore.open(url, store.keys, clock) for _ in range(4)]
    gate, results = threading.Barrier(len(workers)), list[object]()

    def work(number: int, worker: CaseStore) -> None:
        offer = proposal.offers[0 if same_offer else number % 2]
        gate.wait()
        try:
            results.append(accept(worker, case_id, offer.offer_id, f"key {offer.offer_id}"))
        except OfferNotAcceptable as refusal:
            results.append(refusal.reason)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.close()
    made = [result for result in results if isinstance(result, Accepted)]
    assert len(results) == len(workers)
    assert [result.created for result in made].count(True) == 1
    assert len({result.reference for result in made}) == 1
    assert {result for result in results if not isinstance(result, Accepted)} <= {"already_agreed"}
    assert count(store, AgreementRow) == count(store, CollectionHoldRow) == 1
    assert audit.verify(store) == []


def test_the_database_itself_refuses_a_second_active_agreement(store: CaseStore, offered: Offered) -> None:
    """Should a lock ever fail, the unique indexes still hold."""
    case_id, proposal = offered
    accept(store, case_id, proposal.offers[0].offer_id)
    names = [column.name for column in AgreementRow.__table__.columns]
    fresh = dict.fromkeys(("agreement_id", "reference", "document_token_hash"), "'x'")
    fresh["offer_id"] = f"'{proposal.offers[1].offer_id}'"
    values = ", ".join(fresh.get(name, name) for name in names)
    copy = f"INSERT INTO agreements ({', '.join(names)}) SELECT {values} FROM agreements"
    with pytest.raises(Exception, match=r"(?i)unique"), store.engine.connect() as connection:
        connection.execute(text(copy))


def test_an_expired_offer_is_not_acceptable(
    store: CaseStore, clock: SetClock, offered: Offered, policy: Policy
) -> None:
    case_id, proposal = offered
    clock.forward(days=policy.offers.validity_days.value + 1)
    with pytest.raises(OfferNotAcceptable) as refusal:
        accept(store, case_id, proposal.offers[0].offer_id)
    assert refusal.value.reason == "expired"
    assert nothing_was_recorded(store)


def test_an_offer_is_good_to_the_end_of_its_last_day_where_the_lender_is(
    store: CaseStore, clock: SetClock, offered: Offered
) -> None:
    case_id, proposal = offered
    days = (proposal.offers[0].expires_on - TODAY).days
    clock.forward(days=days, hours=13, minutes=29)  # from 10:30 to 23:59 in Shanghai
    assert accept(store, case_id, proposal.offers[0].offer_id).created


def test_an_offer_replaced_by_new_ones_is_not_acceptable(
    store: CaseStore, offered: Offered, policy: Policy
) -> None:
    case_id, proposal = offered
    plan.propose(store, case_id, policy, TODAY)
    with pytest.raises(OfferNotAcceptable) as refusal:
        accept(store, case_id, proposal.offers[0].offer_id)
    assert refusal.value.reason == "superseded"


def test_a_corrected_figure_makes_offers_unacceptable(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    hardship.record_answer(store, case_id, "housing", 250000)
    with pytest.raises(OfferNotAcceptable) as refusal:
        accept(store, case_id, proposal.offers[0].offer_id)
    assert refusal.value.reason == "superseded"


def test_another_cases_offer_is_not_acceptable(
    store: CaseStore, offered: Offered, policy: Policy, sender: KeepingSender
) -> None:
    case_id, _ = offered
    _, foreign = with_offers(store, "b", LI, policy, sender)
    for offer_id in (foreign.offers[0].offer_id, "no such offer"):
        with pytest.raises(OfferNotAcceptable) as refusal:
            accept(store, case_id, offer_id)
        assert refusal.value.reason == "foreign"
    assert nothing_was_recorded(store)


def test_a_key_of_another_case_finds_nothing(
    store: CaseStore, offered: Offered, policy: Policy, sender: KeepingSender
) -> None:
    case_id, proposal = offered
    accept(store, case_id, proposal.offers[0].offer_id)
    other_id, other = with_offers(store, "b", LI, policy, sender)
    with pytest.raises(OfferNotAcceptable):
        accept(store, other_id, other.offers[0].offer_id)


def test_a_failure_while_accepting_records_nothing(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered

    def broken(draft: AgreementDraft) -> str:
        raise RuntimeError

    with pytest.raises(RuntimeError):
        agreement.accept(store, case_id, proposal.offers[0].offer_id, "key", "zh", broken)
    assert nothing_was_recorded(store)
    assert hardship.case(store, case_id).state is CaseState.OFFERED
    assert accept(store, case_id, proposal.offers[0].offer_id).created


def test_the_document_opens_by_its_secret_link_only(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    made = accept(store, case_id, proposal.offers[0].offer_id)
    html = agreement.document(store, made.document_token)
    view = agreement.for_case(store, case_id)
    assert html is not None and made.reference in html
    assert view is not None and hashlib.sha256(html.encode()).hexdigest() == view.document_sha256
    assert len(made.document_token) == 43
    for wrong in ("", made.document_token[:-1], made.reference, made.agreement_id):
        assert agreement.document(store, wrong) is None


def test_the_next_payment_moves_on_with_time(store: CaseStore, clock: SetClock, offered: Offered) -> None:
    case_id, proposal = offered
    accept(store, case_id, proposal.offers[0].offer_id)
    schedule = proposal.offers[0].offer.schedule
    view = agreement.for_case(store, case_id)
    assert view is not None and (view.next_due, view.next_payment) == (schedule[0].due, schedule[0].payment)
    clock.forward(days=(schedule[0].due - TODAY).days + 1)
    later = agreement.for_case(store, case_id)
    assert later is not None and (later.next_due, later.next_payment) == (
        schedule[1].due,
        schedule[1].payment,
    )


def test_status_is_found_by_the_loan(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    loan_id = str(hardship.case(store, case_id).loan_id)
    assert agreement.status(store, loan_id) is None
    made = accept(store, case_id, proposal.offers[0].offer_id)
    status = agreement.status(store, loan_id)
    assert status is not None and status.reference == made.reference


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE schedule_rows SET payment = payment - 1 WHERE number = 1", "schedule"),
        ("DELETE FROM schedule_rows WHERE number = 2", "schedule"),
        ("UPDATE agreements SET document_sha256 = 'x'", "document"),
        ("UPDATE agreements SET offer_hash = 'x'", "offer"),
    ],
)
def test_a_changed_agreement_is_found_and_named(
    store: CaseStore, offered: Offered, statement: str, part: str
) -> None:
    case_id, proposal = offered
    made = accept(store, case_id, proposal.offers[0].offer_id)
    with store.engine.connect() as connection, connection.begin():
        connection.execute(text(statement))
    assert agreement.verify(store) == [(made.reference, f"{part} changed")]


def test_the_list_of_cases_shows_the_reference(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    made = accept(store, case_id, proposal.offers[0].offer_id)
    (summary,) = cases.list_cases(store)
    assert (summary.agreement, summary.loan_tail, summary.state) == (made.reference, "0001", "accepted")


def test_an_accepted_case_takes_no_more_answers_and_the_next_trouble_opens_a_new_one(
    store: CaseStore, offered: Offered
) -> None:
    case_id, proposal = offered
    accept(store, case_id, proposal.offers[0].offer_id)
    with pytest.raises(hardship.CaseClosed):
        hardship.record_answer(store, case_id, "housing", 1)
    assert hardship.open_case(store, "a", "illness").case_id != case_id


def test_loan_positions_of_the_offer_are_what_the_document_shows(store: CaseStore, offered: Offered) -> None:
    case_id, proposal = offered
    made = accept(store, case_id, proposal.offers[0].offer_id)
    html = agreement.document(store, made.document_token) or ""
    loan = account.loan(store, str(hardship.case(store, case_id).loan_id)).loan
    assert f"{loan.overdue_principal / 100:,.2f}" in html


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_unit_that_holds_the_session_does_not_wait_for_an_acceptance_and_the_other_way_round(
    store: CaseStore, offered: Offered
) -> None:
    """Only PostgreSQL lets two units write at once; the agreement's rows point to the locked session."""
    case_id, proposal = offered
    with store.unit() as unit:
        session_row(unit.session, "a", lock=True)
        assert accept(store, case_id, proposal.offers[0].offer_id).created
