"""The examples the bot learns from: each its own sentence, none from the sets it is judged by."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable

import pytest

from bot.nlu.normaliser import fold
from tests.nlu.examples import LANGUAGES, Example, development, held_out, near_duplicates, training, unseen

# Two sentences with this share of their letter sequences in common are one sentence with a word changed.
NEARLY_THE_SAME = 0.7
MOST_NEAR_DUPLICATES = 0.05
FEWEST_EXAMPLES = 150
FEWEST_JUDGED = 15
FEWEST_HELD_OUT = 8

each_language = pytest.mark.parametrize("language", LANGUAGES)


@each_language
def test_no_sentence_is_written_twice(language: str) -> None:
    written = Counter(fold(example.text) for example in training(language))
    assert [text for text, times in written.items() if times > 1] == []


@each_language
def test_hardly_any_sentence_is_another_of_its_intent_with_a_word_changed(language: str) -> None:
    by_intent = defaultdict(list)
    for example in training(language):
        by_intent[example.intent].append(example.text)
    pairs = [
        pair for texts in by_intent.values() for pair in near_duplicates(texts, language, NEARLY_THE_SAME)
    ]
    most = MOST_NEAR_DUPLICATES * sum(map(len, by_intent.values()))
    assert len({later for _, later in pairs}) <= most, pairs[:50]


@each_language
def test_every_intent_has_examples_in_plenty_and_messages_to_be_judged_by(language: str) -> None:
    taught = Counter(example.intent for example in training(language))
    judged = Counter(example.intent for example in development(language))
    assert {intent: count for intent, count in taught.items() if count < FEWEST_EXAMPLES} == {}
    assert {intent: judged[intent] for intent in taught if judged[intent] < FEWEST_JUDGED} == {}


@each_language
@pytest.mark.parametrize("judge", [development, held_out, unseen])
def test_no_message_it_is_judged_by_is_trained_on(
    language: str, judge: Callable[[str], list[Example]]
) -> None:
    known = {fold(example.text) for example in training(language)}
    assert [each.text for each in judge(language) if fold(each.text) in known] == []


@each_language
def test_the_held_out_set_judges_every_intent(language: str) -> None:
    judged = Counter(example.intent for example in held_out(language))
    taught = {example.intent for example in training(language)}
    assert {intent: judged[intent] for intent in taught if judged[intent] < FEWEST_HELD_OUT} == {}
