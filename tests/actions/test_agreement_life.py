"""An agreement after it was made: status, an easier plan, withdrawal, early payoff."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from actions import base
from actions.account import ActionAskBalance, ActionAskDueDate
from actions.agreement import ValidateAgreementForm
from actions.agreement_life import (
    ActionAskAgreementStatus,
    ActionAskChangeWanted,
    ActionAskWithdrawalConfirmed,
    ActionCancelAgreement,
    ActionReportMissedInstalment,
    ActionRequestEarlyPayoff,
    ValidateChangeForm,
    ValidateWithdrawalForm,
)
from actions.base import RespiteAction
from actions.dialogue import ActionMisunderstood
from actions.flow import ActionNextStep
from actions.hardship import ValidateHardshipForm
from actions.offers import ActionProposePlans, ActionRequestPlan
from actions.plan_form import ValidatePlanForm
from actions.services import Services
from casestore import agreement, agreement_life, hardship, payments, plan, sessions
from casestore.agreement import AgreementView
from hardship.cases import CaseState
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, run, tracker
from tests.conversations.people import Person


def in_force(services: Services) -> AgreementView | None:
    """The agreement in force on the loan of the conversation."""
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.loan_id is not None
    return agreement.status(services.store, session.loan_id, services.today())


@pytest.fixture
def agreed(services: Services, stated: str) -> AgreementView:
    """The borrower has accepted the first offer."""
    offer = plan.propose(services.store, stated, services.policy, TODAY).offers[0]
    answer(
        ValidateAgreementForm(), Said("我接受", "affirm"), "agreement_accepted", plan_choice=offer.offer_id
    )
    made = in_force(services)
    assert made is not None
    return made


@pytest.fixture
def on_day(services: Services, monkeypatch: pytest.MonkeyPatch) -> Callable[[int], Services]:
    """Move today by so many days."""

    def _move(days: int) -> Services:
        later = replace(services, today=lambda: TODAY + timedelta(days=days))
        monkeypatch.setattr(base, "services", lambda: later)
        return later

    return _move


def renegotiating(services: Services) -> None:
    """Another plan is being looked for."""
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.loan_id is not None
    agreement_life.renegotiate(services.store, SESSION, session.loan_id)


def withdrawing(said: Said) -> Outcome:
    """Answer whether to withdraw."""
    return answer(ValidateWithdrawalForm(), said, "withdrawal_confirmed")


def changing(said: Said) -> Outcome:
    """Answer whether to look for an easier plan."""
    return answer(ValidateChangeForm(), said, "change_wanted")


class TestStatus:
    """What is told about an agreement."""

    def test_tells_what_is_paid_and_what_comes(
        self,
        agreed: AgreementView,
        person: Person,
        tmp_path: Path,
        on_day: Callable[[int], Services],
    ) -> None:
        services = on_day(1)
        file = tmp_path / "payments.csv"
        file.write_text(
            f"loan_number,received_on,amount,reference\n{person.loan_numbers[0]},2026-11-25,100.00,P-1\n"
        )
        assert payments.import_csv(services.store, file, services.policy, services.today()).loaded == 1
        message = run(ActionAskAgreementStatus(), tracker()).messages[0]
        assert message["paid"] == "¥100.00" and message["reference"] == agreed.reference
        assert message["missed"] == ""

    def test_tells_a_missed_instalment(
        self, agreed: AgreementView, on_day: Callable[[int], Services]
    ) -> None:
        on_day((agreed.first_due - TODAY).days + 3)
        assert "1" in run(ActionAskAgreementStatus(), tracker()).messages[0]["missed"]

    def test_tells_how_the_last_one_ended(self, services: Services, agreed: AgreementView) -> None:
        withdrawing(Said("确定", "affirm"))
        outcome = run(ActionAskAgreementStatus(), tracker())
        assert outcome.said[0] == "utter_no_agreement_withdrawn"


class TestWithdrawal:
    """The way out within the cooling-off time."""

    def test_is_asked_for_first(self, agreed: AgreementView, on_day: Callable[[int], Services]) -> None:
        on_day(3)
        assert run(ActionCancelAgreement(), tracker(Said("撤销协议", "cancel_agreement"))).followed_by == (
            "withdrawal_form"
        )
        asked = run(ActionAskWithdrawalConfirmed(), tracker()).messages[0]
        assert asked["response"] == "utter_withdrawal_asked" and asked["reference"] == agreed.reference

    def test_a_yes_ends_the_agreement(self, services: Services, agreed: AgreementView) -> None:
        outcome = withdrawing(Said("确定", "affirm"))
        assert outcome.said == ["utter_withdrawn"] and in_force(services) is None
        following = run(ActionNextStep(), tracker(withdrawal_confirmed="given", goal="plan"))
        assert following.followed_by is None and following.slots["goal"] is None

    def test_endless_figures_end_no_agreement(self, services: Services, agreed: AgreementView) -> None:
        for intent in ("affirm", "cancel_agreement"):
            assert withdrawing(Said("1," * 100, intent)).slots.get("withdrawal_confirmed") is None
        assert changing(Said("1," * 100, "affirm")).slots.get("change_wanted") is None
        assert in_force(services) is not None

    def test_a_no_keeps_it(self, services: Services, agreed: AgreementView) -> None:
        assert withdrawing(Said("不撤回", "deny")).said == ["utter_withdrawal_left"]
        assert in_force(services) is not None

    def test_a_cancel_that_is_denied_in_the_same_breath_keeps_it(
        self, services: Services, agreed: AgreementView
    ) -> None:
        said = Said("不撤回", "cancel_agreement", entities=[entity("keeps_agreement", "yes")])
        assert withdrawing(said).said == ["utter_withdrawal_left"]
        assert in_force(services) is not None

    def test_after_the_cooling_off_time_an_easier_plan_is_offered(
        self, agreed: AgreementView, on_day: Callable[[int], Services]
    ) -> None:
        on_day(30)
        outcome = run(ActionCancelAgreement(), tracker(Said("撤销协议", "cancel_agreement")))
        assert outcome.said == ["utter_cooling_off_over"] and outcome.followed_by == "change_form"

    def test_a_yes_that_comes_too_late_changes_nothing(
        self, services: Services, agreed: AgreementView, on_day: Callable[[int], Services]
    ) -> None:
        on_day(30)
        assert withdrawing(Said("确定", "affirm")).said == ["utter_cooling_off_over"]
        assert in_force(services) is not None

    def test_without_an_agreement_there_is_nothing_to_withdraw_from(
        self, services: Services, verified: Person
    ) -> None:
        assert run(ActionCancelAgreement(), tracker()).said == ["utter_no_agreement"]
        asked = run(ActionAskWithdrawalConfirmed(), tracker())
        assert asked.said == ["utter_no_agreement"] and asked.slots["withdrawal_confirmed"] == "declined"
        assert withdrawing(Said("确定", "affirm")).said == ["utter_no_agreement"]

    def test_before_verification_nothing_is_said_of_an_agreement(self, services: Services) -> None:
        assert run(ActionCancelAgreement(), tracker()).followed_by == "consent_form"

    def test_asking_for_a_plan_again_begins_a_new_case_with_the_same_answers(
        self, services: Services, agreed: AgreementView
    ) -> None:
        withdrawing(Said("确定", "affirm"))
        outcome = run(ActionRequestPlan(), tracker(Said("重新谈", "request_plan"), statement_confirmed="old"))
        session = sessions.get(services.store, SESSION)
        assert session is not None and session.case_id not in (None, agreed.case_id)
        assert hardship.answers(services.store, str(session.case_id))["monthly_income"] == 650000
        assert outcome.followed_by == "hardship_form"


class TestAnEasierPlan:
    """A missed instalment, and the talk about the plan again."""

    def test_a_missed_instalment_is_thanked_for_and_an_easier_plan_offered(
        self, agreed: AgreementView
    ) -> None:
        said = Said("下一期付不了", "report_missed_instalment")
        outcome = run(ActionReportMissedInstalment(), tracker(said))
        assert outcome.said == ["utter_missed_heard"] and outcome.followed_by == "change_form"
        asked = run(ActionAskChangeWanted(), tracker()).messages[0]
        assert asked["response"] == "utter_change_offered" and asked["reference"] == agreed.reference

    def test_without_an_agreement_it_is_trouble_like_any_other(
        self, services: Services, verified: Person
    ) -> None:
        outcome = run(ActionReportMissedInstalment(), tracker(Said("付不了", "report_missed_instalment")))
        assert outcome.said == ["utter_heard_hardship"] and outcome.followed_by == "hardship_form"
        asked = run(ActionAskChangeWanted(), tracker())
        assert asked.said == ["utter_no_agreement"] and asked.slots["change_wanted"] == "declined"

    def test_a_yes_opens_the_talk_again_while_the_agreement_stays(
        self, services: Services, agreed: AgreementView
    ) -> None:
        outcome = changing(Said("好的", "affirm"))
        assert outcome.said == ["utter_change_begins"] and outcome.slots["statement_confirmed"] is None
        assert in_force(services) is not None
        following = run(ActionNextStep(), tracker(change_wanted="given"))
        assert following.followed_by == "hardship_form" and following.slots["goal"] == "plan"

    def test_a_wish_is_a_yes_and_is_remembered(self, services: Services, agreed: AgreementView) -> None:
        said = Said("先停三个月", "request_payment_holiday", entities=[entity("month_count", 3)])
        outcome = changing(said)
        assert outcome.slots["change_wanted"] == "given"
        assert outcome.slots["wanted_kind"] == "payment_holiday"

    def test_a_no_leaves_it_as_it_is(self, services: Services, agreed: AgreementView) -> None:
        assert changing(Said("不用", "deny")).said == ["utter_change_not_wanted"]
        assert run(ActionNextStep(), tracker(change_wanted="declined")).followed_by is None

    def test_accepting_makes_a_new_version_that_names_the_old(
        self, services: Services, agreed: AgreementView
    ) -> None:
        changing(Said("好的", "affirm"))
        offers = plan.propose(services.store, agreed.case_id, services.policy, TODAY).offers
        outcome = answer(
            ValidateAgreementForm(),
            Said("我接受", "affirm"),
            "agreement_accepted",
            plan_choice=offers[-1].offer_id,
        )
        assert outcome.said == ["utter_agreement_made", "utter_agreement_replaced"]
        made = in_force(services)
        assert made is not None and (made.version, made.replaces) == (2, agreed.reference)

    def test_asking_for_a_plan_while_one_is_in_force_leads_to_the_same_question(
        self, services: Services, agreed: AgreementView
    ) -> None:
        said = Said("先停三个月", "request_payment_holiday", entities=[entity("month_count", 3)])
        assert run(ActionRequestPlan(), tracker(said)).followed_by == "change_form"
        assert run(ActionProposePlans(), tracker()).followed_by == "change_form"
        changing(Said("好的", "affirm"))
        assert hardship.answers(services.store, agreed.case_id)["wish"]["months"] == 3


class TestEarlyPayoff:
    """What paying everything off takes."""

    def test_of_the_agreement(self, services: Services, agreed: AgreementView) -> None:
        message = run(ActionRequestEarlyPayoff(), tracker()).messages[0]
        quote = agreement_life.payoff(services.store, agreed.agreement_id, TODAY)
        assert message["response"] == "utter_payoff" and f"{quote.total / 100:,.2f}" in message["total"]

    def test_of_the_loan_without_an_agreement(self, services: Services, verified: Person) -> None:
        message = run(ActionRequestEarlyPayoff(), tracker()).messages[0]
        assert message["principal"] == "¥11,436.00" and message["other"] == "¥51.00"


class TestNews:
    """What happened since the last conversation is told in the next."""

    def test_a_missed_instalment(
        self, services: Services, agreed: AgreementView, on_day: Callable[[int], Services]
    ) -> None:
        later = on_day((agreed.first_due - TODAY).days + 2)
        agreement_life.review(later.store, later.policy, later.today())
        outcome = run(ActionNextStep(), tracker(goal="balance"))
        assert outcome.said[0] == "utter_instalment_missed" and outcome.followed_by == "action_ask_balance"

    def test_a_broken_agreement(
        self, services: Services, agreed: AgreementView, on_day: Callable[[int], Services]
    ) -> None:
        later = on_day((agreed.first_due - TODAY).days + 70)
        agreement_life.review(later.store, later.policy, later.today())
        if agreed.count > 1:
            assert "utter_agreement_broken" in run(ActionNextStep(), tracker(goal="balance")).said


@pytest.mark.parametrize("action", [ActionAskDueDate(), ActionAskBalance()])
def test_what_is_due_next_is_told_by_the_agreement(
    services: Services, agreed: AgreementView, action: RespiteAction
) -> None:
    *_, told = run(action, tracker()).messages
    assert told["response"] == "utter_due_by_agreement" and told["reference"] == agreed.reference
    assert told["next_payment"] == f"¥{agreed.next_payment / 100:,.2f}"


def test_asks_what_is_left_of_the_plan_in_few_words(services: Services, agreed: AgreementView) -> None:
    said = Said("还剩几期", entities=[entity("offer_fact", "standing")])
    assert run(ActionMisunderstood(), tracker(said)).followed_by == "action_ask_agreement_status"
    told = run(ActionAskAgreementStatus(), tracker(said)).messages[0]
    assert told["left"] == str(agreed.count)


def test_asks_to_pay_an_instalment_later_and_an_easier_plan_is_looked_for(
    services: Services, agreed: AgreementView
) -> None:
    outcome = answer(ValidateChangeForm(), Said("能晚十天交吗", "report_missed_instalment"), "change_wanted")
    assert outcome.slots["change_wanted"] == "given"


def test_tells_a_new_income_and_it_is_taken_up_with_the_easier_plan(
    services: Services, agreed: AgreementView
) -> None:
    income = [entity("statement_field", "monthly_income"), entity("money", 300000)]
    said = Said("收入变成三千了", "hardship_reduced_income", entities=income)
    outcome = answer(ValidateChangeForm(), said, "change_wanted")
    assert outcome.said == ["utter_change_begins", "utter_corrected"]
    assert hardship.answers(services.store, agreed.case_id)["monthly_income"] == 300000


@pytest.mark.parametrize(
    "said",
    [
        Said(
            "can I pay it two weeks late", "report_missed_instalment", entities=[entity("pays_late", "yes")]
        ),
        Said("下周五能还上", "promise_to_pay", entities=[entity("date", "2026-12-04")]),
    ],
)
def test_one_instalment_paid_late_reopens_nothing(
    services: Services, agreed: AgreementView, said: Said
) -> None:
    outcome = answer(ValidateChangeForm(), said, "change_wanted")
    assert outcome.said == ["utter_pays_late"] and outcome.slots["change_wanted"] is None


def test_a_reason_told_with_a_payment_that_cannot_be_made_is_heard_first(services: Services) -> None:
    told = {"report_missed_instalment": 0.69, "hardship_job_loss": 0.28}
    said = Said("I lost my job and can't make this month's payment", "report_missed_instalment", ranking=told)
    outcome = run(ActionReportMissedInstalment(), tracker(said))
    assert outcome.said == ["utter_heard_job_loss"] and outcome.slots["goal"] == "plan"
    assert outcome.slots["hardship_cause"] == "given"


def test_who_asks_about_withdrawing_from_no_agreement_hears_both(
    services: Services, verified: Person
) -> None:
    read = {"small_question": {"topic": "withdraw_days", "score": 1.8}}
    asked = Said("is there a cooling off period?", "cancel_agreement", read=read)
    said = run(ActionCancelAgreement(), tracker(asked)).said
    assert said == ["utter_no_agreement", "utter_about_withdraw_days"]
    wished = Said("I want to withdraw", "cancel_agreement", read=read)
    assert run(ActionCancelAgreement(), tracker(wished)).said == ["utter_no_agreement"]


def test_asks_whether_interest_runs_again_before_withdrawing(
    services: Services, agreed: AgreementView
) -> None:
    asks = [entity("question", "asked"), entity("term", "penalty_interest")]
    said = Said("撤了之后罚息是不是又开始算", "ask_offer_details", entities=asks)
    outcome = answer(ValidateWithdrawalForm(), said, "withdrawal_confirmed")
    assert outcome.said == ["utter_withdrawal_interest"]
    assert outcome.slots["withdrawal_confirmed"] is None


@pytest.mark.parametrize("heard", ["ask_consequences", "request_due_date_change", "nlu_fallback"])
def test_asks_what_comes_of_paying_some_days_late_under_a_plan(
    services: Services, agreed: AgreementView, heard: str
) -> None:
    asks = [entity("question", "asked"), entity("pays_late", "yes")]
    outcome = run(
        ActionAskAgreementStatus(), tracker(Said("what if it is two days late", heard, entities=asks))
    )
    assert outcome.said == ["utter_about_pay_late"]


def test_asks_whether_the_plan_would_be_void_and_is_not_led_to_withdraw(
    services: Services, agreed: AgreementView
) -> None:
    read = {"small_question": {"topic": "miss_one", "score": 1.0}}
    said = Said("那方案是不是就作废了", "cancel_agreement", entities=[entity("question", "asked")], read=read)
    outcome = run(ActionCancelAgreement(), tracker(said))
    assert outcome.said == ["utter_about_miss_one"] and outcome.followed_by != "withdrawal_form"


def test_asks_whether_all_is_noted_and_hears_the_number_of_the_plan(
    services: Services, agreed: AgreementView
) -> None:
    read = {"small_question": {"topic": "noted", "score": 2.0}}
    outcome = run(ActionAskAgreementStatus(), tracker(Said("那你记下了没", "goodbye", read=read)))
    assert outcome.said == ["utter_about_noted_agreed"]


@pytest.mark.parametrize(("form", "asks"), [("hardship_form", "living_costs"), ("plan_form", "plan_choice")])
def test_would_rather_leave_the_plan_while_another_is_looked_for(
    services: Services, agreed: AgreementView, form: str, asks: str
) -> None:
    renegotiating(services)
    said = Said("leave my plan alone then", "cancel_agreement", entities=[entity("keeps_agreement", "plan")])
    validator = ValidateHardshipForm() if form == "hardship_form" else ValidatePlanForm()
    outcome = answer(validator, said, asks)
    assert outcome.said == ["utter_change_not_wanted"] and outcome.slots["called_off"] == form
    assert hardship.case(services.store, agreed.case_id).state is CaseState.ACTIVE
    assert in_force(services) is not None


def test_keeping_the_plan_in_a_question_or_with_a_figure_is_no_wish_to_leave_it(
    services: Services, agreed: AgreementView
) -> None:
    renegotiating(services)
    keeps = [entity("keeps_agreement", "plan"), entity("money", 50000)]
    said = Said("keep the plan but 500", "counter_offer", entities=keeps)
    outcome = answer(ValidatePlanForm(), said, "plan_choice")
    assert "utter_change_not_wanted" not in outcome.said
