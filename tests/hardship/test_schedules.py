"""Schedules against figures that others have published (plans.md, Oracles)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import ROUND_CEILING, Decimal

import numpy_financial as npf
import pytest

from hardship.calendar import DayCount
from hardship.money import round_half_up
from hardship.products import Method
from hardship.schedules import ScheduleError, Terms, build, level_payment

FIRST = date(2026, 1, 31)


def terms(principal: int, rate: str, count: int, method: Method = Method.ANNUITY, **more: object) -> Terms:
    return Terms(principal, Decimal(rate), count, method, FIRST, **more)  # type: ignore[arg-type]


def test_annuity_of_630000_over_360_months_at_4_9_percent_is_3343_58() -> None:
    assert build(terms(63_000_000, "0.049", 360))[0].payment == 334_358


def test_annuity_of_100000_over_120_months_at_4_9_percent_begins_as_banks_publish() -> None:
    first, second = build(terms(10_000_000, "0.049", 120))[:2]
    assert (first.payment, first.interest, first.principal) == (105_577, 40_833, 64_744)
    assert (second.interest, second.principal) == (40_569, 65_008)


def test_annuity_of_a_million_over_240_months_at_4_9_percent_begins_as_banks_publish() -> None:
    first = build(terms(100_000_000, "0.049", 240))[0]
    assert (first.payment, first.interest, first.principal) == (654_444, 408_333, 246_111)


def test_equal_principal_of_630000_begins_at_4322_50_falls_by_7_15_and_costs_464336_25() -> None:
    rows = build(terms(63_000_000, "0.049", 360, Method.EQUAL_PRINCIPAL))
    assert rows[0].payment == 432_250
    assert {a.payment - b.payment for a, b in zip(rows, rows[1:], strict=False)} <= {714, 715}
    assert sum(row.interest for row in rows) == pytest.approx(46_433_625, abs=10)


def test_a_hundred_over_six_at_9_4822_percent_matches_fineract_row_by_row() -> None:
    rows = build(terms(10_000, "0.094822", 6))
    assert [row.payment for row in rows[:-1]] == [1713] * 5
    assert [row.interest for row in rows] == [79, 66, 53, 40, 27, 13]
    assert [row.balance for row in rows] == [8366, 6719, 5059, 3386, 1700, 0]


def test_2500_over_twelve_at_8_24_percent_has_the_interest_numpy_financial_gives() -> None:
    rows = build(terms(250_000, "0.0824", 12))
    numbers = range(1, 13)
    oracle = [round_half_up(Decimal(str(-npf.ipmt(0.0824 / 12, n, 12, 250_000)))) for n in numbers]
    assert oracle == [1717, 1579, 1440, 1301, 1160, 1018, 876, 732, 588, 442, 296, 149]
    # numpy-financial does not round its balances, a schedule does: one fen in the last row.
    assert [row.interest for row in rows] == pytest.approx(oracle, abs=1)
    assert [row.interest for row in rows][:-1] == oracle[:-1]


def test_an_instalment_rounded_up_to_a_whole_unit_gives_the_interest_frappe_publishes() -> None:
    exactly = level_payment(28_000_000, [Decimal("0.084") / 12] * 20) / 100
    rounded_up = int(exactly.to_integral_value(ROUND_CEILING)) * 100
    assert rounded_up == 1_505_200
    rows = build(terms(28_000_000, "0.084", 20, payment=rounded_up))
    assert round_half_up(Decimal(sum(row.interest for row in rows)) / 100) == 21_034


def test_principal_grace_of_one_month_after_the_first_instalment_is_1000_0_1000_1000() -> None:
    first, *_ = build(terms(300_000, "0", 3))
    rest = build(terms(first.balance, "0", 3, principal_grace=1))
    assert [row.payment for row in (first, *rest)] == [100_000, 0, 100_000, 100_000]


def test_an_extension_by_two_after_the_first_instalment_is_1000_and_then_500_four_times() -> None:
    first, *old_rest = build(terms(300_000, "0", 3))
    rest = build(terms(first.balance, "0", len(old_rest) + 2))
    assert [row.payment for row in (first, *rest)] == [100_000, *[50_000] * 4]


def test_two_missed_of_four_times_250_are_re_amortised_to_500_and_500() -> None:
    rows = build(terms(100_000, "0", 4))
    assert [row.payment for row in build(terms(100_000, "0", len(rows) - 2))] == [50_000] * 2


def test_a_new_rate_from_row_four_recomputes_the_instalment_on_what_is_left() -> None:
    rows = build(terms(1_200_000, "0.06", 12, rates_from=((4, Decimal("0.12")),)))
    again = round_half_up(level_payment(rows[2].balance, [Decimal("0.01")] * 9))
    assert {row.payment for row in rows[3:-1]} == {again}
    assert rows[3].interest == round_half_up(Decimal(rows[2].balance) / 100)
    assert rows[-1].balance == 0


def test_a_rate_that_does_not_change_changes_nothing() -> None:
    plain = build(terms(1_200_000, "0.06", 12))
    assert build(terms(1_200_000, "0.06", 12, rates_from=((4, Decimal("0.06")),)))[:-1] == plain[:-1]


def test_interest_first_pays_interest_and_then_everything() -> None:
    rows = build(terms(1_200_000, "0.06", 3, Method.INTEREST_FIRST))
    assert [row.payment for row in rows] == [6_000, 6_000, 1_206_000]


def test_a_flat_fee_is_the_same_each_month_however_little_is_left() -> None:
    """12,000 over 12 at 7.2 %: 1,000 and a fee of 0.6 % of 12,000, as cards do."""
    rows = build(terms(1_200_000, "0.072", 12, Method.FLAT_FEE))
    assert {(row.payment, row.interest, row.principal, row.other) for row in rows} == {
        (107_200, 0, 100_000, 7_200)
    }
    assert rows[-1].balance == 0


def test_a_flat_fee_keeps_to_the_original_principal_when_part_of_it_is_repaid() -> None:
    rows = build(terms(300_000, "0.072", 3, Method.FLAT_FEE, fee_base=1_200_000))
    assert [(row.principal, row.other) for row in rows] == [(100_000, 7_200)] * 3


def test_actual_days_count_each_period_by_its_own_days() -> None:
    made = build(
        terms(
            3_600_000,
            "0.10",
            3,
            Method.INTEREST_FIRST,
            start=date(2025, 12, 31),
            day_count=DayCount.ACTUAL_360,
        )
    )
    assert [row.interest for row in made] == [31_000, 28_000, 31_000]


def test_a_shorter_first_period_on_30_360_bears_its_part_of_a_month() -> None:
    made = build(
        Terms(1_200_000, Decimal("0.12"), 2, Method.INTEREST_FIRST, date(2026, 1, 20), start=date(2026, 1, 5))
    )
    assert [row.interest for row in made] == [6_000, 12_000]


def test_due_on_the_31st_means_the_last_day_of_a_shorter_month_and_comes_back() -> None:
    dues = [row.due for row in build(terms(100, "0", 4))]
    assert dues == [date(2026, 1, 31), date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)]


def test_a_debt_of_one_fen_is_one_row() -> None:
    assert [row.payment for row in build(terms(1, "0.18", 1))] == [1]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (terms(0, "0.05", 12), "principal"),
        (terms(-5, "0.05", 12), "principal"),
        (terms(10**15, "0.05", 12), "principal"),
        (terms(100, "NaN", 12), "annual rate"),
        (terms(100, "-0.01", 12), "annual rate"),
        (terms(100, "0.05", 0), "number of instalments"),
        (terms(100, "0.05", 10**6), "number of instalments"),
        (terms(100, "0.05", 3, principal_grace=3), "grace"),
        (terms(100, "0.05", 3, rates_from=((9, Decimal("0.1")),)), "rate must change"),
        (terms(100, "0.05", 3, start=FIRST), "start"),
        (terms(100, "0.05", 3, day_count=DayCount.ACTUAL_365), "start date"),
        (terms(100, "0.05", 3, payment=0), "payment"),
        (terms(100, "0.05", 3, payment=10**15), "payment"),
        (terms(100, "0.05", 3, Method.FLAT_FEE, payment=40), "belongs to an annuity"),
        (terms(100, "0.05", 3, Method.FLAT_FEE, fee_base=-1), "flat fee"),
        (terms(100, "1E-30", 3), "annual rate"),
        (terms(100, "Infinity", 3), "annual rate"),
        (terms(100, "0.05", 3, due_day=32), "due day"),
        (terms(100, "0.05", 3, start=date.min), "dates of our time"),
        (replace(terms(100, "0.05", 3), first_due=date.max), "dates of our time"),
        (terms(1_000_000, "0.12", 30, payment=9_000), "cover the interest"),
    ],
)
def test_terms_that_contradict_themselves_say_why(bad: Terms, says: str) -> None:
    with pytest.raises(ScheduleError, match=says):
        build(bad)
