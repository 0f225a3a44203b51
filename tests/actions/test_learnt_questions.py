"""Small questions learnt from examples: each topic has an answer, and nothing said beside one is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import base, small_answers
from actions.account_facts import ActionAskConsequences
from actions.base import RespiteAction
from actions.care import ActionSelfHarm
from actions.complaints import ActionComplainContact
from actions.dialogue import ActionAskWhatNext, ActionBotIdentity, ActionMisunderstood, ActionOutOfScope
from actions.hardship import ValidateHardshipForm
from actions.offers import ActionRequestPlan
from actions.plan_form import ValidatePlanForm
from actions.services import Services
from bot.nlu.small_questions import questions
from casestore import handoffs
from casestore.plan import Proposal
from hardship.policy import load_policy
from hardship.policy_file import DEFAULT_PACK
from tests.actions.helpers import SESSION, Said, answer, entity, money, run, tracker
from tests.conversations.people import Person

TOPICS = sorted({topic for topic, _ in questions()})
# Of these there is something to say only while something waits, or was noted; the family has to be named.
ONLY_SOMETIMES = {"meanwhile", "noted", "outcome", "progress"}


def asks(topic: str, intent: str = "nlu_fallback", score: float = 0.5, **said: object) -> Said:
    """A message that was learnt to ask about `topic`."""
    read = {"small_question": {"topic": topic, "score": score}}
    return Said("…", intent, read=read, **said)  # type: ignore[arg-type]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("topic", sorted(set(TOPICS) - ONLY_SOMETIMES))
def test_every_topic_has_an_answer(services: Services, topic: str, language: str) -> None:
    outcome = run(ActionMisunderstood(), tracker(asks(topic, entities=[TERM]), language=language))
    assert outcome.said and not outcome.said[0].startswith(("utter_say_it", "utter_technical"))
    assert outcome.slots["misunderstandings"] == 0


def test_no_topic_is_left_without_one() -> None:
    assert [topic for topic in TOPICS if not small_answers.has(topic)] == []


TERM = entity("term", "penalty_interest")


@pytest.mark.parametrize(
    ("heard", "action"),
    [
        ("out_of_scope", ActionOutOfScope()),
        ("ask_bot_identity", ActionBotIdentity()),
        ("ask_capabilities", ActionBotIdentity()),
    ],
)
def test_it_is_answered_whatever_near_it_it_was_taken_for(
    services: Services, heard: str, action: RespiteAction
) -> None:
    assert run(action, tracker(asks("the_catch", heard))).said == ["utter_about_the_catch"]


def test_a_clear_wish_is_no_question_about_it(services: Services) -> None:
    said = asks("lowest_possible", "request_lower_instalments", score=0.8)
    assert "utter_about_lowest_possible" not in run(ActionRequestPlan(), tracker(said)).said
    assert run(ActionAskWhatNext(), tracker(asks("think_over", "deny", score=0.8))).said == [
        "utter_what_next"
    ]


def test_inside_a_form_the_question_stays_open(services: Services, verified: Person) -> None:
    outcome = answer(ValidateHardshipForm(), asks("why_figures"), "monthly_income")
    assert outcome.said == ["utter_about_why_figures"]
    assert outcome.slots["monthly_income"] is None


def test_a_figure_beside_a_question_is_not_lost(services: Services, verified: Person) -> None:
    said = asks("what_is_income", entities=[money(4500)])
    outcome = answer(ValidateHardshipForm(), said, "monthly_income", detail_consent="given")
    assert outcome.slots["monthly_income"] == "given"


def test_who_cannot_tell_because_the_income_changes_hears_how_to_reckon_it(
    services: Services, verified: Person
) -> None:
    said = asks("income_varies", "dont_know", score=0.0)
    assert answer(ValidateHardshipForm(), said, "monthly_income").said == ["utter_about_income_varies"]


def test_after_danger_nothing_else_is_talked_about(services: Services) -> None:
    run(ActionSelfHarm(), tracker(Said("…", "express_self_harm")))
    outcome = run(ActionMisunderstood(), tracker(asks("the_catch")))
    assert outcome.followed_by == "action_danger_waits"
    assert handoffs.danger_waits(services.store, SESSION)


def test_a_word_is_explained_and_asked_for_when_none_is_named(services: Services) -> None:
    named = tracker(asks("meaning_of_term", "ask_charges", entities=[TERM]))
    assert run(ActionMisunderstood(), named).said == ["utter_term_penalty_interest"]
    assert run(ActionMisunderstood(), tracker(asks("meaning_of_term"))).said == ["utter_say_it_differently"]


def test_interest_goes_on_and_what_a_plan_stops_is_said(services: Services) -> None:
    outcome = run(ActionMisunderstood(), tracker(asks("interest_running")))
    assert outcome.said == ["utter_about_interest_running", "utter_about_interest_stops"]


def test_what_comes_next_depends_on_what_has_been_done(services: Services, offered: Proposal) -> None:
    outcome = run(ActionMisunderstood(), tracker(asks("what_next")))
    assert outcome.said == ["utter_about_what_next_at_offers"]


@pytest.mark.parametrize("topic", ["lowest_possible", "how_chosen", "instalment_date"])
def test_with_offers_on_the_table_they_are_told(services: Services, offered: Proposal, topic: str) -> None:
    assert run(ActionMisunderstood(), tracker(asks(topic))).said == ["utter_offer_facts"]


@pytest.mark.parametrize("topic", sorted(set(TOPICS) - ONLY_SOMETIMES))
def test_another_country_has_the_figures_of_every_answer(
    services: Services, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = replace(services, policy=load_policy(DEFAULT_PACK.with_name("uk.yml")))
    monkeypatch.setattr(base, "services", lambda: elsewhere)
    said = run(ActionMisunderstood(), tracker(asks(topic, entities=[TERM]), language="en")).said
    assert said and not said[0].startswith(("utter_say_it", "utter_technical"))


def test_while_a_plan_is_chosen_a_missed_instalment_is_one_of_that_plan(
    services: Services, offered: Proposal
) -> None:
    said = asks("miss_one", "ask_consequences", score=1.2)
    assert answer(ValidatePlanForm(), said, "plan_choice").said == ["utter_about_miss_one"]
    assert run(ActionAskConsequences(), tracker(said)).said[0] != "utter_about_miss_one"


def test_who_names_a_plan_chooses_and_asks_nothing(services: Services, offered: Proposal) -> None:
    said = asks("what_next", entities=[entity("option_number", 2)])
    chosen = answer(ValidatePlanForm(), said, "plan_choice", offers_shown="given")
    assert chosen.slots["plan_choice"] == offered.offers[1].offer_id


def test_proof_told_after_a_complaint_is_no_question_about_proof(services: Services) -> None:
    run(ActionComplainContact(), tracker(Said("半夜打电话骂我，我要投诉", "complain_contact")))
    told = run(ActionMisunderstood(), tracker(asks("evidence")))
    assert "utter_about_evidence" not in told.said
    asked = asks("evidence", entities=[entity("question", "asked")])
    assert run(ActionMisunderstood(), tracker(asked)).said == ["utter_about_evidence"]


def test_who_is_verified_hears_what_the_word_comes_to_on_their_own_loan(
    services: Services, verified: Person
) -> None:
    outcome = run(ActionMisunderstood(), tracker(asks("meaning_of_term", entities=[TERM])))
    assert outcome.said == ["utter_term_penalty_interest", "utter_term_own"]
    assert outcome.messages[1]["amount"] == "¥31.00"


def test_who_is_not_verified_hears_the_meaning_alone(services: Services) -> None:
    outcome = run(ActionMisunderstood(), tracker(asks("meaning_of_term", entities=[TERM])))
    assert outcome.said == ["utter_term_penalty_interest"]
