"""The life of an agreement: paid, missed, broken, withdrawn from, renegotiated, completed."""

from __future__ import annotations

import hashlib
import threading
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from casestore import agreement, agreement_life, audit, cases, hardship, notices, plan, sessions
from casestore.agreement import OfferNotAcceptable
from casestore.agreement_life import NotWithdrawable, Review
from casestore.documents import AgreementDraft
from casestore.errors import NotFound
from casestore.models import CollectionHoldRow
from casestore.store import CaseStore
from hardship.calendar import add_months
from hardship.cases import CaseState
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.agreements import Life, accept, page
from tests.casestore.conftest import SetClock
from tests.casestore.people import (
    LI,
    TODAY,
    WANG,
    WANGS_SECOND_LOAN,
    KeepingSender,
    load,
    verify,
    with_offers,
)

NOTHING = Review(0, 0, 0, 0, 0, 0)
DAY = timedelta(days=1)


@pytest.fixture
def life(store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path) -> Life:
    load(store, tmp_path, WANG, WANGS_SECOND_LOAN, LI)
    return Life(store, clock, policy, sender, tmp_path)


@pytest.fixture
def agreed(life: Life) -> Life:
    """Wang's first offer accepted today, of more than one instalment."""
    assert life.agree().count > 2
    return life


def review(life: Life) -> Review:
    return agreement_life.review(life.store, life.policy, life.today)


def rows(life: Life) -> tuple[agreement_life.InstalmentView, ...]:
    return agreement_life.instalments(life.store, life.last.agreement_id, life.today)


def untold(life: Life) -> list[str]:
    borrower_id = str(hardship.case(life.store, life.case_id).borrower_id)
    return [notice.kind for notice in notices.untold(life.store, borrower_id, life.loan_id)]


def held(life: Life) -> bool:
    return agreement_life.on_hold(life.store, life.loan_id, life.clock.now)


def renegotiate(life: Life, session_id: str = "a") -> None:
    agreement_life.renegotiate(life.store, session_id, life.loan_id)
    assert plan.propose(life.store, life.case_id, life.policy, life.today).offers


# Instalments and payments


def test_without_payments_every_instalment_is_to_come(agreed: Life) -> None:
    assert {row.state for row in rows(agreed)} == {"upcoming"}
    assert (agreed.view.paid, agreed.view.missed) == (0, 0)
    assert agreed.view.next_unpaid == rows(agreed)[0]


def test_an_instalment_is_due_on_its_day_and_missed_the_day_after(agreed: Life) -> None:
    agreed.go_to(agreed.view.first_due)
    assert rows(agreed)[0].state == "due"
    agreed.go_to(agreed.today + DAY)
    assert rows(agreed)[0].state == "missed"
    assert agreed.view.missed == 1


def test_a_payment_fills_the_oldest_instalment_first(agreed: Life) -> None:
    first = rows(agreed)[0]
    agreed.go_to(TODAY + DAY)
    agreed.pay(first.payment - 1)
    assert (rows(agreed)[0].state, rows(agreed)[0].unpaid) == ("part_paid", 1)
    agreed.pay(1)
    assert rows(agreed)[0].state == "paid"
    assert agreed.view.next_unpaid == rows(agreed)[1]


def test_what_is_paid_over_counts_towards_the_next_instalments(agreed: Life) -> None:
    first, second, third = rows(agreed)[:3]
    agreed.go_to(TODAY + DAY)
    agreed.pay(first.payment + second.payment + 7)
    assert [row.paid for row in rows(agreed)[:3]] == [first.payment, second.payment, 7]
    assert (agreed.view.next_due, agreed.view.next_payment) == (third.due, third.payment - 7)


def test_a_part_of_a_missed_instalment_leaves_it_missed(agreed: Life) -> None:
    agreed.go_to(agreed.view.first_due + DAY)
    agreed.pay(1)
    assert (rows(agreed)[0].state, rows(agreed)[0].paid) == ("missed", 1)


