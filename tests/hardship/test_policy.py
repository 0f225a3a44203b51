"""The Chinese pack, and what is said about a bad one."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from hardship.eligibility import assess
from hardship.policy import PolicyError, load_policy
from tests.hardship.builders import PACK, PACKS, policy, request


def broken(tmp_path: Path, old: str, new: str) -> tuple[Path, int]:
    """A copy of the pack with one text replaced, and the line where that is."""
    text = PACK.read_text(encoding="utf-8")
    assert old in text
    file = tmp_path / "bad.yml"
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return file, text[: text.index(old)].count("\n") + 1


def problem_with(file: Path) -> str:
    with pytest.raises(PolicyError) as problem:
        load_policy(file)
    return str(problem.value)


def test_the_chinese_pack_loads_and_says_where_each_rule_comes_from() -> None:
    rules = list(policy().rules())
    assert len(rules) > 60
    assert all(rule.source and rule.checked >= date(2026, 11, 24) for rule in rules)


def test_every_clause_can_be_found_by_its_id() -> None:
    assert policy().clause("CN-CARD70").value == 60
    with pytest.raises(KeyError):
        policy().clause("CN-NONE")


@pytest.mark.parametrize("jurisdiction", ["cn", "uk"])
def test_a_pack_is_data_of_its_own_jurisdiction(jurisdiction: str) -> None:
    pack = policy(jurisdiction)
    assert {rule.id[:3] for rule in pack.rules()} == {f"{jurisdiction.upper()}-"}
    assert all(rule.source for rule in pack.rules())


def test_another_jurisdiction_needs_no_line_of_code() -> None:
    pack = policy("uk")
    lender = pack.lender
    assert (lender.currency.value, lender.timezone.value, lender.phone_region.value) == (
        "GBP",
        "Europe/London",
        "GB",
    )
    assert pack.legal.card_plan_max_months is None
    assert pack.legal.breathing_space_days is not None
    assert "renewal" not in pack.plans
    answer = assess(request(pack=pack, surplus=240_000))
    assert answer.offers
    assert {clause[:3] for offer in answer.offers for clause in offer.clauses} == {"UK-"}


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("mental_health", "116 123"),
        ("ambulance", "999"),
        ("police", "999"),
        ("women_rights", "0808 2000 247"),
        ("bank_complaints", "0800 023 4567"),
        ("debt_advice", "0800 138 1111"),
    ],
)
def test_the_british_hotlines_have_the_names_the_assistant_asks_for(name: str, number: str) -> None:
    assert policy("uk").hotline(name) == number


@pytest.mark.parametrize("number", ["12356", "12378", "12363", "110", "120"])
def test_the_hotlines_that_matter_are_there(number: str) -> None:
    assert number in {line.number.value for line in policy().hotlines.values()}


def test_the_numbers_of_the_identity_step_are_those_of_the_design() -> None:
    rules = policy().identity
    assert (rules.code_digits.value, rules.code_minutes.value, rules.code_tries.value) == (6, 5, 3)
    assert rules.lock_minutes.value == 30


def test_a_pack_cannot_be_changed_while_it_is_in_use() -> None:
    with pytest.raises(TypeError):
        policy().version = "other"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        (
            "      consumer: 24\n",
            "      consumer: many\n",
            "plans.arrears_instalments.max_months.value.consumer",
        ),
        (
            "      consumer: 24\n",
            "      consumer: -1\n",
            "plans.arrears_instalments.max_months.value.consumer",
        ),
        ("value: 0.80", "value: 1.80", "affordability.surplus_share.value"),
        ("value: 0.80", "value: .nan", "affordability.surplus_share.value"),
        ("value: 3\n", "value: 3.5\n", "offers.shown_at_most.value"),
        ("value: 0.50", "value: -0.50", "plans.charge_waiver.max_share.value"),
        ("value: 0.30", "value: 1.30", "plans.settlement.min_share.value"),
        ("value: 100000", "value: .nan", "plans.charge_waiver.max_amount.value"),
        ("value: 100000", "value: plenty", "plans.charge_waiver.max_amount.value"),
        ("[fees, interest, principal]", "[fees, interest, tips]", "legal.allocation_order.value.2"),
        ("value: CNY", "value: yuan", "lender.currency.value"),
        ("value: CN\n", "value: China\n", "lender.phone_region.value"),
        ("value: Asia/Shanghai", "value: Asia/Nowhere", "lender.timezone.value"),
        ("    confidence: P", "    confidence: sure", "offers.schedule_closes.confidence"),
        ("value: deferred", "value: doubled", "plans.payment_holiday.interest.value"),
        ('start: "22:00"', "start: 22:00", "contact.quiet_hours.value.start"),
        ("- 2027-01-01\n", "- New Year\n", "handoff.working_hours.value.closed_days.0"),
    ],
)
def test_a_bad_value_is_named_by_file_line_and_field(tmp_path: Path, old: str, new: str, field: str) -> None:
    file, line = broken(tmp_path, old, new)
    said = problem_with(file)
    assert f"{file}:{line}: {field}: " in said


def test_an_unknown_field_is_named(tmp_path: Path) -> None:
    file, line = broken(tmp_path, "  rounds:\n", "  patience: 3\n  rounds:\n")
    assert f"{file}:{line}: negotiation.patience: extra fields" in problem_with(file)


def test_a_missing_field_points_to_its_section(tmp_path: Path) -> None:
    file, line = broken(tmp_path, "jurisdiction: CN\n", "")
    assert f"{file}:1: jurisdiction: field required" in problem_with(file)


def test_a_missing_section_and_a_missing_rule_of_a_kind_are_named(tmp_path: Path) -> None:
    text = PACK.read_text(encoding="utf-8")
    section = text[text.index("negotiation:\n") : text.index("identity:\n")]
    file, _ = broken(tmp_path, section, "")
    assert f"{file}:1: negotiation: field required" in problem_with(file)
    file, line = broken(tmp_path, "    max_share:\n", "    largest_share:\n")
    said = problem_with(file)
    assert "plans.charge_waiver.max_share: field required" in said
    assert f"{file}:{line}: plans.charge_waiver.largest_share: extra fields" in said


def test_a_kind_of_plan_nobody_wrote_is_named(tmp_path: Path) -> None:
    file, line = broken(tmp_path, "  term_extension:\n", "  debt_by_magic:\n")
    assert f"{file}:{line}: plans.debt_by_magic: there is no plan kind 'debt_by_magic'" in problem_with(file)


def test_a_helper_module_is_not_a_kind_of_plan(tmp_path: Path) -> None:
    file, _ = broken(tmp_path, "  term_extension:\n", "  base:\n")
    assert "there is no plan kind 'base'" in problem_with(file)


def test_a_name_that_is_no_name_is_not_imported(tmp_path: Path) -> None:
    file, _ = broken(tmp_path, "  term_extension:\n", "  ..cases:\n")
    assert "is not a name of a plan kind" in problem_with(file)


def test_a_clause_id_used_twice_is_named(tmp_path: Path) -> None:
    file, line = broken(tmp_path, "id: CN-ID-TRIES", "id: CN-ID-LOCK")
    assert "id: CN-ID-LOCK is already used on line" in problem_with(file)


def test_a_key_written_twice_is_named(tmp_path: Path) -> None:
    file, line = broken(tmp_path, "jurisdiction: CN\n", "version: again\n")
    assert problem_with(file) == f"{file}:{line}: version: is written twice"


def test_an_order_of_allocation_that_forgets_a_part_is_named(tmp_path: Path) -> None:
    file, line = broken(tmp_path, "[fees, interest, principal]", "[fees, interest]")
    # the line of the rule, which is two above its value
    assert f"{file}:{line - 2}: legal.allocation_order: must name fees, interest" in problem_with(file)


def test_a_range_upside_down_is_named(tmp_path: Path) -> None:
    file, line = broken(tmp_path, "low: 30000\n", "low: 90000000\n")
    assert "statement.plausible.monthly_income.value: low is above high" in problem_with(file)


def test_a_call_that_is_longer_than_a_working_day_is_named(tmp_path: Path) -> None:
    file, _ = broken(
        tmp_path,
        "    id: CN-HANDOFF-CALLBACK\n    value: 2\n",
        "    id: CN-HANDOFF-CALLBACK\n    value: 10\n",
    )
    assert "callback_slot_hours is longer than a working day" in problem_with(file)


@pytest.mark.parametrize("jurisdiction", ["cn", "uk"])
def test_the_demonstration_asks_no_fee_for_paying_early(jurisdiction: str) -> None:
    assert policy(jurisdiction).early_repayment.fee_share.value == 0


def test_a_fee_for_paying_early_above_what_the_law_allows_is_named(tmp_path: Path) -> None:
    text = (PACKS / "uk.yml").read_text(encoding="utf-8")
    file = tmp_path / "bad.yml"
    file.write_text(text.replace("value: 0\n", "value: 0.02\n", 1), encoding="utf-8")
    problem = problem_with(file)
    assert "early_repayment" in problem and "fee_share is above fee_share_max" in problem


def test_a_fee_for_paying_early_below_nothing_is_named(tmp_path: Path) -> None:
    file, _ = broken(tmp_path, "id: CN-EARLY-FEE\n    value: 0", "id: CN-EARLY-FEE\n    value: -0.01")
    assert "early_repayment.fee_share.value" in problem_with(file)


def test_a_statement_field_without_bounds_is_named(tmp_path: Path) -> None:
    file, _ = broken(tmp_path, "    housing:\n", "    rent:\n")
    assert "statement.plausible: must have exactly the fields of a statement" in problem_with(file)


@pytest.mark.parametrize("text", ["", "- 1\n", "a: [1\n", "a: b: c\n", "plans: 3\n"])
def test_a_file_that_is_no_pack_is_refused_with_a_line(tmp_path: Path, text: str) -> None:
    file = tmp_path / "bad.yml"
    file.write_text(text, encoding="utf-8")
    assert problem_with(file).startswith(f"{file}:")


def test_a_file_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    assert "No such file" in problem_with(tmp_path / "none.yml")
    (tmp_path / "x.yml").write_bytes(b"\xff\xfe\x00")
    assert "UTF-8" in problem_with(tmp_path / "x.yml")
