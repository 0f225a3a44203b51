"""What a borrower reads is worded in data/responses, so no Chinese string stands in the code that decides."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("hardship", "casestore", "actions", "cli")
CJK = re.compile(r"[\u3400-\u9fff]")
# Spoken numerals and the signs of a date pattern are values, not wording.
VALUES = re.compile("[零〇一二三四五六七八九十百千万亿幺年月日时分]")
MODULES = sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))


def _docstrings(tree: ast.AST) -> set[int]:
    """The ids of the string nodes that stand alone as a statement: docstrings."""
    return {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}


def _chinese_literals(source: str) -> list[str]:
    tree = ast.parse(source)
    docstrings = _docstrings(tree)
    strings = (
        node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    )
    wording = [node for node in strings if id(node) not in docstrings and _is_wording(node.value)]
    return [f"line {node.lineno}" for node in wording]


def _is_wording(text: str) -> bool:
    return CJK.search(VALUES.sub("", text)) is not None


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_chinese_sentence_stands_in_the_code(path: Path) -> None:
    assert _chinese_literals(path.read_text(encoding="utf-8")) == []


def test_a_chinese_literal_would_be_found() -> None:
    assert _chinese_literals('"""说明"""\nx = "您好"') == ["line 2"]
