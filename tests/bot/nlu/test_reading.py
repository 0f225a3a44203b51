"""Tokens, folding, language and lookups: the small helpers under the pipeline."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.components.lookups import LookupExtractor
from bot.nlu.language import detect
from bot.nlu.lookups import compile_lookup, find, load
from bot.nlu.normaliser import fold
from bot.nlu.segments import split


@given(st.text(max_size=80))
def test_folding_never_moves_a_character(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(min_size=1, max_size=80))
def test_every_token_lies_where_it_says(text: str) -> None:
    assert all(text[token.start : token.end] == token.text for token in split(text))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("失業", "失业"),
        ("２５００", "2500"),
        ("ＯＫ", "ok"),
        ("還不起貸款", "还不起贷款"),
        ("Can’t", "can't"),
        ("￥800", "¥800"),
    ],
)
def test_one_form_for_many_ways_of_writing(written: str, read: str) -> None:
    assert fold(written) == read


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("我下个月 lost job", ["我", "下", "个", "月", "lost", "job"]),
        ("I can't pay 1,200.50", ["I", "can't", "pay", "1,200.50"]),
        ("还2500元", ["还", "2500", "元"]),
        ("好好好好好的", ["好", "好", "的"]),
        ("。。。", ["。。。"]),
    ],
)
def test_chinese_splits_by_character_and_the_rest_by_word(text: str, tokens: list[str]) -> None:
    assert [token.text for token in split(text)] == tokens


def test_drawn_out_words_meet_the_plain_ones() -> None:
    assert [token.form for token in split("sooooo tired!!!")] == ["soo", "tired", "emark"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("我下个月 lost job 没收入了", "zh"),
        ("我失业了", "zh"),
        ("嗯", "zh"),
        ("app打不开", "zh"),
        ("I lost my job", "en"),
        ("hello", "en"),
        ("my loan LN20260001 please", "en"),
        ("I borrowed from 借呗 last year", "en"),
        ("ok", None),
        ("123456", None),
        ("LN20260001", None),
        ("13800138000", None),
        ("2.5k", None),
        ("/greet", None),
        ('/inform{"language": "en"}', None),
        ("https://example.com/pay", None),
        ("👍", None),
        ("", None),
    ],
)
def test_the_language_is_told_only_when_the_text_decides(text: str, language: str | None) -> None:
    assert detect(text) == language


WORDS = compile_lookup(
    {
        "entity": "field",
        "values": {"housing": {"zh": ["房租"], "en": ["rent"]}, "income": {"en": ["take home"]}},
    }
)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("不对，房租是2500", ["housing"]),
        ("the rent is 2500", ["housing"]),
        ("the parent company", []),
        ("rent房租", ["housing", "housing"]),
        ("my Take  Home pay", ["income"]),
    ],
)
def test_lookups_find_chinese_anywhere_and_english_as_words(text: str, values: list[str]) -> None:
    assert [found.value for found in find(WORDS, text)] == values


def test_a_phrase_that_stands_for_two_values_is_refused() -> None:
    with pytest.raises(ValueError, match="another value"):
        compile_lookup({"entity": "field", "values": {"a": {"zh": ["房租"]}, "b": {"zh": ["房租"]}}})


def test_the_lookups_of_the_project_load_and_name_the_figures() -> None:
    extractor = LookupExtractor(LookupExtractor.get_default_config())
    found = {(item["entity"], item["value"]) for item in extractor.entities_of("房租 2500，暂时的，做生意用")}
    assert found == {("statement_field", "housing"), ("duration", "temporary"), ("purpose", "business")}


NEVER_MIND = load(Path(__file__).parents[3] / "data" / "lookups" / "never_mind.yml")


@pytest.mark.parametrize("text", ["你们多算了两个月利息", "我算了一下不对", "不能就这么算了"])
def test_what_was_reckoned_calls_nothing_off(text: str) -> None:
    assert {found.value for found in find(NEVER_MIND, text)} == {"nothing"}


@pytest.mark.parametrize("text", ["算了", "那算了吧", "还是算了"])
def test_who_would_rather_leave_it_calls_it_off(text: str) -> None:
    assert {found.value for found in find(NEVER_MIND, text)} == {"called_off"}
