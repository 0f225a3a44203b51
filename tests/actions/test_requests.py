"""What only a person may grant: asked for, sent, and the answer heard."""

from __future__ import annotations

import pytest

from actions.bargaining import ActionChooseOption, ValidatePlanForm
from actions.base import RespiteAction
from actions.dialogue import ActionAffirm
from actions.events import Events
from actions.flow import ActionNextStep
from actions.offers import ActionProposePlans
from actions.requests import ActionAskRequestConfirmed, ValidateRequestForm
from actions.services import Services
from actions.turn import Turn
from casestore import decisions
from casestore.plan import Proposal
from tests.actions.conftest import TODAY
from tests.actions.helpers import Outcome, Said, answer, entity, run, tracker


def lump_sum(yuan: int) -> Said:
    """An amount to settle with."""
    found = [entity("money", yuan * 100, start=0, end=4)]
    return Said(f"{yuan}一次结清", "request_settlement", entities=found)


def say(said: Said, **slots: object) -> Outcome:
    """Answer whether the request shall be sent."""
    return answer(ValidateRequestForm(), said, "request_confirmed", wanted_kind="settlement", **slots)


@pytest.fixture
def wished(services: Services, offered: Proposal) -> Outcome:
    """The borrower has asked to settle for 8,000."""
    return answer(ValidatePlanForm(), lump_sum(8000), "plan_choice", offers_shown="given")


def test_a_settlement_without_a_sum_is_asked_for_the_sum(services: Services, offered: Proposal) -> None:
    outcome = answer(ValidatePlanForm(), Said("想一次结清", "request_settlement"), "plan_choice")
    assert outcome.said == ["utter_which_lump_sum"] and outcome.slots["wanted_kind"] == "settlement"


def test_a_settlement_leads_to_the_question_whether_to_send_it(services: Services, wished: Outcome) -> None:
    assert wished.slots["plan_choice"] == "person" and wished.said == []
    following = run(ActionNextStep(), tracker(plan_choice="person", wanted_kind="settlement"))
    assert following.followed_by == "request_form"


def test_the_question_says_that_a_person_decides_and_why(services: Services, wished: Outcome) -> None:
    message = run(ActionAskRequestConfirmed(), tracker(wanted_kind="settlement")).messages[0]
    assert message["response"] == "utter_request_needs_person"
    assert "8,000.00" in message["total_to_pay"] and "CN-" in message["reason"]


def test_a_yes_sends_it_and_tells_reference_and_time(services: Services, wished: Outcome) -> None:
    outcome = say(Said("好的", "affirm"))
    sent = decisions.open_requests(services.store)
    assert outcome.said[0] == "utter_request_sent" and outcome.slots["request_confirmed"] == "given"
    assert [each.reference for each in sent] == [outcome.messages[0]["reference"]]


def test_the_nearest_that_can_be_granted_now_is_offered_meanwhile(
    services: Services, wished: Outcome
) -> None:
    outcome = say(Said("好的", "affirm"), countered_option=wished.slots.get("countered_option"))
    assert outcome.said == ["utter_request_sent", "utter_meanwhile"]


def test_a_no_sends_nothing_and_goes_back_to_the_offers(services: Services, wished: Outcome) -> None:
    outcome = say(Said("不用", "deny"))
    assert outcome.said[0] == "utter_request_not_sent" and not decisions.open_requests(services.store)
    following = run(ActionNextStep(), tracker(request_confirmed="declined", plan_choice="person"))
    assert following.followed_by == "plan_form" and following.slots["wanted_kind"] is None


def test_another_wish_takes_its_place(services: Services, wished: Outcome) -> None:
    found = [entity("money", 80000, start=3, end=6), entity("pay_rhythm", "monthly", start=0, end=2)]
    outcome = say(Said("每月还800", "counter_offer", entities=found))
    assert outcome.said == ["utter_counter_granted"] and outcome.slots["request_confirmed"] == "declined"


def test_another_sum_is_asked_about_again(services: Services, wished: Outcome) -> None:
    assert say(lump_sum(9000)).slots["request_confirmed"] is None


