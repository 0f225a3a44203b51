"""Small questions without an intent of their own, in a form and outside of one."""

from __future__ import annotations

import pytest

from actions.account_facts import ActionAskConsequences
from actions.base import RespiteAction
from actions.causes import ActionReportHardship
from actions.complaints import ActionComplainContact, ActionComplainDisclosure
from actions.dialogue import ActionCapabilities, ActionMisunderstood
from actions.disputes import ActionDisputeDebt
from actions.hardship import ValidateHardshipForm
from actions.identity import ActionRefuseIdentity, ActionWrongPerson, ValidateIdentityForm
from actions.my_data import ActionRequestMyData
from actions.reported_payments import ActionReportPaid
from actions.rights import ActionAskMyRights
from actions.services import Services
from casestore import complaints, contact_preferences, handoffs
from tests.actions.helpers import SESSION, Said, answer, entity, run, tracker
from tests.actions.test_complaints import COMPLAINT
from tests.actions.told_beside import said as all_said
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


def test_nothing_is_under_way_then_it_is_said(services: Services) -> None:
    said = Said("什么时候有结果", entities=[entity("asked_about", "progress")])
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_nothing_under_way"]


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


QUESTION = entity("question", "asked")

PLAIN = {
    "genuine": "utter_is_genuine",
    "branch": "utter_branch",
    "number_source": "utter_number_source",
    "who_must_pay": "utter_who_must_pay",
    "seizure": "utter_seizure",
    "police": "utter_police",
    "seen_by": "utter_seen_by",
    "machine_decides": "utter_machine_decides",
    "letters": "utter_letters",
    "without_identity": "utter_without_identity",
    "data_kept": "utter_data_kept_how",
    "refusing_consent": "utter_refusing_consent",
    "privacy_notice": "utter_privacy_in_short",
}


@pytest.mark.parametrize("about", PLAIN)
def test_a_question_with_one_answer_for_all_gets_it(services: Services, about: str) -> None:
    said = Said("真的是银行吗", entities=[entity("asked_about", about), QUESTION])
    assert run(ActionMisunderstood(), tracker(said)).said == [PLAIN[about]]


def test_what_follows_from_refusing_is_no_longer_answered_once_the_notice_was_agreed_to(
    services: Services,
) -> None:
    said = Said("不同意会怎么样", entities=[entity("asked_about", "refusing_consent"), QUESTION])
    outcome = run(ActionMisunderstood(), tracker(said, privacy_consent="given"))
    assert outcome.said == ["utter_say_it_differently"]


def test_a_doubt_is_answered_after_what_it_is_about(services: Services) -> None:
    asked = [entity("asked_about", "genuine"), entity("asked_about", "branch"), QUESTION]
    assert run(ActionMisunderstood(), tracker(Said("网点是真的吗", entities=asked))).said == ["utter_branch"]


def test_who_refuses_an_id_hears_what_goes_without_it(services: Services) -> None:
    asked = [entity("asked_about", "without_identity"), QUESTION]
    said = Said("不给身份证就办不了吗", "refuse_identity", entities=asked)
    assert run(ActionRefuseIdentity(), tracker(said)).said == ["utter_without_identity"]
    plain = Said("凭什么给你身份证", "refuse_identity")
    assert run(ActionRefuseIdentity(), tracker(plain)).said == ["utter_refuse_identity"]


def test_what_is_noted_is_read_back_with_what_waits(services: Services) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    contact_preferences.prefer(services.store, SESSION, "sms", "evening", "下班后发短信")
    said = Said("都记了些什么", entities=[entity("asked_about", "noted"), QUESTION])
    outcome = run(ActionMisunderstood(), tracker(said))
    assert outcome.said == ["utter_preference_is", "utter_preference_unverified", "utter_under_way"]
    assert outcome.messages[0]["words"]


def test_a_stopped_contact_is_read_back_as_stopped(services: Services) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    contact_preferences.stop(services.store, SESSION, "别联系我")
    said = Said("还会打电话吗", entities=[entity("asked_about", "noted"), QUESTION])
    assert run(ActionMisunderstood(), tracker(said)).said[0] == "utter_contact_is_stopped"


