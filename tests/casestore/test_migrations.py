"""The schema's history leads to the tables the program uses, there and back, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from casestore import (
    agreement,
    agreement_life,
    answering,
    audit,
    callbacks,
    complaints,
    desk,
    handoffs,
    kept_answers,
    migrations,
    plan,
    sessions,
    training_candidates,
)
from casestore.engine import open_engine, writing
from casestore.errors import StoreOutdated
from casestore.keys import demo_keys
from casestore.models import metadata
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


SCRIPT = ScriptDirectory.from_config(migrations.configuration())
OLDER = [each.revision for each in SCRIPT.walk_revisions()][1:]


@pytest.mark.parametrize("revision", OLDER)
def test_what_an_older_version_knows_survives_the_way_back_to_it_and_up_again(
    revision: str, empty_url: str, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    """Row by row and value by value, in every table and column that the older version has."""
    store = CaseStore.open(empty_url, demo_keys(), clock)
    migrations.migrate(store)
    _fill(store, clock, policy, sender, tmp_path)
    before = _contents(store)
    _take_back(store, revision)
    known = {
        table: _columns(store, table) & set(before[table])
        for table in inspect(store.engine).get_table_names()
        if table in before
    }
    migrations.migrate(store)
    after = _contents(store)
    assert {table: {name: after[table][name] for name in names} for table, names in known.items()} == {
        table: {name: before[table][name] for name in names} for table, names in known.items()
    }
    assert audit.verify(store) == [] and agreement.verify(store) == []
    with pytest.raises(DBAPIError, match="append-only"), store.engine.begin() as connection:
        connection.execute(text("DELETE FROM audit_entries"))
    store.close()


def test_before_turns_were_followed_to_their_end_a_message_was_answered_once_anything_came_after(
    empty_url: str, clock: SetClock
) -> None:
    store = CaseStore.open(empty_url, demo_keys(), clock)
    migrations.migrate(store)
    for session_id, followed in (("followed", True), ("last", False)):
        sessions.start(store, session_id, "web")
        claim = answering.hear(store, session_id, {"text": "hello"}).claim
        assert claim is not None
        if followed:
            answering.say(store, claim, {"text": "good morning"})
    _take_back(store, "0011")
    migrations.migrate(store)
    assert answering.left_open(store, "followed") is None and answering.left_open(store, "last") == 1
    store.close()


def test_a_store_taken_back_to_nothing_can_be_filled_anew(
    empty_url: str, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path
) -> None:
    store = CaseStore.open(empty_url, demo_keys(), clock)
    migrations.migrate(store)
    _fill(store, clock, policy, sender, tmp_path)
    _take_back(store, "base")
    assert set(inspect(store.engine).get_table_names()) <= {"alembic_version"}
    migrations.migrate(store)
    _fill(store, clock, policy, sender, tmp_path)
    assert audit.verify(store) == [] and agreement.verify(store) == []
    store.close()


def _fill(store: CaseStore, clock: SetClock, policy: Policy, sender: KeepingSender, tmp_path: Path) -> None:
    """Something in the tables of every version."""
    load(store, tmp_path, WANG)
    life = Life(store, clock, policy, sender, tmp_path)
    life.agree()
    complaints.receive(store, "a", "contact", "半夜打电话", policy, TODAY)
    training_candidates.keep(store, "zh", "我想晚点还", ("delay", "pay"), "delay", TODAY)
    desk.take(store, handoffs.request(store, "a", "asked_for_person", policy).reference, "Chen")
    answering.hear(store, "a", {"text": "半夜打电话"}, "m1")
    arrival = kept_answers.arrive(store, "wechat", "openid-1", "1")
    kept_answers.finish(store, arrival.turn, [{"text": "Here are your options."}])
    callbacks.choose(store, "a", callbacks.offered(clock(), policy)[0].start, policy)


def _contents(store: CaseStore) -> dict[str, dict[str, list[str]]]:
    """Each column's values as they lie in the database, by table."""
    with store.engine.connect() as connection:
        return {
            table.name: {
                column.name: sorted(
                    str(value)
                    for value in connection.execute(text(f"SELECT {column.name} FROM {table.name}")).scalars()
                )
                for column in table.columns
            }
            for table in metadata.sorted_tables
        }
