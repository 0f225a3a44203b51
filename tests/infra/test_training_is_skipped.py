"""A second start does not train; a change in what the bot learns from does."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.tiny_encoder import make_encoder

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def train() -> ModuleType:
    """scripts/train.py as a module."""
    spec = importlib.util.spec_from_file_location("train_script", ROOT / "scripts" / "train.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(autouse=True)
def no_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    """As without ENCODER, however these tests were started."""
    monkeypatch.delenv("RESPITE_ENCODER", raising=False)
    monkeypatch.delenv("RESPITE_ENCODER_PREFIX", raising=False)


@pytest.fixture
def bot(tmp_path: Path) -> Path:
    """A folder with one file of each kind that matters and one that does not."""
    for name in (
        "config.yml",
        "domain.yml",
        "data/nlu/zh/plan.yml",
        "bot/nlu/language.py",
        "actions/offers.py",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("1")
    return tmp_path


@pytest.mark.parametrize("name", ["config.yml", "domain.yml", "data/nlu/zh/plan.yml", "bot/nlu/language.py"])
def test_a_change_in_the_sources_asks_for_training(train: ModuleType, bot: Path, name: str) -> None:
    before = train.fingerprint(bot)
    (bot / name).write_text("2")
    assert train.fingerprint(bot) != before


def test_a_change_elsewhere_does_not(train: ModuleType, bot: Path) -> None:
    before = train.fingerprint(bot)
    (bot / "actions" / "plan.py").write_text("2")
    (bot / "bot" / "nlu" / "__pycache__").mkdir()
    (bot / "bot" / "nlu" / "__pycache__" / "language.pyc").write_text("2")
    assert train.fingerprint(bot) == before


def test_a_renamed_file_asks_for_training(train: ModuleType, bot: Path) -> None:
    before = train.fingerprint(bot)
    (bot / "data/nlu/zh/plan.yml").rename(bot / "data/nlu/zh/other.yml")
    assert train.fingerprint(bot) != before


def test_a_failed_training_says_so_in_one_line_and_leaves_no_mark(
    train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(train, "STAMP", tmp_path / ".trained")
    monkeypatch.setattr(train, "MODELS", tmp_path)
    monkeypatch.setattr(train, "train", lambda: 1)
    assert train.main() == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
    assert not (tmp_path / ".trained").exists()


def test_a_current_model_is_not_trained_again(
    train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "STAMP", tmp_path / ".trained")
    monkeypatch.setattr(train, "MODELS", tmp_path)
    (tmp_path / ".trained").write_text(train.fingerprint())
    (tmp_path / "respite.tar.gz").touch()
    monkeypatch.setattr(train, "train", lambda: pytest.fail("trained again"))
    assert train.main() == 0


def test_another_encoder_another_prefix_or_none_asks_for_training(
    train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    marks = [train.encoder_mark()]
    for seed, prefix in ((1, ""), (2, ""), (2, "query: ")):
        monkeypatch.setenv("RESPITE_ENCODER", str(make_encoder(tmp_path, "job", seed=seed)))
        monkeypatch.setenv("RESPITE_ENCODER_PREFIX", prefix)
        marks.append(train.encoder_mark())
    assert len(set(marks)) == len(marks)


def test_an_encoder_that_was_only_moved_does_not(
    train: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPITE_ENCODER", str(make_encoder(tmp_path / "here", "job")))
    before = train.encoder_mark()
    monkeypatch.setenv("RESPITE_ENCODER", str((tmp_path / "here").rename(tmp_path / "there")))
    assert train.encoder_mark() == before != ""


def test_a_missing_encoder_is_said_in_one_line_before_training(
    train: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("RESPITE_ENCODER", "/nowhere/at/all")
    monkeypatch.setattr(train, "train", lambda: pytest.fail("trained"))
    assert train.main() == 1
    assert capsys.readouterr().err.splitlines() == [
        "respite: no sentence encoder at /nowhere/at/all: neither a directory nor a hub name (owner/model)."
    ]
