"""`respite offers` and `respite position`: what there is and why not the rest, and how a debt comes about."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import WANG, load
from tests.cli.conftest import ROOT
from tests.cli.running import assert_refused, respite, respite_json
from tests.cli.test_staff import PAYMENT, payments_file

STATEMENT = ("--income", 6500, "--essentials", 3000, "--other-debt", 200)
WANGS = ("--account", WANG["loan_number"], *STATEMENT)


@pytest.fixture(autouse=True)
def accounts_loaded(store: CaseStore, tmp_path: Path) -> None:
    load(store, tmp_path, WANG)


def offers(*more: object) -> Any:
    """Wang's offers as JSON."""
    return respite_json("offers", *WANGS, *more)


def money(text: str) -> Decimal:
    """An amount as printed."""
    assert text == f"{Decimal(text):.2f}"
    return Decimal(text)


def test_every_kind_in_force_is_offered_asked_for_or_refused(policy: Policy) -> None:
    found = offers()
    named = [part["kind"] for name in ("offers", "requests", "refusals") for part in found[name]]
    assert sorted(named) == sorted(policy.plans) and found["offers"]
    assert found["policy_version"] == policy.version and "counter" not in found


def test_an_offer_says_all_that_it_costs_and_who_grants_it() -> None:
    for offer in offers()["offers"]:
        rows = offer["schedule"]
        assert sum(money(row["payment"]) for row in rows) == money(offer["total_to_pay"])
        assert (rows[0]["due"], rows[-1]["due"]) == (offer["first_due"], offer["last_due"])
        assert len(rows) == offer["count"] and rows[-1]["balance"] == "0.00"
        for name in ("instalment", "cost_against_now", "cost_against_doing_nothing", "waived"):
            money(offer[name])
        assert offer["authority"] == "bot" and offer["clauses"]
        assert Decimal(offer["annualised_cost"]) < 24 and len(offer["hash"]) == len(
            hashlib.sha256().hexdigest()
        )


def test_no_offer_is_above_the_share_of_the_surplus(policy: Policy) -> None:
    ceiling = (6500 - 3000 - 200) * policy.affordability.surplus_share.value
    for offer in offers()["offers"]:
        assert money(offer["instalment"]) <= ceiling


def test_a_refusal_names_reason_and_clause(policy: Policy) -> None:
    refusals = offers()["refusals"]
    assert refusals and all(refusal["reason"] for refusal in refusals)
    for refusal in refusals:
        policy.clause(refusal["clause"])


def test_without_a_surplus_all_is_refused() -> None:
    found = respite_json(
        "offers", "--account", WANG["loan_number"], "--income", 3000, "--essentials", 3000, "--other-debt", 0
    )
    assert found["offers"] == [] and "no_surplus" in {refusal["reason"] for refusal in found["refusals"]}


def test_a_wish_that_can_be_met_is_granted() -> None:
    found = offers("--max-payment", 1600)
    assert found["counter"]["outcome"] == "granted" and found["counter"]["stopped_by"] is None
    assert found["counter"]["offer"] in found["offers"]
    assert all(money(offer["instalment"]) <= 1600 for offer in found["offers"])


def test_a_wish_that_cannot_be_met_names_the_clause_and_the_nearest(policy: Policy) -> None:
    found = offers("--max-payment", 300)
    answer = found["counter"]
    assert found["offers"] == [] and answer["outcome"] == "nearest"
    policy.clause(answer["stopped_by"])
    assert money(answer["offer"]["instalment"]) > 300 and answer["reason"]


def test_a_wish_that_nothing_is_near_is_refused() -> None:
    found = respite_json(
        *("offers", "--account", WANG["loan_number"], "--income", 3100, "--essentials", 3000),
        *("--other-debt", 0, "--max-payment", 50),
    )
    assert found["counter"]["outcome"] == "refused" and found["counter"]["offer"] is None


def test_a_wish_that_only_a_person_may_grant_is_passed_on() -> None:
    found = offers("--kind", "settlement", "--lump-sum", 15000)
    assert found["counter"]["outcome"] == "person"
    (request,) = found["requests"]
    assert request == found["counter"]["offer"] and request["authority"] == "person"
    assert request["total_to_pay"] == "15000.00" and found["offers"] == []
    assert found["counter"]["alternative"]["authority"] == "bot"


@pytest.mark.parametrize(
    ("words", "name", "value"),
    [
        (("--kind", "term_extension", "--start", "2027-01-05"), "first_due", "2027-01-20"),
        (("--kind", "term_extension", "--months", 24), "count", 24),
        (("--kind", "term_extension", "--day", 5), "first_due", "2027-01-05"),
        (("--kind", "term_extension", "--lump-sum", 1000), "lump_sum", "1000.00"),
        (("--waiver", "5.00"), "waived", "5.00"),
    ],
)
def test_a_wish_is_part_of_the_offer(words: tuple[object, ...], name: str, value: object) -> None:
    answer = offers(*words)["counter"]
    assert answer["outcome"] == "granted" and answer["offer"][name] == value


def test_cause_and_how_long_it_lasts_decide_too() -> None:
    lasting = {refusal["kind"]: refusal["reason"] for refusal in offers("--lasting")["refusals"]}
    temporary = {refusal["kind"] for refusal in offers("--temporary", "--cause", "illness")["refusals"]}
    assert "payment_holiday" in lasting and "payment_holiday" not in temporary


def test_payments_since_the_snapshot_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_TODAY", "2026-11-26")
    words = ("--kind", "term_extension", "--months", 20)
    before = money(offers(*words)["counter"]["offer"]["total_to_pay"])
    path = payments_file(tmp_path, {**PAYMENT, "received_on": "2026-11-25", "amount": "500.00"})
    assert respite("payments", "import", path).exit_code == 0
    assert before - money(offers(*words)["counter"]["offer"]["total_to_pay"]) >= 500


