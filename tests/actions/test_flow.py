"""The order of the steps."""

from __future__ import annotations

from actions.flow import ActionNextStep
from actions.services import Services
from tests.actions.helpers import run, tracker
from tests.conversations.people import Person


def next_step(**slots: object) -> str | None:
    """What follows after a form."""
    return run(ActionNextStep(), tracker(**slots)).followed_by  # type: ignore[arg-type]


def test_consent_comes_first(services: Services) -> None:
    assert next_step(goal="plan") == "consent_form"


def test_then_identity(services: Services, consented: None) -> None:
    assert next_step(goal="plan") == "identity_form"


def test_then_the_questions(services: Services, verified: Person) -> None:
    assert next_step(goal="plan") == "hardship_form"


def test_a_balance_needs_no_questions(services: Services, verified: Person) -> None:
    assert next_step(goal="balance") == "action_ask_balance"


def test_then_the_offers(services: Services, stated: str) -> None:
    assert next_step(goal="plan", statement_confirmed=stated) == "action_propose_plans"


def test_then_the_read_back(services: Services, stated: str) -> None:
    assert next_step(goal="plan", plan_choice="some-offer") == "agreement_form"


def test_a_declined_plan_leads_back_to_the_offers(services: Services, stated: str) -> None:
    assert next_step(plan_choice="some-offer", agreement_accepted="declined") == "plan_form"


def test_an_agreement_is_the_end_of_the_way(services: Services, stated: str) -> None:
    assert next_step(plan_choice="some-offer", agreement_accepted="given") is None


def test_without_consent_nothing_follows(services: Services) -> None:
    outcome = run(ActionNextStep(), tracker(privacy_consent="refused"))
    assert outcome.said == ["utter_without_consent"] and outcome.followed_by is None


def test_a_locked_identity_ends_the_way_and_can_be_tried_later(services: Services, consented: None) -> None:
    outcome = run(ActionNextStep(), tracker(identity_code="locked"))
    assert outcome.followed_by is None and outcome.slots["identity_login"] is None
