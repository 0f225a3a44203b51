"""Skills rights, education and feedback: what is told, and what follows after a form."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import base
from actions.dialogue import ActionMisunderstood
from actions.education import ActionAskBudgetAdvice, ActionAskDebtAdvice
from actions.feedback import ActionGiveFeedback, ValidateFeedbackForm
from actions.flow_slots import INTAKE_SLOTS
from actions.rights import ActionAfterRights, ActionAskMyRights
from actions.services import Services
from actions.starting import ActionStartOver
from casestore import feedback, hardship
from hardship.policy import load_policy
from hardship.policy_file import DEFAULT_PACK
from tests.actions.helpers import Said, answer, entity, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person


def rated(stars: int) -> Said:
    return Said(f"{stars}分", "give_feedback", entities=[entity("rating", str(stars))])


def test_rights_and_numbers_come_from_the_pack(services: Services) -> None:
    rules, where = run(ActionAskMyRights(), tracker()).messages
    assert "22:00" in rules["rules"] and "08:00" in rules["rules"] and "3 次" in rules["rules"]
    assert all(number in where["hotlines"] for number in ("12378", "12363", "12348", "12345"))
    assert where["days"] == services.policy.legal.complaint_days.value


def test_another_packs_rights_name_no_number_of_this_country(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    uk = replace(services, policy=load_policy(DEFAULT_PACK.with_name("uk.yml")))
    monkeypatch.setattr(base, "services", lambda: uk)
    messages = run(ActionAskMyRights(), tracker(language="en")).messages
    assert "12378" not in str(messages)


def test_after_a_form_of_rights_its_slots_are_empty_and_something_comes_next(services: Services) -> None:
    outcome = run(ActionAfterRights(), tracker(complaint_when="given"))
    assert outcome.said == ["utter_what_next"]
    assert all(outcome.slots[name] is None for name in INTAKE_SLOTS)


def test_starting_over_forgets_these_forms_too(services: Services) -> None:
    outcome = run(ActionStartOver(), tracker(complaint_when="given"))
    assert all(outcome.slots[name] is None for name in INTAKE_SLOTS)


def test_after_a_form_of_rights_the_plan_goes_on(services: Services) -> None:
    outcome = run(ActionAfterRights(), tracker(goal="plan"))
    assert outcome.said == ["utter_back_to_plan"] and outcome.followed_by == "consent_form"


def test_after_a_dispute_of_a_stranger_the_question_about_verification_stands(services: Services) -> None:
    outcome = run(ActionAfterRights(), tracker(goal="dispute", dispute_words="unverified"))
    assert outcome.said == [] and outcome.followed_by is None


def test_budget_advice_is_general_for_a_stranger(services: Services) -> None:
    assert run(ActionAskBudgetAdvice(), tracker()).said == ["utter_budget_advice"]


def test_budget_advice_takes_up_the_own_statement(services: Services, stated: str) -> None:
    own = run(ActionAskBudgetAdvice(), tracker()).messages[1]
    assert own["response"] == "utter_budget_own" and own["left"] == "¥3,500.00"


def test_budget_advice_says_kindly_what_is_missing(services: Services, stated: str) -> None:
    hardship.record_answer(services.store, stated, "housing", 600000)
    own = run(ActionAskBudgetAdvice(), tracker()).messages[1]
    assert own["response"] == "utter_budget_own_short" and own["left"] == "¥1,000.00"


def test_debt_advice_names_free_help(services: Services) -> None:
    message = run(ActionAskDebtAdvice(), tracker()).messages[0]
    assert message["legal_aid"] == "12348" and message["anti_fraud"] == "96110"


@pytest.mark.parametrize("stars", [1, 2, 3, 4, 5])
def test_a_rating_is_counted(services: Services, stars: int) -> None:
    outcome = run(ActionGiveFeedback(), tracker(rated(stars)))
    assert feedback.totals(services.store) == {stars: 1}
    assert outcome.said == ["utter_feedback_sorry" if stars < 3 else "utter_feedback_thanks"]


def test_a_remark_without_a_number_is_asked_for_one(services: Services) -> None:
    outcome = run(ActionGiveFeedback(), tracker(Said("挺好的", "give_feedback")))
    assert outcome.said == ["utter_feedback_heard"] and outcome.followed_by == "feedback_form"


@pytest.mark.parametrize("said", [rated(4), Said("4", "choose_option")])
def test_the_form_takes_a_rating(services: Services, said: Said) -> None:
    assert answer(ValidateFeedbackForm(), said, "feedback_rating").slots["feedback_rating"] == "given"
    assert feedback.totals(services.store) == {4: 1}


@pytest.mark.parametrize("said", [Said("不打分", "dont_know"), Said("没用", "give_feedback")])
def test_without_a_number_the_remark_alone_is_counted(services: Services, said: Said) -> None:
    answer(ValidateFeedbackForm(), said, "feedback_rating")
    assert feedback.totals(services.store) == {0: 1}


@pytest.mark.parametrize("text", ["8 out of 10", "等了5分钟", "10", "0"])
def test_a_number_of_another_scale_is_no_rating(services: Services, text: str) -> None:
    assert run(ActionGiveFeedback(), tracker(Said(text, "give_feedback"))).followed_by == "feedback_form"
    assert feedback.totals(services.store) == {}


def test_inside_a_form_the_remark_is_counted_and_the_form_goes_on(
    services: Services, verified: Person
) -> None:
    said = Said("你们服务真差", "give_feedback")
    outcome = run(ActionGiveFeedback(), tracker(said, form="hardship_form", asks="housing"))
    assert outcome.said == ["utter_feedback_thanks"] and feedback.totals(services.store) == {0: 1}


@pytest.mark.parametrize(
    "text",
    [
        "如果你们不管我还能去哪儿投诉",
        "Kindly tell me where I can complain outside the bank also",
        "is there an ombudsman or somewhere else to complain?",
        "我找谁投诉你们？监管部门电话多少",
    ],
)
@pytest.mark.parametrize("heard", ["ask_my_rights", "nlu_fallback"])
def test_who_asks_for_the_regulator_hears_the_numbers_alone(
    services: Services, text: str, heard: str
) -> None:
    action = ActionAskMyRights() if heard == "ask_my_rights" else ActionMisunderstood()
    outcome = run(action, tracker(said(text, heard)))
    assert outcome.said == ["utter_regulators"] and "12378" in outcome.messages[0]["hotlines"]
