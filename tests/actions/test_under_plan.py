"""Asked of a plan in force, and beside a loan: answered for a loan without a plan it would be wrong."""

from __future__ import annotations

import pytest

from actions.account_facts import ActionAskConsequences, ActionAskCreditRecord
from actions.agreement_life import ValidateChangeForm, ValidateWithdrawalForm
from actions.complaint_forms import ValidateComplaintForm
from actions.complaints import ActionComplainContact, ActionComplainDisclosure
from actions.dialogue import ActionMisunderstood
from actions.hardship import ValidateHardshipForm
from actions.services import Services
from actions.small_plan_answers import ANSWERS
from casestore import complaints
from casestore.agreement import AgreementView
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, run, tracker
from tests.actions.test_agreement_life import agreed, renegotiating  # noqa: F401
from tests.actions.told_beside import said
from tests.conversations.people import Person


def heard(message: Said, before: list[Said] | None = None) -> Outcome:
    """What is answered outside any form, whatever the message was taken for."""
    return run(ActionMisunderstood(), tracker(message, before=[each.as_event() for each in before or []]))


def asked(text: str, about: str, intent: str = "nlu_fallback") -> Said:
    """A message with the words of a small question."""
    message = said(text, intent)
    message.entities.append(entity("asked_about", about))
    return message


@pytest.mark.parametrize(
    ("text", "response"),
    [
        ("签了方案他们还能不能打，你就回答我能还是不能", "utter_calls_under_plan"),
        ("那催收的是不是又要开始打电话了，我真怕他们打到医院来", "utter_calls_under_plan"),
        ("are they allowed to call me now or not?", "utter_calls_under_plan"),
        ("Do I get charged extra for being late with it", "utter_late_costs_under_plan"),
        ("前面减的罚息又加回来吗", "utter_late_costs_under_plan"),
        ("退了会怎样，是不是马上要我一次性全还", "utter_after_withdrawal"),
        ("What happens to the money I have paid already if I withdraw", "utter_after_withdrawal"),
        ("降了总共要多还多少利息啊", "utter_change_cost"),
        ("And would that change how much I pay altogether?", "utter_change_cost"),
        ("And if you people don't agree to reduce it?", "utter_change_refused"),
        ("要是不同意怎么办", "utter_change_refused"),
        ("那第二期呢第二期也要跟着往后推吗", "utter_later_ones_stay"),
        ("剩下的什么时候补", "utter_rest_by"),
        ("and the rest, when would you want that by", "utter_rest_by"),
    ],
)
def test_is_answered_of_the_plan_in_force(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
    response: str,
) -> None:
    message = said(text)
    message.entities.append(entity("question", "asked"))
    assert heard(message).said == [response]


def test_hears_by_when_the_rest_of_the_part_told_before_is_to_come(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    outcome = heard(said("剩下的什么时候补"), before=[said("这期640 我手上只有300")])
    assert f"{(agreed.next_payment - 30_000) / 100:,.2f}" in outcome.messages[0]["left"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("钱上周五就转过去了 怎么还催", "report_paid"),
        ("i paid this last tuesday why are you still chasing me", "report_paid"),
        ("我不会打字，能不能打电话给我说", "request_human"),
        ("are they allowed to call my mum?", "ask_my_rights"),
        ("explain the late fee on my statement", "ask_charges"),
        ("我是从哪天开始算逾期的", "ask_due_date"),
    ],
)
def test_a_message_about_something_else_is_left_alone(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
    intent: str,
) -> None:
    assert not any("under_plan" in each for each in heard(said(text, intent)).said)


@pytest.mark.parametrize("text", ["签了方案他们还能不能打", "剩下的什么时候补"])
def test_without_a_plan_the_words_say_nothing(services: Services, verified: Person, text: str) -> None:
    outcome = heard(said(text))
    assert not any(each.startswith(("utter_calls_under", "utter_rest_by")) for each in outcome.said)


@pytest.mark.parametrize(
    "text",
    ["方案都签了为什么还有人给我打电话！！！", "I thought that was meant to stop when I signed the plan"],
)
def test_is_called_though_there_is_a_plan_and_can_complain(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
) -> None:
    assert heard(said(text)).said == ["utter_calls_under_plan"]


