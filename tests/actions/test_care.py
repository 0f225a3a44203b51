"""Skill care."""

from __future__ import annotations

import pytest

from actions.care import ActionAbuse, ActionDistress, ActionSelfHarm
from actions.services import Services
from casestore import handoffs
from tests.actions.helpers import Said, run, tracker


def test_danger_brings_the_number_a_person_and_an_end_to_the_questions(services: Services) -> None:
    outcome = run(ActionSelfHarm(), tracker(Said("…", "express_self_harm"), form="hardship_form"))
    assert outcome.messages[0]["mental_health"] == "12356" and outcome.left_the_form
    assert [h.priority for h in handoffs.open_handoffs(services.store)] == ["top"]


def test_the_number_is_said_even_when_nothing_can_be_recorded(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the store is down")

    monkeypatch.setattr(handoffs, "request", broken)
    outcome = run(ActionSelfHarm(), tracker(Said("…", "express_self_harm"), form="hardship_form"))
    assert outcome.said == ["utter_self_harm"] and outcome.left_the_form


def test_distress_offers_a_number_and_leaves_the_question_open(services: Services) -> None:
    outcome = run(ActionDistress(), tracker(Said("好累", "express_distress"), form="hardship_form"))
    assert outcome.said == ["utter_distress"] and not outcome.left_the_form


def test_abuse_brings_the_police_number_and_a_person(services: Services) -> None:
    outcome = run(ActionAbuse(), tracker(Said("…", "report_abuse"), form="hardship_form"))
    assert outcome.messages[0]["police"] == "110" and outcome.left_the_form
    assert [h.priority for h in handoffs.open_handoffs(services.store)] == ["top"]