def test_an_unknown_agreement_has_no_instalments(life: Life) -> None:
    with pytest.raises(NotFound):
        agreement_life.instalments(life.store, "no such agreement", TODAY)


# Becoming active


def test_the_plan_becomes_active_when_the_cooling_off_time_is_over(agreed: Life) -> None:
    agreed.go_to(agreed.view.withdraw_until)
    assert review(agreed) == NOTHING and agreed.state is CaseState.ACCEPTED
    agreed.go_to(agreed.today + DAY)
    assert review(agreed) == Review(1, 0, 0, 0, 0, 0)
    assert agreed.state is CaseState.ACTIVE
    assert review(agreed) == NOTHING


def test_the_first_payment_makes_the_plan_active_at_once(agreed: Life) -> None:
    agreed.go_to(TODAY + DAY)
    agreed.pay(1)
    assert agreed.state is CaseState.ACTIVE


# Missing and breaking


def test_a_missed_instalment_leaves_one_notice_and_breaks_nothing(agreed: Life) -> None:
    agreed.go_to(agreed.view.first_due + DAY)
    assert review(agreed).missed == 1
    assert review(agreed) == NOTHING
    assert untold(agreed) == ["instalment_missed"]
    assert agreed.state is CaseState.ACTIVE and held(agreed)


def test_a_notice_says_which_instalment_of_which_agreement_and_how_much(agreed: Life) -> None:
    first = rows(agreed)[0]
    agreed.go_to(first.due + DAY)
    agreed.pay(100)
    borrower_id = str(hardship.case(agreed.store, agreed.case_id).borrower_id)
    (notice,) = notices.untold(agreed.store, borrower_id)
    assert notice.values == {
        "reference": agreed.view.reference,
        "number": 1,
        "due": first.due.isoformat(),
        "unpaid": first.payment - 100,
    }
    notices.mark_told(agreed.store, [notice.notice_id])
    assert untold(agreed) == []


def test_a_missed_instalment_that_is_paid_after_all_needs_no_telling(agreed: Life) -> None:
    agreed.go_to(agreed.view.first_due + DAY)
    review(agreed)
    agreed.pay(rows(agreed)[0].payment)
    assert untold(agreed) == [] and agreed.view.missed == 0


def test_two_missed_in_a_row_break_the_agreement_and_end_the_hold(agreed: Life) -> None:
    agreed.go_to(rows(agreed)[1].due + DAY)
    done = review(agreed)
    assert (done.missed, done.broken) == (2, 1)
    assert agreed.state is CaseState.BROKEN and not held(agreed)
    assert (agreed.last.state, agreed.last.end_reason) == ("broken", "instalments_missed")
    assert untold(agreed) == ["agreement_broken"]
    assert review(agreed) == NOTHING


def test_when_the_last_instalment_alone_is_missed_there_is_a_month_to_mend_it(agreed: Life) -> None:
    *before, last = rows(agreed)
    agreed.go_to(before[-1].due)
    agreed.pay(sum(each.payment for each in before))
    agreed.go_to(last.due + DAY)
    assert (review(agreed).broken, untold(agreed)) == (0, ["instalment_missed"])
    agreed.go_to(add_months(last.due, 1))
    assert review(agreed).broken == 0
    agreed.go_to(add_months(last.due, 1) + DAY)
    assert review(agreed).broken == 1
    assert not held(agreed)


def test_one_missed_instalment_paid_late_starts_the_count_anew(agreed: Life) -> None:
    first, second = rows(agreed)[:2]
    agreed.go_to(second.due - DAY)
    agreed.pay(first.payment)
    agreed.go_to(second.due + DAY)
    assert review(agreed).broken == 0
    assert agreed.state is CaseState.ACTIVE


def test_whoever_is_back_to_talk_is_not_broken_in_the_middle_of_it(agreed: Life) -> None:
    agreed.go_to(rows(agreed)[1].due + DAY)
    renegotiate(agreed)
    assert review(agreed).broken == 0
    assert agreed.accept().version == 2