def test_a_request_that_was_made_void_is_not_sent(services: Services, offered: Proposal) -> None:
    asked = run(ActionAskRequestConfirmed(), tracker())
    assert asked.said == ["utter_request_gone"] and asked.slots["request_confirmed"] == "declined"
    assert answer(ValidateRequestForm(), Said("好", "affirm"), "request_confirmed").said == [
        "utter_request_gone"
    ]


def test_a_settlement_asked_for_at_the_start_comes_before_the_offers(
    services: Services, wished: Outcome
) -> None:
    outcome = run(ActionProposePlans(), tracker(wanted_kind="settlement"))
    assert outcome.followed_by == "request_form"


class TestTheAnswer:
    """A person has decided; the borrower talks to us again."""

    def decide(self, services: Services, granted: bool, reason: str | None = None) -> int | None:
        """Decide the open request."""
        say(Said("好的", "affirm"))
        reference = decisions.open_requests(services.store)[0].reference
        return decisions.decide(
            services.store, reference, granted, "officer", reason, services.policy, TODAY
        ).option_number

    def test_granted_is_told_once_and_leads_to_the_read_back(
        self, services: Services, wished: Outcome
    ) -> None:
        number = self.decide(services, True)
        outcome = run(ActionNextStep(), tracker())
        assert outcome.said == ["utter_request_granted"] and outcome.followed_by == "agreement_form"
        assert outcome.messages[0]["buttons"][0]["payload"].endswith(f"{number}}}")
        assert "utter_request_granted" not in run(ActionNextStep(), tracker()).said

    def test_granted_can_be_taken_by_its_button(self, services: Services, wished: Outcome) -> None:
        number = self.decide(services, True)
        said = Said("/choose_option", "choose_option", entities=[entity("option_number", number)])
        outcome = run(ActionChooseOption(), tracker(said))
        assert outcome.followed_by == "agreement_form"

    def test_granted_can_be_taken_by_a_yes(self, services: Services, wished: Outcome) -> None:
        self.decide(services, True)
        told = run(ActionAffirm(), tracker(Said("在", "greet")))
        yes = run(
            ActionAffirm(), tracker(Said("好", "affirm"), countered_option=told.slots["countered_option"])
        )
        assert yes.followed_by == "agreement_form"

    def test_refused_is_told_with_the_reason(self, services: Services, wished: Outcome) -> None:
        self.decide(services, False, "金额太低")
        message = run(ActionNextStep(), tracker(goal="balance")).messages[0]
        assert message["response"] == "utter_request_refused" and message["reason"] == "金额太低"

    def test_nothing_is_told_to_somebody_in_danger(self, services: Services, wished: Outcome) -> None:
        self.decide(services, True)
        assert (
            run(ActionAffirm(), tracker(Said("不想活了", "express_self_harm"))).said[0]
            != "utter_request_granted"
        )
        assert "utter_request_granted" in run(ActionNextStep(), tracker()).said

    def test_an_answer_that_failed_tells_it_again(self, services: Services, wished: Outcome) -> None:
        self.decide(services, True)
        assert run(Failing(), tracker()).said == ["utter_technical_problem"]
        assert "utter_request_granted" in run(ActionNextStep(), tracker()).said


class Failing(RespiteAction):
    """An action in which something goes wrong."""

    action_name = "action_failing"

    def handle(self, turn: Turn) -> Events:
        raise RuntimeError("on purpose")


def test_an_option_that_is_not_there_is_no_choice(services: Services) -> None:
    said = Said("/choose_option", "choose_option", entities=[entity("option_number", 1)])
    assert run(ActionChooseOption(), tracker(said)).said == ["utter_what_next"]


def test_an_offer_picked_instead_is_read_back(services: Services, wished: Outcome, offered: Proposal) -> None:
    outcome = say(Said("那就方案1吧", "accept_offer", entities=[entity("option_number", 1)]))
    assert outcome.slots["plan_choice"] == offered.offers[0].offer_id
    following = run(ActionNextStep(), tracker(**outcome.slots))
    assert following.followed_by == "agreement_form" and not decisions.open_requests(services.store)
