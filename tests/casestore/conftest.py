"""An empty, migrated store on each database, with a clock that tests move."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, event
from sqlalchemy.engine import Engine

from casestore import migrations
from casestore.engine import open_engine
from casestore.flow_record import FlowBase
from casestore.keys import demo_keys
from casestore.models import metadata
from casestore.store import CaseStore
from casestore.types import give_keys
from hardship.policy import Policy, load_policy
from tests.casestore.people import KeepingSender
from tests.support.postgres import PostgresServer, postgres  # noqa: F401  the fixture
from tests.support.tampering import unguarded

ROOT = Path(__file__).resolve().parent.parent.parent
BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
MIGRATED = "migrated"


@dataclass
class SetClock:
    """A clock that stands still until a test moves it."""

    now: datetime = datetime(2026, 11, 24, 2, 30, tzinfo=timezone.utc)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **by: int) -> None:
        """Move on by so many days, hours, minutes or seconds."""
        self.now += timedelta(**by)


@pytest.fixture(params=BOTH)
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The URL of an empty database, once per kind of database."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'store.db'}"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = f"test_{uuid.uuid4().hex}"
    yield server.create(name)
    server.drop(name)


@pytest.fixture(params=BOTH)
def url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a migrated database without rows, once per kind of database."""
    if request.param == "sqlite":
        template: Path = request.getfixturevalue("migrated_sqlite")
        target = template.with_name("store.db")
        for old in target.parent.glob("store.db*"):
            old.unlink()
        shutil.copy(template, target)
        yield f"sqlite:///{target}"
        return
    server: PostgresServer = request.getfixturevalue("migrated_postgres")
    yield server.url(MIGRATED)
    empty(server.url(MIGRATED))


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("migrated") / "template.db"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def migrated_postgres(postgres: PostgresServer) -> PostgresServer:  # noqa: F811  the fixture
    """The server with a database of all tables, emptied after each test."""
    _migrate(postgres.create(MIGRATED))
    return postgres


@pytest.fixture
def clock() -> SetClock:
    """The store's clock: Tuesday 24 November 2026, 10:30 in Shanghai."""
    return SetClock()


@pytest.fixture(scope="session")
def opened() -> dict[str, CaseStore]:
    """The store of each database: a new engine would compile every statement anew, a quarter of the time."""
    return {}


@pytest.fixture
def store(url: str, clock: SetClock, opened: dict[str, CaseStore]) -> Iterator[CaseStore]:
    """An empty store, once per kind of database."""
    if url not in opened:
        opened[url] = CaseStore.open(url, demo_keys())
    known = replace(opened[url], clock=clock)
    give_keys(known.engine.dialect, known.keys)
    yield known
    known.close()


@pytest.fixture
def listen() -> Iterator[Callable[..., None]]:
    """Listens to what an engine does, as `sqlalchemy.event.listen`, until the test ends."""
    added: list[tuple[Any, ...]] = []

    def add(engine: Engine, name: str, listener: Callable[..., Any]) -> None:
        event.listen(engine, name, listener)
        added.append((engine, name, listener))

    yield add
    for each in added:
        event.remove(*each)


@pytest.fixture(scope="session")
def policy() -> Policy:
    """The Chinese pack."""
    return load_policy(ROOT / "policies" / "cn.yml")


@pytest.fixture
def sender() -> KeepingSender:
    """A gateway that keeps what it is given."""
    return KeepingSender()


def empty(url: str) -> None:
    """Remove every row of the store at `url`; the tables stay."""
    engine = open_engine(url)
    with unguarded(engine) as connection:
        for table in reversed(metadata.sorted_tables):
            connection.execute(delete(table))
    engine.dispose()


def _migrate(url: str) -> None:
    opened = CaseStore.open(url, demo_keys())
    migrations.migrate(opened)
    opened.close()


@pytest.fixture
def flow(url: str, tmp_path: Path) -> Iterator[Engine]:
    """Rasa's record of the flow, empty: a file of its own beside SQLite, a table of its own on PostgreSQL."""
    engine = open_engine(f"sqlite:///{tmp_path / 'flow.db'}" if url.startswith("sqlite") else url)
    give_keys(engine.dialect, demo_keys())
    FlowBase.metadata.create_all(engine)
    yield engine
    FlowBase.metadata.drop_all(engine)
    engine.dispose()
