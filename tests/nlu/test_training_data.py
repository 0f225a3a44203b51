"""The examples the bot learns from: each its own sentence, none from the development set."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.nlu.normaliser import fold
from tests.nlu.examples import LANGUAGES, development, near_duplicates, training

# Two sentences with this share of their letter sequences in common are one sentence with a word changed.
NEARLY_THE_SAME = 0.7
MOST_NEAR_DUPLICATES = 0.05

each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_no_sentence_is_written_twice(language: str) -> None:
    written = Counter(fold(example.text) for example in training(language))
    assert [text for text, times in written.items() if times > 1] == []


@each_language
def test_hardly_any_sentence_is_another_with_a_word_changed(language: str) -> None:
    texts = [example.text for example in training(language)]
    pairs = near_duplicates(texts, language, NEARLY_THE_SAME)
    assert len({later for _, later in pairs}) <= MOST_NEAR_DUPLICATES * len(texts), pairs[:50]


@each_language
def test_the_development_set_is_not_trained_on(language: str) -> None:
    known = {fold(example.text) for example in training(language)}
    assert [each.text for each in development(language) if fold(each.text) in known] == []
