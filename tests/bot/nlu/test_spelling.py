"""Shorthand, homophones and typing slips: what a message says for features, whatever its spelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.homophones import Homophones
from bot.nlu.mistyping import Mistyping, slip
from bot.nlu.pinyin import readings, sounds
from bot.nlu.shorthand import Shorthand, default_shorthand
from bot.nlu.spelling import Spelling

EXAMPLES = [
    *["我想还款，怎么办", "这个月没法还款", "逾期了会怎样", "已经逾期三天", "谢谢你们", "我换工作了"] * 30,
    *["I missed a payment", "my payment is late", "I lost my job and cannot pay", "too much interest"] * 30,
]
LEARNT = Spelling.learn(EXAMPLES)


@pytest.fixture
def spelling() -> Spelling:
    return LEARNT


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("pls help", "please help"),
        ("u told me 2 wait", "you told me 2 wait"),
        ("cant do it", "can't do it"),
        ("thx", "thanks"),
        ("帐单不对", "账单不对"),
        ("木有钱", "没有钱"),
        # An answer or an option is no shorthand, and a longer word no place to look for it.
        ("y", "y"),
        ("n", "n"),
        ("option c", "option c"),
        ("support", "support"),
        ("20k", "20k"),
    ],
)
def test_shorthand_is_written_out(written: str, meant: str) -> None:
    assert default_shorthand().expand(written) == meant


def test_the_longer_shorthand_is_read_first() -> None:
    assert Shorthand({}, {"不造": "不知道", "造不造": "知道不知道"}).expand("你造不造") == "你知道不知道"


def test_a_table_without_a_language_is_refused(tmp_path: Path) -> None:
    (tmp_path / "shorthand.yml").write_text("en: {u: you}", encoding="utf-8")
    with pytest.raises(KeyError):
        Shorthand.load(tmp_path / "shorthand.yml")


def test_a_character_has_all_its_common_readings() -> None:
    assert readings("还") == ("hai", "huan")
    assert ("huan", "kuan") in set(sounds("还款"))
    assert readings("x") == ("x",)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("我想换款", "我想还款"),
        ("预期了怎么办", "逾期了怎么办"),
        ("谢谢谢谢谢", "谢谢"),
        ("我我我想还款", "我想还款"),
        # 换 is what this example means, and a pair that nothing sounds like is left as it is.
        ("我换工作了", "我换工作了"),
        ("龘龘", "龘龘"),
    ],
)
def test_a_character_that_only_sounds_right_is_mended(spelling: Spelling, written: str, meant: str) -> None:
    assert spelling.mend(written) == meant


def test_a_rare_pair_replaces_nothing() -> None:
    assert Homophones({"还款": 4}).mend("换款") == "换款"
    assert Homophones({"还款": 400}).mend("换款") == "还款"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("i missd a pyament", "i missed a payment"),
        ("too much interrest", "too much interest"),
        ("my oayment is late", "my oayment is late"),
        ("paymwnt", "payment"),
        ("laaaaate", "late"),
        ("toooo much", "too much"),
        ("i lost my jib", "i lost my jib"),
    ],
)
def test_a_mistyped_word_is_mended(spelling: Spelling, written: str, meant: str) -> None:
    assert spelling.mend(written) == meant


@pytest.mark.parametrize(
    ("right", "typed", "likely"),
    [
        ("payment", "paymnet", True),
        ("payment", "paymment", True),
        ("payment", "payent", True),
        ("payment", "paymebt", True),
        ("payment", "pamyetn", False),
        ("tenth", "tent", False),
        ("cards", "cars", True),
        ("lending", "ending", False),
        ("slack", "black", False),
        ("waste", "water", False),
    ],
)
def test_only_one_slip_of_the_fingers_is_believed(right: str, typed: str, likely: bool) -> None:
    assert (slip(right, typed) is not None) == likely


def test_the_likelier_slip_wins_over_the_commoner_word() -> None:
    assert Mistyping({"thank": 3, "than": 50}).mend("thakn") == "thank"


def test_every_example_that_was_learnt_stays_as_it_is(spelling: Spelling) -> None:
    assert spelling.mend("我想还款，怎么办") == "我想还款,怎么办"
    assert spelling.mend("I missed a payment") == "i missed a payment"


def test_what_was_learnt_is_kept(spelling: Spelling, tmp_path: Path) -> None:
    spelling.save(tmp_path)
    assert Spelling.load(tmp_path).mend("我想换款, paymnet") == spelling.mend("我想换款, paymnet")


KNOWN_WORDS = sorted({word for text in EXAMPLES if text.isascii() for word in text.lower().split()})


@given(st.lists(st.sampled_from(KNOWN_WORDS), min_size=1))
def test_known_words_are_never_touched(words: list[str]) -> None:
    assert LEARNT.mend(" ".join(words)) == " ".join(words)
