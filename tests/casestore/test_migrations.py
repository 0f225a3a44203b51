"""The schema's history leads to the tables the program uses, there and back, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from casestore import agreement, agreement_life, audit, complaints, migrations, plan
from casestore.engine import open_engine, writing
from casestore.errors import StoreOutdated
from casestore.keys import demo_keys
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.agreements import Life
from tests.casestore.conftest import SetClock
from tests.casestore.people import TODAY, WANG, KeepingSender, load

__all__ = [
    "test_model_definitions_match_ddl",
    "test_single_head_revision",
    "test_up_down_consistency",
    "test_upgrade",
]


@pytest.fixture
def alembic_config() -> dict[str, str]:
    return {"script_location": str(migrations.HERE)}


@pytest.fixture
def alembic_engine(empty_url: str) -> Iterator[Engine]:
    engine = open_engine(empty_url)
    yield engine
    engine.dispose()


def test_an_empty_store_says_what_to_run(empty_url: str) -> None:
    store = CaseStore.open(empty_url, demo_keys())
    with pytest.raises(StoreOutdated, match="respite store migrate"):
        migrations.require_current(store)
    store.close()


def test_a_migrated_store_is_current_and_migrating_again_changes_nothing(empty_url: str) -> None:
    store = CaseStore.open(empty_url, demo_keys())
    migrations.migrate(store)
    first = migrations.version_of(store)
    migrations.migrate(store)
    migrations.require_current(store)
    assert migrations.version_of(store) == first is not None
    store.close()


def test_a_store_taken_back_says_what_to_run(empty_url: str) -> None:
    store = CaseStore.open(empty_url, demo_keys())
    migrations.migrate(store)
    _take_back(store, "base")
    with pytest.raises(StoreOutdated):
        migrations.require_current(store)
    store.close()


def test_agreements_survive_the_way_back_to_the_first_tables_and_up_again(
    empty_url: str, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    """What was agreed under the first tables is version 1 and stands on its loan's snapshot."""
    store = CaseStore.open(empty_url, demo_keys(), clock)
    migrations.migrate(store)
    load(store, tmp_path, WANG)
    life = Life(store, clock, policy, sender, tmp_path)
    before = life.agree()
    life.go_to(TODAY + timedelta(days=1))
    life.pay(100)
    _take_back(store, "0001")
    assert _columns(store, "agreements").isdisjoint({"version", "replaces_id", "document_pdf"})
    migrations.migrate(store)
    assert life.view == before and life.view.version == 1
    assert agreement.verify(store) == [] and audit.verify(store) == []
    life.pay(100)
    assert life.view.paid == 100
    store.close()


def test_rows_that_point_to_each_other_are_all_still_there_after_going_back_and_up(
    empty_url: str, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    store = CaseStore.open(empty_url, demo_keys(), clock)
    migrations.migrate(store)
    load(store, tmp_path, WANG)
    life = Life(store, clock, policy, sender, tmp_path)
    life.agree()
    agreement_life.renegotiate(store, "a", life.loan_id)
    plan.propose(store, life.case_id, policy, TODAY)
    life.accept()
    counted = _counts(store)
    _take_back(store, "0001")
    migrations.migrate(store)
    assert _counts(store) == counted
    assert sorted(view.state for view in agreement_life.history(store, life.case_id)) == [
        "active",
        "replaced",
    ]
    store.close()


def _take_back(store: CaseStore, revision: str) -> None:
    config = migrations.configuration()
    with writing(store.engine).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, revision)


def _columns(store: CaseStore, table: str) -> set[str]:
    return {column["name"] for column in inspect(store.engine).get_columns(table)}


def _counts(store: CaseStore) -> dict[str, int]:
    """The rows in each of the first tables."""
    tables = ("agreements", "schedule_rows", "collection_holds", "offers", "proposals", "loans", "cases")
    with store.engine.connect() as connection:
        return {name: connection.execute(text(f"SELECT count(*) FROM {name}")).scalar() for name in tables}


def test_going_back_before_rights_and_up_again_leaves_everything_else(
    empty_url: str, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    store = CaseStore.open(empty_url, demo_keys(), clock)
    migrations.migrate(store)
    load(store, tmp_path, WANG)
    life = Life(store, clock, policy, sender, tmp_path)
    before = life.agree()
    complaints.receive(store, "a", "contact", "半夜打电话", policy, TODAY)
    _take_back(store, "0002")
    assert not inspect(store.engine).has_table("complaints")
    migrations.migrate(store)
    assert life.view == before and complaints.open_complaints(store) == ()
    assert audit.verify(store) == []
    store.close()
