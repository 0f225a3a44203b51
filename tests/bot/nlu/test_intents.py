"""The intent model: shared meanings, features, honest probabilities, and keeping what was learnt."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.features import meanings, pieces, syllables, unfamiliar, words
from bot.nlu.intents import IntentModel
from bot.nlu.meanings import MeaningLexicon, default_lexicon

EXAMPLES = {
    "hardship_job_loss": [
        "我失业了",
        "被公司裁员了",
        "I lost my job",
        "laid off last month",
        "工厂倒闭我下岗",
        "they fired me",
    ],
    "hardship_illness": [
        "我住院了",
        "妈妈做手术",
        "I am in hospital",
        "my son needs surgery",
        "生病了没法上班",
        "I was injured",
    ],
    "affirm": ["是的", "对", "yes", "ok", "没错", "right"],
}


@pytest.fixture(scope="module")
def model() -> IntentModel:
    pairs = [(text, intent) for intent, texts in EXAMPLES.items() for text in texts]
    return IntentModel.train([text for text, _ in pairs], [intent for _, intent in pairs], 0.7, seed=1)


@pytest.mark.parametrize(
    ("chinese", "english", "meaning"),
    [
        ("上个月被辞退", "I was sacked", "job_loss"),
        ("家里被淹了", "our home flooded", "disaster"),
        ("想缓三个月", "pause it for three months", "holiday"),
        ("你是机器人吗", "are you a robot", "robot"),
        ("總共還要還多少", "how much in total", "how_much"),
    ],
)
def test_one_meaning_is_found_in_both_languages(chinese: str, english: str, meaning: str) -> None:
    assert meaning in default_lexicon().find(chinese)
    assert meaning in default_lexicon().find(english)


def test_an_english_expression_starts_at_a_word_and_may_end_inside_one() -> None:
    lexicon = MeaningLexicon({"lending": {"en": ["lend"]}})
    assert lexicon.find("the lender") == ["lending"]
    assert lexicon.find("a blender") == []


def test_every_meaning_is_written_in_both_languages() -> None:
    content = default_lexicon().content
    assert [name for name, by_language in content.items() if set(by_language) != {"zh", "en"}] == []


def test_figures_are_one_word_whatever_they_say() -> None:
    assert words("还2500") == words("还800")


def test_pieces_come_from_latin_words_only() -> None:
    assert pieces("我失业了") == []
    assert " jo" in pieces("lost job")


def test_an_emoji_says_something_and_leaves_the_words_around_it_alone() -> None:
    assert words("😭还不起了😭😭") == [*words("还不起了"), "emojisad"]
    assert words("ok 👍") == [*words("ok"), "emojiyes"]


def test_characters_that_sound_alike_share_a_syllable() -> None:
    assert "huan kuan" in syllables("还款")
    assert "huan kuan" in syllables("换款")
    assert syllables("no Chinese here") == []


def test_a_message_always_tells_its_length() -> None:
    assert meanings("嗯")[-1] == "length 0"


def test_unknown_words_are_unfamiliar_and_known_meanings_are_not() -> None:
    assert unfamiliar("blorp glim", {"words:glim"}) == 0.5
    assert unfamiliar("I was sacked", set()) == 0.0


@pytest.mark.parametrize(
    ("text", "intent"),
    [("老板把我辞退了", "hardship_job_loss"), ("我受伤了在医院", "hardship_illness"), ("yes", "affirm")],
)
def test_the_likeliest_intent_comes_first(model: IntentModel, text: str, intent: str) -> None:
    assert model.rank(text)[0][0] == intent


def test_probabilities_sum_to_one_and_fall(model: IntentModel) -> None:
    chances = [chance for _, chance in model.rank("I lost my job and cannot pay")]
    assert sum(chances) == pytest.approx(1.0, abs=1e-4)
    assert chances == sorted(chances, reverse=True)


@pytest.mark.parametrize(
    "text", ["老板把我词退了", "我在医元", "they fierd me", "I am in hospitaaaaal", "I lsot my job"]
)
def test_a_slip_does_not_hide_what_is_meant(model: IntentModel, text: str) -> None:
    assert model.rank(text)[0][0].startswith("hardship")


@pytest.mark.parametrize("text", ["zzzz", "🦆", "...", "龘"])
def test_a_message_of_unknown_words_decides_nothing(model: IntentModel, text: str) -> None:
    assert model.rank(text)[0][1] < 0.45


def test_a_kept_model_answers_as_before(model: IntentModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    assert IntentModel.load(tmp_path).rank("被裁了怎么办") == model.rank("被裁了怎么办")


def test_a_missing_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        IntentModel.load(tmp_path)


def test_a_figure_without_end_means_what_its_beginning_means() -> None:
    assert default_lexicon().find("9" * 5000) == default_lexicon().find("9" * 20)
