"""Questions about what was just taken in, and who else than the borrower may be writing."""

from __future__ import annotations

from typing import Any

import pytest

from actions.account import ActionAskCreditorContact
from actions.account_facts import ActionAskConsequences
from actions.base import RespiteAction
from actions.complaints import ActionComplainDisclosure
from actions.contact import ActionStopContact
from actions.dialogue import ActionCapabilities, ActionMisunderstood
from actions.disputes import ActionDisputeDebt, ValidateDisputeForm
from actions.fraud import ActionReportFraud
from actions.identity import ActionRefuseIdentity, ActionWrongPerson
from actions.my_data import ActionRequestMyData
from actions.reported_payments import ActionReportPaid, ValidatePaidForm
from actions.services import Services
from casestore import complaints, data_requests, payment_claims
from tests.actions.helpers import SESSION, Outcome, Said, answer, entity, money, run, tracker
from tests.conversations.people import Person

SWINDLE = Said(
    "有人说是你们法务，让我转到个人账户", "report_fraud", entities=[entity("fraud_kind", "message")]
)
NOT_ME = entity("dispute_ground", "not_me")
DELETE = Said("删掉我的资料", "request_my_data", entities=[entity("data_wish", "delete")])


def after(action: RespiteAction, said: Said) -> list[dict[str, Any]]:
    """The events of a turn in which `action` answered `said`, which has taken place."""
    run(action, tracker(said))
    return [said.as_event(), {"event": "action", "name": action.name()}]


def asks(about: str, intent: str = "nlu_fallback") -> Said:
    """A question with such words."""
    return Said("那会怎么样呢", intent, entities=[entity("follow_up", about)])


@pytest.fixture
def swindled(services: Services) -> list[dict[str, Any]]:
    """A swindle has just been told of."""
    return after(ActionReportFraud(), SWINDLE)


def test_money_that_is_told_of_after_a_swindle_is_no_payment_of_the_loan(
    services: Services, verified: Person, swindled: list[dict[str, Any]]
) -> None:
    said = Said("我已经转了两千过去了", "report_paid", entities=[money(2000)])
    outcome = run(ActionReportPaid(), tracker(said, before=swindled))
    assert outcome.said == ["utter_fraud_money_gone", "utter_complaint_added"]
    assert payment_claims.told_in(services.store, SESSION) == ()
    report = complaints.open_of(services.store, SESSION, "impostor")
    assert report is not None and said.text in report.details["opening"]


def test_a_payment_told_of_long_after_a_swindle_is_one_of_the_loan(
    services: Services, verified: Person, swindled: list[dict[str, Any]]
) -> None:
    since = [Said("还有一件事").as_event() for _ in range(5)]
    said = Said("我上周还了两千", "report_paid", entities=[money(2000)])
    outcome = run(ActionReportPaid(), tracker(said, before=[*swindled, *since]))
    assert outcome.said == ["utter_paid_thanks"]


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (ActionMisunderstood(), Said("我怎么办啊 那是孩子的学费")),
        (ActionCapabilities(), Said("so what do I do with the text", "ask_capabilities")),
        (ActionAskCreditorContact(), Said("it says it's from you", "ask_creditor_contact")),
    ],
)
def test_whatever_is_asked_just_after_a_swindle_is_answered_with_what_to_do(
    services: Services, swindled: list[dict[str, Any]], action: RespiteAction, said: Said
) -> None:
    outcome = run(action, tracker(said, before=swindled))
    assert outcome.said == ["utter_fraud_steps"] and outcome.messages[0]["anti_fraud"] == "96110"


def test_what_if_the_dispute_is_wrong_is_answered_without_a_promise(services: Services) -> None:
    before = after(ActionDisputeDebt(), Said("金额不对", "dispute_debt"))
    outcome = run(ActionMisunderstood(), tracker(asks("if_wrong"), before=before))
    assert outcome.said == ["utter_dispute_if_wrong"] and outcome.messages[0]["reference"].startswith("DP-")


def test_what_comes_now_after_a_dispute_is_no_list_of_abilities(services: Services) -> None:
    before = after(ActionDisputeDebt(), Said("金额不对", "dispute_debt"))
    outcome = run(ActionCapabilities(), tracker(asks("what_now", "ask_capabilities"), before=before))
    assert outcome.said == ["utter_meanwhile_without_hold"]


def test_what_is_added_to_a_dispute_may_be_an_amount(services: Services) -> None:
    before = after(ActionDisputeDebt(), Said("金额不对", "dispute_debt"))
    outcome = run(
        ActionMisunderstood(), tracker(Said("should be 60 less", entities=[money(60)]), before=before)
    )
    assert outcome.said == ["utter_dispute_added"]


def test_why_something_stays_and_how_the_answer_comes_is_told_after_a_wish_to_delete(
    services: Services, verified: Person
) -> None:
    before = after(ActionRequestMyData(), DELETE)
    why = run(ActionRefuseIdentity(), tracker(asks("why_not", "refuse_identity"), before=before))
    assert why.said == ["utter_data_why_kept"] and why.messages[0]["years"] == 5
    how = run(ActionAskConsequences(), tracker(asks("how_told", "ask_consequences"), before=before))
    assert how.said == ["utter_under_way", "utter_told_here"]
    whole = Said("all of it, calls, notes, the lot", entities=[entity("whole", "all")])
    assert run(ActionMisunderstood(), tracker(whole, before=before)).said == ["utter_data_all"]


