"""Whatever borrowers, payments and time do in whatever order, the record of an agreement stays true."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from casestore import agreement, agreement_life, audit, hardship, payments, plan
from casestore.agreement import AgreementView
from casestore.agreement_life import NotWithdrawable
from casestore.agreement_views import SCHEDULE_COLUMNS
from casestore.keys import demo_keys
from casestore.models import AgreementRow, CollectionHoldRow, LoanRow, PaymentRow, ScheduleRow
from casestore.store import CaseStore
from hardship.cases import CaseEvent, CaseState, transition
from hardship.money import to_major
from hardship.policy import Policy
from tests.casestore.agreements import Life, accept, payment_file
from tests.casestore.conftest import SetClock, empty
from tests.casestore.people import STATEMENT, TODAY, WANG, KeepingSender, load, verify

EXAMPLES, STEPS = 12, 20
IN_FORCE = (CaseState.ACCEPTED, CaseState.ACTIVE, CaseState.RENEGOTIATING)


@dataclass(frozen=True)
class Surroundings:
    """What the machine runs on."""

    url: str
    clock: SetClock
    policy: Policy
    folder: Path


class AgreementLife(RuleBasedStateMachine):
    """One borrower with one loan. The machine keeps its own account and compares it after every step."""

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__()
        empty(surroundings.url)
        surroundings.clock.now = SetClock().now
        self.store = CaseStore.open(surroundings.url, demo_keys(), surroundings.clock)
        sender = KeepingSender()
        load(self.store, surroundings.folder, WANG)
        verify(self.store, "a", WANG, surroundings.policy, sender)
        with self.store.reading() as unit:
            self.loan_id = unit.session.scalars(select(LoanRow.loan_id)).one()
        self.life = Life(self.store, surroundings.clock, surroundings.policy, sender, surroundings.folder)
        self.expected: CaseState | None = None
        self.cases: set[str] = set()
        self.schedules: dict[str, list[tuple[object, ...]]] = {}
        # Minor units: all that was paid, what of it counts, and what the offers on the table did not know.
        self.paid = self.counted = self.unseen = 0
        self.touched = surroundings.clock.now

    # What the borrower does

    @initialize()
    def agree(self) -> None:
        """Every life begins with an agreement, made the day after the loan's snapshot."""
        self.life.go_to(TODAY + timedelta(days=1))
        self.ask()
        self.accept(0)

    @precondition(lambda self: self.expected not in (*IN_FORCE, CaseState.OFFERED))
    @rule()
    def ask(self) -> None:
        """A new case; asking is possible after whatever happened before."""
        case = hardship.open_case(self.store, "a", "job_loss")
        hardship.attach_loan(self.store, "a", self.loan_id)
        for name, value in STATEMENT.items():
            hardship.record_answer(self.store, case.case_id, name, value)
        self.life.case_id = case.case_id
        self.cases.add(case.case_id)
        offered = self.propose()
        self.expected = CaseState.OFFERED if offered else CaseState.REFUSED

    @precondition(lambda self: self.expected in (CaseState.OFFERED, CaseState.RENEGOTIATING))
    @rule(option=st.integers(0, 3))
    def accept(self, option: int) -> None:
        """One of the offers; a second yes changes nothing."""
        offers = plan.current(self.store, self.life.case_id).offers
        chosen = offers[option % len(offers)] if offers else None
        if chosen is None or chosen.expires_on < self.life.today:
            return
        first = accept(self.store, self.life.case_id, chosen.offer_id)
        again = accept(self.store, self.life.case_id, chosen.offer_id)
        assert (first.created, again.created, first.reference) == (True, False, again.reference)
        if self.expected is CaseState.OFFERED:
            self.counted += self.unseen
        self.move(CaseEvent.ACCEPT)
        self.schedules[first.agreement_id] = self.schedule(first.agreement_id)
        assert self.life.view.paid == self.unseen

    @precondition(lambda self: self.expected in IN_FORCE)
    @rule(option=st.integers(0, 3))
    def renegotiate_pay_and_accept(self, option: int) -> None:
        """What the offers did not know counts towards the version made of one."""
        self.renegotiate()
        self.pay("half")
        if self.expected is CaseState.RENEGOTIATING:
            self.accept(option)

    @precondition(lambda self: self.expected in IN_FORCE)
    @rule()
    def renegotiate(self) -> None:
        agreement_life.renegotiate(self.store, "a", self.life.loan_id)
        if self.expected is not CaseState.RENEGOTIATING:
            self.move(CaseEvent.RENEGOTIATE)
        self.propose()

    @precondition(lambda self: self.expected is CaseState.RENEGOTIATING)
    @rule()
    def keep(self) -> None:
        agreement_life.keep(self.store, self.life.case_id)
        self.move(CaseEvent.RESUME)

    @precondition(lambda self: self.expected in IN_FORCE)
    @rule()
    def withdraw(self) -> None:
        """Possible to the last day of the cooling-off time."""
        in_time = self.life.today <= self.life.view.withdraw_until
        try:
            agreement_life.withdraw(self.store, self.life.case_id, self.life.today)
        except NotWithdrawable:
            assert not in_time
        else:
            assert in_time
            self.move(CaseEvent.WITHDRAW)

    @precondition(lambda self: self.expected in IN_FORCE)
    @rule()
    def pay_what_is_left(self) -> None:
        self.pay("all")

    @precondition(lambda self: self.life.case_id)
    @rule(part=st.sampled_from(["a fen", "half", "the next one", "three"]))
    def pay(self, part: str) -> None:
        """From a fen to several instalments; the file is loaded twice, as files are."""
        amount = self.amount(part)
        self.life.pay(amount)
        row = (WANG["loan_number"], self.life.today.isoformat(), str(to_major(amount)))
        file = payment_file(self.life.folder, (*row, self.life.references[-1]))
        again = payments.import_csv(self.store, file, self.life.policy, self.life.today)
        assert (again.loaded, again.unchanged) == (0, 1)
        self.paid += amount
        self.unseen += amount
        self.counted += amount if self.expected in IN_FORCE else 0
        self.expect_reviewed()

    # What time does

    @rule(days=st.sampled_from([1, 8, 31]))
    def days_pass(self, days: int) -> None:
        """Nobody looks."""
        self.life.go_to(self.life.today + timedelta(days=days))

    @rule(days=st.sampled_from([0, 8, 31, 62]))
    def the_review_runs(self, days: int) -> None:
        """After so many days; the second of two reviews finds nothing left to do."""
        self.life.go_to(self.life.today + timedelta(days=days))
        agreement_life.review(self.store, self.life.policy, self.life.today)
        self.expect_reviewed()
        if self.expected is CaseState.OFFERED and self.outlived(self.touched):
            self.move(CaseEvent.EXPIRE)
        again = agreement_life.review(self.store, self.life.policy, self.life.today)
        assert set(vars(again).values()) == {0}

    # What must be true at every moment, and at the end

    @invariant()
    def the_case_is_where_the_events_lead(self) -> None:
        if self.expected is not None:
            assert self.life.state is self.expected

    @invariant()
    def a_loan_has_one_agreement_in_force_at_most_and_is_on_hold_exactly_then(self) -> None:
        in_force = 1 if self.expected in IN_FORCE else 0
        assert self.value(select(func.count()).where(AgreementRow.state == "active")) == in_force
        assert self.value(select(func.count()).where(CollectionHoldRow.ends_at.is_(None))) == in_force
        on_hold = agreement_life.on_hold(self.store, self.loan_id, self.life.clock.now)
        assert on_hold == bool(in_force)

    @invariant()
    def every_fen_paid_is_there_once(self) -> None:
        amount = select(func.coalesce(func.sum(PaymentRow.amount), 0))
        assert self.value(amount) == self.paid
        assert self.value(amount.where(PaymentRow.agreement_id.is_not(None))) == self.counted

    def teardown(self) -> None:
        """What was agreed has never changed, and the audit trail tells all of it."""
        for agreement_id, schedule in self.schedules.items():
            assert self.schedule(agreement_id) == schedule
        assert agreement.verify(self.store) == [] and audit.verify(self.store) == []
        views = [view for case_id in self.cases for view in agreement_life.history(self.store, case_id)]
        assert {view.agreement_id for view in views} == set(self.schedules)
        assert sum(view.paid for view in views) == self.counted
        for view in views:
            rows = agreement_life.instalments(self.store, view.agreement_id, self.life.today)
            assert sum(row.paid for row in rows) == min(view.paid, view.total_to_pay)
            assert sum(row.unpaid for row in rows) == view.unpaid
        self.store.close()

    # The machine's own account

    def propose(self) -> bool:
        proposal = plan.propose(self.store, self.life.case_id, self.life.policy, self.life.today)
        self.unseen, self.touched = 0, self.life.clock.now
        return bool(proposal.offers)

    def move(self, event: CaseEvent) -> None:
        assert self.expected is not None
        self.expected = transition(self.expected, event)

    def expect_reviewed(self) -> None:
        """The rules of a review, said in another way than the store says them."""
        if self.expected not in IN_FORCE:
            return
        view, today = self.life.last, self.life.today
        due = [total for day, total in self.falling_due(view) if day < today]
        unpaid_in_a_row = sum(total > view.paid for total in due)
        if self.expected is CaseState.RENEGOTIATING and self.outlived(self.touched):
            self.move(CaseEvent.RESUME)
        if self.expected is CaseState.ACCEPTED and (view.paid or today > view.withdraw_until):
            self.move(CaseEvent.ACTIVATE)
        if view.paid >= view.total_to_pay:
            self.move(CaseEvent.COMPLETE)
        elif unpaid_in_a_row >= 2 and self.expected is not CaseState.RENEGOTIATING:
            self.move(CaseEvent.BREAK)

    def falling_due(self, view: AgreementView) -> Iterator[tuple[date, int]]:
        """Each due date with all that must have been paid by then."""
        rows = self.schedules[view.agreement_id]
        totals = accumulate(payment for _, _, payment, *_ in rows)
        return zip((row[1] for row in rows), totals, strict=True)

    def value(self, query: object) -> object:
        """The one value that a query finds."""
        with self.store.reading() as unit:
            return unit.session.scalar(query)

    def outlived(self, moment: datetime) -> bool:
        """Whether more days have gone by since then than an offer is valid."""
        days = self.life.policy.offers.validity_days.value
        return self.life.clock.now - moment > timedelta(days=days)

    def amount(self, part: str) -> int:
        """An amount in minor units, of the agreement in force if there is one."""
        if self.expected not in IN_FORCE:
            return 100 if part == "a fen" else 50000
        view = self.life.view
        rest = view.next_unpaid.unpaid if view.next_unpaid else 1
        parts = {"a fen": 1, "half": rest // 2 + 1, "the next one": rest, "three": 3 * rest}
        return parts.get(part, max(view.unpaid, 1))

    def schedule(self, agreement_id: str) -> list[tuple[object, ...]]:
        """The booked schedule as plain rows."""
        query = select(ScheduleRow).where(ScheduleRow.agreement_id == agreement_id)
        with self.store.reading() as unit:
            rows = unit.session.scalars(query.order_by(ScheduleRow.number))
            return [tuple(getattr(row, name) for name in SCHEDULE_COLUMNS) for row in rows]


def test_the_record_stays_true_whatever_happens_in_whatever_order(
    url: str, clock: SetClock, policy: Policy, tmp_path: Path
) -> None:
    surroundings = Surroundings(url, clock, policy, tmp_path)
    run_state_machine_as_test(
        lambda: AgreementLife(surroundings),
        settings=settings(max_examples=EXAMPLES, stateful_step_count=STEPS),
    )
