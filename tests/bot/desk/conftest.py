"""A case store with a desk connected, and a borrower who has asked for a person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from casestore import handoffs, migrations, sessions
from casestore.keys import demo_keys
from casestore.store import CaseStore
from hardship.policy import load_policy
from tests.bot.channels.harness import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[CaseStore]:
    store = CaseStore.open(f"sqlite:///{tmp_path / 'respite.db'}", demo_keys(), clock)
    migrations.migrate(store)
    yield replace(store, desk=True)
    store.close()


@pytest.fixture
def handoff(store: CaseStore) -> str:
    """The reference of a hand-off that waits."""
    sessions.start(store, "a", "web")
    return handoffs.request(store, "a", "asked_for_person", load_policy("policies/cn.yml")).reference
