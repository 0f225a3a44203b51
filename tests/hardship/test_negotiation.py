"""What borrowers ask for, and the answer."""

from __future__ import annotations

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from hardship.negotiation import CounterResult, counter
from hardship.plans import Ask, Offer
from tests.hardship.builders import business_loan, consumer_loan, free_loan, pack_with, request


def asked(surplus: int = 200_000, **ask: object) -> CounterResult:
    return counter(request(surplus=surplus, ask=Ask(**ask)))  # type: ignore[arg-type]


def offer_in(result: CounterResult) -> Offer:
    assert result.offer is not None
    return result.offer


def test_i_can_only_do_1200_a_month_is_granted_as_close_as_the_terms_allow() -> None:
    result = asked(instalment=120_000)
    assert (result.outcome, result.stopped_by) == ("granted", None)
    assert 115_000 < offer_in(result).instalment <= 120_000
    assert max(row.payment for row in offer_in(result).schedule) <= 120_000


def test_i_can_only_do_800_a_month_gets_the_nearest_and_the_clause_when_policy_ends_before() -> None:
    loan = consumer_loan(remaining_instalments=20, instalment=220_000)
    result = counter(request(loan, ask=Ask(kind="term_extension", instalment=80_000)))
    assert (result.outcome, result.reason) == ("nearest", "instalment_below_least")
    assert result.stopped_by == "CN-PLAN-TERM-EXTRA"
    assert offer_in(result).count == 56
    assert result.values == {"asked": 80_000, "least": offer_in(result).instalment, "months": 56}


def test_exactly_what_is_possible_is_granted_to_the_fen() -> None:
    loan = free_loan(principal=3_600_000, instalment=120_000, remaining_instalments=30)
    result = counter(request(loan, ask=Ask(kind="term_extension", instalment=100_000)))
    assert (result.outcome, offer_in(result).instalment, offer_in(result).count) == ("granted", 100_000, 36)


def test_more_than_the_surplus_allows_is_held_to_the_surplus_share() -> None:
    result = asked(surplus=120_000, kind="term_extension", instalment=140_000)
    assert (result.outcome, result.reason) == ("nearest", "above_surplus_share")
    assert result.stopped_by == "CN-AFFORD-SHARE"
    assert offer_in(result).instalment <= 96_000


def test_can_i_start_in_march_is_a_holiday_until_march() -> None:
    result = asked(first_due=date(2027, 3, 1))
    assert result.outcome == "granted"
    assert offer_in(result).kind == "payment_holiday"
    assert offer_in(result).first_due == date(2027, 3, 5)


def test_can_i_start_in_march_with_a_lasting_difficulty_gets_the_latest_start() -> None:
    result = counter(request(ask=Ask(first_due=date(2027, 3, 1)), lasting=True))
    assert (result.outcome, result.stopped_by) == ("nearest", "CN-OFFER-START")
    assert offer_in(result).first_due == date(2027, 1, 5)


def test_over_three_years_please_is_granted_in_exactly_that_many_months() -> None:
    result = asked(months=36)
    assert (result.outcome, offer_in(result).count) == ("granted", 36)


def test_over_five_months_is_more_than_the_borrower_can_pay_so_the_least_is_named() -> None:
    result = asked(kind="term_extension", months=5)
    assert result.outcome == "nearest"
    assert result.reason in ("months_too_few", "months_below_limit")
    assert offer_in(result).instalment <= 160_000


@given(st.integers(1, 60), st.integers(20_000, 200_000))
def test_the_reason_names_the_months_that_were_asked_for(months: int, instalment: int) -> None:
    result = asked(months=months, instalment=instalment)
    if str(result.reason).startswith("months_"):
        assert result.values["asked"] == months
        assert int(result.values.get("least") or result.values["most"]) > 0


def test_a_holiday_of_eight_months_is_answered_with_six() -> None:
    result = asked(kind="payment_holiday", months=8)
    assert (result.outcome, result.stopped_by) == ("nearest", "CN-PLAN-HOLIDAY-MAX")
    assert offer_in(result).kind == "payment_holiday"


def test_a_holiday_refused_for_good_reason_is_answered_with_another_kind() -> None:
    result = counter(request(ask=Ask(kind="payment_holiday", months=3), lasting=True))
    assert (result.outcome, result.reason) == ("nearest", "difficulty_lasting")
    assert offer_in(result).kind != "payment_holiday"


def test_another_kind_that_meets_the_amount_is_nearer_than_the_same_kind_that_does_not() -> None:
    result = asked(surplus=250_000, kind="arrears_instalments", instalment=100_000)
    assert (result.outcome, result.reason) == ("nearest", "instalment_below_least")
    assert offer_in(result).kind != "arrears_instalments"
    assert offer_in(result).instalment <= 100_000


def test_the_twentieth_suits_me_better_is_granted_by_a_kind_that_can_move_the_day() -> None:
    result = asked(due_day=20)
    assert result.outcome == "granted"
    assert {row.due.day for row in offer_in(result).schedule} == {20}


