"""Skill rights: disputes and fraud."""

from __future__ import annotations

import pytest

from actions.account_facts import ActionAskCreditRecord
from actions.dialogue import ActionMisunderstood
from actions.disputes import ActionDisputeDebt, ActionPlanOnHold, ValidateDisputeForm
from actions.flow import ActionNextStep
from actions.fraud import ActionReportFraud, ValidateFraudForm
from actions.hardship import ValidateHardshipForm
from actions.offers import ActionRequestPlan
from actions.services import Services
from casestore import agreement_life, complaints, disputes, handoffs, sessions
from tests.actions.helpers import SESSION, Said, answer, entity, learnt, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person

NOT_MINE = Said("这不是我借的", "dispute_debt", entities=[entity("dispute_ground", "not_me")])
UNCLEAR = Said("我对这笔债有异议", "dispute_debt")


def dispute(services: Services) -> disputes.Dispute:
    found = disputes.open_of(services.store, SESSION)
    assert found is not None
    return found


def collection_rests(services: Services) -> bool:
    session = sessions.get(services.store, SESSION)
    assert session is not None
    return agreement_life.on_hold(services.store, str(session.loan_id), services.store.clock())


def test_a_dispute_holds_at_the_first_word(services: Services, verified: Person) -> None:
    outcome = run(ActionDisputeDebt(), tracker(UNCLEAR))
    assert outcome.said == ["utter_dispute_heard"] and outcome.followed_by == "dispute_form"
    assert outcome.messages[0]["due"] == "2026年12月9日" and collection_rests(services)
    assert [each.reason for each in handoffs.open_handoffs(services.store)] == ["dispute"]


def test_a_ground_in_the_first_message_is_not_asked(services: Services, verified: Person) -> None:
    outcome = run(ActionDisputeDebt(), tracker(NOT_MINE))
    assert outcome.slots["ground_named"] == "given" and dispute(services).ground == "not_me"


@pytest.mark.parametrize("ground", ["not_me", "not_owed", "wrong_amount"])
def test_the_ground_is_one_of_three(services: Services, verified: Person, ground: str) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    said = Said("…", "choose_option", entities=[entity("dispute_ground", ground)])
    assert answer(ValidateDisputeForm(), said, "ground_named").slots["ground_named"] == "given"
    assert dispute(services).ground == ground