def test_a_complaint_is_taken_in_beside_the_answer(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    message = said("will they start calling again? they rang my ward last time", "complain_contact")
    outcome = run(ActionComplainContact(), tracker(message))
    assert outcome.said[:2] == ["utter_calls_under_plan", "utter_complaint_contact"]
    assert complaints.open_of(services.store, SESSION, "contact") is not None


@pytest.mark.parametrize("topic", ["collection_pause", "interest_running"])
def test_learnt_questions_know_of_the_plan(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    topic: str,
) -> None:
    outcome = heard(said("?", read={"small_question": {"topic": topic, "score": 2.0}}))
    assert outcome.said and all("under_plan" in each for each in outcome.said)
    assert topic in ANSWERS


def test_what_follows_from_not_paying_is_told_of_the_plan(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    outcome = run(ActionAskConsequences(), tracker(said("如果下一期也还不上怎么办", "ask_consequences")))
    assert outcome.said == ["utter_consequences_under_plan"]


def test_prison_is_answered_with_a_plan_as_well(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    outcome = run(ActionAskConsequences(), tracker(asked("会坐牢吗", "prison", "ask_consequences")))
    assert outcome.said[0] == "utter_consequences"


def test_the_credit_record_is_told_of_the_plan(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    outcome = run(ActionAskCreditRecord(), tracker(said("征信上会显示吗", "ask_credit_record")))
    assert outcome.said == ["utter_credit_record", "utter_credit_record_own_plan"]


def test_withdraws_while_another_plan_is_looked_for(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    renegotiating(services)
    message = said("算了，我不想要这个方案了，能退吗", "cancel_agreement")
    message.entities.append(entity("never_mind", "stops"))
    outcome = answer(ValidateHardshipForm(), message, "statement_confirmed")
    assert outcome.said == [] and outcome.events == []  # left to the rule for a withdrawal


def test_leaves_the_questions_and_hears_that_the_plan_stays(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    renegotiating(services)
    message = said("算了")
    message.entities.append(entity("never_mind", "stops", start=0, end=2))
    assert answer(ValidateHardshipForm(), message, "statement_confirmed").said == ["utter_left_agreed"]


@pytest.mark.parametrize(
    "text",
    [
        "Could the payments be moved to a few days after payday? I'm paid on the 28th",
        "能不能把日子挪到20号，晚几天",
    ],
)
def test_wants_another_due_day_and_not_to_pay_late_once(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
) -> None:
    outcome = answer(ValidateChangeForm(), said(text, "request_due_date_change"), "change_wanted")
    assert "utter_change_begins" in outcome.said


def test_asks_what_withdrawing_does_before_the_yes(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    message = said("退了以后我付过的钱怎么办", "report_paid")
    outcome = answer(ValidateWithdrawalForm(), message, "withdrawal_confirmed")
    assert outcome.said == ["utter_after_withdrawal"] and outcome.slots["withdrawal_confirmed"] is None


# Beside the loan


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("My brother-in-law stood as guarantor for me. You people will call him?", "complain_disclosure"),
        ("当初我女婿给我签字做的担保，你们会不会去找他要", "nlu_fallback"),
    ],
)
def test_a_question_about_a_guarantor_is_no_complaint(
    services: Services, verified: Person, text: str, intent: str
) -> None:
    outcome = run(ActionComplainDisclosure(), tracker(asked(text, "guarantor", intent)))
    assert outcome.said == ["utter_guarantor_called"]
    assert complaints.open_of(services.store, SESSION, "disclosure") is None


@pytest.mark.parametrize(
    ("text", "about", "response"),
    [
        ("他要是替我还了，我是不是就欠他的了", "guarantor_paid", "utter_guarantor_paid"),
        ("我老公明年想买房贷款，我的记录会影响他吗", "family_record", "utter_family_record"),
        ("my son is applying for a loan, will my record spoil his?", "family_record", "utter_family_record"),
        ("听人家说欠款过了三年就不用还了，有这个讲法没有?", "limitation", "utter_limitation"),
        ("and if i pay like 20 does that start the clock over?", "limitation", "utter_limitation"),
    ],
)
def test_is_asked_beside_the_loan(
    services: Services, verified: Person, text: str, about: str, response: str
) -> None:
    message = asked(text, about)
    message.entities.append(entity("question", "asked"))
    message.read = {
        **message.as_event()["parse_data"],
        "small_question": {"topic": "written_off", "score": 1.0},
    }
    outcome = heard(message)
    assert outcome.said == [response]


def test_the_years_start_anew_by_a_demand_where_the_pack_says_so(
    services: Services, verified: Person
) -> None:
    message = asked("打电话来催三年是重新算吗", "limitation")
    message.entities.append(entity("question", "asked"))
    assert "催要" in heard(message).messages[0]["restart"]


def test_asks_whether_a_caller_is_genuine(services: Services) -> None:
    message = asked("前天有个姓刘的打电话说是你们委托的公司，真的假的", "genuine")
    assert heard(message).said == ["utter_check_caller"]


def test_asks_whether_this_page_is_genuine(services: Services) -> None:
    assert heard(asked("你们真的假的", "genuine")).said == ["utter_is_genuine"]


def test_a_complaint_form_keeps_to_its_question(services: Services) -> None:
    outcome = answer(ValidateComplaintForm(), said("昨天上午"), "complaint_when")
    assert "utter_calls_under_plan" not in outcome.said
