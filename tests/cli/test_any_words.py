"""Whatever is typed after a command, it ends with a result or with one clear line: never a traceback."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import Result

from casestore.store import CaseStore
from tests.casestore.people import WANG, load
from tests.cli.running import assert_refused, respite

ODD = [
    "",
    "-1",
    "0",
    "0.001",
    "1e9",
    "nan",
    "inf",
    "-inf",
    "1,000",
    "10" * 8,
    "９",
    "½",
    "None",
    "\x00",
    "--json",
]
DAYS = [
    "2026-12-01",
    "2028-02-29",
    "2027-02-29",
    "1969-12-31",
    "2199-12-31",
    "9999-12-31",
    "0000-00-00",
    "1.1.27",
]

amounts = st.one_of(
    st.integers(-10, 10**14).map(str), st.decimals(0, 10**6, places=2).map(str), st.sampled_from(ODD)
)
rates = st.one_of(st.decimals(-1, 101, places=3).map(str), st.sampled_from(ODD))
counts = st.one_of(st.integers(-2, 1300).map(str), st.sampled_from(ODD))
days = st.one_of(st.dates().map(str), st.sampled_from(DAYS), st.sampled_from(ODD))
changes = st.one_of(st.tuples(counts, rates).map(":".join), st.sampled_from(ODD))

VALUES = {
    "--principal": amounts,
    "--annual-rate": rates,
    "--months": counts,
    "--method": st.sampled_from(["annuity", "equal-principal", "interest-first", "flat-fee", *ODD]),
    "--first-due": days,
    "--start": days,
    "--day-count": st.sampled_from(["30/360", "act/365", "act/360", *ODD]),
    "--payment": amounts,
    "--rate-from": changes,
    "--principal-grace": counts,
}
SOUND = {"--principal": "10000", "--annual-rate": "4.9", "--months": "12"}


@st.composite
def words(draw: st.DrawFn) -> list[str]:
    """Sound terms with a few options replaced or added by anything."""
    chosen = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=4, unique=True))
    options = {**SOUND, **{name: draw(VALUES[name]) for name in chosen}}
    return [word for pair in options.items() for word in pair]


def assert_no_traceback(result: Result) -> None:
    """Either a result, or exit code 2 with one line."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    if result.exit_code:
        assert_refused(result)


@settings(max_examples=300)
@given(words())
def test_a_schedule_of_anything_is_a_schedule_or_one_line(typed: list[str]) -> None:
    # The day comes first, so that a drawn one wins and no pack needs to be read.
    result = respite("schedule", "--first-due", "2027-01-01", *typed, "--json")
    assert_no_traceback(result)
    if result.exit_code == 0:
        rows = json.loads(result.stdout)["rows"]
        assert rows[-1]["balance"] == "0.00" and rows[0]["n"] == 1


WISHES = {
    "--income": amounts,
    "--essentials": amounts,
    "--other-debt": amounts,
    "--max-payment": amounts,
    "--start": days,
    "--months": counts,
    "--day": counts,
    "--kind": st.sampled_from(["term_extension", "settlement", "charge_waiver", "due_date_change", *ODD]),
    "--lump-sum": amounts,
    "--waiver": amounts,
    "--cause": st.sampled_from(["illness", *ODD]),
}
HOUSEHOLD = {"--income": "6500", "--essentials": "3000", "--other-debt": "200"}


@st.composite
def wishes(draw: st.DrawFn) -> list[str]:
    """A sound household with a few options replaced or added by anything."""
    chosen = draw(st.lists(st.sampled_from(sorted(WISHES)), min_size=1, max_size=3, unique=True))
    options = {**HOUSEHOLD, **{name: draw(WISHES[name]) for name in chosen}}
    return [word for pair in options.items() for word in pair]


@pytest.fixture
def wangs(store: CaseStore, tmp_path: Path) -> str:
    """The number of a loan in the store."""
    load(store, tmp_path, WANG)
    return WANG["loan_number"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(wishes())
def test_offers_for_anything_are_offers_or_one_line(wangs: str, typed: list[str]) -> None:
    result = respite("offers", "--account", wangs, *typed, "--json")
    assert_no_traceback(result)
    if result.exit_code == 0:
        found = json.loads(result.stdout)
        assert {offer["authority"] for offer in found["offers"]} <= {"bot"}