def test_after_a_broken_plan_another_can_be_asked_for_and_agreed(agreed: Life) -> None:
    agreed.go_to(rows(agreed)[1].due + DAY)
    review(agreed)
    broken = agreed.case_id
    again = agreed.agree("b")
    assert agreed.case_id != broken
    assert (again.version, again.replaces) == (1, None)
    assert held(agreed)


def test_telling_us_of_a_missed_instalment_names_it_and_spares_the_notice(agreed: Life) -> None:
    agreed.go_to(agreed.view.first_due + DAY)
    review(agreed)
    reported = agreement_life.report_missed(agreed.store, agreed.case_id, agreed.today)
    assert reported == rows(agreed)[0]
    assert untold(agreed) == []


# Withdrawing


def test_within_the_cooling_off_time_the_borrower_can_withdraw(agreed: Life) -> None:
    reference = agreed.view.reference
    agreed.go_to(agreed.view.withdraw_until)
    assert agreement_life.withdraw(agreed.store, agreed.case_id, agreed.today).reference == reference
    assert agreed.state is CaseState.WITHDRAWN and not held(agreed)
    assert agreement.for_case(agreed.store, agreed.case_id) is None
    assert (agreed.last.state, agreed.last.end_reason) == ("withdrawn", "cooling_off")


def test_the_cooling_off_time_is_counted_in_the_lenders_days(agreed: Life) -> None:
    assert agreed.view.withdraw_until == TODAY + agreed.policy.offers.cooling_off_days.value * DAY


def test_an_acceptance_late_at_night_in_shanghai_counts_from_that_day(life: Life) -> None:
    life.clock.forward(hours=13, minutes=20)  # from 10:30 to 23:50 in Shanghai, still the 24th in UTC
    assert life.agree().withdraw_until == TODAY + life.policy.offers.cooling_off_days.value * DAY


def test_after_the_cooling_off_time_there_is_no_way_to_withdraw(agreed: Life) -> None:
    agreed.go_to(agreed.view.withdraw_until + DAY)
    with pytest.raises(NotWithdrawable) as refusal:
        agreement_life.withdraw(agreed.store, agreed.case_id, agreed.today)
    assert refusal.value.reason == "cooling_off_over"
    assert held(agreed)


def test_withdrawing_twice_is_withdrawing_once(agreed: Life) -> None:
    first = agreement_life.withdraw(agreed.store, agreed.case_id, agreed.today)
    assert agreement_life.withdraw(agreed.store, agreed.case_id, agreed.today) == first
    with agreed.store.reading() as unit:
        assert len(list(unit.session.scalars(select(CollectionHoldRow)))) == 1


def test_the_yes_to_an_agreement_that_was_withdrawn_from_does_not_bring_it_back(life: Life) -> None:
    life.agree()
    offer_id = plan.current(life.store, life.case_id).offers[0].offer_id
    agreement_life.withdraw(life.store, life.case_id, life.today)
    with pytest.raises(OfferNotAcceptable):
        accept(life.store, life.case_id, offer_id)


def test_after_withdrawing_another_plan_can_be_agreed(agreed: Life) -> None:
    agreement_life.withdraw(agreed.store, agreed.case_id, agreed.today)
    assert agreed.agree("b", option=2).version == 1


def test_a_case_without_an_agreement_has_nothing_to_withdraw(life: Life) -> None:
    case_id, _ = with_offers(life.store, "a", WANG, life.policy, life.sender)
    with pytest.raises(NotFound):
        agreement_life.withdraw(life.store, case_id, TODAY)


# Renegotiating


def test_the_old_agreement_stays_in_force_until_a_new_one_is_accepted(agreed: Life) -> None:
    before = agreed.view
    renegotiate(agreed)
    assert agreed.state is CaseState.RENEGOTIATING
    assert agreed.view == before and held(agreed)


