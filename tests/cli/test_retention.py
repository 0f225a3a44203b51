"""`respite retention run`: staff see what would go, let it go, and read what went."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import datetime, timezone

import pytest
from sqlalchemy.orm import Session

from casestore import addresses, handoffs, training_candidates
from casestore.engine import open_engine
from casestore.flow_record import FlowBase, FlowEventRow
from casestore.keys import demo_keys
from casestore.store import CaseStore
from casestore.types import give_keys
from hardship.policy import Policy
from tests.casestore.people import TODAY
from tests.cli.running import assert_refused, respite, respite_json


@pytest.fixture
def old_record() -> str:
    """A record with one conversation of 1970."""
    record = os.environ["RESPITE_TRACKER_URL"]
    engine = open_engine(record)
    give_keys(engine.dialect, demo_keys())
    FlowBase.metadata.create_all(engine)
    with Session(engine) as session, session.begin():
        session.add(FlowEventRow(sender_id="a", type_name="user", timestamp=0.0, data="{}"))
    return record


def test_a_dry_run_tells_what_is_due_and_leaves_it(store: CaseStore, old_record: str) -> None:
    for _ in range(2):
        told = {
            each["kind"]: each for each in respite_json("retention", "run", "--staff", "Chen", "--dry-run")
        }
        assert told["flow"]["erased"] == 1 and told["flow"]["rule"] == "CN-RETAIN-FLOW"


def test_a_run_erases_and_a_second_finds_nothing(store: CaseStore, old_record: str) -> None:
    first, second = (respite_json("retention", "run", "--staff", "Chen") for _ in range(2))
    assert [sum(each["erased"] for each in told) for told in (first, second)] == [1, 0]


def test_the_table_names_every_kind_of_data_and_its_rule(store: CaseStore) -> None:
    training_candidates.keep(store, "zh", "能不能少还点", ("counter_offer",), None, TODAY)
    shown = respite("retention", "run", "--staff", "Chen").stdout
    for word in (
        "flow",
        "codes",
        "wordings",
        "copies",
        "addresses",
        "messages",
        "unidentified",
        "borrowers",
        "CN-PIPL-RETAIN",
        "held",
    ):
        assert word in shown
    assert len(training_candidates.waiting(store)) == 1


def test_what_is_held_names_the_matter_that_holds_it(store: CaseStore, policy: Policy) -> None:
    long_ago = replace(store, clock=lambda: datetime(2020, 1, 1, tzinfo=timezone.utc))
    session = addresses.session_for(long_ago, "sms", "+8613800000101")
    reference = handoffs.request(long_ago, session, "asked_for_person", policy).reference
    assert f"addresses held by: {reference}" in respite("retention", "run", "--staff", "Chen").stdout


def test_it_says_who_must_be_named(store: CaseStore) -> None:
    assert_refused(respite("retention", "run", "--staff", " "), "--staff")
