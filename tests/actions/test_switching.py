"""Skill dialogue: another topic in the middle, the way back, and leaving a question."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from actions.flow import ActionNextStep
from actions.fraud import ActionReportFraud
from actions.hardship import ValidateHardshipForm
from actions.rights import ActionAfterRights
from actions.services import Services
from actions.switching import ActionAfterTopic, ActionAskTopicChoice, ValidateTopicForm
from actions.wording import exists
from casestore import disputes, hardship, sessions
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, money, run, tracker
from tests.conversations.people import Person

ROOT = Path(__file__).resolve().parents[2]
DOMAIN = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
CALLED_OFF = entity("never_mind", "called_off", start=0, end=2)


def stop(word: str, around: str = "", taken_for: str = "deny", means: str = "alone") -> Said:
    """The words alone, or with something behind them."""
    return Said(word + around, taken_for, entities=[entity("never_mind", means, start=0, end=len(word))])


@pytest.mark.parametrize("form", sorted(DOMAIN["forms"]))
def test_every_form_has_a_name_to_come_back_to(form: str) -> None:
    assert exists(f"utter_place_{form}")


def test_the_question_names_the_topic_and_the_way_back(services: Services) -> None:
    outcome = run(ActionAskTopicChoice(), tracker(topic="complaint_form", forms_left=["hardship_form"]))
    assert outcome.said == ["utter_topic_now_or_later"]
    assert outcome.messages[0]["topic"] == "投诉的细节" and outcome.messages[0]["place"] == "您的困难和收支"


def test_a_topic_that_waited_is_offered_without_a_way_back(services: Services) -> None:
    assert run(ActionAskTopicChoice(), tracker(topic="paid_form")).said == ["utter_topic_still_waits"]


@pytest.mark.parametrize(
    ("said", "choice"),
    [
        (Said("好", "affirm"), "now"),
        (Said("now", entities=[entity("pay_rhythm", "now")]), "now"),
        (Said("not now", "pause_conversation", entities=[entity("pay_rhythm", "now")]), "later"),
        (Said("以后再说", "pause_conversation"), "later"),
        (Said("算了", "deny", entities=[CALLED_OFF]), "later"),
        (Said("6500", "affirm", entities=[money(6500)]), "later"),
    ],
    ids=lambda value: value.text if isinstance(value, Said) else value,
)
def test_now_or_later(services: Services, said: Said, choice: str) -> None:
    assert answer(ValidateTopicForm(), said, "topic_choice").slots["topic_choice"] == choice


def test_a_question_meanwhile_is_answered_by_its_rule(services: Services) -> None:
    assert answer(ValidateTopicForm(), Said("你是谁", "ask_bot_identity"), "topic_choice").events == []


def test_now_opens_the_topic(services: Services) -> None:
    chosen = {"topic": "complaint_form", "topic_choice": "now", "forms_left": ["hardship_form"]}
    outcome = run(ActionAfterTopic(), tracker(**chosen))
    assert outcome.followed_by == "complaint_form" and "forms_left" not in outcome.slots


def test_later_goes_back_and_keeps_the_topic(services: Services, verified: Person) -> None:
    chosen = {"topic": "complaint_form", "topic_choice": "later", "forms_left": ["hardship_form"]}
    outcome = run(ActionAfterTopic(), tracker(**chosen))
    assert outcome.said == ["utter_topic_kept", "utter_back_to"]
    assert outcome.slots["topics_waiting"] == ["complaint_form"]
    assert outcome.followed_by == "hardship_form"


def test_offered_again_and_not_wanted_the_topic_is_let_go(services: Services) -> None:
    outcome = run(ActionAfterTopic(), tracker(topic="complaint_form", topic_choice="later"))
    assert outcome.said == ["utter_topic_let_go", "utter_what_next"]
    assert "topics_waiting" not in outcome.slots


def ended(form: str, **slots: object) -> Outcome:
    """What follows when `form` has ended."""
    conversation = tracker(**slots)  # type: ignore[arg-type]
    conversation.events.append({"event": "action", "name": form})
    return run(ActionNextStep(), conversation)


def test_what_waits_is_offered_when_the_questions_are_done(services: Services, stated: str) -> None:
    slots = {"goal": "plan", "statement_confirmed": stated, "topics_waiting": ["complaint_form"]}
    outcome = ended("hardship_form", **slots)
    assert outcome.followed_by == "topic_form" and outcome.slots["topics_waiting"] is None


def test_what_waits_does_not_come_between_a_choice_and_its_read_back(services: Services, stated: str) -> None:
    outcome = ended("plan_form", plan_choice="some-offer", topics_waiting=["complaint_form"])
    assert outcome.followed_by == "agreement_form"


def test_what_waits_is_offered_after_an_agreement(services: Services, stated: str) -> None:
    slots = {"plan_choice": "some-offer", "agreement_accepted": "given", "topics_waiting": ["paid_form"]}
    assert ended("agreement_form", **slots).followed_by == "topic_form"


def test_after_a_topic_the_form_that_was_left_goes_on(services: Services, verified: Person) -> None:
    outcome = run(ActionAfterRights(), tracker(forms_left=["hardship_form"], goal="plan"))
    assert outcome.said == ["utter_back_to"] and outcome.followed_by == "hardship_form"


def test_after_a_topic_the_next_that_waits_is_offered(services: Services) -> None:
    outcome = run(ActionAfterRights(), tracker(topics_waiting=["paid_form", "data_form"]))
    assert outcome.followed_by == "topic_form" and outcome.slots["topic"] == "paid_form"
    assert outcome.slots["topics_waiting"] == ["data_form"]


def test_nobody_is_led_back_to_their_income_while_the_debt_is_disputed(
    services: Services, verified: Person
) -> None:
    disputes.raise_dispute(
        services.store, SESSION, "not_me", services.policy, services.today(), "不是我借的", "normal"
    )
    outcome = run(ActionAfterRights(), tracker(forms_left=["hardship_form"], goal="plan"))
    assert outcome.followed_by == "action_plan_on_hold"


def test_fraud_waits_for_no_question(services: Services) -> None:
    said = Said("我被骗了", "report_fraud")
    outcome = run(ActionReportFraud(), tracker(said, form="hardship_form", asks="housing"))
    assert outcome.followed_by == "fraud_form" and outcome.slots["forms_left"] == ["hardship_form"]


@pytest.mark.parametrize(
    "said",
    [
        Said("算了", "deny", entities=[CALLED_OFF]),
        Said("不想填了", "refuse_identity", entities=[entity("never_mind", "stops")]),
        stop("stop", "!"),
        stop("leave it", ".", "pause_conversation", "stops"),
        stop("forget it", "", "start_over", "called_off"),
    ],
    ids=lambda said: said.text,
)
def test_leaving_the_questions_says_what_stays(services: Services, verified: Person, said: Said) -> None:
    outcome = answer(ValidateHardshipForm(), said, "monthly_income")
    assert outcome.said == ["utter_left_hardship_form"]
    assert outcome.slots == {"called_off": "hardship_form", "requested_slot": None}


@pytest.mark.parametrize(
    "said",
    [
        stop("stop", " calling me"),
        stop("leave it", " till tonight", "pause_conversation", "stops"),
        stop("stop it", "", "report_abuse", "stops"),
        Said("算了，我要投诉", "complain_contact", entities=[CALLED_OFF]),
        Said("算了，就3000吧", "deny", entities=[CALLED_OFF, money(3000)]),
    ],
    ids=lambda said: said.text,
)
def test_what_says_something_else_leaves_nothing(services: Services, verified: Person, said: Said) -> None:
    assert "called_off" not in answer(ValidateHardshipForm(), said, "monthly_income").slots


def test_after_leaving_one_can_go_on_after_all(services: Services, verified: Person) -> None:
    outcome = run(ActionNextStep(), tracker(called_off="hardship_form", goal="plan"))
    assert outcome.followed_by is None and outcome.said == []
    assert outcome.slots["forms_left"] == ["hardship_form"] and outcome.slots["goal"] is None
    assert hardship.case(services.store, case_id(services)).state.value == "draft"


def case_id(services: Services) -> str:
    """The conversation's case."""
    found = sessions.get(services.store, SESSION)
    assert found is not None and found.case_id is not None
    return found.case_id


def test_after_leaving_a_topic_the_form_before_goes_on(services: Services, verified: Person) -> None:
    outcome = run(ActionAfterRights(), tracker(called_off="dispute_form", forms_left=["hardship_form"]))
    assert outcome.said == ["utter_back_to"] and outcome.followed_by == "hardship_form"
