"""A store behind the command."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from casestore import migrations
from casestore.keys import demo_keys
from casestore.store import CaseStore
from hardship.policy import Policy, load_policy

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of a store that is not there yet; demo mode is on."""
    address = f"sqlite:///{tmp_path / 'var' / 'store.db'}"
    monkeypatch.setenv("RESPITE_DATABASE_URL", address)
    monkeypatch.setenv("RESPITE_TRACKER_URL", f"sqlite:///{tmp_path / 'conversations.db'}")
    monkeypatch.setenv("RESPITE_DEMO", "1")
    monkeypatch.setenv("RESPITE_TODAY", "2026-11-24")
    for name in ("RESPITE_KEYS", "RESPITE_HASH_KEY", "RESPITE_POLICY"):
        monkeypatch.delenv(name, raising=False)
    return address


@pytest.fixture
def store(url: str) -> Iterator[CaseStore]:
    """The migrated store behind the command."""
    opened = CaseStore.open(url, demo_keys())
    migrations.migrate(opened)
    yield opened
    opened.close()


@pytest.fixture
def policy() -> Policy:
    """The Chinese pack."""
    return load_policy(ROOT / "policies" / "cn.yml")
