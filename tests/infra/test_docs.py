"""The documents name only commands, files and variables that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from cli.main import app

ROOT = Path(__file__).resolve().parents[2]
DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXT = "\n".join(path.read_text(encoding="utf-8") for path in DOCUMENTS)
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
CODE_FOLDERS = ("hardship", "casestore", "actions", "bot", "cli", "scripts", "tests/support")


def _code_spans() -> list[str]:
    """Every `span` and every line of a fenced block."""
    blocks = re.findall(r"```\w*\n(.*?)```", TEXT, re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", re.sub(r"```.*?```", "", TEXT, flags=re.DOTALL))
    return [line.strip() for block in blocks for line in block.splitlines()] + spans


def _respite_commands() -> list[tuple[str, ...]]:
    """The words after `respite` up to the first option, argument in capitals or file name."""
    found = set()
    for span in _code_spans():
        match = re.match(r"(?:\.venv/bin/)?respite((?: [a-z]+(?![\w./-]))+)", span)
        if match:
            found.add(tuple(match[1].split()))
    return sorted(found)


@pytest.mark.parametrize("target", sorted(set(re.findall(r"\bmake ([a-z-]+)", " \n".join(_code_spans())))))
def test_a_documented_make_target_exists(target: str) -> None:
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)


@pytest.mark.parametrize("command", _respite_commands(), ids=" ".join)
def test_a_documented_respite_command_exists(command: tuple[str, ...]) -> None:
    assert CliRunner().invoke(app, [*command, "--help"]).exit_code == 0


def test_every_target_with_a_description_is_in_the_readme_or_help() -> None:
    assert "make help" in TEXT


@pytest.mark.parametrize("variable", sorted(set(re.findall(r"\bRESPITE_[A-Z_]+\b", TEXT))))
def test_a_documented_variable_is_read_somewhere(variable: str) -> None:
    sources = [path for folder in CODE_FOLDERS for path in (ROOT / folder).rglob("*.py")]
    sources += [ROOT / "endpoints.yml", ROOT / "credentials.yml"]
    assert any(variable in path.read_text(encoding="utf-8") for path in sources)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
    missing = [target for target in targets if not (document.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_documents_name_no_package_index(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    assert not re.search(r"pypi\.org|pythonhosted|npmjs\.(com|org)|--index-url", text)


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`(test_\w+)`", TEXT))))
def test_a_test_that_a_document_names_is_there(name: str) -> None:
    assert any(
        f"def {name}(" in path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py")
    )
