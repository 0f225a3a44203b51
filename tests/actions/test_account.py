"""Skill account."""

from __future__ import annotations

from pathlib import Path

import pytest

from actions.account import (
    ActionAskBalance,
    ActionAskCharges,
    ActionAskCreditorContact,
    ActionAskDueDate,
    ActionAskLoanChoice,
    ValidateLoanForm,
)
from actions.agreement_life import ActionRequestEarlyPayoff
from actions.base import RespiteAction
from actions.services import Services
from casestore import identity, sessions
from hardship.identity import Login
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, Said, answer, entity, run, tracker
from tests.conversations import people
from tests.conversations.people import Person


@pytest.mark.parametrize("action", [ActionAskBalance(), ActionAskDueDate()])
def test_nothing_is_told_before_verification(services: Services, action: RespiteAction) -> None:
    outcome = run(action, tracker())
    assert outcome.said == [] and outcome.followed_by == "consent_form"


def test_how_to_check_a_caller_is_told_to_anybody(services: Services) -> None:
    outcome = run(ActionAskCreditorContact(), tracker())
    assert outcome.said == ["utter_check_caller"] and outcome.followed_by == "consent_form"


def test_whose_registered_phone_is_gone_hears_it_before_any_question(services: Services) -> None:
    said = Said("手机丢了，查一下欠款", "ask_balance", entities=[entity("identity_request", "no_phone")])
    assert run(ActionAskBalance(), tracker(said)).said == ["utter_identity_no_phone"]


def test_inside_a_form_the_question_waits_for_verification(services: Services) -> None:
    outcome = run(ActionAskBalance(), tracker(form="identity_form", asks="identity_code"))
    assert outcome.said == ["utter_after_verification"]


def test_the_balance_is_told_line_by_line(services: Services, verified: Person) -> None:
    message = run(ActionAskBalance(), tracker()).messages[0]
    assert message["overdue_principal"] == "¥1,660.00" and message["fees"] == "¥20.00"
    assert message["custom"]["type"] == "breakdown" and message["days_overdue"] == "45"


def test_balance_charges_and_payoff_name_one_sum_that_pays_everything_off(
    services: Services, verified: Person
) -> None:
    balance = run(ActionAskBalance(), tracker()).messages[0]
    charges = run(ActionAskCharges(), tracker()).messages[0]
    payoff = run(ActionRequestEarlyPayoff(), tracker()).messages[0]
    assert balance["payoff"] == charges["payoff"] == payoff["total"] == "¥11,752.62"


def test_channels_that_cannot_draw_get_no_card(services: Services, verified: Person) -> None:
    assert not run(ActionAskBalance(), tracker(channel="cmdline")).messages[0].get("custom")


def test_the_due_date_is_told(services: Services, verified: Person) -> None:
    assert run(ActionAskDueDate(), tracker()).messages[0]["next_due"] == "2026年12月10日"


def test_charges_are_explained_in_general_to_anybody(services: Services) -> None:
    assert run(ActionAskCharges(), tracker()).said == ["utter_charges_in_general"]


def test_who_asks_of_charges_again_is_led_to_their_own_figures(services: Services) -> None:
    earlier = [
        Said("怎么这么多利息", "ask_charges").as_event(),
        {"event": "action", "name": "action_ask_charges"},
    ]
    outcome = run(ActionAskCharges(), tracker(Said("给我看明细", "ask_charges"), before=earlier))
    assert outcome.said == [] and outcome.slots["goal"] == "charges"


def test_charges_are_explained_with_own_figures_after_verification(
    services: Services, verified: Person
) -> None:
    message = run(ActionAskCharges(), tracker(language="en")).messages[0]
    assert message["response"] == "utter_charges" and message["penalty_interest"] == "¥31.00"


def test_the_lender_itself_handles_the_loan(services: Services, verified: Person) -> None:
    assert run(ActionAskCreditorContact(), tracker()).said[0] == "utter_handled_by_lender"


@pytest.fixture
def two_loans(services: Services, consented: None, tmp_path: Path) -> Person:
    """A verified borrower with two loans."""
    person = people.invent(services.store, tmp_path, TODAY, loans=2)
    identity.claim(services.store, SESSION, Login("phone", f"+86{person.phone}"))
    identity.begin(services.store, SESSION, person.last_four, services.policy, services.sender, "zh")
    code = services.sender.codes[-1]  # type: ignore[attr-defined]
    identity.check(services.store, SESSION, code, services.policy)
    return person


def test_several_loans_are_listed_with_buttons(services: Services, two_loans: Person) -> None:
    message = run(ActionAskLoanChoice(), tracker()).messages[0]
    assert all(number[-4:] in message["loans"] for number in two_loans.loan_numbers)
    assert len(message["buttons"]) == 2


def test_a_loan_is_chosen_by_its_number_in_the_list(services: Services, two_loans: Person) -> None:
    said = Said("2", entities=[entity("option_number", 2)])
    assert answer(ValidateLoanForm(), said, "loan_choice").slots["loan_choice"] == "given"
    session = sessions.get(services.store, SESSION)
    assert session is not None and session.loan_id is not None


def test_a_loan_that_is_not_on_the_list_is_asked_again(services: Services, two_loans: Person) -> None:
    said = Said("9", entities=[entity("option_number", 9)])
    outcome = answer(ValidateLoanForm(), said, "loan_choice")
    assert outcome.said == ["utter_explain_loan_choice"] and outcome.slots["loan_choice"] is None


def test_the_last_question_is_the_one_answered_after_verification(services: Services) -> None:
    waiting = tracker(form="consent_form", asks="privacy_consent", goal="creditor")
    assert run(ActionAskBalance(), waiting).slots["goal"] == "balance"
    bargaining = tracker(form="consent_form", asks="privacy_consent", goal="plan")
    assert "goal" not in run(ActionAskBalance(), bargaining).slots
