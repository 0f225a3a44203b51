"""What holds for every loan, statement and wish."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from hardship.calendar import add_months
from hardship.eligibility import assess
from hardship.loans import Loan, Method, Product, position_on
from hardship.money import split_evenly, split_pro_rata
from hardship.negotiation import counter
from hardship.plans import Ask, Offer, PlanRequest, content_hash, from_json, kinds_in_force, to_json
from hardship.schedules import Row, ScheduleError, Terms, build
from tests.hardship.builders import TODAY, full_pack, situation, statement

PACK = full_pack()

RATES = st.integers(0, 3600).map(lambda basis_points: Decimal(basis_points) / 10_000)
METHODS = st.sampled_from(list(Method))


@st.composite
def loans(draw: st.DrawFn) -> Loan:
    principal = draw(st.integers(1, 100_000_000))
    remaining = draw(st.integers(0, 120))
    overdue = principal if remaining == 0 else draw(st.integers(0, principal))
    late = draw(st.integers(0, 200))
    day = draw(st.integers(1, 31))
    next_due = add_months(TODAY.replace(day=1), draw(st.integers(0, 1)), day)
    if next_due < TODAY:
        next_due = add_months(next_due, 1, day)
    return Loan(
        loan_id="LN20260099",
        product=draw(st.sampled_from(list(Product))),
        method=draw(METHODS),
        annual_rate=draw(RATES),
        penalty_multiplier=Decimal("1.5"),
        as_of=TODAY - timedelta(days=draw(st.integers(0, 3))),
        principal=principal,
        overdue_principal=overdue,
        interest=draw(st.integers(0, 1_000_000)),
        penalty_interest=draw(st.integers(0, 1_000_000)),
        fees=draw(st.integers(0, 100_000)),
        overdue_since=TODAY - timedelta(days=late + 3) if overdue else None,
        next_due=next_due,
        due_day=day,
        instalment=draw(st.integers(0, 5_000_000)),
        remaining_instalments=remaining,
        handler=None,
    )


@st.composite
def asks(draw: st.DrawFn) -> Ask:
    kinds = [None, *(kind.name for kind in kinds_in_force(PACK))]
    return Ask(
        kind=draw(st.sampled_from(kinds)),
        instalment=draw(st.none() | st.integers(1, 5_000_000)),
        first_due=draw(st.none() | st.dates(date(2026, 1, 1), date(2028, 1, 1))),
        months=draw(st.none() | st.integers(1, 120)),
        due_day=draw(st.none() | st.integers(1, 31)),
    )


@st.composite
def requests(draw: st.DrawFn, wishes: st.SearchStrategy[Ask] = st.just(Ask())) -> PlanRequest:  # noqa: B008
    loan = draw(loans())
    today = TODAY + timedelta(days=draw(st.integers(0, 40)))
    return PlanRequest(
        loan=loan,
        position=position_on(loan, today),
        statement=statement(draw(st.integers(-100_000, 6_000_000))),
        situation=situation(draw(st.booleans())),
        policy=PACK,
        today=today,
        ask=draw(wishes),
    )


def must_close(rows: tuple[Row, ...], principal: int) -> None:
    """A schedule repays exactly `principal`, never grows and adds up in every row."""
    assert sum(row.principal for row in rows) == principal
    before = principal
    for number, row in enumerate(rows, start=1):
        assert row.number == number
        assert row.payment == row.interest + row.principal + row.other
        assert min(row.interest, row.principal, row.other) >= 0
        assert row.balance == before - row.principal
        before = row.balance
    assert before == 0
    assert [row.due for row in rows] == sorted({row.due for row in rows})


def must_be_inside_policy(offer: Offer, request: PlanRequest) -> None:
    must_close(offer.schedule, request.position.principal)
    assert max(row.payment for row in offer.schedule) <= request.ceiling
    assert sum(row.other for row in offer.schedule) >= request.position.charges - offer.waived
    assert 0 <= offer.waived <= request.position.charges
    assert offer.total_to_pay == sum(row.payment for row in offer.schedule)
    assert request.today <= offer.schedule[0].due
    assert request.today <= offer.expires_on <= offer.first_due
    assert from_json(to_json(offer)) == offer


@given(st.integers(1, 10**10), RATES, st.integers(1, 480), METHODS, st.data())
def test_a_schedule_closes_exactly(
    principal: int, rate: Decimal, count: int, method: Method, data: st.DataObject
) -> None:
    grace = data.draw(st.integers(0, count - 1))
    change = data.draw(st.none() | st.tuples(st.integers(1, count), RATES))
    rows = build(
        Terms(principal, rate, count, method, date(2028, 2, 29), 31, principal_grace=grace,
              rates_from=(change,) if change else ())
    )  # fmt: skip
    must_close(rows, principal)
    assert len(rows) <= count


@given(st.integers(10_000, 10**9), RATES, st.integers(2, 240))
def test_a_longer_term_never_raises_the_instalment_and_never_lowers_the_interest(
    principal: int, rate: Decimal, count: int
) -> None:
    short, long = (build(Terms(principal, rate, n, Method.ANNUITY, TODAY)) for n in (count, count + 1))
    assert long[0].payment <= short[0].payment
    # each row may round by half a fen
    assert sum(row.interest for row in long) >= sum(row.interest for row in short) - count


@given(st.integers(1, 10**9), RATES, st.integers(2, 60), st.integers(1, 10**8))
def test_a_given_payment_closes_or_is_refused(
    principal: int, rate: Decimal, count: int, payment: int
) -> None:
    try:
        rows = build(Terms(principal, rate, count, Method.ANNUITY, TODAY, payment=payment))
    except ScheduleError:
        assert payment <= principal * rate / 12 + 1
    else:
        must_close(rows, principal)


@given(st.integers(0, 10**12), st.integers(1, 400))
def test_a_split_conserves_the_amount(amount: int, parts: int) -> None:
    shares = split_evenly(amount, parts)
    assert (sum(shares), len(shares), min(shares) >= 0) == (amount, parts, True)


@given(st.integers(0, 10**12), st.lists(st.integers(0, 10**9), min_size=1, max_size=9).filter(any))
def test_a_pro_rata_allocation_conserves_the_amount(amount: int, weights: list[int]) -> None:
    shares = split_pro_rata(amount, tuple(weights))
    assert (sum(shares), min(shares) >= 0) == (amount, True)


@given(loans(), st.integers(0, 400))
def test_a_position_conserves_principal_and_only_grows_with_time(loan: Loan, days: int) -> None:
    now, later = position_on(loan, TODAY), position_on(loan, TODAY + timedelta(days=days))
    assert now.principal == later.principal == loan.principal
    assert now.overdue_principal <= later.overdue_principal <= later.principal
    assert later.arrears >= now.arrears
    assert later.days_overdue >= now.days_overdue
    assert later.next_due >= later.day


@given(requests())
def test_every_offer_is_inside_policy_and_every_kind_is_answered(request: PlanRequest) -> None:
    answer = assess(request)
    assert len(answer.offers) + len(answer.refusals) == len(PACK.plans)
    for offer in answer.offers:
        must_be_inside_policy(offer, request)
    for refusal in answer.refusals:
        assert PACK.clause(refusal.clause)
        assert refusal.nearest is None


@given(requests(asks()))
def test_a_counter_offer_is_inside_policy_and_never_worse_than_asked_when_granted(
    request: PlanRequest,
) -> None:
    result = counter(request)
    if result.offer is None:
        assert (result.outcome, bool(result.reason)) == ("refused", True)
        return
    must_be_inside_policy(result.offer, request)
    if result.outcome == "granted":
        must_meet(result.offer, request.ask)
    else:
        assert result.stopped_by is not None
        assert PACK.clause(result.stopped_by)


def must_meet(offer: Offer, ask: Ask) -> None:
    if ask.kind is not None:
        assert offer.kind == ask.kind
    if ask.instalment is not None and ask.kind != "step_up":
        assert max(row.payment for row in offer.schedule) <= ask.instalment
    if ask.first_due is not None and ask.kind is None and offer.kind != "promise_to_pay":
        assert offer.first_due >= ask.first_due
    # A promise is one payment on its own day; the instalments beside it keep theirs.
    if ask.due_day is not None and ask.due_day <= 28 and offer.kind != "promise_to_pay":
        assert {row.due.day for row in offer.schedule} == {ask.due_day}


@given(requests(asks()))
def test_the_same_question_has_the_same_answer(request: PlanRequest) -> None:
    first, second = counter(request), counter(request)
    assert first == second
    if first.offer is not None and second.offer is not None:
        assert content_hash(first.offer) == content_hash(second.offer)
