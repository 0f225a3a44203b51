"""A position told line by line."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hardship.allocation import Payment
from hardship.explanation import Line, explain
from hardship.loans import position_on
from tests.hardship.builders import TODAY, consumer_loan, free_loan


def told(lines: tuple[Line, ...]) -> list[tuple[str, int]]:
    return [(line.code, line.amount) for line in lines]


def test_on_the_day_of_the_snapshot_its_parts_are_told() -> None:
    assert told(explain(consumer_loan(fees=900), TODAY)) == [
        ("opening_principal", 4_200_000),
        ("opening_interest", 68_000),
        ("opening_penalty_interest", 4_200),
        ("opening_fees", 900),
    ]


def test_parts_that_are_nothing_are_not_told() -> None:
    assert told(explain(free_loan(), TODAY)) == [("opening_principal", 4_200_000)]


def test_penalty_interest_is_told_with_its_days_its_base_and_its_rate() -> None:
    line = explain(consumer_loan(), TODAY + timedelta(days=10))[-1]
    assert line == Line(
        code="penalty_interest",
        day=TODAY,
        until=date(2026, 12, 4),
        base=260_000,
        rate=Decimal("0.1470"),
        days=10,
        amount=1_062,
        total=4_200_000 + 68_000 + 4_200 + 1_062,
    )


def test_a_missed_instalment_bills_its_interest_and_makes_its_principal_overdue() -> None:
    loan = free_loan(
        annual_rate=Decimal("0.12"), principal=600_000, instalment=103_529, remaining_instalments=6
    )
    lines = explain(loan, date(2026, 12, 15))
    assert told(lines) == [
        ("opening_principal", 600_000),
        ("interest_billed", 6_000),
        ("instalment_due", 0),
        ("penalty_interest", 488),
    ]
    billed, due, penalty = lines[1:]
    assert (billed.day, billed.until, billed.days, billed.base) == (
        TODAY.replace(day=5),
        date(2026, 12, 5),
        30,
        600_000,
    )
    assert (due.day, due.base, due.total) == (date(2026, 12, 5), 97_529, 606_000)
    # 975.29 x 12 % x 1.5 x 10/360 = 4.88
    assert (penalty.base, penalty.days, penalty.total) == (97_529, 10, 606_488)


def test_a_payment_splits_the_days_of_penalty_interest() -> None:
    payments = (Payment(TODAY + timedelta(days=4), 172_625),)
    lines = explain(consumer_loan(), TODAY + timedelta(days=10), payments)
    assert told(lines)[3:] == [("penalty_interest", 425), ("payment", -172_625), ("penalty_interest", 392)]
    assert lines[-1].base == 160_000


def test_principal_repaid_early_is_told_with_its_interest_for_the_days_used() -> None:
    loan = free_loan(annual_rate=Decimal("0.12"), principal=600_000, instalment=0, remaining_instalments=6)
    day = date(2026, 11, 25)
    lines = explain(loan, day, (Payment(day, 100_000),))
    # 993.38 x 12 % x 20/360 = 6.62
    assert told(lines)[1:] == [("interest_on_early_principal", 662), ("payment", -100_000)]
    assert (lines[1].base, lines[1].days) == (99_338, 20)


def test_what_was_paid_too_much_is_told_without_changing_what_is_owed() -> None:
    loan, day = free_loan(principal=600_000), TODAY + timedelta(days=1)
    lines = explain(loan, day, (Payment(day, 650_000),))
    assert told(lines)[1:] == [("payment", -600_000), ("left_over", 0)]
    assert (lines[-1].base, lines[-1].total) == (50_000, 0)
    assert position_on(loan, day, (Payment(day, 650_000),)).total_owed == 0
