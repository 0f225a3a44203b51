"""The model of danger learns who does what to whom, in both languages, and runs no code when it is loaded."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.care import CareLevel
from bot.nlu.danger import BLOCKS, EXAMPLES, DangerModel, dangers, look_alikes, pairs, parts
from bot.nlu.features import BLOCKS as INTENT_BLOCKS
from bot.nlu.features import read
from bot.nlu.normaliser import fold
from tests.nlu.examples import LANGUAGES, development, held_out, training, unseen

SELF_HARM, ABUSE, THREAT = CareLevel.SELF_HARM, CareLevel.ABUSE, CareLevel.THREAT
TAUGHT = [
    ("I will stab your collector tomorrow", THREAT),
    ("going to shoot the agent at your branch", THREAT),
    ("今晚就从楼上跳下去", SELF_HARM),
    ("我不想活了", SELF_HARM),
    ("my husband hits me every night", ABUSE),
    ("他打我，逼我借钱", ABUSE),
    ("the agent called me twice tomorrow is fine", None),
    ("I will pay your collector tomorrow", None),
    ("今晚就还一千", None),
    ("我不想还利息", None),
    ("可以分期吗", None),
    ("what is my balance", None),
]


@pytest.fixture(scope="module")
def model() -> DangerModel:
    read_texts = [read(text, BLOCKS) for text, _ in TAUGHT]
    return DangerModel.train(read_texts, [kind for _, kind in TAUGHT], seed=1)


def test_a_text_is_read_once_for_both_models() -> None:
    assert [block.read for block in BLOCKS][: len(INTENT_BLOCKS)] == [block.read for block in INTENT_BLOCKS]


def test_the_same_parts_are_found_in_both_languages() -> None:
    assert {"intends", "blades", "lenders_people"} <= set(parts("I will knife your collector"))
    assert {"intends", "blades", "lenders_people"} <= set(parts("我要砍催收"))


def test_parts_come_together_only_within_a_clause() -> None:
    assert "lenders_people+blades" in pairs("your agent has a machete")
    assert "lenders_people+blades" not in pairs("your agent called. I cut my hair")


def test_an_example_in_one_language_teaches_the_other(model: DangerModel) -> None:
    assert model.hear("我要砍你们的催收员").score > model.hear("我要找你们的催收员谈谈").score


@pytest.mark.parametrize(
    ("text", "kind"),
    [("我要砍你们的催收员", THREAT), ("my partner hits me", ABUSE), ("我想从楼上跳下去", SELF_HARM)],
)
def test_it_tells_whose_danger_it_is(model: DangerModel, text: str, kind: CareLevel) -> None:
    kinds = model.hear(text).kinds
    assert max(kinds, key=lambda each: kinds[each]) is kind


def test_a_model_that_was_kept_scores_as_the_one_that_was_trained(model: DangerModel, tmp_path: Path) -> None:
    model.save(tmp_path)
    kept = DangerModel.load(tmp_path)
    for text, _ in TAUGHT:
        heard, again = model.hear(text), kept.hear(text)
        assert again.score == pytest.approx(heard.score)
        assert again.kinds == pytest.approx(heard.kinds)


def test_no_message_is_danger_of_two_kinds() -> None:
    lines = [
        line
        for file in EXAMPLES.glob("*.txt")
        if not file.name.startswith("look_alikes")
        for line in file.read_text(encoding="utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert len(lines) == len(dangers())


def test_no_message_is_danger_and_a_look_alike() -> None:
    said = {fold(text) for text in dangers()}
    assert said and not said & {fold(text) for text in look_alikes()}


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_it_is_judged_by_is_taught_as_danger_or_look_alike(language: str) -> None:
    taught = {fold(text) for text in [*dangers(), *look_alikes()]}
    judged = [*development(language), *held_out(language), *unseen(language)]
    assert [each.text for each in judged if fold(each.text) in taught] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_look_alike_is_an_example_of_danger(language: str) -> None:
    meant = {
        fold(each.text) for each in training(language) if each.intent in ("express_self_harm", "report_abuse")
    }
    assert [text for text in look_alikes() if fold(text) in meant] == []
