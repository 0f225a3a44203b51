"""Answers in people's own words are learnt by question, and what answers nothing stays a topic of its own."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from bot.nlu.answers import Answer, AnswerModel, answers
from bot.nlu.danger import dangers
from bot.nlu.features import read
from bot.nlu.normaliser import fold
from tests.nlu.examples import LANGUAGES, ROOT, development, held_out, unseen

QUESTION = "hardship_duration"
TAUGHT = [
    Answer(QUESTION, "temporary", "等找到工作就好"),
    Answer(QUESTION, "temporary", "until I find work"),
    Answer(QUESTION, "temporary", "only until spring"),
    Answer(QUESTION, "lasting", "这病好不了了"),
    Answer(QUESTION, "lasting", "I am disabled now"),
    Answer(QUESTION, "lasting", "it will never get better"),
    Answer("housing", "none", "I live with my parents"),
    Answer("housing", "none", "住父母家"),
]
TOPICS = ("how much do I owe", "为什么利息这么高", "I want to complain", "找人工", "how rude", "你好")


@pytest.fixture(scope="module")
def model() -> AnswerModel:
    read_examples = [read(answer.text) for answer in TAUGHT]
    return AnswerModel.train(TAUGHT, read_examples, [read(text) for text in TOPICS] * 2, seed=1)


def test_an_answer_is_told_by_its_question(model: AnswerModel) -> None:
    assert model.read("until I find some work")[QUESTION]["value"] == "temporary"
    assert model.read("I live with my parents now")["housing"]["value"] == "none"


def test_a_topic_answers_nothing(model: AnswerModel) -> None:
    assert model.read("为什么利息这么高呢") == {}


def test_a_model_that_was_kept_reads_as_the_one_that_was_trained(model: AnswerModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    kept = AnswerModel.load(tmp_path)
    for answer in TAUGHT:
        assert kept.read(answer.text) == model.read(answer.text) != {}


def test_every_question_is_one_that_a_form_asks() -> None:
    forms = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))["forms"]
    asked = {slot for form in forms.values() for slot in form["required_slots"]}
    assert {answer.question for answer in answers()} <= asked


def test_no_question_is_answered_twice_by_the_same_words() -> None:
    said = Counter((answer.question, fold(answer.text)) for answer in answers())
    assert [each for each, times in said.items() if times > 1] == []


def test_no_answer_is_danger() -> None:
    assert not {fold(answer.text) for answer in answers()} & {fold(text) for text in dangers()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_it_is_judged_by_is_taught_as_an_answer(language: str) -> None:
    taught = {fold(answer.text) for answer in answers()}
    judged = [*development(language), *held_out(language), *unseen(language)]
    meant = [each for each in judged if each.intent not in ("affirm", "deny", "dont_know")]
    assert [each.text for each in meant if fold(each.text) in taught] == []
