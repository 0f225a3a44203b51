"""`respite keys`: what staff type and read when the keys of the store change."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from casestore.store import CaseStore
from tests.casestore.people import WANG, load
from tests.cli.running import respite

HASH_KEY = "h" * 32


@pytest.fixture
def configured(url: str, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Put these keys in the environment, the newest first; demo mode is off."""

    def configure(*keys: str) -> None:
        monkeypatch.setenv("RESPITE_DEMO", "0")
        monkeypatch.setenv("RESPITE_KEYS", ",".join(keys))
        monkeypatch.setenv("RESPITE_HASH_KEY", HASH_KEY)

    return configure


def _filled(tmp_path: Path) -> None:
    assert respite("store", "migrate").exit_code == 0
    store = CaseStore.open()
    load(store, tmp_path, WANG)
    store.close()


def test_a_key_is_changed_from_the_first_step_to_the_last(
    configured: Callable[..., None], tmp_path: Path
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    configured(old)
    _filled(tmp_path)
    configured(new, old)
    done = respite("keys", "rotate")
    assert done.exit_code == 0, done.stderr
    assert "4 values encrypted again, 4 now lie under the first key." in done.stdout
    assert "may be removed from RESPITE_KEYS" in " ".join(done.stdout.split())
    assert "0 values encrypted again" in respite("keys", "rotate").stdout
    configured(new)
    only = respite("keys", "rotate")
    assert only.exit_code == 0 and "removed" not in only.stdout
    assert respite("verify").exit_code == 0


def test_a_missing_key_is_named_by_what_it_should_open_and_no_key_may_go(
    configured: Callable[..., None], tmp_path: Path
) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    configured(old)
    _filled(tmp_path)
    configured(new)
    done = respite("keys", "rotate")
    assert done.exit_code == 1 and "removed" not in done.stdout
    assert "borrowers.name: 1 values that none of the keys opens" in done.stderr
    assert WANG["name"] not in done.output and old not in done.output