def test_a_ground_in_own_words_is_one_of_the_three(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    said = Said("钱没到过我账上", answers=learnt("ground_named", "not_me"))
    assert answer(ValidateDisputeForm(), said, "ground_named").slots["ground_named"] == "given"
    assert dispute(services).ground == "not_me"


def test_who_cannot_say_which_is_heard_all_the_same(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    assert answer(ValidateDisputeForm(), Said("说不清", "dont_know"), "ground_named").slots == {
        "misunderstandings": 0,
        "ground_named": "given",
    }
    assert dispute(services).ground is None


def test_something_else_is_not_taken_for_a_ground(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    outcome = answer(ValidateDisputeForm(), Said("绿色"), "ground_named")
    assert outcome.said == ["utter_not_understood"]


def test_after_the_words_the_hold_and_the_deadline_are_told(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    outcome = answer(ValidateDisputeForm(), Said("我从来没签过合同"), "dispute_words")
    assert outcome.said == ["utter_dispute_on_hold"] and outcome.slots["goal"] is None
    assert "没签过合同" in str(dispute(services).words)


def test_a_stranger_is_heard_and_told_that_verification_brings_the_hold(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    outcome = answer(ValidateDisputeForm(), Said("跳过", "dont_know"), "dispute_words")
    assert outcome.said == ["utter_dispute_without_hold", "utter_dispute_verify"]
    assert outcome.slots["goal"] == "dispute" and outcome.slots["dispute_words"] == "unverified"


def test_once_verified_the_dispute_from_before_holds(services: Services, verified: Person) -> None:
    outcome = run(ActionDisputeDebt(), tracker(Said("123456", "nlu_fallback"), goal="dispute"))
    assert outcome.said == ["utter_dispute_on_hold"] and outcome.slots["goal"] is None
    assert collection_rests(services)


def test_inside_another_form_the_dispute_is_noted_and_its_questions_are_offered(
    services: Services, verified: Person
) -> None:
    outcome = run(ActionDisputeDebt(), tracker(NOT_MINE, form="hardship_form", asks="housing"))
    assert outcome.said == ["utter_dispute_on_hold"] and outcome.followed_by == "topic_form"
    assert outcome.slots["topic"] == "dispute_form" and outcome.slots["ground_named"] == "given"


@pytest.mark.parametrize("form", ["plan_form", "request_form", "agreement_form"])
def test_a_dispute_ends_the_bargaining(services: Services, verified: Person, form: str) -> None:
    outcome = run(ActionDisputeDebt(), tracker(NOT_MINE, form=form, goal="plan"))
    assert outcome.left_the_form and outcome.slots["goal"] is None
    assert outcome.followed_by == "dispute_form"


def test_a_plan_waits_until_the_dispute_is_taken_back(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    plan = tracker(Said("我想协商", "request_plan"), dispute_words="given")
    assert run(ActionRequestPlan(), plan).followed_by == "action_plan_on_hold"
    assert run(ActionPlanOnHold(), plan).said == ["utter_plan_on_hold_take_back"]
    disputes.withdraw(services.store, SESSION)
    assert run(ActionRequestPlan(), plan).followed_by == "hardship_form"


def test_a_plan_waits_for_a_dispute_of_another_conversation_too(services: Services, verified: Person) -> None:
    assert run(ActionPlanOnHold(), tracker()).said == ["utter_plan_on_hold"]


def test_disputing_again_adds_to_it_and_offers_to_take_it_back(services: Services, verified: Person) -> None:
    first = run(ActionDisputeDebt(), tracker(UNCLEAR)).messages[0]["reference"]
    outcome = run(ActionDisputeDebt(), tracker(NOT_MINE))
    assert outcome.said == ["utter_dispute_open"] and outcome.messages[0]["reference"] == first


@pytest.mark.parametrize("asks", ["ground_named", "dispute_words"])
def test_a_dispute_can_be_called_off_at_any_question(services: Services, verified: Person, asks: str) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    said = Said("算了", entities=[entity("never_mind", "called_off")])
    assert answer(ValidateDisputeForm(), said, asks).said == ["utter_dispute_withdrawn"]
    assert not collection_rests(services)


def test_the_button_takes_a_dispute_back(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    said = Said(
        '/dispute_debt{"never_mind": "called_off"}',
        "dispute_debt",
        entities=[entity("never_mind", "called_off")],
    )
    assert run(ActionDisputeDebt(), tracker(said)).said == ["utter_dispute_withdrawn"]
    assert disputes.open_disputes(services.store) == ()


def test_the_button_takes_a_dispute_back_while_its_words_are_asked(
    services: Services, verified: Person
) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    named = [entity("never_mind", "called_off")]
    said = Said('/dispute_debt{"never_mind": "called_off"}', "dispute_debt", entities=named)
    assert answer(ValidateDisputeForm(), said, "dispute_words").said == ["utter_dispute_withdrawn"]


def test_in_a_long_account_the_same_words_call_nothing_off(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    text = "我去问的时候他们说算了吧这点钱你就认了别折腾了，我没有签过字也没有收到过任何一笔钱，你们自己查"
    said = Said(text, entities=[entity("never_mind", "called_off")])
    assert answer(ValidateDisputeForm(), said, "dispute_words").said == ["utter_dispute_on_hold"]


def test_fraud_brings_the_warning_the_numbers_and_a_person_first(services: Services) -> None:
    outcome = run(ActionReportFraud(), tracker(Said("有人骗我", "report_fraud")))
    assert outcome.messages[0]["anti_fraud"] == "96110" and outcome.messages[0]["police"] == "110"
    assert outcome.followed_by == "fraud_form"
    assert [each.priority for each in handoffs.open_handoffs(services.store)] == ["top"]


def test_when_nothing_can_be_recorded_the_warning_is_said_and_no_person_is_promised(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("the store is down")

    monkeypatch.setattr(handoffs, "request", broken)
    outcome = run(ActionReportFraud(), tracker(Said("有人骗我", "report_fraud")))
    assert outcome.said == ["utter_fraud_warning", "utter_technical_problem"]


def test_a_stolen_identity_is_a_dispute_with_a_hold(services: Services, verified: Person) -> None:
    named = [entity("fraud_kind", "identity")]
    outcome = run(ActionReportFraud(), tracker(Said("有人冒用我身份", "report_fraud", entities=named)))
    assert outcome.said == [
        "utter_fraud_warning",
        "utter_fraud_passed_on",
        "utter_fraud_identity",
        "utter_dispute_on_hold",
    ]
    assert dispute(services).ground == "identity_theft" and collection_rests(services)


@pytest.mark.parametrize("kind", ["agent", "message", "other"])
def test_other_fraud_is_registered_without_a_hold(services: Services, verified: Person, kind: str) -> None:
    said = Said("…", "choose_option", entities=[entity("fraud_kind", kind)])
    outcome = answer(ValidateFraudForm(), said, "fraud_named")
    assert outcome.said == [f"utter_fraud_{kind}"] and outcome.slots["fraud_named"] == "given"
    assert [each.kind for each in complaints.open_complaints(services.store)] == ["impostor"]
    assert not collection_rests(services)


def test_a_kind_of_fraud_in_own_words_is_one_of_the_three(services: Services, verified: Person) -> None:
    said = Said("说交钱就能减免", answers=learnt("fraud_named", "agent"))
    assert answer(ValidateFraudForm(), said, "fraud_named").said == ["utter_fraud_agent"]


def test_fraud_told_in_own_words_is_registered_for_a_person_to_read(services: Services) -> None:
    answer(ValidateFraudForm(), Said("他们让我下载一个软件", "nlu_fallback"), "fraud_named")
    (report,) = complaints.open_complaints(services.store)
    assert report.details["opening"] == "他们让我下载一个软件"


def test_a_payment_that_is_missing_is_a_wrong_amount(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(Said("我要查账", "dispute_debt")))
    outcome = answer(ValidateDisputeForm(), Said("我还过一千五没显示", "report_paid"), "ground_named")
    assert outcome.slots["ground_named"] == "given"
    assert dispute(services).ground == "wrong_amount"


def test_a_mere_yes_is_no_word_about_the_dispute(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(Said("我要查账", "dispute_debt")))
    outcome = answer(ValidateDisputeForm(), Said("好的", "affirm"), "dispute_words")
    assert outcome.slots["dispute_words"] is None


def test_a_mere_yes_names_no_ground_whatever_it_is_like(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    said = Said("同意", "affirm", answers=learnt("ground_named", "wrong_amount", 0.9))
    assert answer(ValidateDisputeForm(), said, "ground_named").slots["ground_named"] is None
    assert dispute(services).ground is None


def test_money_that_has_gone_is_answered_before_the_kind_of_fraud_is_known(services: Services) -> None:
    outcome = answer(ValidateFraudForm(), Said("我已经转了一千", "report_paid"), "fraud_named")
    assert outcome.said == ["utter_fraud_money_gone"] and outcome.slots["fraud_named"] is None


def test_words_that_name_no_ground_are_kept_and_lead_on(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    outcome = answer(ValidateDisputeForm(), Said("合同上写的利率更低", "dispute_debt"), "ground_named")
    assert outcome.slots["ground_named"] == "given" and dispute(services).ground is None


def test_a_second_word_about_the_same_fraud_is_added_and_not_asked_about(services: Services) -> None:
    by_agent = Said("中介收了我钱", "report_fraud", entities=[entity("fraud_kind", "agent")])
    run(ActionReportFraud(), tracker(by_agent))
    outcome = run(ActionReportFraud(), tracker(Said("证件照片也给他了", "report_fraud")))
    assert outcome.said[-1] == "utter_complaint_added" and outcome.followed_by is None


def test_what_is_told_after_the_questions_is_added(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    said = Said("去年三月丢的", entities=[entity("complaint_hint", "when")])
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_dispute_added"]


def test_who_is_verified_for_something_else_has_collecting_rest_all_the_same(
    services: Services, request: pytest.FixtureRequest
) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    assert not dispute(services).on_hold
    request.getfixturevalue("verified")
    outcome = run(ActionNextStep(), tracker(Said("123456"), goal="balance", privacy_consent="given"))
    assert outcome.said == ["utter_dispute_on_hold"] and collection_rests(services)


def test_a_lost_id_told_as_an_account_refuses_nothing(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    outcome = answer(ValidateDisputeForm(), Said("身份证去年丢过一次", "refuse_identity"), "dispute_words")
    assert outcome.said == ["utter_dispute_on_hold"]


def test_whether_it_goes_on_the_credit_record_meanwhile_is_answered_as_that(
    services: Services, verified: Person
) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    message = said(
        "嗯，那查的这段时间会不会上征信",
        "ask_credit_record",
        read={"small_question": {"topic": "meanwhile", "score": 1.8}},
    )
    assert answer(ValidateDisputeForm(), message, "ground_named").events == []
    outcome = run(ActionAskCreditRecord(), tracker(message, form="dispute_form", asks="ground_named"))
    assert outcome.said[:2] == ["utter_credit_record_disputed", "utter_credit_record"]


@pytest.mark.parametrize("text", ["报案回执拿到以后往哪儿交", "where do i hand in the police report?"])
def test_where_a_proof_goes_is_said_by_a_person(services: Services, text: str) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    outcome = run(ActionMisunderstood(), tracker(said(text)))
    assert outcome.said == ["utter_dispute_proof_where"]


@pytest.mark.parametrize("text", ["那我自己跟你们谈要不要钱", "is it free if i talk to you myself?"])
def test_a_question_amid_a_report_of_fraud_is_no_kind_of_fraud(services: Services, text: str) -> None:
    outcome = answer(ValidateFraudForm(), said(text), "fraud_named")
    assert outcome.said == ["utter_about_costs_nothing"]
    assert complaints.open_of(services.store, SESSION, "impostor") is None


@pytest.mark.parametrize(
    "text",
    ["I want somebody to look at those charges first", "这笔费用你们先让人查一下"],
)
def test_somebody_shall_look_at_it(services: Services, verified: Person, text: str) -> None:
    outcome = run(ActionMisunderstood(), tracker(said(text)))
    assert outcome.said == ["utter_message_passed_on"]
    assert len(handoffs.open_handoffs(services.store)) == 1


def test_leaving_it_for_now_tells_nothing_of_how_long_it_lasts(services: Services, verified: Person) -> None:
    message = said("no, leave that for now, i would rather get this other business done first of all")
    message.entities.append(entity("never_mind", "stops"))
    outcome = answer(ValidateHardshipForm(), message, "hardship_cause")
    assert "utter_situation_noted" not in outcome.said


def test_whether_it_was_recorded_is_no_question_where_a_paper_goes(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(NOT_MINE))
    noted = {"small_question": {"topic": "noted", "score": 2.0}}
    message = said("Has it been recorded that I said I am not the one?", read=noted)
    assert run(ActionMisunderstood(), tracker(message)).said == ["utter_under_way"]


@pytest.mark.parametrize(
    "text", ["在查清楚之前别再联系我了，谁受得了", "stop calling me until you've checked it, will you"]
)
def test_to_be_left_alone_meanwhile_is_asked_about_and_no_question(
    services: Services, verified: Person, text: str
) -> None:
    run(ActionDisputeDebt(), tracker(UNCLEAR))
    message = said(text, ranking={"stop_contact": 0.51, "set_contact_preference": 0.22})
    outcome = answer(ValidateDisputeForm(), message, "ground_named")
    assert outcome.said == ["utter_did_you_mean"]


@pytest.mark.parametrize(
    "text", ["有个法务公司说能停息挂账，先交服务费", "a debt adviser wants a fee, is that ok"]
)
def test_an_agent_who_wants_a_fee_is_warned_of_at_once(services: Services, text: str) -> None:
    message = said(text, ranking={"report_fraud": 0.63, "ask_debt_advice": 0.37})
    assert run(ActionMisunderstood(), tracker(message)).followed_by == "action_report_fraud"
