"""Small questions are learnt by topic, and what asks none of them scores below."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from bot.nlu.danger import dangers
from bot.nlu.features import read
from bot.nlu.normaliser import fold
from bot.nlu.small_questions import SmallQuestionModel, questions
from tests.nlu.examples import LANGUAGES, development, held_out, near_duplicates, training, unseen
from tests.nlu.test_small_questions import lines

TAUGHT = [
    ("the_catch", "what is the catch"),
    ("the_catch", "any hidden fees"),
    ("the_catch", "有什么坑吗"),
    ("the_catch", "有没有隐藏的费用"),
    ("think_over", "can I sleep on it"),
    ("think_over", "must I decide today"),
    ("think_over", "让我考虑几天行吗"),
    ("think_over", "今天必须定吗"),
]
OTHERS = (
    "how much do I owe",
    "为什么利息这么高",
    "I want to complain",
    "找人工",
    "how rude",
    "你好",
    "I can't pay",
)


@pytest.fixture(scope="module")
def model() -> SmallQuestionModel:
    topics = [topic for topic, _ in TAUGHT]
    others = [read(text) for text in OTHERS] * 2
    return SmallQuestionModel.train(topics, [read(text) for _, text in TAUGHT], others, seed=1)


@pytest.mark.parametrize(
    ("text", "topic"), [("so what is the catch", "the_catch"), ("让我再考虑几天", "think_over")]
)
def test_a_question_is_told_by_its_topic(model: SmallQuestionModel, text: str, topic: str) -> None:
    assert model.hear(text).topic == topic and model.hear(text).score > 0


@pytest.mark.parametrize("text", ["how much do I owe you", "我要找人工", "你好"])
def test_what_asks_none_of_them_scores_below(model: SmallQuestionModel, text: str) -> None:
    assert model.hear(text).score < 0


def test_words_that_nobody_uses_ask_nothing(model: SmallQuestionModel) -> None:
    assert model.hear("zorble glimmick what wuzzle").score <= -1


def test_a_model_that_was_kept_hears_as_the_one_that_was_trained(
    model: SmallQuestionModel, tmp_path: Path
) -> None:
    model.save(tmp_path)
    kept = SmallQuestionModel.load(tmp_path)
    assert [kept.hear(text) for _, text in TAUGHT] == [model.hear(text) for _, text in TAUGHT]


def test_no_words_ask_about_two_topics() -> None:
    said = Counter(fold(text) for _, text in questions())
    assert [text for text, times in said.items() if times > 1] == []


def test_no_example_repeats_another_with_a_word_changed() -> None:
    for language in LANGUAGES:
        texts = [text for _, text in questions() if (language == "en") == text.isascii()]
        assert len(near_duplicates(texts, language, share=0.8)) <= 0.05 * len(texts)


def test_no_example_is_danger_or_stands_in_a_set_that_judges() -> None:
    judges = [
        each.text for judge in (development, held_out, unseen) for lang in LANGUAGES for each in judge(lang)
    ]
    judges += [text for language in LANGUAGES for _, text in lines(language)]
    judged = {fold(text) for text in [*judges, *dangers()]}
    assert [text for _, text in questions() if fold(text) in judged] == []


def test_few_examples_are_also_those_of_an_intent() -> None:
    of_intents = {fold(each.text) for language in LANGUAGES for each in training(language)}
    both = [text for _, text in questions() if fold(text) in of_intents]
    assert len(both) <= 0.01 * len(questions()), both
