"""The schema's history leads to the tables the program uses, there and back, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from alembic import command
from pytest_alembic.tests import (
    test_model_definitions_match_ddl,
    test_single_head_revision,
    test_up_down_consistency,
    test_upgrade,
)
from sqlalchemy.engine import Engine

from casestore import migrations
from casestore.engine import open_engine, writing
from casestore.errors import StoreOutdated
from casestore.keys import demo_keys
from casestore.store import CaseStore

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
    config = migrations.configuration()
    with writing(store.engine).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
    with pytest.raises(StoreOutdated):
        migrations.require_current(store)
    store.close()
