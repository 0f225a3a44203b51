"""Whoever changes the expressions of `data/values/` hears of a slip before a borrower meets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from bot.nlu.values import dates, dates_en, dates_zh, expressions

FILES = (
    "not_values",
    "tenses",
    "months",
    "percentages",
    "money",
    "amounts",
    "bargains",
    "dates",
    "dates_en",
    "dates_zh",
)
NAMED = re.compile(r"(?<!\?P)<([a-z_]+)>")


def content(name: str) -> dict[str, Any]:
    return yaml.safe_load((expressions.FOLDER / f"{name}.yml").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def families(node: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    if isinstance(node, list):
        yield name, node
    else:
        for key, below in node.items():
            yield from families(below, f"{name}.{key}")


@pytest.mark.parametrize("name", FILES)
def test_no_line_stands_twice_in_its_family(name: str) -> None:
    twice = {
        family: line for family, lines in families(content(name)) for line in lines if lines.count(line) > 1
    }
    assert not twice


@pytest.mark.parametrize("name", FILES)
def test_every_line_is_text(name: str) -> None:
    """YAML reads a bare on, no or 12306 as something else."""
    assert not [line for _, lines in families(content(name)) for line in lines if not isinstance(line, str)]


@pytest.mark.parametrize("name", FILES)
def test_every_list_of_words_is_used(name: str) -> None:
    file = content(name)
    used = {word for _, lines in families(file) for line in lines for word in NAMED.findall(line)}
    assert set(file["words"]) == used


@pytest.mark.parametrize("name", FILES)
def test_no_expression_fits_on_nothing(name: str) -> None:
    """A line that fits an empty text would fit everywhere."""
    parts = expressions.load_lines(name)
    assert not [part for part, patterns in parts.items() if any(pattern.search("") for pattern in patterns)]


def test_of_two_lines_the_first_that_fits_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "some.yml").write_text(
        "words: {place: [room, flat]}\nhidden:\n  near: ['<place> \\d']\n  far: ['<place> \\d+', '\\d+ km']\n"
    )
    monkeypatch.setattr(expressions, "FOLDER", tmp_path)
    hidden = expressions.load("some")["hidden"]
    assert [found.group() for found in hidden.finditer("flat 12, 30 km off")] == ["flat 1", "30 km"]


def test_a_name_without_its_list_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wrong.yml").write_text("words: {place: [room]}\nhidden: ['<palce> \\d']\n")
    monkeypatch.setattr(expressions, "FOLDER", tmp_path)
    with pytest.raises(KeyError, match="palce"):
        expressions.load("wrong")


def test_lines_with_named_groups_are_kept_apart(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "['(?P<n>\\d) km', 'far', 'off', '(?P<n>\\d) miles']"
    (tmp_path / "apart.yml").write_text(f"way: {lines}\n")
    monkeypatch.setattr(expressions, "FOLDER", tmp_path)
    patterns = expressions.load_lines("apart")["way"]
    assert [pattern.pattern for pattern in patterns] == ["(?P<n>\\d) km", "far|off", "(?P<n>\\d) miles"]


@pytest.mark.parametrize("module", [dates, dates_en, dates_zh])
def test_every_part_of_a_file_of_days_has_a_meaning(module: ModuleType) -> None:
    assert list(module._MEANINGS) == list(expressions.load_lines(module.__name__.rpartition(".")[2]))