def test_the_new_agreement_is_the_next_version_and_names_the_old_one(agreed: Life) -> None:
    first = agreed.view
    renegotiate(agreed)
    second = agreed.accept(option=2)
    assert (second.version, second.replaces) == (2, first.reference)
    assert agreed.state is CaseState.ACCEPTED
    history = agreement_life.history(agreed.store, agreed.case_id)
    assert [(view.version, view.state) for view in history] == [(1, "replaced"), (2, "active")]
    assert agreement.verify(agreed.store) == [] and audit.verify(agreed.store) == []


def test_a_renegotiation_keeps_the_hold_without_a_gap(agreed: Life) -> None:
    agreed.go_to(TODAY + DAY)
    renegotiate(agreed)
    agreed.accept()
    with agreed.store.reading() as unit:
        old, new = unit.session.scalars(select(CollectionHoldRow).order_by(CollectionHoldRow.starts_at))
    assert old.ends_at == new.starts_at == agreed.clock.now and new.ends_at is None
    assert held(agreed)


def test_talking_again_from_another_conversation_takes_what_was_said_there_along(agreed: Life) -> None:
    verify(agreed.store, "b", WANG, agreed.policy, agreed.sender)
    begun = hardship.open_case(agreed.store, "b", "illness")
    hardship.record_answer(agreed.store, begun.case_id, "monthly_income", 500000)
    agreement_life.renegotiate(agreed.store, "b", agreed.loan_id)
    session = sessions.get(agreed.store, "b")
    assert session is not None and session.case_id == agreed.case_id
    answers = hardship.answers(agreed.store, agreed.case_id)
    assert (answers["cause"], answers["monthly_income"]) == ("illness", 500000)
    assert hardship.case(agreed.store, begun.case_id).state is CaseState.WITHDRAWN


def test_a_renegotiation_has_its_own_rounds(agreed: Life) -> None:
    for _ in range(2):
        renegotiate(agreed)
        answer = plan.counter(agreed.store, agreed.case_id, Ask(instalment=80000), agreed.policy, TODAY)
        assert answer.rounds == 1
        agreement_life.keep(agreed.store, agreed.case_id)


def test_keeping_the_agreement_ends_the_talk_and_changes_nothing_else(agreed: Life) -> None:
    before = agreed.view
    renegotiate(agreed)
    offer_id = plan.current(agreed.store, agreed.case_id).offers[0].offer_id
    assert agreement_life.keep(agreed.store, agreed.case_id).state is CaseState.ACTIVE
    assert agreed.view == before
    with pytest.raises(OfferNotAcceptable):
        accept(agreed.store, agreed.case_id, offer_id)


def test_a_renegotiation_that_falls_asleep_is_over_after_the_validity_of_an_offer(agreed: Life) -> None:
    renegotiate(agreed)
    agreed.go_to(TODAY + (agreed.policy.offers.validity_days.value + 1) * DAY)
    assert review(agreed).resumed == 1
    assert agreed.state is CaseState.ACTIVE


def test_another_borrowers_agreement_can_not_be_talked_about(agreed: Life) -> None:
    verify(agreed.store, "li", LI, agreed.policy, agreed.sender)
    with pytest.raises(NotFound):
        agreement_life.renegotiate(agreed.store, "li", agreed.loan_id)


def test_a_loan_without_an_agreement_has_nothing_to_renegotiate(life: Life) -> None:
    life.case_id, _ = with_offers(life.store, "a", WANG, life.policy, life.sender)
    with pytest.raises(NotFound):
        agreement_life.renegotiate(life.store, "a", life.loan_id)


def test_the_yes_of_before_a_renegotiation_does_not_undo_it(agreed: Life) -> None:
    old = plan.current(agreed.store, agreed.case_id).offers[0].offer_id
    renegotiate(agreed)
    agreed.accept(option=2)
    with pytest.raises(OfferNotAcceptable):
        accept(agreed.store, agreed.case_id, old)


