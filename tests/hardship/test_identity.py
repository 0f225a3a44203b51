"""Reading a log-in, the last four and a code from free text."""

from __future__ import annotations

import pytest

from hardship.identity import Login, read_code, read_last_four, read_login

PHONE = Login("phone", "+8613800138000")
LOAN = Login("loan_number", "LN20260001")


@pytest.mark.parametrize(
    "text",
    [
        "13800138000",
        "138 0013 8000",
        "138-0013-8000",
        "+86 138 0013 8000",
        "我的手机号是13800138000。",
        "１３８００１３８０００",
        "幺三八零零幺三八零零零",
        "my phone is 13800138000, thanks",
    ],
)
def test_a_phone_is_read_however_it_is_written(text: str) -> None:
    assert read_login(text) == PHONE


def test_a_foreign_phone_keeps_its_country() -> None:
    assert read_login("+44 20 7946 0958") == Login("phone", "+442079460958")


@pytest.mark.parametrize(
    "text", ["LN20260001", "ln20260001", "贷款编号LN20260001", "LN 2026 0001", "ln-2026-0001."]
)
def test_a_loan_number_is_read_however_it_is_written(text: str) -> None:
    assert read_login(text) == LOAN


@pytest.mark.parametrize(
    "text",
    ["", "hello", "12345", "LN2026", "LN202600011", "13800138000或者13900139000", "LN20260001 LN20260002"],
)
def test_nothing_or_two_things_are_no_login(text: str) -> None:
    assert read_login(text) is None


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("123X", "123X"),
        ("后四位是123x", "123X"),
        ("1 2 3 4", None),
        ("四三二一", "4321"),
        ("4321", "4321"),
        ("it's 4321.", "4321"),
        ("11010519491231002X", "002X"),
        ("110105194912310021", None),
        ("12345", None),
        ("1234 or 5678", None),
        ("12X4", None),
    ],
)
def test_the_last_four_are_four_or_the_end_of_a_valid_number(text: str, found: str | None) -> None:
    assert read_last_four(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("123456", "123456"),
        ("123 456", "123456"),
        ("验证码是123-456", "123456"),
        ("１２３４５６", "123456"),
        ("12345", None),
        ("1234567", None),
        ("123456 654321", None),
        ("no code came", None),
    ],
)
def test_a_code_is_one_run_of_its_digits(text: str, found: str | None) -> None:
    assert read_code(text, 6) == found
