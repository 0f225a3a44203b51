"""What is asked of the credit record, of other debts and of words, in messages taken for something else."""

from __future__ import annotations

from typing import Any

import pytest

from actions.account_facts import ActionAskCreditRecord
from actions.agreement_life import ValidateWithdrawalForm
from actions.complaint_forms import ValidateComplaintForm
from actions.complaints import ActionComplainContact
from actions.dialogue import ActionMisunderstood
from actions.hardship import ValidateHardshipForm
from actions.services import Services
from casestore.agreement import AgreementView
from tests.actions.helpers import Outcome, Said, answer, entity, run, tracker
from tests.actions.test_agreement_life import agreed, in_force, renegotiating  # noqa: F401
from tests.actions.told_beside import said
from tests.conversations.people import Person

TOLD_RECORD = [{"event": "action", "name": "action_ask_credit_record"}]


def asked(text: str, *about: str, intent: str = "nlu_fallback", **more: Any) -> Said:
    """A message with the words of small questions; it asks."""
    message = said(text, intent, **more)
    message.entities += [entity("asked_about", each) for each in about]
    message.entities.append(entity("question", "asked"))
    return message


def heard(message: Said, before: list[dict[str, Any]] | None = None) -> Outcome:
    """What is answered outside any form."""
    return run(ActionMisunderstood(), tracker(message, before=before or []))


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("如果我这个月全部还清，记录是不是马上就没了，还是要留好几年", "record_years"),
        ("For how many years it will show there?", "record_years"),
        ("if I clear the full amount, will it be removed or still showing?", "record_years"),
        ("具体会显示成什么样子，别人一查就知道我欠钱？", "record_shows"),
    ],
)
def test_asks_on_of_the_credit_record(services: Services, text: str, about: str) -> None:
    outcome = heard(asked(text, about), TOLD_RECORD)
    assert outcome.said == [f"utter_{about}"] and outcome.messages[0]["years"] == 5


def test_asks_how_the_report_will_read(services: Services, verified: Person) -> None:
    message = asked("does my report say paid then", "record_shows", intent="ask_credit_record")
    assert run(ActionAskCreditRecord(), tracker(message)).said == ["utter_record_shows"]


def test_who_has_a_plan_hears_of_that_too(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    message = asked("征信上现在是写我逾期还是写什么", "record_shows", intent="ask_credit_record")
    outcome = run(ActionAskCreditRecord(), tracker(message))
    assert outcome.said == ["utter_record_shows", "utter_credit_record_own_plan"]


def test_years_of_something_else_are_none_of_the_record(services: Services) -> None:
    assert heard(asked("how many years is the plan", "record_years")).said != ["utter_record_years"]


def test_asks_what_comes_of_leaving_this_debt(services: Services, verified: Person) -> None:
    message = asked("要是先还利息高的，你们这边先放着会怎么样", "leaving_it", intent="request_interest_only")
    assert heard(message).said == ["utter_leaving_it"]


def test_who_has_a_plan_hears_what_leaving_it_does_to_that(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    outcome = heard(asked("what if I skip yours for a month", "leaving_it"))
    assert outcome.said == ["utter_consequences_under_plan"]


def test_asks_whether_a_spending_is_too_much(services: Services, verified: Person) -> None:
    message = asked("吃饭一个月一千二算多吗", "spending_normal", intent="counter_offer")
    assert heard(message).said == ["utter_spending_normal"]


def test_a_spending_that_is_asked_for_is_an_answer(services: Services, verified: Person) -> None:
    message = asked("吃饭一千二算多吗", "spending_normal")
    outcome = answer(ValidateHardshipForm(), message, "living_costs")
    assert "utter_spending_normal" not in outcome.said


@pytest.mark.parametrize("text", ["利息我懂，罚息又是个什么东西", "what on earth is penalty interest"])
def test_asks_what_a_word_means(services: Services, verified: Person, text: str) -> None:
    message = asked(text, "what_it_is")
    message.entities.append(entity("term", "penalty_interest"))
    assert "utter_term_penalty_interest" in heard(message).said


def test_a_borrower_speaks_of_a_guarantor_and_not_for_one(services: Services) -> None:
    message = asked("My brother-in-law stood as guarantor for me. You people will call him?", "my_guarantor")
    message.entities.append(entity("speaks_for", "guarantor"))
    outcome = run(ActionComplainContact(), tracker(message))
    assert outcome.said == ["utter_guarantor_called"]


def test_thinks_again_and_keeps_the_plan(
    services: Services,
    agreed: AgreementView,  # noqa: F811
) -> None:
    message = said("那我再想想，先别退", "pause_conversation")
    message.entities.append(entity("keeps_agreement", "yes"))
    outcome = answer(ValidateWithdrawalForm(), message, "withdrawal_confirmed")
    assert outcome.said == ["utter_withdrawal_left"] and in_force(services) is not None


@pytest.mark.parametrize("text", ["每期还是有点高，降到一千以内行不行", "bring it under 900 a month please"])
def test_a_lower_amount_a_month_is_kept_while_figures_are_read_back(
    services: Services,
    agreed: AgreementView,  # noqa: F811
    text: str,
) -> None:
    renegotiating(services)
    message = said(text, ranking={"counter_offer": 0.6, "request_lower_instalments": 0.26})
    outcome = answer(ValidateHardshipForm(), message, "statement_confirmed")
    assert outcome.said == ["utter_wish_noted"]


@pytest.mark.parametrize(
    "text", ["我昨天晚上已经把这期的钱转了，微信有记录", "I already paid this one yesterday"]
)
def test_a_payment_told_of_in_a_complaint_is_no_answer_of_it(
    services: Services, verified: Person, text: str
) -> None:
    run(ActionComplainContact(), tracker(said("你们的人天天打电话骂我", "complain_contact")))
    outcome = answer(ValidateComplaintForm(), said(text, "report_paid"), "complaint_who")
    assert outcome.said == [] and outcome.events == []  # left to the rule for payments
