"""The annualised cost against Regulation Z, Appendix J."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from hardship.annualised import annualised_cost
from hardship.calendar import due_dates

START = date(2026, 1, 10)
MONTHLY = due_dates(date(2026, 2, 10), 24, 10)


def test_5000_repaid_230_a_month_for_two_years_costs_9_69_percent() -> None:
    assert annualised_cost(500_000, START, [(due, 23_000) for due in MONTHLY]) == Decimal("0.0969")


def test_a_first_payment_of_250_raises_it_to_10_08_percent() -> None:
    payments = [(MONTHLY[0], 25_000), *((due, 23_000) for due in MONTHLY[1:])]
    assert annualised_cost(500_000, START, payments) == Decimal("0.1008")


def test_paying_back_exactly_what_was_owed_costs_nothing() -> None:
    assert annualised_cost(240_000, START, [(due, 10_000) for due in MONTHLY]) == 0


def test_paying_back_less_has_a_negative_cost() -> None:
    assert annualised_cost(240_000, START, [(due, 9_000) for due in MONTHLY]) < 0


def test_a_cost_beyond_any_law_is_still_found() -> None:
    assert annualised_cost(10_000, START, [(MONTHLY[0], 60_000)]) == 60


def test_odd_days_before_the_first_month_are_counted() -> None:
    later = [(due, 23_000) for due in due_dates(date(2026, 2, 25), 24, 25)]
    assert annualised_cost(500_000, START, later) < Decimal("0.0969")


def test_payments_that_are_not_monthly_are_discounted_one_by_one() -> None:
    payments = [(date(2026, 4, 10), 5_000), (date(2027, 1, 10), 5_600)]
    monthly = annualised_cost(10_000, START, payments) / 12
    worth = 5_000 / (1 + monthly) ** 3 + 5_600 / (1 + monthly) ** 12
    assert worth == pytest.approx(Decimal(10_000), abs=1)


def test_the_guess_does_not_decide_the_answer() -> None:
    payments = [(due, 23_000) for due in MONTHLY]
    answers = {
        annualised_cost(500_000, START, payments, Decimal(guess)) for guess in ("0", "0.5", "-0.2", "9")
    }
    assert answers == {Decimal("0.0969")}


def test_without_money_or_payments_there_is_no_cost() -> None:
    assert annualised_cost(0, START, [(START, 5)]) == annualised_cost(5, START, []) == 0
