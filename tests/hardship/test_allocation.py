"""What a payment settles: 民法典 art. 561 within a debt, art. 560 across debts."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hardship.allocation import Allocation, AllocationError, Debt, Owed, Payment, allocate, allocate_across

OWED = Owed(fees=1_000, penalty_interest=2_000, interest=3_000, principal=50_000)


def debt(name: str, amount: int = 10_000, **changes: Any) -> Debt:
    """A due, secured debt of nothing but principal."""
    plain = {"due": True, "secured": True, "rate": Decimal("0.1"), "due_since": date(2026, 6, 1)}
    return Debt(name, Owed(0, 0, 0, amount), **{**plain, **changes})


def used(amount: int, *debts: Debt, designated: str | None = None) -> dict[str, int]:
    shares = allocate_across(amount, debts, designated=designated)
    return {name: share.used for name, share in shares.items()}


def test_a_payment_settles_costs_then_interest_then_principal() -> None:
    assert allocate(10_000, OWED) == Allocation(
        fees=1_000, penalty_interest=2_000, interest=3_000, principal=4_000, left_over=0
    )


def test_contract_interest_comes_before_penalty_interest_which_may_yet_be_waived() -> None:
    assert allocate(5_000, OWED) == Allocation(1_000, 1_000, 3_000, 0, 0)


def test_the_policy_may_order_the_parts_differently() -> None:
    used = allocate(51_000, OWED, ("principal", "fees", "interest"))
    assert (used.principal, used.fees, used.interest) == (50_000, 1_000, 0)


def test_what_is_too_much_is_left_over() -> None:
    paid = allocate(60_000, OWED)
    assert (paid.used, paid.left_over) == (56_000, 4_000)


@pytest.mark.parametrize(
    "order", [(), ("fees", "interest"), ("fees", "fees", "interest", "principal"), ("a", "b", "c")]
)
def test_an_order_that_does_not_name_each_part_once_is_refused(order: tuple[str, ...]) -> None:
    with pytest.raises(AllocationError, match="each of fees, interest, principal"):
        allocate(1, OWED, order)


def test_the_debt_the_borrower_names_comes_first() -> None:
    late, early = debt("late", due_since=date(2026, 7, 1)), debt("early")
    assert used(12_000, late, early, designated="late") == {"late": 10_000, "early": 2_000}


def test_a_due_debt_comes_before_one_that_is_not_due_however_heavy() -> None:
    heavy = debt("heavy", due=False, rate=Decimal("0.3"), secured=False)
    assert used(12_000, heavy, debt("due")) == {"heavy": 2_000, "due": 10_000}


def test_of_due_debts_the_least_secured_comes_first() -> None:
    heavy = debt("secured", rate=Decimal("0.3"))
    assert used(10_000, heavy, debt("unsecured", secured=False)) == {"secured": 0, "unsecured": 10_000}


def test_of_debts_equally_secured_the_heavier_burden_comes_first() -> None:
    heavy = debt("heavy", rate=Decimal("0.3"), due_since=date(2026, 9, 1))
    assert used(10_000, debt("light"), heavy) == {"light": 0, "heavy": 10_000}


def test_of_debts_equally_heavy_the_earliest_due_comes_first() -> None:
    assert used(10_000, debt("later", due_since=date(2026, 8, 1)), debt("first")) == {
        "later": 0,
        "first": 10_000,
    }


def test_debts_alike_in_everything_share_pro_rata() -> None:
    debts = [debt(str(weight), weight * 100) for weight in (500, 1000, 233, 200)]
    assert used(10_000, *debts) == {"500": 2_587, "1000": 5_173, "233": 1_205, "200": 1_035}


def test_no_debt_gets_more_than_it_is_however_the_parts_are_rounded() -> None:
    debts = [debt(name, amount) for name, amount in (("a", 10), ("b", 10), ("c", 10), ("d", 1))]
    assert max(used(29, *debts).values()) <= 10
    assert used(29, *debts)["d"] <= 1


def test_what_is_left_when_all_debts_are_settled_is_kept() -> None:
    shares = allocate_across(25_000, [debt("a"), debt("b", due=False)])
    assert sum(share.left_over for share in shares.values()) == 5_000


def test_naming_a_debt_that_is_none_is_refused() -> None:
    with pytest.raises(AllocationError, match="designated"):
        allocate_across(1, [debt("a")], designated="b")


def test_a_payment_before_our_time_or_of_nothing_is_refused_without_its_amount() -> None:
    for received, amount in ((date(9999, 12, 31), 5), (date(2026, 1, 1), 0), (date(2026, 1, 1), -77)):
        with pytest.raises(AllocationError) as problem:
            Payment(received, amount)
        assert "77" not in str(problem.value)
