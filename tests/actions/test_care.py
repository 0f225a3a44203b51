"""Skill care."""

from __future__ import annotations

import pytest

from actions.care import ActionAbuse, ActionDangerWaits, ActionDistress, ActionSelfHarm
from actions.dialogue import ActionAffirm, ActionBotIdentity, ActionMisunderstood
from actions.offers import ActionRequestPlan
from actions.services import Services
from casestore import contact_preferences, desk, handoffs, sessions
from tests.actions.helpers import SESSION, Said, run, tracker


def test_danger_brings_the_number_a_person_and_an_end_to_the_questions(services: Services) -> None:
    outcome = run(ActionSelfHarm(), tracker(Said("…", "express_self_harm"), form="hardship_form"))
    assert outcome.messages[0]["mental_health"] == "12356" and outcome.left_the_form
    assert [h.priority for h in handoffs.open_handoffs(services.store)] == ["top"]


@pytest.mark.parametrize("answer", [ActionSelfHarm, ActionAbuse, ActionDangerWaits])
def test_when_nothing_can_be_recorded_the_numbers_are_said_and_no_person_is_promised(
    services: Services, answer: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the store is down")

    monkeypatch.setattr(handoffs, "request_for_danger", broken)
    outcome = run(answer(), tracker(Said("…", "express_self_harm"), form="hardship_form"))
    assert outcome.said == ["utter_danger_not_passed_on"] and outcome.left_the_form
    assert outcome.messages[0]["mental_health"] == "12356" and outcome.messages[0]["police"] == "110"


def test_distress_offers_a_number_and_leaves_the_question_open(services: Services) -> None:
    outcome = run(ActionDistress(), tracker(Said("好累", "express_distress"), form="hardship_form"))
    assert outcome.said == ["utter_distress"] and not outcome.left_the_form


def test_abuse_brings_the_police_number_and_a_person(services: Services) -> None:
    outcome = run(ActionAbuse(), tracker(Said("…", "report_abuse"), form="hardship_form"))
    assert outcome.messages[0]["police"] == "110" and outcome.left_the_form
    assert [h.priority for h in handoffs.open_handoffs(services.store)] == ["top"]


def test_who_answers_that_they_are_safe_now_is_heard_and_not_told_the_same_again(services: Services) -> None:
    for message, words in (("…", "utter_abuse"), ("I am safe now, he moved out", "utter_abuse_again")):
        outcome = run(ActionAbuse(), tracker(Said(message, "report_abuse")))
        assert outcome.said == [words] and outcome.messages[0]["police"] == "110"


def test_danger_told_after_fraud_closes_the_way_to_a_plan(services: Services) -> None:
    sessions.start(services.store, SESSION, "web")
    handoffs.request(services.store, SESSION, "fraud", services.policy, priority="top")
    run(ActionAbuse(), tracker(Said("…", "report_abuse"), form="fraud_form"))
    assert run(ActionMisunderstood(), tracker(Said("…", "nlu_fallback"))).followed_by == "action_danger_waits"


@pytest.mark.parametrize(
    ("care", "words"),
    [("threat", "utter_threat"), ("self_harm", "utter_self_harm"), (None, "utter_self_harm")],
)
def test_a_threat_against_others_has_its_own_words_and_the_rest_of_what_danger_brings(
    services: Services, care: str | None, words: str
) -> None:
    outcome = run(ActionSelfHarm(), tracker(Said("…", "express_self_harm", care=care), form="hardship_form"))
    assert outcome.said == [words] and outcome.left_the_form
    assert outcome.messages[0]["police"] == "110" and outcome.messages[0]["mental_health"] == "12356"
    assert [h.priority for h in handoffs.open_handoffs(services.store)] == ["top"]
    wish = contact_preferences.of_session(services.store, SESSION)
    assert wish is not None and wish.stopped and wish.words is None


@pytest.mark.parametrize(
    ("answer", "care", "kind"),
    [
        (ActionSelfHarm, "self_harm", "self_harm"),
        (ActionSelfHarm, "threat", "threat_to_others"),
        (ActionAbuse, "abuse", "violence_suffered"),
    ],
)
@pytest.mark.parametrize("words", ["不想活了", "I will hurt somebody"])
def test_the_person_who_answers_is_told_the_kind_of_danger_and_not_the_words(
    services: Services, answer: type, care: str, kind: str, words: str
) -> None:
    run(answer(), tracker(Said(words, "express_self_harm", care=care)))
    (waiting,) = handoffs.open_handoffs(services.store)
    assert waiting.summary["danger"] == kind and words not in str(waiting)


def test_a_second_kind_of_danger_is_told_beside_the_first(services: Services) -> None:
    for care in ("self_harm", "threat", "self_harm"):
        run(ActionSelfHarm(), tracker(Said("…", "express_self_harm", care=care)))
    (waiting,) = handoffs.open_handoffs(services.store)
    assert waiting.summary["danger"] == "self_harm, threat_to_others"


def test_danger_freezes_what_is_sent_first_and_keeps_no_words(services: Services) -> None:
    run(ActionSelfHarm(), tracker(Said("不想活了", "express_self_harm")))
    wish = contact_preferences.of_session(services.store, SESSION)
    assert wish is not None and wish.stopped and wish.words is None


@pytest.mark.parametrize("said", [ActionAffirm, ActionMisunderstood, ActionRequestPlan])
def test_after_danger_a_person_comes_before_any_plan(services: Services, said: type) -> None:
    run(ActionSelfHarm(), tracker(Said("不想活了", "express_self_harm")))
    assert run(said(), tracker(Said("好", "affirm"))).followed_by == "action_danger_waits"
    waiting = run(ActionDangerWaits(), tracker(Said("好", "affirm")))
    assert waiting.said == ["utter_danger_waits"] and waiting.messages[0]["mental_health"] == "12356"


def test_once_a_person_has_answered_the_way_to_a_plan_is_open(services: Services) -> None:
    run(ActionSelfHarm(), tracker(Said("不想活了", "express_self_harm")))
    reference = handoffs.open_handoffs(services.store)[0].reference
    desk.take(services.store, reference, "Chen")
    desk.close(services.store, reference, "Chen")
    assert run(ActionRequestPlan(), tracker(Said("我想协商", "request_plan"))).followed_by == "consent_form"


@pytest.mark.parametrize(
    ("care", "said"),
    [("distress", ["utter_softer_pace", "utter_bot_identity"]), (None, ["utter_bot_identity"])],
)
def test_before_the_answer_comes_the_calm_word(services: Services, care: str | None, said: list[str]) -> None:
    outcome = run(ActionBotIdentity(), tracker(Said("睡不着，你是机器人吗", "ask_bot_identity", care=care)))
    assert outcome.said == said
