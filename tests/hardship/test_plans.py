"""Each kind of plan: what it changes, and why it is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hardship.loans import Method, Product
from hardship.plans import Ask, Offer, PlanRequest, Refusal, content_hash, from_json, plan_kind, to_json
from tests.hardship.builders import consumer_loan, free_loan, pack_with, request


def offer_of(kind: str, asked: PlanRequest) -> Offer:
    answer = plan_kind(kind).propose(asked)
    assert isinstance(answer, Offer), answer
    return answer


def refusal_of(kind: str, asked: PlanRequest) -> Refusal:
    answer = plan_kind(kind).propose(asked)
    assert isinstance(answer, Refusal), answer
    return answer


class TestArrearsInstalments:
    def test_750_overdue_over_six_adds_125_to_six_normal_instalments(self) -> None:
        loan = free_loan(
            principal=675_000, overdue_principal=75_000, instalment=50_000, remaining_instalments=12
        )
        offer = offer_of("arrears_instalments", request(loan, ask=Ask(months=6)))
        assert [row.payment for row in offer.schedule] == [62_500] * 6 + [50_000] * 6
        assert offer.cost_against_now == 0

    def test_without_a_wish_the_arrears_are_gone_as_fast_as_the_surplus_allows(self) -> None:
        offer = offer_of("arrears_instalments", request(surplus=240_000))
        assert offer.instalment <= 192_000
        shorter = request(surplus=240_000, ask=Ask(months=8))
        assert isinstance(plan_kind("arrears_instalments").propose(shorter), Refusal)

    def test_charges_are_spread_and_bear_no_interest(self) -> None:
        loan = consumer_loan(overdue_principal=0, fees=12_000)
        offer = offer_of("arrears_instalments", request(loan, surplus=240_000, ask=Ask(months=6)))
        assert [row.other for row in offer.schedule[:7]] == [14_033] * 5 + [14_035, 0]
        assert "charges_spread_without_interest" in offer.notes

    def test_a_loan_past_its_end_has_only_the_arrears_to_pay(self) -> None:
        loan = consumer_loan(principal=260_000, remaining_instalments=0)
        offer = offer_of("arrears_instalments", request(loan, ask=Ask(months=12)))
        assert (offer.count, offer.schedule[-1].balance) == (12, 0)

    def test_without_arrears_there_is_nothing_to_spread(self) -> None:
        assert refusal_of("arrears_instalments", request(free_loan())).reason == "no_arrears"

    def test_a_normal_instalment_above_the_share_cannot_go_on(self) -> None:
        refusal = refusal_of("arrears_instalments", request(surplus=100_000))
        assert (refusal.reason, refusal.clause) == ("normal_instalment_too_high", "CN-AFFORD-SHARE")

    def test_a_later_start_is_no_later_start_when_the_normal_instalments_go_on(self) -> None:
        refusal = refusal_of(
            "arrears_instalments", request(surplus=240_000, ask=Ask(first_due=date(2027, 1, 2)))
        )
        assert (refusal.reason, refusal.clause) == ("start_too_late", "CN-PLAN-ARREARS-DAY")
        named = Ask(kind="arrears_instalments", first_due=date(2027, 1, 2))
        offer = offer_of("arrears_instalments", request(surplus=240_000, ask=named))
        assert offer.schedule[0].other == 0 < offer.schedule[1].other

    def test_the_due_day_of_the_contract_stays(self) -> None:
        refusal = refusal_of("arrears_instalments", request(surplus=240_000, ask=Ask(due_day=20)))
        assert (refusal.reason, refusal.clause) == ("due_day_stays", "CN-PLAN-ARREARS-DAY")
        assert refusal.nearest is not None

    def test_more_parts_than_the_pack_allows_stop_at_the_limit(self) -> None:
        refusal = refusal_of("arrears_instalments", request(surplus=240_000, ask=Ask(months=36)))
        assert (refusal.reason, refusal.clause) == ("months_above_limit", "CN-PLAN-ARREARS-TERM")
        assert refusal.values == {"asked": 36, "most": 24}


class TestTermExtension:
    def test_two_thousand_left_over_four_months_is_500_each(self) -> None:
        loan = free_loan(principal=200_000, instalment=100_000, remaining_instalments=2)
        offer = offer_of("term_extension", request(loan, ask=Ask(months=4)))
        assert [row.payment for row in offer.schedule] == [50_000] * 4

    def test_two_missed_of_four_re_amortised_over_the_rest_plus_one(self) -> None:
        loan = free_loan(
            principal=100_000, overdue_principal=50_000, instalment=25_000, remaining_instalments=1
        )
        offer = offer_of("term_extension", request(loan, ask=Ask(months=2)))
        assert [row.payment for row in offer.schedule] == [50_000, 50_000]

    def test_overdue_principal_bears_contract_interest_only_from_today(self) -> None:
        loan = consumer_loan(
            principal=360_000, overdue_principal=360_000, interest=0, penalty_interest=0,
            remaining_instalments=0, annual_rate=Decimal("0.10"),
        )  # fmt: skip
        offer = offer_of("term_extension", request(loan, ask=Ask(months=12)))
        # 3,600.00 x 10 % x 11/360, from 24 November to 5 December on 30/360
        assert offer.schedule[0].interest == 1_100

    def test_before_anything_is_overdue_it_is_an_extension_and_afterwards_a_restructuring(self) -> None:
        assert "label_extension" in offer_of("term_extension", request(free_loan())).notes
        overdue = offer_of("term_extension", request())
        assert "label_restructuring" in overdue.notes
        assert "CN-678" in overdue.clauses

    def test_a_consumer_loan_is_not_stretched_beyond_84_months(self) -> None:
        long = consumer_loan(remaining_instalments=84, instalment=0)
        refusal = refusal_of("term_extension", request(long))
        assert (refusal.reason, refusal.clause) == ("term_limit_reached", "CN-PLAN-TERM-MAX")

    def test_a_business_loan_has_its_own_limit(self) -> None:
        loan = consumer_loan(product=Product.BUSINESS)
        refusal = refusal_of("term_extension", request(loan, ask=Ask(instalment=10_000)))
        assert (refusal.clause, refusal.values["months"]) == ("CN-PLAN-TERM-EXTRA", 54)

    def test_a_balloon_at_the_end_becomes_level_instalments(self) -> None:
        offer = offer_of("term_extension", request(consumer_loan(method=Method.INTEREST_FIRST)))
        assert max(row.payment for row in offer.schedule) <= 160_000

    def test_a_start_beyond_the_limit_stops_at_the_latest_possible(self) -> None:
        refusal = refusal_of("term_extension", request(ask=Ask(first_due=date(2027, 6, 1))))
        assert (refusal.reason, refusal.clause) == ("start_too_late", "CN-OFFER-START")
        assert refusal.nearest is not None
        assert refusal.nearest.first_due == date(2027, 1, 5)

    def test_a_later_start_defers_interest_without_compounding(self) -> None:
        soon = offer_of("term_extension", request(ask=Ask(months=40)))
        later = offer_of("term_extension", request(ask=Ask(months=40, first_due=date(2027, 1, 1))))
        assert later.first_due == date(2027, 1, 5)
        assert sum(row.other for row in later.schedule) > sum(row.other for row in soon.schedule)
        assert later.schedule[0].balance < 4_200_000

    def test_a_due_date_in_three_days_leaves_no_notice_so_the_plan_starts_a_month_later(self) -> None:
        offer = offer_of("term_extension", request(today=date(2026, 12, 3)))
        assert offer.first_due == date(2027, 1, 5)

    def test_another_day_of_the_month_is_possible_up_to_the_28th(self) -> None:
        assert offer_of("term_extension", request(ask=Ask(due_day=20))).first_due.day == 20
        refusal = refusal_of("term_extension", request(ask=Ask(due_day=31)))
        assert (refusal.reason, refusal.clause) == ("due_day_not_possible", "CN-OFFER-DUE-DAY")


class TestPaymentHoliday:
    def test_two_months_without_payment_and_then_the_instalments_that_were_left(self) -> None:
        loan = free_loan(principal=300_000, instalment=100_000, remaining_instalments=3)
        offer = offer_of("payment_holiday", request(loan, ask=Ask(kind="payment_holiday", months=2)))
        assert offer.first_due == date(2027, 2, 5)
        assert [row.payment for row in offer.schedule] == [100_000, 100_000, 100_000]

    def test_interest_of_the_holiday_is_deferred_without_interest_on_it(self) -> None:
        loan = free_loan(annual_rate=Decimal("0.12"), principal=1_200_000, remaining_instalments=12)
        offer = offer_of("payment_holiday", request(loan))
        # three months of 1 % on 12,000.00, spread over the instalments that follow
        assert sum(row.other for row in offer.schedule) == 36_000
        assert offer.schedule[0].interest == 12_000
        assert "interest_deferred" in offer.notes

    def test_a_pack_can_have_the_interest_paid_month_by_month(self) -> None:
        paid = pack_with("plans.payment_holiday.interest", _interest("paid"))
        loan = free_loan(annual_rate=Decimal("0.12"), principal=1_200_000, remaining_instalments=12)
        offer = offer_of("payment_holiday", request(loan, pack=paid))
        assert [(row.payment, row.principal) for row in offer.schedule[:3]] == [(12_000, 0)] * 3
        assert offer.schedule[3].principal > 0
        assert "interest_paid" in offer.notes

    def test_a_pack_can_have_the_lender_drop_the_interest(self) -> None:
        dropped = pack_with("plans.payment_holiday.interest", _interest("dropped"))
        loan = free_loan(annual_rate=Decimal("0.12"), principal=1_200_000, remaining_instalments=12)
        offer = offer_of("payment_holiday", request(loan, pack=dropped))
        assert sum(row.other for row in offer.schedule) == 0
        assert "interest_dropped" in offer.notes

    def test_paying_again_from_march_makes_the_holiday_last_until_march(self) -> None:
        offer = offer_of("payment_holiday", request(ask=Ask(first_due=date(2027, 3, 1))))
        assert offer.first_due == date(2027, 3, 5)

    def test_more_than_six_months_stop_at_six(self) -> None:
        refusal = refusal_of("payment_holiday", request(ask=Ask(kind="payment_holiday", months=8)))
        assert (refusal.reason, refusal.clause) == ("holiday_too_long", "CN-PLAN-HOLIDAY-MAX")
        assert refusal.nearest is not None
        assert refusal.nearest.first_due == date(2027, 6, 5)

    def test_a_lasting_difficulty_is_not_helped_by_waiting(self) -> None:
        refusal = refusal_of("payment_holiday", request(lasting=True))
        assert (refusal.reason, refusal.clause) == ("difficulty_lasting", "CN-PLAN-HOLIDAY-TEMPORARY")

    def test_a_loan_longer_than_the_pack_allows_is_refused_with_its_length(self) -> None:
        refusal = refusal_of(
            "payment_holiday", request(consumer_loan(remaining_instalments=120, instalment=0))
        )
        assert refusal.reason == "term_limit_reached"


def _interest(name: str) -> object:
    from hardship.plans.payment_holiday import HolidayInterest

    return HolidayInterest(name)


class TestOffers:
    def test_figures_of_an_offer_are_those_of_its_rows(self) -> None:
        offer = offer_of("term_extension", request())
        assert offer.total_to_pay == sum(row.payment for row in offer.schedule)
        assert (offer.first_due, offer.last_due) == (offer.schedule[0].due, offer.schedule[-1].due)
        assert offer.count == len(offer.schedule)

    def test_an_offer_never_outlives_its_own_first_due_date(self) -> None:
        loan = consumer_loan(next_due=date(2026, 11, 26), due_day=26)
        offer = offer_of("arrears_instalments", request(loan, surplus=240_000))
        assert offer.expires_on == date(2026, 11, 26)
        assert offer_of("term_extension", request()).expires_on == date(2026, 12, 1)

    def test_json_keeps_every_figure_and_the_hash_follows_the_content(self) -> None:
        offer = offer_of("term_extension", request())
        assert from_json(to_json(offer)) == offer
        assert content_hash(from_json(to_json(offer))) == content_hash(offer)
        assert content_hash(offer) != content_hash(offer_of("term_extension", request(ask=Ask(months=50))))

    def test_the_same_request_always_makes_the_same_offer(self) -> None:
        assert to_json(offer_of("term_extension", request())) == to_json(
            offer_of("term_extension", request())
        )

    def test_an_extension_at_the_contract_rate_costs_about_the_contract_rate(self) -> None:
        loan = free_loan(annual_rate=Decimal("0.098"))
        offer = offer_of("term_extension", request(loan))
        assert offer.annualised_cost == pytest.approx(Decimal("0.098"), abs=Decimal("0.0005"))
