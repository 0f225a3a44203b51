"""`respite schedule`: published figures through the command, and bad input told in one line."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.cli.running import assert_refused, respite, respite_json


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tuesday 24 November 2026."""
    monkeypatch.setenv("RESPITE_TODAY", "2026-11-24")
    monkeypatch.delenv("RESPITE_POLICY", raising=False)


def schedule(*words: object) -> Any:
    """The schedule as JSON."""
    return respite_json("schedule", *words)


def terms(principal: object, rate: object, months: object, *more: object) -> tuple[object, ...]:
    """Words for a schedule."""
    return ("--principal", principal, "--annual-rate", rate, "--months", months, *more)


def column(found: Any, name: str) -> list[str]:
    """One figure of every row."""
    return [row[name] for row in found["rows"]]


def test_an_annuity_has_the_figures_that_banks_publish() -> None:
    found = schedule(*terms(100000, "4.9", 120, "--method", "annuity"))
    first, second = found["rows"][:2]
    assert (first["payment"], first["interest"], first["principal"]) == ("1055.77", "408.33", "647.44")
    assert (second["interest"], second["principal"]) == ("405.69", "650.08")
    assert len(found["rows"]) == 120 and found["rows"][-1]["balance"] == "0.00"
    assert found["annualised_cost"] == "4.90"


@pytest.mark.parametrize(
    ("principal", "months", "instalment"), [(630000, 360, "3343.58"), (1000000, 240, "6544.44")]
)
def test_the_instalment_of_a_mortgage_is_the_published_one(
    principal: int, months: int, instalment: str
) -> None:
    assert schedule(*terms(principal, "4.9", months))["rows"][0]["payment"] == instalment


def test_equal_principal_falls_by_the_same_amount_each_month() -> None:
    found = schedule(*terms(630000, "4.9", 360, "--method", "equal-principal"))
    assert column(found, "payment")[:2] == ["4322.50", "4315.35"]
    # Published is the sum of unrounded rows; a schedule sums what is really paid.
    assert abs(Decimal(found["total_interest"]) - Decimal("464336.25")) <= Decimal("0.10")


def test_balances_fall_as_fineract_publishes() -> None:
    found = schedule(*terms(100, "9.4822", 6))
    assert column(found, "balance") == ["83.66", "67.19", "50.59", "33.86", "17.00", "0.00"]
    assert column(found, "interest") == ["0.79", "0.66", "0.53", "0.40", "0.27", "0.13"]
    assert column(found, "payment")[:5] == ["17.13"] * 5


def test_interest_falls_as_numpy_financial_publishes() -> None:
    found = schedule(*terms(2500, "8.24", 12))
    # The last is 1.49 with unrounded balances; a schedule rounds each.
    assert column(found, "interest") == [
        *("17.17", "15.79", "14.40", "13.01", "11.60", "10.18"),
        *("8.76", "7.32", "5.88", "4.42", "2.96", "1.48"),
    ]


@pytest.mark.parametrize("rate", ["9.69", "0"])
def test_a_given_payment_is_paid_and_the_last_row_takes_the_difference(rate: str) -> None:
    found = schedule(*terms(5000, rate, 24, "--payment", 230))
    assert set(column(found, "payment")[:-1]) == {"230.00"}
    assert found["rows"][-1]["balance"] == "0.00" and found["annualised_cost"] == f"{Decimal(rate):.2f}"


def test_the_annualised_cost_is_that_of_regulation_z() -> None:
    # App. J: 5,000 repaid 230 x 24 is 9.69 %; the last row here is within a few cents of 230.
    found = schedule(*terms(5000, "9.69", 24, "--payment", 230))
    assert abs(Decimal(found["rows"][-1]["payment"]) - 230) < 1
    assert found["annualised_cost"] == "9.69"


def test_interest_first_keeps_the_principal_to_the_end() -> None:
    found = schedule(*terms(12000, 6, 3, "--method", "interest-first"))
    assert column(found, "payment") == ["60.00", "60.00", "12060.00"]
    assert found["total_interest"] == "180.00" and found["total_paid"] == "12180.00"


def test_a_flat_fee_is_shown_beside_the_principal_and_costs_nearly_twice_its_rate() -> None:
    found = schedule(*terms(12000, 6, 12, "--method", "flat-fee"))
    assert set(column(found, "other")) == {"60.00"} and set(column(found, "principal")) == {"1000.00"}
    assert found["total_other"] == "720.00" and found["total_paid"] == "12720.00"
    # The textbook case: 0.5 % a month flat over 12 is 10.90 % a year.
    assert found["annualised_cost"] == "10.90"


def test_other_is_not_mentioned_where_there_is_none() -> None:
    found = schedule(*terms(100, 5, 2))
    assert list(found["rows"][0]) == ["n", "due", "payment", "interest", "principal", "balance"]
    assert list(found) == ["rows", "total_interest", "total_paid", "annualised_cost"]


def test_principal_grace_repays_nothing_at_first() -> None:
    assert column(schedule(*terms(3000, 0, 4, "--principal-grace", 1)), "payment") == [
        "0.00",
        "1000.00",
        "1000.00",
        "1000.00",
    ]


def test_principal_grace_after_a_first_instalment_is_fineracts_order() -> None:
    # 3000 over 3, the first 1000 paid; grace on what is left makes 1000, 0, 1000, 1000.
    left = schedule(*terms(3000, 0, 3))["rows"][0]["balance"]
    rest = column(schedule(*terms(left, 0, 3, "--principal-grace", 1)), "payment")
    assert ["1000.00", *rest] == ["1000.00", "0.00", "1000.00", "1000.00"]


