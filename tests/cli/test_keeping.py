"""`respite keys`, `respite backup` and `respite restore`: what staff type and what they read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from casestore.store import CaseStore
from tests.casestore.people import WANG, load
from tests.cli.running import respite
from tests.cli.test_who import actor_of
from tests.support.tampering import tamper

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
    done = respite("keys", "rotate", "--staff", "Chen Jing")
    assert done.exit_code == 0, done.stderr
    assert "4 values encrypted again, 4 now lie under the first key." in done.stdout
    assert "may be removed from RESPITE_KEYS" in " ".join(done.stdout.split())
    assert "0 values encrypted again" in respite("keys", "rotate").stdout
    configured(new)
    assert actor_of(CaseStore.open(), "keys_rotated") == "Chen Jing"
    only = respite("keys", "rotate")
    assert only.exit_code == 0 and "removed" not in only.stdout
    assert respite("verify").exit_code == 0


def test_a_look_up_key_is_changed_from_the_first_step_to_the_last(
    configured: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    new = "n" * 32
    configured(Fernet.generate_key().decode())
    _filled(tmp_path)
    for step in (f"{HASH_KEY},{new}", f"{new},{HASH_KEY}"):
        monkeypatch.setenv("RESPITE_LOOKUP_KEYS", step)
        assert respite("position", "--account", WANG["loan_number"]).exit_code == 0
    done = respite("keys", "rotate")
    assert done.exit_code == 0 and "3 look-up hashes made again." in done.stdout
    assert "may be removed from RESPITE_LOOKUP_KEYS" in " ".join(done.stdout.split())
    monkeypatch.setenv("RESPITE_LOOKUP_KEYS", new)
    assert respite("position", "--account", WANG["loan_number"]).exit_code == 0
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


def test_a_backup_is_made_and_brought_back_in_one_command_each(store: CaseStore, tmp_path: Path) -> None:
    load(store, tmp_path, WANG)
    noted = respite("verify").stdout.split()[-1]
    file = tmp_path / "backup"
    made = respite("backup", file)
    assert made.exit_code == 0 and str(file) in made.stdout.replace("\n", "")
    refused = respite("restore", file)
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1) and "--replace" in refused.stderr
    restored = respite("restore", file, "--replace")
    assert restored.exit_code == 0 and "as it was written" in restored.stdout
    assert respite("verify", "--since", noted).exit_code == 0


def test_a_backup_with_a_changed_trail_names_the_entry(store: CaseStore, tmp_path: Path) -> None:
    load(store, tmp_path, WANG)
    tamper(store.engine, "UPDATE audit_entries SET actor = 'nobody' WHERE seq = 1")
    assert respite("backup", tmp_path / "backup").exit_code == 0
    restored = respite("restore", tmp_path / "backup", "--replace")
    assert restored.exit_code == 1 and "audit entry 1: changed" in restored.stderr


def test_a_backup_that_can_not_be_written_is_one_line(store: CaseStore, tmp_path: Path) -> None:
    refused = respite("backup", tmp_path / "nowhere" / "backup")
    assert (refused.exit_code, refused.stderr.count("\n")) == (1, 1)