def test_another_policy_decides_when_it_is_named(tmp_path: Path) -> None:
    pack = yaml.safe_load((ROOT / "policies" / "cn.yml").read_text(encoding="utf-8"))
    pack["version"], pack["plans"] = "cn-trial", {"term_extension": pack["plans"]["term_extension"]}
    file = tmp_path / "trial.yml"
    file.write_text(yaml.safe_dump(pack, allow_unicode=True), encoding="utf-8")
    found = offers("--policy", file)
    assert [offer["kind"] for offer in found["offers"]] == ["term_extension"]
    assert found["policy_version"] == "cn-trial"


def test_nothing_is_kept(store: CaseStore) -> None:
    with store.reading() as unit:
        before = unit.session.connection().exec_driver_sql("SELECT count(*) FROM audit_entries").scalar()
    offers("--max-payment", 900)
    with store.reading() as unit:
        connection = unit.session.connection()
        assert connection.exec_driver_sql("SELECT count(*) FROM audit_entries").scalar() == before
        for table in ("cases", "proposals", "offers", "counters"):
            assert connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar() == 0


def test_without_json_there_are_tables() -> None:
    shown = respite("offers", *WANGS, "--max-payment", 300).stdout
    assert "Refused" in shown and "stopped by CN-" in shown and "term_extension" in shown
    assert WANG["name"] not in shown and WANG["phone"] not in shown


@pytest.mark.parametrize(
    "words",
    [
        ("--account", "LN-NOBODY", *STATEMENT),
        ("--account", "", *STATEMENT),
        (*WANGS[:2], "--income", -1, "--essentials", 0, "--other-debt", 0),
        (*WANGS[:2], "--income", "nan", "--essentials", 0, "--other-debt", 0),
        (*WANGS[:2], "--income", 10**15, "--essentials", 0, "--other-debt", 0),
        (*WANGS[:2], "--income", 6500, "--essentials", 0),
        (*WANGS, "--max-payment", "-1"),
        (*WANGS, "--start", "9999-12-31"),
        (*WANGS, "--start", "yesterday"),
        (*WANGS, "--months", 0),
        (*WANGS, "--day", 32),
        (*WANGS, "--kind", "gift"),
        (*WANGS, "--cause", "laziness"),
        (*WANGS, "--policy", "/nowhere/pack.yml"),
    ],
    ids=lambda words: " ".join(map(str, words[1:])) or "none",
)
def test_bad_input_is_one_line(words: tuple[object, ...]) -> None:
    assert_refused(respite("offers", *words, "--json"))


def test_a_bad_pack_is_named_by_file_line_and_field(tmp_path: Path) -> None:
    file = tmp_path / "bad.yml"
    text = (ROOT / "policies" / "cn.yml").read_text(encoding="utf-8")
    file.write_text(text.replace("validity_days:", "validity_dayz:"), encoding="utf-8")
    result = respite("offers", *WANGS, "--policy", file)
    assert result.exit_code == 2 and f"{file}:" in result.stderr and "validity_day" in result.stderr


@pytest.fixture
def december(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A day after the next instalment was due."""
    monkeypatch.setenv("RESPITE_TODAY", "2026-12-30")
    yield


def test_a_position_is_the_sum_of_its_lines(december: None) -> None:
    found = respite_json("position", "--account", WANG["loan_number"])
    assert found["on"] == "2026-12-30"
    assert sum(money(line["amount"]) for line in found["lines"]) == money(found["total"])
    assert found["lines"][-1]["total"] == found["total"]
    assert {"opening_principal", "penalty_interest", "interest_billed"} <= {
        line["code"] for line in found["lines"]
    }


def test_a_position_can_be_asked_for_another_day(december: None) -> None:
    early = respite_json("position", "--account", WANG["loan_number"], "--on", "2026-11-24")
    late = respite_json("position", "--account", WANG["loan_number"])
    assert money(early["total"]) < money(late["total"])
    opened = sum(Decimal(WANG[name]) for name in ("principal", "interest", "penalty_interest", "fees"))
    assert money(early["total"]) == opened


def test_a_position_shows_payments(december: None, tmp_path: Path) -> None:
    path = payments_file(tmp_path, {**PAYMENT, "received_on": "2026-12-01", "amount": "500.00"})
    assert respite("payments", "import", path).exit_code == 0
    found = respite_json("position", "--account", WANG["loan_number"])
    assert ("payment", "-500.00") in [(line["code"], line["amount"]) for line in found["lines"]]


def test_a_position_as_a_table_ends_with_what_is_owed(december: None) -> None:
    shown = respite("position", "--account", WANG["loan_number"].lower()).stdout
    assert "penalty interest" in shown and shown.splitlines()[-1].startswith("Owed on 2026-12-30: ")


@pytest.mark.parametrize(
    "words",
    [("--account", "LN-NOBODY"), ("--account", WANG["loan_number"], "--on", "0000-00-00"), ()],
    ids=["unknown", "no date", "no loan"],
)
def test_a_position_of_nothing_is_one_line(words: tuple[str, ...]) -> None:
    assert_refused(respite("position", *words))


def test_the_farthest_day_that_can_be_asked_for_is_answered_or_refused_in_one_line() -> None:
    result = respite("position", "--account", WANG["loan_number"], "--on", "2199-12-31", "--json")
    if result.exit_code:
        assert_refused(result)
    else:
        assert json.loads(result.stdout)["lines"]