@pytest.mark.parametrize("round_", range(3))
def test_two_workers_accepting_a_renegotiation_at_the_same_moment_make_one_version(
    agreed: Life, url: str, round_: int
) -> None:
    renegotiate(agreed)
    offers = plan.current(agreed.store, agreed.case_id).offers
    workers = [CaseStore.open(url, agreed.store.keys, agreed.clock) for _ in range(4)]
    gate, results = threading.Barrier(len(workers)), list[object]()

    def work(number: int, worker: CaseStore) -> None:
        gate.wait()
        try:
            results.append(accept(worker, agreed.case_id, offers[number % 2].offer_id).created)
        except OfferNotAcceptable as refusal:
            results.append(refusal.reason)

    threads = [threading.Thread(target=work, args=pair) for pair in enumerate(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for worker in workers:
        worker.close()
    assert sorted(map(str, results)) == ["False", "True", "already_agreed", "already_agreed"]
    assert [view.version for view in agreement_life.history(agreed.store, agreed.case_id)] == [1, 2]
    assert agreement.verify(agreed.store) == []


# Completing and paying off early


def test_paying_the_last_instalment_completes_the_agreement(agreed: Life) -> None:
    agreed.go_to(TODAY + DAY)
    agreed.pay(agreed.view.total_to_pay)
    assert agreed.state is CaseState.COMPLETED and not held(agreed)
    assert (agreed.last.state, agreed.last.unpaid, agreed.last.next_unpaid) == ("completed", 0, None)
    assert untold(agreed) == ["agreement_completed"]


def test_paying_what_was_quoted_for_all_of_it_completes_the_agreement_though_later_interest_is_not_paid(
    agreed: Life,
) -> None:
    agreed.go_to(TODAY + DAY)
    quote = agreement_life.payoff(agreed.store, agreed.view.agreement_id, agreed.today)
    assert quote.total < agreed.view.total_to_pay
    agreed.pay(quote.total)
    assert agreed.state is CaseState.COMPLETED and not held(agreed)
    assert untold(agreed) == ["agreement_completed"]


def test_a_cent_less_than_was_quoted_completes_nothing(agreed: Life) -> None:
    agreed.go_to(TODAY + DAY)
    quote = agreement_life.payoff(agreed.store, agreed.view.agreement_id, agreed.today)
    agreed.pay(quote.total - 1)
    assert agreed.state is CaseState.ACTIVE


def test_money_paid_after_the_end_is_kept_and_counts_towards_no_agreement(agreed: Life) -> None:
    agreed.go_to(TODAY + DAY)
    total = agreed.view.total_to_pay
    agreed.pay(total)
    agreed.pay(5000)
    assert agreed.last.paid == total


def test_the_quote_for_paying_off_early_counts_what_was_paid(agreed: Life) -> None:
    agreed.go_to(TODAY + DAY)
    quote = agreement_life.payoff(agreed.store, agreed.view.agreement_id, agreed.today)
    assert quote.day == agreed.today
    assert quote.total + quote.saved == agreed.view.total_to_pay
    agreed.pay(50000)
    after = agreement_life.payoff(agreed.store, agreed.view.agreement_id, agreed.today)
    assert after.total == quote.total - 50000


# The record


def test_the_list_of_cases_says_what_is_on_hold(agreed: Life) -> None:
    assert [case.on_hold for case in cases.list_cases(agreed.store)] == [True]
    agreement_life.withdraw(agreed.store, agreed.case_id, agreed.today)
    assert [case.on_hold for case in cases.list_cases(agreed.store)] == [False]


def test_the_pdf_is_kept_with_its_hash_and_opens_by_the_secret_link(life: Life) -> None:
    case_id, proposal = with_offers(life.store, "a", WANG, life.policy, life.sender)

    def pdf(draft: AgreementDraft) -> bytes:
        return b"%PDF " + draft.reference.encode()

    made = agreement.accept(life.store, case_id, proposal.offers[0].offer_id, "key", "zh", page, pdf)
    content = agreement.document_pdf(life.store, made.document_token)
    view = agreement.for_case(life.store, case_id)
    assert content == b"%PDF " + made.reference.encode()
    assert view is not None and view.pdf_sha256 == hashlib.sha256(content).hexdigest()
    assert agreement.document_pdf(life.store, "wrong") is None
    with life.store.engine.connect() as connection:
        assert b"%PDF" not in bytes(connection.execute(text("SELECT document_pdf FROM agreements")).scalar())


def test_without_a_pdf_there_is_none_to_open(agreed: Life) -> None:
    assert agreement.document_pdf(agreed.store, agreed.view.document_token) is None


@pytest.mark.parametrize(
    ("statement", "part"),
    [
        ("UPDATE schedule_rows SET payment = payment - 1 WHERE number = 1", "schedule"),
        ("UPDATE agreements SET pdf_sha256 = 'x'", "pdf"),
        ("UPDATE agreements SET version = 3 WHERE version = 2", "version"),
        ("UPDATE agreements SET state = 'broken' WHERE version = 1", "state"),
    ],
)
def test_a_change_to_any_version_is_found(agreed: Life, statement: str, part: str) -> None:
    renegotiate(agreed)
    agreed.accept()
    with agreed.store.engine.connect() as connection, connection.begin():
        connection.execute(text(statement))
    assert f"{part} changed" in {found for _, found in agreement.verify(agreed.store)}


def test_a_changed_schedule_of_a_replaced_version_is_found_and_named(agreed: Life) -> None:
    first = agreed.view
    renegotiate(agreed)
    agreed.accept()
    with agreed.store.engine.connect() as connection, connection.begin():
        connection.execute(
            text("UPDATE schedule_rows SET balance = balance + 1 WHERE agreement_id = :id"),
            {"id": first.agreement_id},
        )
    assert agreement.verify(agreed.store) == [(first.reference, "schedule changed")]


# Offers that run out


def test_a_case_whose_offers_have_run_out_expires_and_can_be_asked_again(life: Life) -> None:
    life.case_id, _ = with_offers(life.store, "a", WANG, life.policy, life.sender)
    assert review(life) == NOTHING
    life.go_to(TODAY + (life.policy.offers.validity_days.value + 1) * DAY)
    assert review(life) == Review(0, 0, 0, 0, 0, 1)
    assert life.state is CaseState.EXPIRED
    assert plan.propose(life.store, life.case_id, life.policy, life.today).offers
    assert life.accept().version == 1


def test_what_is_paid_on_top_goes_to_the_next_instalments_and_changes_neither_number_nor_amounts(
    agreed: Life,
) -> None:
    agreed.go_to(TODAY + DAY)
    before = agreement_life.instalments(agreed.store, agreed.view.agreement_id, agreed.today)
    quote = agreement_life.payoff(agreed.store, agreed.view.agreement_id, agreed.today)
    amount = before[0].payment + 20_000
    said = agreement_life.after_payment(agreed.store, agreed.view.agreement_id, amount, agreed.today)
    assert agreement_life.instalments(agreed.store, agreed.view.agreement_id, agreed.today) == before
    agreed.pay(amount)
    booked = agreement_life.instalments(agreed.store, agreed.view.agreement_id, agreed.today)
    assert said == booked
    assert [each.state for each in booked[:3]] == ["paid", "part_paid", "upcoming"]
    assert booked[1].unpaid == before[1].payment - 20_000
    assert [each.payment for each in booked] == [each.payment for each in before]
    # A part paid ahead spares no interest: what is left is less by that part and by nothing else.
    assert agreed.view.unpaid == sum(each.payment for each in before) - amount
    after = agreement_life.payoff(agreed.store, agreed.view.agreement_id, agreed.today)
    assert after.total == quote.total - amount