def test_a_rate_changes_from_the_instalment_named() -> None:
    found = schedule(*terms(12000, 12, 4, "--rate-from", "2:0", "--rate-from", "4:6"))
    assert column(found, "interest")[:3] == ["120.00", "0.00", "0.00"]
    assert Decimal(found["rows"][3]["interest"]) == round(Decimal(found["rows"][2]["balance"]) / 200, 2)


@pytest.mark.parametrize(
    ("day_count", "interest"),
    # 1,000,000 at 4.9 % for the 31 days of December, worked out by hand.
    [("act/365", "4161.64"), ("act/360", "4219.44"), ("30/360", "4083.33")],
)
def test_days_count_as_asked(day_count: str, interest: str) -> None:
    dates = ("--start", "2026-12-01", "--first-due", "2027-01-01")
    found = schedule(*terms(1000000, "4.9", 12, "--day-count", day_count, *dates))
    assert found["rows"][0]["interest"] == interest


def test_a_longer_first_period_costs_more_interest() -> None:
    dates = ("--start", "2026-11-24", "--first-due", "2027-01-15")
    found = schedule(*terms(36000, 10, 3, *dates))
    assert found["rows"][0]["interest"] == "510.00"  # 51 days of thirty a month
    assert column(found, "due") == ["2027-01-15", "2027-02-15", "2027-03-15"]


@pytest.mark.parametrize(
    ("more", "dues"),
    [
        ((), ["2026-12-24", "2027-01-24"]),
        (("--start", "2027-01-31"), ["2027-02-28", "2027-03-31"]),
        (("--first-due", "2028-02-29"), ["2028-02-29", "2028-03-29"]),
        (("--start", "2027-01-31", "--day-count", "act/365"), ["2027-02-28", "2027-03-31"]),
        (("--first-due", "2027-01-10", "--day-count", "act/360"), ["2027-01-10", "2027-02-10"]),
    ],
)
def test_dates_left_open_are_a_month_apart(more: tuple[str, ...], dues: list[str]) -> None:
    assert column(schedule(*terms(1000, 5, 2, *more)), "due") == dues


def test_without_json_there_is_a_table_with_totals() -> None:
    shown = respite("schedule", *terms(100000, "4.9", 120)).stdout
    assert "1,055.77" in shown and "647.44" in shown and "│ 120" in shown
    assert "Interest 26,693.01, paid in all 126,693.01, 4.90 % a year." in shown


BAD = [
    (terms(-5, 5, 12), "--principal"),
    (terms("nan", 5, 12), "--principal"),
    (terms("inf", 5, 12), "--principal"),
    (terms(10**15, 5, 12), "--principal"),
    (terms(10**13 - 1, 5, 12), "principal"),
    (terms("1e5", 5, 12), "--principal"),
    (terms("1000.005", 5, 12), "--principal"),
    (terms("1,000", 5, 12), "--principal"),
    (terms(0, 5, 12), "principal"),
    (terms("", 5, 12), "--principal"),
    (terms("１０００", 5, 12), "--principal"),
    (terms(1000, -1, 12), "--annual-rate"),
    (terms(1000, "nan", 12), "--annual-rate"),
    (terms(1000, "inf", 12), "--annual-rate"),
    (terms(1000, "100.01", 12), "--annual-rate"),
    (terms(1000, 5, 0), "instalments"),
    (terms(1000, 5, -3), "instalments"),
    (terms(1000, 5, 1201), "instalments"),
    (terms(1000, 5, "x"), "--months"),
    (terms(1000, 5, 12, "--method", "balloon"), "--method"),
    (terms(1000, 5, 12, "--day-count", "act/act"), "--day-count"),
    (terms(1000, 5, 12, "--first-due", "0001-01-01"), "--first-due"),
    (terms(1000, 5, 12, "--first-due", "9999-12-31"), "--first-due"),
    (terms(1000, 5, 12, "--first-due", "2026-02-30"), "--first-due"),
    (terms(1000, 5, 12, "--first-due", "tomorrow"), "--first-due"),
    (terms(1000, 5, 12, "--start", "2027-01-01", "--first-due", "2026-12-01"), "start"),
    (terms(1000, 5, 12, "--payment", "0.01"), "interest"),
    (terms(1000, 5, 12, "--payment", "-1"), "--payment"),
    (terms(1000, 5, 12, "--payment", "100", "--method", "equal-principal"), "payment"),
    (terms(1000, 5, 12, "--rate-from", "5"), "--rate-from"),
    (terms(1000, 5, 12, "--rate-from", "x:5"), "--rate-from"),
    (terms(1000, 5, 12, "--rate-from", "13:5"), "rate"),
    (terms(1000, 5, 12, "--rate-from", "0:5"), "rate"),
    (terms(1000, 5, 12, "--principal-grace", "12"), "grace"),
    (terms(1000, 5, 12, "--principal-grace", "-1"), "grace"),
    (("--annual-rate", 5, "--months", 12), "--principal"),
    (terms(1000, 5, 12, "--unknown"), "--unknown"),
]


@pytest.mark.parametrize(("words", "named"), BAD, ids=[" ".join(map(str, words)) for words, _ in BAD])
@pytest.mark.parametrize("as_json", [(), ("--json",)])
def test_bad_input_is_one_line_that_names_it(
    words: tuple[object, ...], named: str, as_json: tuple[str, ...]
) -> None:
    assert_refused(respite("schedule", *words, *as_json), named)


def test_a_today_that_is_no_date_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_TODAY", "soon")
    assert_refused(respite("schedule", *terms(1000, 5, 12)), "RESPITE_TODAY")


def test_an_unknown_command_is_one_line() -> None:
    assert_refused(respite("shedule"), "shedule")
