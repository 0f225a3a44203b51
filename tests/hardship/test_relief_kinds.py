"""Waivers, renewals, settlements and lump sums: what each comes to, by hand-made figures."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType

import pytest

from hardship.eligibility import assess, propose_all
from hardship.loans import Method, Product
from hardship.negotiation import counter
from hardship.plans import Ask, Offer, PlanRequest, Refusal, from_json, plan_kind, to_json
from hardship.plans.offers import OfferTerms, answer
from hardship.plans.solve import Solved
from hardship.policy import Limits, load_policy
from hardship.schedules import Row
from tests.hardship.builders import (
    PACK,
    business_loan,
    consumer_loan,
    free_loan,
    pack_with,
    policy,
    request,
)


def the_answer(kind: str, asked: PlanRequest) -> Offer | Refusal:
    return next(each for each in propose_all(asked) if each.kind == kind)


def offer_of(kind: str, asked: PlanRequest) -> Offer:
    found = the_answer(kind, asked)
    assert isinstance(found, Offer), found
    return found


def refusal_of(kind: str, asked: PlanRequest) -> Refusal:
    found = the_answer(kind, asked)
    assert isinstance(found, Refusal), found
    return found


class TestChargeWaiver:
    loan = free_loan(
        principal=600_000, instalment=50_000, remaining_instalments=12, penalty_interest=8_000, fees=4_000
    )

    def test_half_of_the_charges_are_let_off_and_the_rest_comes_beside_the_contract(self) -> None:
        offer = offer_of("charge_waiver", request(self.loan, ask=Ask(months=6)))
        assert (offer.waived, offer.waived_clause) == (6_000, "CN-PLAN-WAIVER-SHARE")
        assert [row.payment for row in offer.schedule] == [51_000] * 6 + [50_000] * 6
        assert offer.cost_against_now == -6_000
        assert "charges_waived" in offer.notes

    def test_the_amount_has_a_ceiling_of_its_own(self) -> None:
        loan = free_loan(
            principal=600_000, instalment=50_000, remaining_instalments=12, penalty_interest=500_000
        )
        offer = offer_of("charge_waiver", request(loan, surplus=900_000))
        assert (offer.waived, offer.waived_clause) == (100_000, "CN-PLAN-WAIVER-MAX")

    def test_interest_of_the_contract_is_never_let_off(self) -> None:
        loan = free_loan(principal=600_000, instalment=50_000, remaining_instalments=12, interest=9_000)
        refusal = refusal_of("charge_waiver", request(loan))
        assert (refusal.reason, refusal.clause) == ("nothing_to_waive", "CN-PLAN-WAIVER-OWED")
        assert not refusal.shown

    def test_with_another_kind_the_charges_go_before_anything_is_spread(self) -> None:
        loan = free_loan(principal=360_000, instalment=36_000, remaining_instalments=10, fees=2_400)
        offer = offer_of("term_extension", request(loan, ask=Ask(months=12, waive=True)))
        assert [row.payment for row in offer.schedule] == [30_100] * 12
        assert offer.waived == 1_200

    def test_letting_off_all_that_is_owed_leaves_no_plan_and_needs_a_person(self) -> None:
        loan = consumer_loan(
            principal=0,
            overdue_principal=0,
            interest=0,
            penalty_interest=0,
            fees=900,
            remaining_instalments=0,
        )
        refusal = refusal_of("charge_waiver", request(loan, pack=policy("uk")))
        assert (refusal.reason, refusal.values) == ("waiver_needs_person", {"asked": 900})

    def test_the_instalments_of_the_contract_stay_on_their_day(self) -> None:
        fifth = refusal_of("charge_waiver", request(self.loan, ask=Ask(due_day=self.loan.due_day + 1)))
        assert (fifth.reason, fifth.clause) == ("due_day_stays", "CN-PLAN-WAIVER-DAY")
        later = refusal_of("charge_waiver", request(self.loan, ask=Ask(first_due=date(2027, 1, 5))))
        assert (later.reason, later.clause) == ("start_too_late", "CN-PLAN-WAIVER-DAY")

    def test_a_pack_without_waivers_says_that_the_kind_is_not_in_force(self) -> None:
        without = pack_with("plans.charge_waiver.offered", False)
        result = counter(request(self.loan, ask=Ask(waive=True), pack=without))
        assert (result.outcome, result.reason) == ("nearest", "kind_not_in_force")


class TestRenewal:
    def test_interest_goes_on_and_the_principal_is_due_twelve_months_later(self) -> None:
        offer = offer_of("renewal", request(business_loan(), surplus=500_000))
        # 300,000.00 at 6 %: 1,500.00 a month
        assert [row.payment for row in offer.schedule] == [150_000] * 17 + [30_150_000]
        assert (offer.last_due, offer.instalment) == (date(2028, 5, 5), 150_000)
        assert offer.authority == "person"
        assert {"principal_stays", "principal_at_end"} <= set(offer.notes)
        assert "CN-RENEW" in offer.clauses

    def test_a_loan_in_level_instalments_stays_level(self) -> None:
        loan = business_loan(
            method=Method.ANNUITY, annual_rate=Decimal(0), principal=360_000, instalment=60_000
        )
        offer = offer_of("renewal", request(loan))
        assert [row.payment for row in offer.schedule] == [20_000] * 18

    def test_a_consumer_loan_is_not_renewed(self) -> None:
        refusal = refusal_of("renewal", request(free_loan()))
        assert (refusal.reason, refusal.clause) == ("not_business_loan", "CN-RENEW-BUSINESS")
        assert not refusal.shown

    def test_arrears_come_first_and_a_matured_loan_is_too_late(self) -> None:
        overdue = consumer_loan(product=Product.BUSINESS)
        assert refusal_of("renewal", request(overdue)).reason == "overdue_first"
        matured = consumer_loan(product=Product.BUSINESS, principal=260_000, remaining_instalments=0)
        assert refusal_of("renewal", request(matured)).reason == "past_maturity"

    def test_two_years_are_answered_with_one(self) -> None:
        asked = request(business_loan(), surplus=500_000, ask=Ask(kind="renewal", months=24))
        refusal = refusal_of("renewal", asked)
        assert (refusal.reason, refusal.values) == ("renewal_too_long", {"asked": 24, "most": 12})
        assert refusal.nearest is not None
        assert refusal.nearest.count == 18

    def test_interest_above_the_surplus_share_is_not_affordable(self) -> None:
        refusal = refusal_of("renewal", request(business_loan(), surplus=100_000))
        assert (refusal.reason, refusal.clause) == ("not_affordable", "CN-AFFORD-SHARE")


class TestSettlement:
    # 42,000.00 of principal and 722.00 of charges: 42,722.00 in all
    def test_thirty_thousand_now_and_the_rest_is_let_off(self) -> None:
        day = date(2026, 12, 10)
        offer = offer_of("settlement", request(ask=Ask(lump_sum=3_000_000, first_due=day)))
        assert offer.schedule == (Row(1, day, 3_000_000, 0, 2_927_800, 72_200, 0),)
        assert (offer.waived, offer.waived_clause) == (1_272_200, "CN-PLAN-SETTLE-REST")
        assert (offer.authority, "rest_let_off" in offer.notes) == ("person", True)
        assert offer.annualised_cost == 0

    def test_a_pack_may_say_that_the_rest_stays_owed(self) -> None:
        strict = pack_with("plans.settlement.rest_let_off", False)
        offer = offer_of("settlement", request(ask=Ask(lump_sum=3_000_000), pack=strict))
        assert (offer.waived, offer.schedule[0].balance) == (0, 1_272_200)
        assert "rest_stays_owed" in offer.notes

    def test_it_needs_no_monthly_surplus(self) -> None:
        assert offer_of("settlement", request(surplus=-50_000, ask=Ask(lump_sum=3_000_000)))

    def test_nobody_is_asked_for_a_lump_sum_who_did_not_name_one(self) -> None:
        refusal = refusal_of("settlement", request())
        assert (refusal.reason, refusal.shown) == ("lump_sum_not_named", False)

    def test_less_than_the_least_is_answered_with_the_least(self) -> None:
        refusal = refusal_of("settlement", request(ask=Ask(lump_sum=100_000)))
        # 30 % of 42,722.00
        assert (refusal.reason, refusal.values) == (
            "lump_sum_below_least",
            {"asked": 100_000, "least": 1_281_660},
        )
        assert refusal.nearest is not None
        assert refusal.nearest.total_to_pay == 1_281_660

    def test_a_day_beyond_the_limit_is_answered_with_the_latest(self) -> None:
        asked = request(ask=Ask(lump_sum=3_000_000, first_due=date(2027, 6, 1)))
        assert refusal_of("settlement", asked).clause == "CN-PLAN-SETTLE-DAYS"


class TestLumpSum:
    def test_charges_are_paid_first_then_overdue_principal_then_the_rest(self) -> None:
        loan = free_loan(
            principal=400_000,
            overdue_principal=20_000,
            fees=5_000,
            instalment=38_000,
            remaining_instalments=10,
        )
        offer = offer_of("term_extension", request(loan, ask=Ask(lump_sum=100_000, months=12)))
        assert offer.schedule[0] == Row(1, date(2026, 11, 29), 100_000, 0, 95_000, 5_000, 305_000)
        # 3,050.00 over twelve
        assert [row.payment for row in offer.schedule[1:]] == [25_417] * 11 + [25_413]
        assert (offer.lump_sum, offer.instalment, offer.total_to_pay) == (100_000, 25_417, 405_000)
        assert "CN-OFFER-LUMP-SUM" in offer.clauses

    def test_principal_paid_now_bears_interest_until_that_day_and_no_longer(self) -> None:
        loan = free_loan(annual_rate=Decimal("0.12"), principal=1_200_000, remaining_instalments=12)
        first = offer_of("term_extension", request(loan, ask=Ask(lump_sum=500_000))).schedule[0]
        # 24 days of 1 % a month since 5 November: 5,000.00 / 1.008
        assert (first.principal, first.interest) == (496_031, 3_969)

    def test_arrears_paid_at_once_leave_the_loan_to_go_on_as_agreed(self) -> None:
        loan = free_loan(
            principal=600_000, overdue_principal=50_000, instalment=50_000, remaining_instalments=11
        )
        offer = offer_of("arrears_instalments", request(loan, ask=Ask(lump_sum=50_000)))
        assert [row.payment for row in offer.schedule] == [50_000] * 12
        assert (offer.schedule[0].due, offer.lump_sum) == (date(2026, 11, 29), 50_000)


def test_a_balloon_at_the_end_does_not_count_beside_arrears_that_are_gone_by_then() -> None:
    loan = free_loan(
        method=Method.INTEREST_FIRST, principal=190_000, overdue_principal=40_000, remaining_instalments=10
    )
    offer = offer_of("arrears_instalments", request(loan, surplus=187_500))
    # 1,500.00 of principal at the end is all that a month may cost
    assert [row.payment for row in offer.schedule] == [40_000] + [0] * 8 + [150_000]


def test_an_offer_of_an_older_version_can_still_be_read() -> None:
    offer = assess(request()).offers[0]
    text = to_json(offer)
    for name in ("authority", "cost_against_doing_nothing", "lump_sum", "waived_clause"):
        text = _without(text, name)
    read = from_json(text)
    assert (read.authority, read.cost_against_doing_nothing, read.waived_clause) == ("bot", 0, None)
    assert read.schedule == offer.schedule


def _without(text: str, name: str) -> str:
    import json

    data = json.loads(text)
    del data[name]
    return json.dumps(data)


class _GiftLimits(Limits):
    """The section of a kind that exists only in this test."""


class _Gift:
    """One instalment of all that is owed, tomorrow week."""

    name = "gift_from_aunt"
    limits = _GiftLimits
    combines = True

    def propose(self, request: PlanRequest) -> Offer | Refusal:
        position = request.position
        row = Row(
            1, date(2026, 12, 1), position.total_owed, 0, position.principal, position.charges, balance=0
        )
        return answer(request, OfferTerms(self.name, ()), Solved((row,), ()))


@pytest.fixture
def a_new_kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module as a new file in hardship/plans would be."""
    module = ModuleType("hardship.plans.gift_from_aunt")
    module.KIND = _Gift()  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "hardship.plans.gift_from_aunt", module)
    yield module
    plan_kind.cache_clear()


_SECTION = """
  gift_from_aunt:
    offered:
      id: CN-PLAN-GIFT
      value: true
      source: "an aunt"
      checked: 2026-11-24
      confidence: G

hotlines:
"""


def test_a_new_kind_is_one_module_and_one_section_of_the_pack(a_new_kind: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "new.yml"
    file.write_text(PACK.read_text(encoding="utf-8").replace("\nhotlines:\n", _SECTION, 1), encoding="utf-8")
    pack = load_policy(file)
    answers = assess(request(pack=pack))
    gift = next(offer for offer in (*answers.offers, *answers.more) if offer.kind == "gift_from_aunt")
    assert gift.total_to_pay == request().position.total_owed
    result = counter(request(pack=pack, ask=Ask(kind="gift_from_aunt", lump_sum=100_000)))
    assert result.outcome == "granted"
    assert result.offer is not None
    assert result.offer.lump_sum == 100_000
