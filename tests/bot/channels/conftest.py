"""A case store in a file of its own, and the web channel running over it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio

from bot.channels.web import Settings
from casestore import migrations
from casestore.keys import demo_keys
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock, RunningWeb


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[CaseStore]:
    store = CaseStore.open(f"sqlite:///{tmp_path / 'respite.db'}", demo_keys(), clock)
    migrations.migrate(store)
    yield store
    store.close()


@pytest.fixture
def settings() -> Settings:
    """The channel's defaults. A module with other needs overrides this."""
    return Settings()


@pytest_asyncio.fixture
async def web(store: CaseStore, clock: Clock, settings: Settings) -> AsyncIterator[RunningWeb]:
    async with RunningWeb(store, settings, clock) as running:
        yield running
