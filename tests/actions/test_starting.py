"""Skill dialogue: how a conversation begins, begins again after a silence, and starts over."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import yaml

from actions import base
from actions.flow import NO
from actions.services import Services
from actions.starting import (
    ActionAfterRestart,
    ActionSessionStart,
    ActionStartOver,
    ValidateRestartForm,
)
from casestore import consents, handover, hardship, sessions
from casestore.sessions import Session
from cli.environment import ROOT
from hardship.identity import Login
from tests.actions.helpers import SESSION, Said, answer, entity, money, run, tracker
from tests.actions.told_beside import said as told
from tests.conversations.people import Person


def session(services: Services) -> Session:
    """What the store knows of the conversation."""
    found = sessions.get(services.store, SESSION)
    assert found is not None
    return found


def silent_tracker() -> object:
    """A conversation in which nobody has said anything."""
    conversation = tracker()
    conversation.events = []
    return conversation


def test_a_first_message_finds_a_session_as_rasa_would_start_it(services: Services) -> None:
    outcome = run(ActionSessionStart(), silent_tracker())  # type: ignore[arg-type]
    assert [event["event"] for event in outcome.events] == ["session_started", "slot", "action"]
    assert outcome.slots == {"language": "zh"} and outcome.said == []


def test_after_a_silence_whoever_goes_on_is_verified_and_asked_for_consent_again(
    services: Services, stated: str
) -> None:
    outcome = run(ActionSessionStart(), tracker(language="en"))
    assert outcome.slots == {"language": "en", "returning": True}
    assert session(services).borrower_id is None and session(services).case_id is None
    version = services.policy.privacy.notice_version.value
    assert not consents.is_given(services.store, SESSION, "privacy", version)


@pytest.mark.parametrize(("minutes", "still_verified"), [(59, True), (61, False)])
def test_a_borrower_handed_over_by_the_lender_has_an_hour_to_say_a_first_word(
    services: Services, person: Person, monkeypatch: pytest.MonkeyPatch, minutes: int, still_verified: bool
) -> None:
    store = services.store
    begun = handover.begin(store, "id of a hand-over", Login("loan_number", person.loan_numbers[0]), "web")
    later = store.clock() + timedelta(minutes=minutes)
    monkeypatch.setattr(
        base, "services", lambda: replace(services, store=replace(store, clock=lambda: later))
    )
    conversation = tracker()
    conversation.events, conversation.sender_id = [], begun
    run(ActionSessionStart(), conversation)
    found = sessions.get(store, str(begun))
    assert found is not None and (found.borrower_id is not None) is still_verified


def test_that_hour_is_the_silence_that_ends_a_session() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    minutes = domain["session_config"]["session_expiration_time"]
    assert timedelta(minutes=minutes) == handover.FIRST_WORD


def test_a_store_that_is_down_holds_up_no_conversation(services: Services, monkeypatch) -> None:
    monkeypatch.setattr(base.news, "tell", lambda turn: 1 / 0)
    outcome = run(ActionSessionStart(), tracker())
    assert [event["event"] for event in outcome.events] == ["session_started", "slot", "action"]
    assert outcome.said == []


def test_starting_over_with_nothing_said_asks_nothing(services: Services) -> None:
    outcome = run(ActionStartOver(), tracker(goal="balance"))
    assert outcome.said == ["utter_started_over"] and outcome.slots["goal"] is None


def test_starting_over_in_the_middle_is_confirmed_first(services: Services) -> None:
    outcome = run(ActionStartOver(), tracker(form="hardship_form", asks="housing", goal="plan"))
    assert outcome.followed_by == "restart_form" and outcome.slots["forms_left"] == ["hardship_form"]
    assert "goal" not in outcome.slots


def test_starting_over_before_consent_asks_nothing(services: Services) -> None:
    outcome = run(ActionStartOver(), tracker(form="consent_form", asks="privacy_consent", goal="plan"))
    assert outcome.said == ["utter_started_over"] and outcome.left_the_form


def test_starting_over_between_two_topics_knows_the_way_back_to_both(services: Services) -> None:
    slots = {"asks": "topic_choice", "forms_left": ["hardship_form"]}
    outcome = run(ActionStartOver(), tracker(form="topic_form", **slots))
    assert outcome.followed_by == "restart_form"
    assert outcome.slots["forms_left"] == ["hardship_form", "topic_form"]


def test_starting_over_with_answers_on_record_is_confirmed_first(services: Services, stated: str) -> None:
    assert run(ActionStartOver(), tracker()).followed_by == "restart_form"


def test_yes_and_saying_it_again_start_over_and_no_does_not(services: Services) -> None:
    validator = ValidateRestartForm()
    for intent, confirmed in (("affirm", "given"), ("start_over", "given"), ("deny", "declined")):
        slots = answer(validator, Said("x", intent), "restart_confirmed").slots
        assert slots["restart_confirmed"] == confirmed


def test_an_amount_is_no_yes_to_starting_over(services: Services) -> None:
    outcome = answer(
        ValidateRestartForm(), Said("6500", "affirm", entities=[money(6500)]), "restart_confirmed"
    )
    assert outcome.slots["restart_confirmed"] is None and outcome.said == ["utter_explain_restart_confirmed"]


def test_after_a_yes_the_questions_begin_with_no_answers_and_the_record_stays(
    services: Services, stated: str
) -> None:
    outcome = run(ActionAfterRestart(), tracker(restart_confirmed="given", goal="plan"))
    assert outcome.said == ["utter_started_over"] and outcome.slots["goal"] is None
    assert session(services).case_id is None and session(services).borrower_id is not None
    assert hardship.answers(services.store, stated)["monthly_income"] == 650000


def test_after_a_no_the_open_question_comes_back(services: Services, verified: Person) -> None:
    outcome = run(ActionAfterRestart(), tracker(restart_confirmed="declined", forms_left=["hardship_form"]))
    assert outcome.said == ["utter_not_started_over", "utter_back_to"]
    assert outcome.followed_by == "hardship_form"


def test_who_asks_not_to_start_over_loses_nothing(services: Services) -> None:
    for said in (
        Said("算了别重来了，接着弄", "start_over", entities=[entity("refusal", "ahead")]),
        Said("don't start over", "start_over", entities=[entity("refusal", "ahead")]),
        Said(
            "never mind starting over",
            "start_over",
            entities=[entity("never_mind", "called_off", start=0, end=10)],
        ),
    ):
        assert (
            answer(ValidateRestartForm(), said, "restart_confirmed").slots["restart_confirmed"] == "declined"
        )


@pytest.mark.parametrize(
    "text",
    [
        "Is there an easier version? I don't want to start all over again",
        "please don't make me start over",
        "不想从头再来一遍，有没有轻松点的",
        "我不要重新开始",
    ],
)
def test_who_refuses_to_start_over_keeps_it_all(services: Services, stated: str, text: str) -> None:
    outcome = run(ActionStartOver(), tracker(told(text, "start_over")))
    assert outcome.said[0].startswith("utter_not_started_over") and outcome.followed_by != "restart_form"


@pytest.mark.parametrize(
    "text",
    ["start over please, I don't like this", "重新来吧，刚才的不要了", "I don't like it start over"],
)
def test_who_refuses_something_else_is_asked(services: Services, stated: str, text: str) -> None:
    outcome = run(ActionStartOver(), tracker(told(text, "start_over")))
    assert outcome.followed_by == "restart_form"


@pytest.mark.parametrize("text", ["no need to start over", "不用从头来了吧"])
def test_asked_whether_to_start_over_refuses_in_words_of_its_own(services: Services, text: str) -> None:
    assert answer(ValidateRestartForm(), told(text), "restart_confirmed").slots["restart_confirmed"] == NO
