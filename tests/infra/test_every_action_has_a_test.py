"""Every action and every form validator is named in a test of tests/actions."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "tests" / "actions").rglob("test_*.py")
)


def _action_classes() -> list[str]:
    found: list[str] = []
    for path in sorted((ROOT / "actions").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        found += [node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    return [name for name in found if name.startswith(("Action", "Validate"))]


@pytest.mark.parametrize("action", _action_classes())
def test_an_action_has_a_test(action: str) -> None:
    assert action in TESTS
