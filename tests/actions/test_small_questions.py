"""Small questions without an intent of their own, in a form and outside of one."""

from __future__ import annotations

import pytest

from actions.account_facts import ActionAskConsequences
from actions.base import RespiteAction
from actions.complaints import ActionComplainContact, ActionComplainDisclosure
from actions.dialogue import ActionCapabilities, ActionMisunderstood
from actions.disputes import ActionDisputeDebt
from actions.identity import ValidateIdentityForm
from actions.rights import ActionAskMyRights
from actions.services import Services
from casestore import complaints
from tests.actions.helpers import Said, answer, entity, run, tracker
from tests.actions.test_complaints import COMPLAINT
from tests.conversations.people import Person

WILL_YOU_TELL_MY_WIFE = [
    entity("asked_about", "secrecy"),
    entity("told_party", "family"),
    entity("question", "asked"),
]


@pytest.mark.parametrize(
    ("intent", "action"),
    [
        ("nlu_fallback", ActionMisunderstood()),
        ("ask_my_rights", ActionAskMyRights()),
        ("ask_consequences", ActionAskConsequences()),
        ("complain_disclosure", ActionComplainDisclosure()),
    ],
)
def test_whether_the_family_hears_of_it_is_answered_whatever_it_is_taken_for(
    services: Services, intent: str, action: RespiteAction
) -> None:
    said = Said("你们会告诉我老婆吗", intent, entities=WILL_YOU_TELL_MY_WIFE)
    assert run(action, tracker(said)).said == ["utter_kept_secret"]
    assert complaints.open_complaints(services.store) == ()


def test_inside_a_form_its_question_stays_open(services: Services) -> None:
    said = Said("你们会告诉我老婆吗", entities=WILL_YOU_TELL_MY_WIFE)
    outcome = answer(ValidateIdentityForm(), said, "identity_login", misunderstandings=1)
    assert outcome.said == ["utter_kept_secret"]
    assert outcome.slots == {"misunderstandings": 0, "identity_login": None}


def test_what_a_collector_said_is_no_question(services: Services) -> None:
    said = Said("他说会告诉我老婆", "complain_contact", entities=WILL_YOU_TELL_MY_WIFE[:2])
    assert run(ActionComplainContact(), tracker(said)).said[0] == "utter_complaint_contact"


def test_working_hours_are_told(services: Services) -> None:
    said = Said("你们几点上班", "ask_capabilities", entities=[entity("asked_about", "working_hours")])
    message = run(ActionCapabilities(), tracker(said)).messages[0]
    assert message["response"] == "utter_working_hours" and message["opens"] == "09:00"


def test_who_asks_for_an_answer_hears_what_is_under_way(services: Services) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    run(ActionDisputeDebt(), tracker(Said("金额不对", "dispute_debt")))
    said = Said("什么时候有结果", entities=[entity("asked_about", "progress")])
    outcome = run(ActionMisunderstood(), tracker(said))
    assert outcome.said == ["utter_under_way"]
    assert "CP-" in outcome.messages[0]["matters"] and "DP-" in outcome.messages[0]["matters"]


def test_nothing_is_under_way_then_it_is_not_understood(services: Services) -> None:
    said = Said("什么时候有结果", entities=[entity("asked_about", "progress")])
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_say_it_differently"]


def test_what_comes_of_a_complaint_is_not_promised(services: Services) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    asked = [entity("asked_about", "outcome"), entity("question", "asked")]
    said = Said("他们会受处罚吗", "ask_consequences", entities=asked)
    outcome = run(ActionAskConsequences(), tracker(said))
    assert outcome.said == ["utter_complaint_outcome"]


def test_who_fears_prison_hears_first_that_it_is_no_crime(services: Services) -> None:
    said = Said("会坐牢吗", "ask_consequences", entities=[entity("asked_about", "prison")])
    facts = run(ActionAskConsequences(), tracker(said)).messages[0]["facts"]
    assert facts.startswith("· 还不上钱是民事纠纷")


def test_who_asks_for_the_borrower_learns_nothing(services: Services) -> None:
    for_him = [entity("speaks_for", "partner")]
    said = Said("I'm his wife, I have the right to know", "ask_my_rights", entities=for_him)
    assert run(ActionAskMyRights(), tracker(said)).said == ["utter_speaks_for_another"]


def test_whether_money_can_be_got_back_is_answered_with_whom_to_call(services: Services) -> None:
    said = Said("钱能追回来吗", entities=[entity("asked_about", "money_back"), entity("question", "asked")])
    message = run(ActionMisunderstood(), tracker(said)).messages[0]
    assert message["response"] == "utter_fraud_money_gone" and message["police"] == "110"


def test_a_disputed_loan_that_rests_is_said_to_rest(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(Said("金额不对", "dispute_debt")))
    said = Said("会催我吗", entities=[entity("asked_about", "progress")])
    assert "暂停催收" in run(ActionMisunderstood(), tracker(said)).messages[0]["matters"]
