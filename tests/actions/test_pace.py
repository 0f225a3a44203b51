"""Distress said beside another matter: a softer pace, and the matter is answered all the same."""

from __future__ import annotations

import pytest

from actions.account import ActionAskCharges
from actions.care import ActionDistress
from actions.dialogue import ActionMisunderstood, ActionRequestHuman
from actions.hardship import ValidateHardshipForm
from actions.pace import HOLDS_FOR
from actions.services import Services
from tests.actions.helpers import MESSAGE, Said, money, run, tracker

ASKED = Said("睡不着，罚息怎么这么高？", "ask_charges", care="distress")


def test_a_question_asked_in_distress_brings_a_number_and_then_its_answer(services: Services) -> None:
    outcome = run(ActionAskCharges(), tracker(ASKED))
    assert outcome.said[0] == "utter_softer_pace" and len(outcome.said) > 1
    assert outcome.messages[0]["mental_health"] == "12356"


def test_an_answer_in_distress_is_taken(services: Services) -> None:
    said = Said("天天失眠，工资四千", "nlu_fallback", entities=[money(4000)], care="distress")
    outcome = run(ValidateHardshipForm(), tracker(said, form="hardship_form", asks="monthly_income"))
    assert outcome.said[0] == "utter_softer_pace" and outcome.slots["monthly_income"] == "given"


def test_an_answer_that_is_taken_for_nothing_but_distress_is_taken_with_the_same_words(
    services: Services,
) -> None:
    said = Said("天天失眠，工资四千", "express_distress", entities=[money(4000)], care="distress")
    outcome = run(ValidateHardshipForm(), tracker(said, form="hardship_form", asks="monthly_income"))
    assert outcome.said[0] == "utter_softer_pace" and outcome.slots["monthly_income"] == "given"


def test_distress_alone_has_words_of_its_own_and_no_others(services: Services) -> None:
    said = Said("我撑不住了", "express_distress", care="distress")
    aside = run(ValidateHardshipForm(), tracker(said, form="hardship_form", asks="monthly_income"))
    answered = run(ActionDistress(), tracker(said, form="hardship_form", asks="monthly_income"))
    assert not aside.said and answered.said == ["utter_distress"]
    assert answered.slots["softened_at"] == MESSAGE


def test_a_question_in_the_middle_of_a_form_is_left_to_its_own_answer(services: Services) -> None:
    outcome = run(ValidateHardshipForm(), tracker(ASKED, form="hardship_form", asks="monthly_income"))
    assert not outcome.said and not outcome.slots


def test_two_actions_in_one_turn_say_it_once(services: Services) -> None:
    again = run(ActionMisunderstood(), tracker(Said("好累", care="distress"), softened_at=MESSAGE))
    assert "utter_softer_pace" not in again.said


@pytest.mark.parametrize(("later", "said"), [(1, False), (HOLDS_FOR, True)])
def test_it_holds_for_a_while(services: Services, later: int, said: bool) -> None:
    between = [Said("嗯", message_id=f"m{number}").as_event() for number in range(later)]
    before = [Said(message_id="first").as_event(), *between[1:]]
    outcome = run(ActionAskCharges(), tracker(ASKED, before=before, softened_at="first"))
    assert ("utter_softer_pace" in outcome.said) is said


@pytest.mark.parametrize("care", [None, "self_harm"])
def test_without_distress_nothing_is_added(services: Services, care: str | None) -> None:
    outcome = run(ActionAskCharges(), tracker(Said("罚息怎么算", "ask_charges", care=care)))
    assert "utter_softer_pace" not in outcome.said


def test_who_asks_for_a_person_is_not_offered_one(services: Services) -> None:
    outcome = run(ActionRequestHuman(), tracker(Said("我要崩溃了，找人工", "request_human", care="distress")))
    assert "utter_softer_pace" not in outcome.said
