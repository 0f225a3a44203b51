"""More kinds of plan: what each changes, and why it is refused."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hardship.negotiation import counter
from hardship.plans import Ask, Offer, PlanRequest, Refusal, kinds_in_force, plan_kind
from tests.hardship.builders import TODAY, consumer_loan, free_loan, pack_with, policy, request


def offer_of(kind: str, asked: PlanRequest) -> Offer:
    answer = plan_kind(kind).propose(asked)
    assert isinstance(answer, Offer), answer
    return answer


def refusal_of(kind: str, asked: PlanRequest) -> Refusal:
    answer = plan_kind(kind).propose(asked)
    assert isinstance(answer, Refusal), answer
    return answer


def test_all_eleven_kinds_are_in_force() -> None:
    assert len(kinds_in_force(policy())) == 11


def test_a_kind_that_is_not_offered_cannot_be_asked_for() -> None:
    without = pack_with("plans.step_up.offered", False)
    assert "step_up" not in {kind.name for kind in kinds_in_force(without)}
    assert counter(request(ask=Ask(kind="step_up"), pack=without)).reason == "kind_not_in_force"


class TestPersonalisedInstalments:
    loan = consumer_loan(overdue_since=date(2026, 8, 5))

    def test_the_whole_debt_becomes_equal_instalments_within_sixty_months(self) -> None:
        offer = offer_of("personalised_instalments", request(self.loan, surplus=120_000))
        assert offer.count <= 60
        assert max(row.payment for row in offer.schedule) - min(row.payment for row in offer.schedule) < 60

    def test_more_than_sixty_months_stop_at_the_clause(self) -> None:
        refusal = refusal_of("personalised_instalments", request(self.loan, ask=Ask(months=72)))
        assert (refusal.reason, refusal.clause) == ("months_above_limit", "CN-PLAN-PERSONAL-TERM")

    def test_it_may_be_shorter_than_what_was_left(self) -> None:
        assert offer_of("personalised_instalments", request(self.loan, surplus=600_000)).count < 30

    def test_it_needs_a_debt_that_has_been_overdue_for_some_time(self) -> None:
        refusal = refusal_of("personalised_instalments", request())
        assert (refusal.reason, refusal.values) == ("not_overdue_enough", {"days": 50, "least": 60})


class TestInterestOnly:
    def test_six_months_of_interest_and_then_the_rest(self) -> None:
        loan = free_loan(annual_rate=Decimal("0.12"), principal=1_200_000, remaining_instalments=12)
        offer = offer_of("interest_only", request(loan))
        assert [row.payment for row in offer.schedule[:6]] == [12_000] * 6
        assert offer.schedule[6].principal > 0

    def test_fifteen_months_are_answered_with_twelve(self) -> None:
        asked = Ask(kind="interest_only", months=15)
        refusal = refusal_of("interest_only", request(ask=asked))
        assert (refusal.reason, refusal.clause) == ("interest_only_too_long", "CN-PLAN-INTEREST-MAX")
        assert refusal.nearest is not None
        assert sum(1 for row in refusal.nearest.schedule if row.principal == 0) == 12

    def test_a_wish_for_so_many_instalments_counts_them_all(self) -> None:
        assert offer_of("interest_only", request(ask=Ask(months=48))).count == 48

    def test_a_lasting_difficulty_is_not_helped_by_it(self) -> None:
        assert refusal_of("interest_only", request(lasting=True)).reason == "difficulty_lasting"


class TestPromiseToPay:
    loan = consumer_loan(overdue_principal=100_000, interest=20_000, penalty_interest=1_000)

    def test_the_arrears_are_one_payment_on_the_promised_day(self) -> None:
        day = date(2026, 11, 30)
        offer = offer_of("promise_to_pay", request(self.loan, surplus=310_000, ask=Ask(first_due=day)))
        # 1,210.00 and six days of 9.8 % on 1,000.00
        assert (offer.schedule[0].due, offer.schedule[0].payment) == (day, 121_000 + 163)
        assert offer.schedule[1].due == date(2026, 12, 5)

    def test_a_day_too_far_away_is_answered_with_the_latest(self) -> None:
        asked = Ask(first_due=date(2027, 2, 1))
        refusal = refusal_of("promise_to_pay", request(self.loan, surplus=500_000, ask=asked))
        assert (refusal.reason, refusal.clause) == ("start_too_late", "CN-PLAN-PROMISE-MAX")
        assert refusal.nearest is not None
        assert TODAY + timedelta(days=30) in {row.due for row in refusal.nearest.schedule}

    def test_arrears_and_an_instalment_in_one_month_must_be_affordable_together(self) -> None:
        asked = Ask(first_due=date(2026, 12, 10))
        assert (
            refusal_of("promise_to_pay", request(self.loan, surplus=310_000, ask=asked)).reason
            == "not_affordable"
        )

    def test_without_arrears_there_is_nothing_to_promise(self) -> None:
        assert refusal_of("promise_to_pay", request(free_loan())).reason == "no_arrears"

    def test_one_payment_is_not_several(self) -> None:
        refusal = refusal_of("promise_to_pay", request(self.loan, surplus=500_000, ask=Ask(months=3)))
        assert refusal.reason == "months_above_limit"


class TestDueDateChange:
    loan = free_loan(annual_rate=Decimal("0.12"), principal=1_200_000, remaining_instalments=12)

    def test_the_day_moves_and_the_number_of_instalments_stays(self) -> None:
        offer = offer_of("due_date_change", request(self.loan, ask=Ask(due_day=20)))
        assert offer.first_due == date(2026, 12, 20)
        assert {row.due.day for row in offer.schedule} == {20}
        assert offer.count == 12

    def test_the_days_until_the_new_day_bear_interest_but_no_interest_on_it(self) -> None:
        offer = offer_of("due_date_change", request(self.loan, ask=Ask(due_day=20)))
        # fifteen days of 1 % a month on 12,000.00
        assert sum(row.other for row in offer.schedule) == 6_000
        assert "interest_to_new_day" in offer.notes

    def test_the_day_must_be_named(self) -> None:
        assert refusal_of("due_date_change", request(self.loan)).reason == "due_day_not_named"

    def test_arrears_are_for_another_kind(self) -> None:
        assert refusal_of("due_date_change", request(ask=Ask(due_day=20))).reason == "arrears_first"


class TestStepUp:
    def test_six_low_instalments_and_then_one_that_can_be_kept(self) -> None:
        offer = offer_of("step_up", request())
        payments = [row.payment for row in offer.schedule]
        assert payments[:6] == [96_000] * 6
        assert len(set(payments[6:-1])) == 1
        assert 96_000 < payments[6] <= 160_000
        assert "instalment_rises" in offer.notes

    def test_eight_hundred_for_now_is_the_low_step(self) -> None:
        asked = Ask(kind="step_up", instalment=80_000, months=9)
        result = counter(request(ask=asked))
        assert result.outcome == "granted"
        assert result.offer is not None
        assert [row.payment for row in result.offer.schedule[:9]] == [80_000] * 9

    def test_the_later_step_is_wished_for_too(self) -> None:
        result = counter(request(ask=Ask(kind="step_up", instalment=80_000, months=4, later=120_000)))
        assert result.outcome == "granted" and result.offer is not None
        payments = [row.payment for row in result.offer.schedule]
        assert payments[:4] == [80_000] * 4 and 80_000 < max(payments[4:]) <= 120_000

    def test_a_later_step_that_is_too_low_is_answered_with_the_nearest(self) -> None:
        ask = Ask(kind="step_up", instalment=38_000, months=4, later=39_000)
        result = counter(request(ask=ask))
        assert result.outcome == "nearest" and result.stopped_by is not None

    def test_a_low_step_below_the_interest_would_let_the_balance_grow(self) -> None:
        refusal = refusal_of("step_up", request(ask=Ask(kind="step_up", instalment=20_000)))
        assert (refusal.reason, refusal.clause) == ("interest_not_covered", "CN-OFFER-CLOSES")

    def test_a_low_step_for_too_long_stops_at_the_limit(self) -> None:
        refusal = refusal_of("step_up", request(ask=Ask(kind="step_up", months=24)))
        assert (refusal.reason, refusal.clause) == ("low_step_too_long", "CN-PLAN-STEP-MAX")

    def test_a_debt_that_the_low_figure_pays_needs_no_second_step(self) -> None:
        loan = free_loan(principal=300_000, instalment=10_000, remaining_instalments=30)
        assert refusal_of("step_up", request(loan, surplus=500_000)).reason == "step_not_needed"
