"""What is asked, wanted or told beside a matter that was taken in: a check, a dispute, a complaint."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from actions.account_facts import ActionAskConsequences
from actions.causes import ActionReportHardship
from actions.complaint_forms import ValidateComplaintForm
from actions.complaints import ActionComplainContact
from actions.contact import ActionSetContactPreference, ValidatePreferenceForm
from actions.corrections import ActionCorrectDetail
from actions.dialogue import ActionAffirm, ActionCapabilities, ActionMisunderstood
from actions.disputes import ActionDisputeDebt, ValidateDisputeForm
from actions.feedback import ActionGiveFeedback
from actions.flow import GOAL_PLAN
from actions.my_data import ActionRequestMyData
from actions.offers import ActionRequestPlan
from actions.services import Services
from actions.switching import ActionAfterTopic, ValidateTopicForm
from casestore import complaints, contact_preferences, disputes, feedback, handoffs, payment_claims
from tests.actions.helpers import SESSION, Said, answer, entity, run, tracker
from tests.actions.test_complaints import COMPLAINT
from tests.conversations.people import Person

REFUND = Said("罚息你们得退给我", "request_charge_waiver", entities=[entity("term", "penalty_interest")])
ASKED = entity("question", "asked")


@pytest.fixture
def reported(services: Services, verified: Person) -> list[dict[str, Any]]:
    """A payment has just been told of."""
    payment_claims.claim(
        services.store, SESSION, 120000, date(2026, 11, 10), services.policy, services.today()
    )
    paid = Said("十一月十号还的", "report_paid", entities=[entity("paying", "yes")])
    return [paid.as_event(), {"event": "action", "name": "paid_form"}]


def test_the_number_of_a_payment_check_is_told(services: Services, reported: list[dict[str, Any]]) -> None:
    said = Said("编号在哪", entities=[entity("asked_about", "progress")])
    outcome = run(ActionMisunderstood(), tracker(said, before=reported))
    assert outcome.said == ["utter_under_way"] and "PC-" in outcome.messages[0]["matters"]


def test_who_waits_for_a_person_is_told_so_and_not_that_nothing_is_under_way(
    services: Services, verified: Person
) -> None:
    waiting = handoffs.request(services.store, SESSION, handoffs.ASKED, services.policy)
    said = Said("前面还有几个人", entities=[entity("asked_about", "progress"), ASKED])
    outcome = run(ActionMisunderstood(), tracker(said))
    assert outcome.said == ["utter_under_way"] and waiting.reference in outcome.messages[0]["matters"]


@pytest.mark.parametrize(
    ("text", "values", "kept"),
    [
        ("不是1200，看错了，是1320", (120000, 132000), (132000, date(2026, 11, 10))),
        ("应该是1350", (135000,), (135000, date(2026, 11, 10))),
    ],
)
def test_who_misread_the_sum_of_a_payment_corrects_it_a_little_later(
    services: Services,
    reported: list[dict[str, Any]],
    text: str,
    values: tuple[int, ...],
    kept: tuple[int, date],
) -> None:
    said = Said(text, "correct_detail", entities=[entity("money", each) for each in values])
    outcome = run(ActionCorrectDetail(), tracker(said, before=reported))
    assert outcome.said == ["utter_paid_noted"]
    (claim,) = payment_claims.told_in(services.store, SESSION)
    assert (claim.amount, claim.paid_on) == kept


def test_who_mistook_the_day_of_a_payment_corrects_it_and_makes_no_second_report(
    services: Services, reported: list[dict[str, Any]]
) -> None:
    said = Said("应该是8号", "correct_detail", entities=[entity("date", "2026-11-08")])
    run(ActionCorrectDetail(), tracker(said, before=reported))
    (claim,) = payment_claims.told_in(services.store, SESSION)
    assert (claim.amount, claim.paid_on) == (120000, date(2026, 11, 8))


@pytest.mark.parametrize("heard", ["nlu_fallback", "ask_capabilities"])
def test_a_question_that_is_nothing_else_is_about_the_check(
    services: Services, reported: list[dict[str, Any]], heard: str
) -> None:
    said = Said("那得等到啥时候", heard, entities=[ASKED])
    assert run(ActionCapabilities(), tracker(said, before=reported)).said == ["utter_paid_check"]


@pytest.mark.parametrize("heard", ["nlu_fallback", "affirm"])
def test_who_wants_it_put_on_record_hears_that_it_is(
    services: Services, reported: list[dict[str, Any]], heard: str
) -> None:
    said = Said("行那你登记一下", heard, entities=[entity("follow_up", "on_record")])
    assert run(ActionAffirm(), tracker(said, before=reported)).said == ["utter_under_way"]


def test_what_is_not_on_record_is_not_said_to_be(services: Services, verified: Person) -> None:
    said = Said("行那你登记一下", entities=[entity("follow_up", "on_record")])
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_say_it_differently"]


def test_who_wants_penalty_interest_back_after_a_payment_disputes_it(
    services: Services, reported: list[dict[str, Any]]
) -> None:
    outcome = run(ActionRequestPlan(), tracker(REFUND, before=reported))
    assert outcome.said == ["utter_refund_disputed"] and outcome.followed_by is None
    dispute = disputes.open_of(services.store, SESSION)
    assert dispute is not None and dispute.ground == "wrong_amount"


def test_who_disputes_and_wants_penalty_interest_back_is_not_asked_about_income(
    services: Services, verified: Person
) -> None:
    run(ActionDisputeDebt(), tracker(Said("金额不对", "dispute_debt")))
    outcome = run(ActionRequestPlan(), tracker(REFUND))
    assert outcome.said == ["utter_refund_disputed"] and outcome.followed_by is None


def test_without_a_dispute_a_waiver_is_a_wish_for_a_plan(services: Services, verified: Person) -> None:
    outcome = run(ActionRequestPlan(), tracker(REFUND))
    assert outcome.said == ["utter_wish_noted"] and outcome.followed_by == "hardship_form"
    assert disputes.open_of(services.store, SESSION) is None


def test_a_plan_waits_for_a_dispute_that_came_before_any_case(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(Said("金额不对", "dispute_debt")))
    outcome = run(ActionRequestPlan(), tracker(Said("我想协商", "request_plan")))
    assert outcome.followed_by == "action_plan_on_hold"


def test_a_wish_for_data_is_no_account_of_what_is_wrong(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(Said("金额不对", "dispute_debt")))
    wish = Said("我要一份我的资料", "request_my_data", entities=[entity("data_wish", "copy")])
    outcome = answer(ValidateDisputeForm(), wish, "dispute_words")
    assert outcome.said == [] and outcome.slots == {}


@pytest.mark.parametrize("form", ["preference_form", "complaint_form", "paid_form"])
def test_hardship_told_amid_other_questions_comes_after_them(
    services: Services, verified: Person, form: str
) -> None:
    said = Said("我失业了", "hardship_job_loss")
    outcome = run(ActionReportHardship(), tracker(said, form=form))
    assert outcome.said[-1] == "utter_topic_waits"
    assert outcome.slots["topics_waiting"] == ["hardship_form"]


def test_hardship_that_waited_begins_where_the_way_to_a_plan_is(services: Services) -> None:
    slots = {"topic": "hardship_form", "topic_choice": "now"}
    outcome = run(ActionAfterTopic(), tracker(Said("现在说", "affirm"), **slots))
    assert outcome.slots["goal"] == GOAL_PLAN and outcome.followed_by == "consent_form"


def test_on_the_way_to_a_plan_hardship_waits_for_nothing(services: Services, verified: Person) -> None:
    said = Said("我失业了", "hardship_job_loss")
    outcome = run(ActionReportHardship(), tracker(said, form="complaint_form", goal=GOAL_PLAN))
    assert "topics_waiting" not in outcome.slots


def test_what_the_other_side_did_besides_goes_with_the_complaint(services: Services) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    before = [COMPLAINT.as_event(), {"event": "action", "name": "complaint_form"}]
    said = Said("他还发了我的照片", entities=[entity("went_on", "also")])
    assert run(ActionMisunderstood(), tracker(said, before=before)).said == ["utter_complaint_added"]
    kept = complaints.open_of(services.store, SESSION, "contact")
    assert kept is not None and said.text in kept.details["opening"]


def test_what_somebody_did_is_no_complaint_of_its_own(services: Services) -> None:
    said = Said("他还发了我的照片", entities=[entity("went_on", "also")])
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_say_it_differently"]


@pytest.mark.parametrize("asked", ["complaint_channel", "complaint_words"])
def test_a_wish_for_what_is_to_come_is_no_account_of_what_was(services: Services, asked: str) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    named = [
        entity("contact_channel", "sms", start=5, end=7),
        entity("refusal", "henceforth", start=1, end=3),
    ]
    said = Said("那以后只发短信", "set_contact_preference", entities=named)
    outcome = answer(ValidateComplaintForm(), said, asked)
    assert outcome.said == [] and outcome.slots == {}


def test_by_what_right_they_rang_the_work_is_not_who_it_was(services: Services) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    said = Said("你们有什么资格打我单位电话", entities=[ASKED, entity("told_party", "employer")])
    outcome = answer(ValidateComplaintForm(), said, "complaint_who")
    assert outcome.slots["complaint_who"] is None and outcome.said == ["utter_complaint_added"]


def test_whether_a_wish_about_contact_can_be_changed_is_no_wish_for_a_due_date(services: Services) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", None, "")
    said = Said(
        "以后还能改吗", "request_due_date_change", entities=[ASKED, entity("follow_up", "can_change")]
    )
    outcome = answer(ValidatePreferenceForm(), said, "preferred_hours")
    assert outcome.said == ["utter_contact_can_change"] and outcome.slots["preferred_hours"] is None


@pytest.mark.parametrize("heard", ["give_feedback", "nlu_fallback"])
def test_who_is_rude_is_answered_calmly_and_not_thanked(services: Services, heard: str) -> None:
    said = Said("一点用都没有的垃圾", heard, entities=[entity("displeasure", "rude")])
    action = ActionGiveFeedback() if heard == "give_feedback" else ActionMisunderstood()
    outcome = run(action, tracker(said))
    assert outcome.said == ["utter_displeased"] and outcome.followed_by is None
    assert feedback.totals(services.store) == {}


def test_who_is_rude_amid_questions_keeps_the_open_one(services: Services) -> None:
    run(ActionDisputeDebt(), tracker(Said("我有异议", "dispute_debt")))
    said = Said("服了你们", entities=[entity("displeasure", "bitter")])
    outcome = answer(ValidateDisputeForm(), said, "ground_named")
    assert outcome.said == ["utter_displeased"] and outcome.slots == {"ground_named": None}


def test_a_rude_rating_is_counted(services: Services) -> None:
    named = [entity("displeasure", "rude"), entity("rating", "1")]
    outcome = run(ActionGiveFeedback(), tracker(Said("垃圾，一分", "give_feedback", entities=named)))
    assert outcome.said == ["utter_feedback_sorry"] and feedback.totals(services.store) == {1: 1}


def test_a_remark_on_the_bot_is_no_name_of_a_collector(services: Services) -> None:
    run(ActionComplainContact(), tracker(COMPLAINT))
    said = Said("给你们打一分", "give_feedback", entities=[entity("rating", "1")])
    outcome = answer(ValidateComplaintForm(), said, "complaint_who")
    assert outcome.said == [] and outcome.slots == {}


def test_who_asks_later_what_happens_if_they_are_wrong_hears_of_the_dispute(
    services: Services, verified: Person
) -> None:
    told = Said("金额不对", "dispute_debt")
    run(ActionDisputeDebt(), tracker(told))
    since = [Said("好", "affirm").as_event() for _ in range(6)]
    before = [told.as_event(), {"event": "action", "name": "dispute_form"}, *since]
    said = Said("要是我错了呢", "ask_consequences", entities=[entity("follow_up", "if_wrong"), ASKED])
    assert run(ActionAskConsequences(), tracker(said, before=before)).said == ["utter_dispute_if_wrong"]


@pytest.mark.parametrize("form", ["dispute_form", "complaint_form"])
def test_a_wish_for_data_amid_other_questions_comes_after_verification(services: Services, form: str) -> None:
    wish = Said("我要一份我的资料", "request_my_data", entities=[entity("data_wish", "copy")])
    told = run(ActionRequestMyData(), tracker(wish, form=form))
    assert told.said == ["utter_after_verification"]
    assert told.slots == {"data_wish_named": "copy", "topics_waiting": ["data_form"]}
    slots = {"topic": "data_form", "topic_choice": "now", "data_wish_named": "copy"}
    taken_up = run(ActionAfterTopic(), tracker(Said("好", "affirm"), **slots))
    assert taken_up.followed_by == "consent_form" and taken_up.slots["goal"] == "data"


def test_who_is_verified_gets_the_copy_that_waited(services: Services, verified: Person) -> None:
    slots = {"topic": "data_form", "topic_choice": "now", "data_wish_named": "copy"}
    outcome = run(ActionAfterTopic(), tracker(Said("好", "affirm"), **slots))
    assert outcome.followed_by == "action_request_my_data"


def test_a_wish_about_contact_is_no_answer_to_whether_now_or_later(services: Services) -> None:
    named = [entity("contact_hours", "weekend"), entity("refusal", "ahead"), entity("date", "2026-11-28")]
    said = Said("周末也别打", "set_contact_preference", entities=named)
    outcome = answer(ValidateTopicForm(), said, "topic_choice", topic="hardship_form")
    assert outcome.slots == {} and outcome.said == []


def test_no_calls_leave_another_way_of_contact_as_it_was(services: Services) -> None:
    contact_preferences.prefer(services.store, SESSION, "email", "morning", "")
    said = Said("别打电话", "set_contact_preference", entities=[entity("contact_channel", "no_call")])
    run(ActionSetContactPreference(), tracker(said))
    kept = contact_preferences.of_session(services.store, SESSION)
    assert kept is not None and kept.channel == "email"


def test_whether_a_penalty_follows_wants_nothing_back(services: Services, verified: Person) -> None:
    run(ActionDisputeDebt(), tracker(Said("金额不对", "dispute_debt")))
    said = Said(
        "是我错了要罚钱吗", "request_charge_waiver", entities=[entity("follow_up", "if_wrong"), ASKED]
    )
    assert run(ActionRequestPlan(), tracker(said)).said == ["utter_dispute_if_wrong"]
