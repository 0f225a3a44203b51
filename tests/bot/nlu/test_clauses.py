"""Where a message is divided, so that each clause can be read by itself."""

from __future__ import annotations

import pytest

from bot.nlu.clauses import MOST, spans


def clauses(text: str) -> list[str]:
    """The clauses as written."""
    return [text[start:end] for start, end in spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("since June, it's only for now", ["since June", "it's only for now"]),
        ("rent is 1,950. food 600", ["rent is 1,950", "food 600"]),
        ("rent's 1,750.50 and food 600", ["rent's 1,750.50", "and food 600"]),
        ("房租2400跟老乡对半出 我那份1200", ["房租2400跟老乡对半出", "我那份1200"]),
        ("工资5200，没有别的收入。房租1800", ["工资5200", "没有别的收入", "房租1800"]),
        ("no marks at all here", ["no marks at all here"]),
    ],
)
def test_marks_joining_words_and_chinese_blanks_divide_but_figures_stay_whole(
    text: str, expected: list[str]
) -> None:
    assert clauses(text) == expected


@pytest.mark.parametrize("text", ["", "   ", "...", "，，。"])
def test_of_marks_alone_nothing_is_left(text: str) -> None:
    assert clauses(text) == []


def test_a_long_story_is_not_read_without_end() -> None:
    assert len(spans("a, " * 40)) == MOST
