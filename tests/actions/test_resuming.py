"""Skill hardship: coming back days later to a request that is not finished."""

from __future__ import annotations

import pytest

from actions.account import ActionAskBalance
from actions.dialogue import ActionAffirm
from actions.flow import ActionNextStep
from actions.resuming import ActionAskResumeChoice, ValidateResumeForm
from actions.services import Services
from casestore import consents, hardship, sessions
from tests.actions.helpers import SESSION, Said, answer, run, tracker


@pytest.fixture
def elsewhere(services: Services, stated: str) -> str:
    """The case with a full statement was begun in another conversation of the same borrower."""
    store = services.store
    session = sessions.get(store, SESSION)
    assert session is not None
    with store.unit() as unit:
        unit.session.execute(
            sessions.SessionRow.__table__.update()
            .where(sessions.SessionRow.session_id == SESSION)
            .values(case_id=None, loan_id=None)
        )
    return stated


def case_id(services: Services) -> str | None:
    """The case of this conversation."""
    session = sessions.get(services.store, SESSION)
    assert session is not None
    return session.case_id


def test_an_unfinished_request_is_asked_about_before_the_questions(
    services: Services, elsewhere: str
) -> None:
    assert run(ActionNextStep(), tracker(goal="plan")).followed_by == "resume_form"


def test_endless_figures_do_not_go_on_with_it(services: Services, elsewhere: str) -> None:
    """To go on allows using here what was told elsewhere: that takes a plain yes."""
    outcome = answer(ValidateResumeForm(), Said("1," * 100, "affirm"), "resume_choice")
    assert outcome.slots["resume_choice"] is None and case_id(services) is None


def test_yes_after_it_was_mentioned_goes_on_with_it(services: Services, elsewhere: str) -> None:
    outcome = run(ActionAffirm(), tracker(Said("继续", "affirm"), goal="agreement_status"))
    assert outcome.followed_by == "resume_form"


def test_it_is_asked_about_once(services: Services, elsewhere: str) -> None:
    outcome = run(ActionNextStep(), tracker(goal="plan", resume_choice="anew"))
    assert outcome.followed_by == "hardship_form"


def test_a_balance_comes_first_and_the_request_is_mentioned(services: Services, elsewhere: str) -> None:
    outcome = run(ActionNextStep(), tracker(goal="balance"))
    assert outcome.followed_by == "action_ask_balance"
    outcome = run(ActionAskBalance(), tracker(goal="balance"))
    assert outcome.said == ["utter_balance", "utter_unfinished_waits"]


def test_what_was_told_is_named_without_a_figure(services: Services, elsewhere: str) -> None:
    outcome = run(ActionAskResumeChoice(), tracker())
    assert outcome.said == ["utter_unfinished"]
    assert "每月收入" in outcome.messages[0]["told"] and "¥" not in str(outcome.messages[0])


def test_without_one_nothing_is_asked(services: Services, stated: str) -> None:
    outcome = run(ActionAskResumeChoice(), tracker())
    assert outcome.said == [] and outcome.slots["resume_choice"] == "anew"


def test_going_on_takes_the_case_up_and_allows_using_what_was_told(
    services: Services, elsewhere: str
) -> None:
    outcome = answer(ValidateResumeForm(), Said("继续", "affirm"), "resume_choice")
    assert outcome.slots["resume_choice"] == "go_on" and case_id(services) == elsewhere
    version = services.policy.privacy.notice_version.value
    assert consents.is_given(services.store, SESSION, "financial_detail", version)


def test_starting_over_leaves_the_case_on_record(services: Services, elsewhere: str) -> None:
    outcome = answer(ValidateResumeForm(), Said("重新开始", "start_over"), "resume_choice")
    assert outcome.slots["resume_choice"] == "anew" and case_id(services) is None
    assert hardship.case(services.store, elsewhere).state.value == "withdrawn"
    assert hardship.answers(services.store, elsewhere)["monthly_income"] == 650000
