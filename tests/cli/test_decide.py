"""`respite requests` and `respite decide`: what a person grants or refuses, and how the borrower hears it."""

from __future__ import annotations

from pathlib import Path

import pytest

from casestore import decisions, handoffs, hardship, notices, plan
from casestore.decisions import PlanRequestView
from casestore.store import CaseStore
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.people import TODAY, WANG, KeepingSender, load, with_offers
from tests.cli.running import assert_refused, respite

SETTLEMENT = Ask(kind="settlement", lump_sum=1_500_000)
WAIVER = Ask(kind="charge_waiver", waive=True, waiver=2351)


@pytest.fixture
def case_id(store: CaseStore, tmp_path: Path, policy: Policy) -> str:
    """Wang's case with offers on the table."""
    load(store, tmp_path, WANG)
    return with_offers(store, "a", WANG, policy, KeepingSender())[0]


@pytest.fixture
def request_made(store: CaseStore, case_id: str, policy: Policy) -> PlanRequestView:
    """Wang's request for a settlement."""
    return asked(store, case_id, policy, SETTLEMENT)


def asked(store: CaseStore, case_id: str, policy: Policy, wish: Ask) -> PlanRequestView:
    """The request for this wish."""
    offer = plan.counter(store, case_id, wish, policy, TODAY).result.offer
    assert offer is not None
    return decisions.ask_person(store, case_id, offer, wish, policy, TODAY)


def told(store: CaseStore, case_id: str) -> list[notices.Notice]:
    """What waits to be told to the borrower."""
    return list(notices.untold(store, str(hardship.case(store, case_id).borrower_id)))


def test_open_requests_are_listed_with_the_time_an_answer_is_due(request_made: PlanRequestView) -> None:
    shown = respite("requests").stdout
    assert request_made.reference in shown and "settlement" in shown and "15,000.00" in shown
    assert request_made.case_reference in shown
    assert request_made.due_at.astimezone().strftime("%Y-%m-%d %H:%M") in shown
    assert WANG["name"] not in shown and WANG["loan_number"] not in shown


def test_a_request_is_in_the_queue_until_it_is_decided(request_made: PlanRequestView) -> None:
    assert "plan_request" in respite("queue").stdout
    assert respite("decide", request_made.reference, "--grant", "--staff", "Chen Jing").exit_code == 0
    assert "plan_request" not in respite("queue").stdout
    assert request_made.reference not in respite("requests").stdout


def test_a_grant_says_which_option_it_became(
    request_made: PlanRequestView, store: CaseStore, case_id: str
) -> None:
    result = respite("decide", request_made.reference, "--grant", "--staff", "Chen Jing")
    option = plan.current(store, case_id).offers[-1]
    assert result.stdout == (
        f"{request_made.reference} granted as option {option.option_number}; the borrower is told.\n"
    )
    assert option.offer.kind == "settlement"
    assert [notice.kind for notice in told(store, case_id)] == ["request_granted"]


def test_a_refusal_takes_its_reason_to_the_borrower(
    request_made: PlanRequestView, store: CaseStore, case_id: str
) -> None:
    result = respite(
        "decide", request_made.reference, "--refuse", "--staff", "Chen Jing", "--reason", "金额太低"
    )
    assert result.exit_code == 0 and "refused; the borrower is told" in result.stdout
    (notice,) = told(store, case_id)
    assert notice.kind == "request_refused" and notice.values["reason"] == "金额太低"


@pytest.mark.parametrize(
    ("wish", "sum_granted", "name", "value"),
    [(SETTLEMENT, "15100.50", "total_to_pay", 1_510_050), (WAIVER, "20", "waived", 2000)],
    ids=["settlement", "waiver"],
)
def test_another_amount_can_be_granted(
    store: CaseStore, case_id: str, policy: Policy, wish: Ask, sum_granted: str, name: str, value: int
) -> None:
    request = asked(store, case_id, policy, wish)
    result = respite("decide", request.reference, "--grant", "--staff", "Chen Jing", "--amount", sum_granted)
    assert result.exit_code == 0, result.stderr
    assert getattr(plan.current(store, case_id).offers[-1].offer, name) == value


@pytest.mark.parametrize(
    ("words", "named"),
    [
        (("--refuse", "--staff", "Chen Jing"), "reason"),
        (("--refuse", "--staff", "Chen Jing", "--reason", " "), "reason"),
        (("--grant", "--staff", " "), "name"),
        (("--grant",), "--staff"),
        (("--staff", "Chen Jing"), "--grant"),
        (("--grant", "--staff", "Chen Jing", "--amount", "-5"), "--amount"),
        (("--grant", "--staff", "Chen Jing", "--amount", "99999999"), "CN-"),
        (("--refuse", "--staff", "Chen Jing", "--reason", "no", "--amount", "5"), "amount"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_a_decision_that_lacks_something_is_one_line_and_decides_nothing(
    request_made: PlanRequestView, store: CaseStore, case_id: str, words: tuple[str, ...], named: str
) -> None:
    assert_refused(respite("decide", request_made.reference, *words), named)
    assert decisions.find(store, request_made.reference).state == "open"
    assert told(store, case_id) == [] and len(handoffs.open_handoffs(store)) == 1


def test_an_unknown_reference_is_one_line(store: CaseStore) -> None:
    assert_refused(respite("decide", "PR-20261124-NOBODY", "--grant", "--staff", "Chen Jing"), "no request")


def test_a_request_decided_already_is_one_line(request_made: PlanRequestView) -> None:
    words = ("decide", request_made.reference, "--grant", "--staff", "Chen Jing")
    assert respite(*words).exit_code == 0
    assert_refused(respite(*words), "granted already")
