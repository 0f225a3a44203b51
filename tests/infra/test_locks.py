"""The locks install from any mirror, and what runs is a part of what is tested."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "requirements"
PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==(\S+)", re.MULTILINE)
ADDRESS = re.compile(r"https?://|--index-url|--extra-index-url|--find-links|file:")
DEVELOPMENT_TOOLS = {"pytest", "ruff", "mypy", "import-linter", "hypothesis", "playwright", "sanic-testing"}


def _pins(name: str) -> dict[str, str]:
    return dict(PINNED.findall((REQUIREMENTS / name).read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "name", [f"{name}.{kind}" for name in ("runtime", "encoder", "dev", "audit") for kind in ("in", "lock")]
)
def test_a_requirements_file_names_no_address(name: str) -> None:
    assert not ADDRESS.search((REQUIREMENTS / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", ["runtime.lock", "encoder.lock", "dev.lock", "audit.lock"])
def test_every_locked_package_has_hashes(name: str) -> None:
    text = (REQUIREMENTS / name).read_text(encoding="utf-8")
    assert len(re.findall(r"^\S+==\S+ \\\n    --hash=sha256:", text, re.MULTILINE)) == len(_pins(name)) > 0


def test_the_runtime_installs_no_development_tool() -> None:
    assert not DEVELOPMENT_TOOLS & set(_pins("runtime.lock"))


def test_the_default_bot_installs_nothing_for_an_encoder() -> None:
    assert not {"onnxruntime", "tokenizers"} & set(_pins("runtime.lock"))


def test_the_encoder_only_adds_to_the_runtime_and_development_to_both() -> None:
    assert _pins("runtime.lock").items() <= _pins("encoder.lock").items() <= _pins("dev.lock").items()


def test_the_widgets_lock_names_no_address() -> None:
    lock = ROOT / "bot" / "widget" / "package-lock.json"
    assert '"resolved"' not in lock.read_text(encoding="utf-8")
    assert '"integrity"' in lock.read_text(encoding="utf-8")