class TestLumpSum:
    def test_half_now_and_the_rest_in_instalments_is_granted(self) -> None:
        result = asked(lump_sum=2_000_000)
        assert result.outcome == "granted"
        offer = offer_in(result)
        assert (offer.schedule[0].due, offer.schedule[0].payment) == (date(2026, 11, 29), 2_000_000)
        assert (offer.lump_sum, offer.authority) == (2_000_000, "bot")
        assert "lump_sum_first" in offer.notes

    def test_a_pack_may_leave_every_lump_sum_to_a_person(self) -> None:
        strict = pack_with("offers.lump_sum_by_bot", False)
        result = counter(request(ask=Ask(kind="term_extension", lump_sum=100_000), pack=strict))
        assert (result.outcome, result.reason) == ("person", "lump_sum_needs_person")
        assert result.stopped_by == "CN-OFFER-LUMP-SUM"
        assert result.alternative is not None
        assert result.alternative.lump_sum == 0

    def test_a_sum_of_all_that_is_owed_needs_no_plan(self) -> None:
        result = asked(lump_sum=5_000_000)
        assert (result.outcome, result.reason) == ("nearest", "lump_sum_covers_all")

    def test_thirty_thousand_to_settle_everything_is_for_a_person(self) -> None:
        result = asked(kind="settlement", lump_sum=3_000_000)
        assert (result.outcome, result.reason) == ("person", "person_decides")
        assert (offer_in(result).kind, offer_in(result).authority) == ("settlement", "person")
        assert result.alternative is not None
        assert (result.alternative.lump_sum, result.alternative.authority) == (3_000_000, "bot")

    def test_a_sum_beside_instalments_is_part_payment_and_no_settlement(self) -> None:
        result = asked(lump_sum=3_000_000, instalment=1_000)
        assert (result.outcome, result.reason) == ("nearest", "instalment_below_least")
        assert offer_in(result).lump_sum == 3_000_000

    def test_a_settlement_that_is_too_low_is_answered_with_what_can_be_had_at_once(self) -> None:
        result = asked(kind="settlement", lump_sum=100_000)
        assert (result.outcome, result.reason) == ("nearest", "lump_sum_below_least")
        assert offer_in(result).authority == "bot"


class TestWaiver:
    loan = consumer_loan(penalty_interest=40_000, fees=10_000)

    def ask(self, **wish: object) -> CounterResult:
        return counter(request(self.loan, surplus=240_000, ask=Ask(**wish)))  # type: ignore[arg-type]

    def test_a_plan_can_be_had_with_charges_let_off(self) -> None:
        result = self.ask(kind="term_extension", waive=True)
        assert (result.outcome, offer_in(result).waived) == ("granted", 25_000)
        assert offer_in(result).waived_clause == "CN-PLAN-WAIVER-SHARE"

    def test_less_than_the_ceiling_is_granted_to_the_fen(self) -> None:
        assert offer_in(self.ask(kind="term_extension", waiver=12_345)).waived == 12_345

    def test_more_than_the_ceiling_is_for_a_person_with_the_ceiling_beside_it(self) -> None:
        result = self.ask(kind="term_extension", waiver=40_000)
        assert (result.outcome, result.reason) == ("person", "waiver_needs_person")
        assert (offer_in(result).waived, offer_in(result).authority) == (40_000, "person")
        assert result.alternative is not None
        assert (result.alternative.waived, result.alternative.authority) == (25_000, "bot")

    def test_more_than_is_owed_is_answered_with_the_ceiling(self) -> None:
        result = self.ask(waiver=60_000)
        assert (result.outcome, result.reason) == ("nearest", "waiver_above_owed")
        assert result.values == {"asked": 60_000, "owed": 50_000}
        assert offer_in(result).waived == 25_000

    def test_when_normal_instalments_are_too_high_the_waiver_comes_with_another_kind(self) -> None:
        result = counter(request(self.loan, surplus=150_000, ask=Ask(kind="charge_waiver")))
        assert (result.outcome, result.reason) == ("nearest", "normal_instalment_too_high")
        assert (offer_in(result).kind != "charge_waiver", offer_in(result).waived) == (True, 25_000)


def test_a_renewal_is_for_a_person_and_another_kind_can_be_had_at_once() -> None:
    result = counter(request(business_loan(), surplus=2_000_000, ask=Ask(kind="renewal", months=9)))
    assert (result.outcome, result.reason) == ("person", "person_decides")
    assert offer_in(result).last_due == date(2028, 2, 5)
    assert result.alternative is not None
    assert result.alternative.authority == "bot"


def test_a_kind_the_pack_does_not_know_is_answered_with_the_best_it_does() -> None:
    result = asked(kind="debt_by_magic")
    assert (result.outcome, result.reason, result.stopped_by) == (
        "nearest",
        "kind_not_in_force",
        "CN-PLAN-KINDS",
    )
    assert result.offer is not None


def test_without_a_surplus_every_ask_is_refused_with_the_reason() -> None:
    result = asked(surplus=0, instalment=10_000)
    assert (result.outcome, result.offer, result.reason) == ("refused", None, "no_surplus")


def test_absurd_wishes_are_answered_and_not_obeyed() -> None:
    for ask in (
        {"instalment": 1},
        {"instalment": 10**15},
        {"months": 10**9},
        {"lump_sum": -5},
        {"lump_sum": 10**15},
        {"waiver": -5},
        {"waiver": 10**15},
        {"first_due": date(9999, 12, 31)},
    ):
        result = asked(**ask)
        assert result.outcome in ("nearest", "granted")
        assert max(row.payment for row in offer_in(result).schedule) <= 160_000


def test_two_wishes_that_no_kind_meets_still_get_the_nearest_of_another_kind() -> None:
    ask = Ask(kind="payment_holiday", months=3, instalment=50_000)
    result = counter(request(ask=ask, lasting=True))
    assert (result.outcome, result.reason) == ("nearest", "difficulty_lasting")
    assert offer_in(result).kind == "term_extension"
    assert offer_in(result).count == 66