def test_a_message_for_somebody_is_handed_on_however_long_it_is(services: Services) -> None:
    said = Said("麻烦转告" + "负责我这笔贷款的老师" * 5, entities=[entity("asked_about", "message")])
    outcome = run(ActionMisunderstood(), tracker(said))
    assert outcome.said == ["utter_message_passed_on"]
    assert outcome.messages[0]["reference"] == handoffs.open_handoffs(services.store)[0].reference


def test_meanwhile_a_disputed_sum_waits(services: Services, verified: Person) -> None:
    asked = [entity("asked_about", "meanwhile"), QUESTION]
    said = Said("查的时候还要还吗", entities=asked)
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_say_it_differently"]
    run(ActionDisputeDebt(), tracker(Said("金额不对", "dispute_debt")))
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_meanwhile_on_hold"]


def test_an_open_data_request_is_among_what_waits(services: Services, verified: Person) -> None:
    deletion = Said("删除我的数据", "request_my_data", entities=[entity("data_wish", "delete")])
    run(ActionRequestMyData(), tracker(deletion))
    said = Said("多久给我答复", entities=[entity("asked_about", "progress")])
    assert "DR-" in run(ActionMisunderstood(), tracker(said)).messages[0]["matters"]


GUARANTOR = entity("speaks_for", "guarantor")


@pytest.mark.parametrize(
    ("intent", "action"),
    [
        ("nlu_fallback", ActionMisunderstood()),
        ("hardship_overindebted", ActionReportHardship()),
        ("wrong_person", ActionWrongPerson()),
    ],
)
def test_a_guarantor_is_told_what_is_theirs_to_know(
    services: Services, intent: str, action: RespiteAction
) -> None:
    said = Said("我是担保人，怎么催到我头上", intent, entities=[GUARANTOR])
    assert run(action, tracker(said)).said == ["utter_guarantor"]


def test_a_borrower_who_guaranteed_somebody_is_still_heard(services: Services, verified: Person) -> None:
    said = Said("给朋友做担保，我是担保人，还不起了", "hardship_overindebted", entities=[GUARANTOR])
    assert run(ActionReportHardship(), tracker(said)).said[0] == "utter_heard_overindebted"


def test_a_widow_is_met_with_sympathy_and_no_demand(services: Services) -> None:
    told = [entity("asked_about", "died"), entity("speaks_for", "other")]
    said = Said("他走了，他在你们那有贷款", "hardship_family_event", entities=told)
    assert run(ActionReportHardship(), tracker(said)).said == ["utter_borrower_died"]


def test_who_only_opens_the_talk_is_told_to_go_ahead(services: Services) -> None:
    opening = entity("asked_about", "opening", start=0, end=4)
    said = Said("我想问下", entities=[opening])
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_go_ahead"]
    longer = Said("我想问下你们家隔壁卖的是什么", entities=[opening])
    assert run(ActionMisunderstood(), tracker(longer)).said == ["utter_say_it_differently"]


def test_who_goes_on_asks_for_no_answers_that_were_kept(services: Services, verified: Person) -> None:
    read = {"small_question": {"topic": "answers_kept", "score": -0.1}}
    message = Said("知道了，我回头去报。接着说分期的事吧", entities=[entity("comes_back", "yes")], read=read)
    outcome = answer(ValidateHardshipForm(), message, "hardship_cause")
    assert outcome.said == []


def test_whether_the_record_of_a_payment_shall_be_sent_is_answered(
    services: Services, verified: Person
) -> None:
    read = {"small_question": {"topic": "send_document", "score": 0.53}}
    message = Said("有转账记录，要不要发给你", "report_paid", entities=[QUESTION], read=read)
    assert run(ActionReportPaid(), tracker(message)).said == ["utter_about_send_document"]


@pytest.mark.parametrize(
    "text", ["no I don't have the reference number on me right now", "i can't find the reference"]
)
def test_who_has_no_number_asks_for_none(services: Services, text: str) -> None:
    message = all_said(text)
    assert run(ActionMisunderstood(), tracker(message)).said == ["utter_say_it_differently"]
