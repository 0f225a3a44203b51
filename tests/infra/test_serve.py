"""`respite run` refuses to start with one clear line that says what to do."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from cli import serve
from cli.environment import ROOT
from cli.processes import free_port


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[pytest.MonkeyPatch]:
    """Free ports, no keys, a store and a session secret outside the repository."""
    monkeypatch.setenv("RESPITE_BOT_PORT", str(free_port()))
    monkeypatch.setenv("RESPITE_ACTION_PORT", str(free_port()))
    monkeypatch.setenv("RESPITE_DATABASE_URL", f"sqlite:///{tmp_path / 'respite.db'}")
    monkeypatch.setenv("RESPITE_SESSION_SECRET", "for tests")
    for name in ("RESPITE_DEMO", "RESPITE_KEYS", "RESPITE_HASH_KEY"):
        monkeypatch.delenv(name, raising=False)
    yield monkeypatch


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A file that stands where the trained model is expected."""
    path = tmp_path / "model.tar.gz"
    path.touch()
    monkeypatch.setattr(serve, "MODEL", path)
    return path


def _run(*arguments: str) -> Result:
    app = typer.Typer()
    serve.register(app)
    return CliRunner().invoke(app, ["run", *arguments])


def test_a_busy_port_is_named_with_the_variable_to_change(settings: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        settings.setenv("RESPITE_BOT_PORT", str(port))
        result = _run("--demo")
    assert result.exit_code == 1
    assert result.stderr == (
        f"respite: port {port} is in use; stop what uses it, or set RESPITE_BOT_PORT to another port.\n"
    )


def test_a_missing_model_is_said_in_one_line(settings: pytest.MonkeyPatch, tmp_path: Path) -> None:
    settings.setattr(serve, "MODEL", tmp_path / "none.tar.gz")
    result = _run("--demo")
    assert result.exit_code == 1
    assert result.stderr == "respite: there is no trained model; run 'make train' first.\n"


def test_without_demo_mode_keys_are_required(settings: pytest.MonkeyPatch, model: Path) -> None:
    result = _run("--no-demo")
    assert result.exit_code == 1
    assert result.stderr.startswith("respite: Set RESPITE_KEYS")
    assert len(result.stderr.splitlines()) == 1


def test_demo_mode_is_off_unless_asked_for(settings: pytest.MonkeyPatch, model: Path) -> None:
    assert "RESPITE_KEYS" in _run().stderr


def test_a_demo_start_loads_invented_borrowers_as_of_today(settings: pytest.MonkeyPatch, model: Path) -> None:
    settings.setenv("RESPITE_DEMO", "1")
    settings.chdir(ROOT)
    store = serve.prepare({}, demo=True)
    identities = serve.demo_identities()
    assert len(identities) >= 12
    assert all(
        phone and len(last_four) == 4 and loan.startswith("LN") for _, phone, last_four, loan in identities
    )
    store.close()