def test_a_second_wish_about_data_needs_few_words(services: Services, verified: Person) -> None:
    before = after(ActionRequestMyData(), DELETE)
    said = Said("then send me what you've got", entities=[entity("data_wish", "copy")])
    outcome = run(ActionMisunderstood(), tracker(said, before=before))
    assert outcome.followed_by == "action_request_my_data"


def test_without_a_matter_the_same_words_are_heard_as_before(services: Services) -> None:
    assert run(ActionCapabilities(), tracker(asks("what_now", "ask_capabilities"))).said == [
        "utter_capabilities"
    ]
    assert run(ActionRefuseIdentity(), tracker(asks("why_not", "refuse_identity"))).said == [
        "utter_refuse_identity"
    ]


def test_a_question_about_the_check_of_a_payment_is_no_misunderstood_amount(
    services: Services, verified: Person
) -> None:
    run(ActionReportPaid(), tracker(Said("我还了", "report_paid", entities=[entity("paying", "yes")])))
    said = Said("那你们查不查", entities=[entity("question", "asked")])
    outcome = answer(ValidatePaidForm(), said, "paid_amount")
    assert outcome.said == ["utter_paid_check"] and outcome.slots["paid_amount"] is None


def test_what_is_feared_of_a_matter_complained_about_belongs_to_it(services: Services) -> None:
    before = after(ActionComplainDisclosure(), Said("你们告诉了我老板", "complain_disclosure"))
    fear = Said("I could lose my job over this", "ask_consequences")
    assert run(ActionAskConsequences(), tracker(fear, before=before)).said == ["utter_complaint_added"]
    question = Said("会有什么后果？", "ask_consequences")
    assert run(ActionAskConsequences(), tracker(question, before=before)).said[0] == "utter_consequences"


def stranger() -> list[dict[str, Any]]:
    """Somebody has just said that they are not the borrower."""
    return after(ActionWrongPerson(), Said("我不是张伟", "wrong_person"))


@pytest.mark.parametrize(
    ("action", "said"),
    [
        (ActionMisunderstood(), Said("要我说几遍")),
        (ActionWrongPerson(), Said("我不认识这个人", "wrong_person")),
        (ActionRequestMyData(), DELETE),
    ],
)
def test_a_stranger_hears_how_the_calls_end_and_is_not_asked_who_they_are(
    services: Services, action: RespiteAction, said: Said
) -> None:
    outcome: Outcome = run(action, tracker(said, before=stranger()))
    assert outcome.said == ["utter_wrong_number"] and outcome.followed_by is None
    assert data_requests.open_requests(services.store) == ()


def test_who_speaks_for_a_borrower_is_no_stranger(services: Services) -> None:
    speaks = Said("I'm asking for my brother", "wrong_person", entities=[entity("speaks_for", "relative")])
    outcome = run(
        ActionMisunderstood(), tracker(Said("so how can he do it"), before=after(ActionWrongPerson(), speaks))
    )
    assert outcome.said == ["utter_relative_not_told"]


def test_somebody_who_was_only_taken_for_another_is_no_stranger(services: Services) -> None:
    """A name in a complaint may sound like a wrong person; nothing acted upon that."""
    named = Said("he said his name was Kevin", "wrong_person")
    before = [named.as_event(), {"event": "action", "name": "complaint_form"}]
    outcome = run(ActionMisunderstood(), tracker(Said("how long is that"), before=before))
    assert outcome.said == ["utter_say_it_differently"]


def test_a_denial_just_after_a_dispute_ends_no_talk(services: Services, verified: Person) -> None:
    before = after(ActionDisputeDebt(), Said("我卡里多了一笔贷款", "dispute_debt"))
    outcome = run(ActionWrongPerson(), tracker(Said("反正不是我", "wrong_person"), before=before))
    assert outcome.said == ["utter_dispute_added"] and not outcome.slots


def test_who_speaks_for_a_borrower_hears_again_what_they_can_do(services: Services) -> None:
    speaks = Said("我想帮他问问", entities=[entity("speaks_for", "relative")])
    before = [speaks.as_event(), {"event": "action", "name": "action_misunderstood"}]
    outcome = run(ActionWrongPerson(), tracker(Said("我不能替他办吗", "wrong_person"), before=before))
    assert outcome.said == ["utter_speaks_for_another"]


def test_a_stranger_who_wants_no_calls_is_told_how_they_end(services: Services) -> None:
    outcome = run(ActionStopContact(), tracker(Said("take me off", "stop_contact"), before=stranger()))
    assert outcome.said == ["utter_wrong_number"]


def test_lost_papers_are_told_of_a_dispute_and_refuse_nothing(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(Said("不是我借的", "dispute_debt", entities=[NOT_ME])))
    said = Said("身份证去年丢过", "refuse_identity", entities=[entity("fraud_kind", "identity")])
    outcome = answer(ValidateDisputeForm(), said, "dispute_words")
    assert outcome.said[0] == "utter_dispute_without_hold"
