"""Skill rights: complaints about contact and about disclosure."""

from __future__ import annotations

import pytest

from actions.account import ActionAskCreditorContact
from actions.complaint_forms import ValidateComplaintForm, ValidateDisclosureForm
from actions.complaints import ActionComplainContact, ActionComplainDisclosure
from actions.corrections import ActionCorrectDetail
from actions.dialogue import ActionAffirm, ActionMisunderstood
from actions.offers import ActionRequestPlan
from actions.reported_payments import ActionReportPaid
from actions.services import Services
from casestore import complaints, handoffs, payment_claims
from tests.actions.helpers import SESSION, Said, answer, entity, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person

LAST_NIGHT = entity("complaint_hint", "when")
COMPLAINT = Said("你们半夜打电话骂我", "complain_contact")


def details(services: Services, kind: str = "contact") -> dict[str, str]:
    complaint = complaints.open_of(services.store, SESSION, kind)
    assert complaint is not None
    return dict(complaint.details)


@pytest.fixture
def taken(services: Services) -> None:
    """A complaint about contact has just been taken in."""
    run(ActionComplainContact(), tracker(COMPLAINT))


def test_a_complaint_gets_its_number_and_deadline_at_once_from_anybody(services: Services) -> None:
    outcome = run(ActionComplainContact(), tracker(COMPLAINT))
    assert outcome.messages[0]["reference"].startswith("CP-")
    assert outcome.messages[0]["due"] == "2026年12月9日"
    assert outcome.said[1:] == ["utter_complaint_questions"] and outcome.followed_by == "complaint_form"
    assert details(services) == {"opening": COMPLAINT.text}


def test_inside_a_long_form_the_complaint_is_taken_in_and_its_questions_are_offered(
    services: Services,
) -> None:
    outcome = run(ActionComplainContact(), tracker(COMPLAINT, form="hardship_form", asks="housing"))
    assert outcome.said == ["utter_complaint_contact"] and outcome.followed_by == "topic_form"
    assert outcome.slots["topic"] == "complaint_form" and outcome.slots["forms_left"] == ["hardship_form"]


def test_inside_a_short_form_the_complaints_questions_wait(services: Services) -> None:
    outcome = run(ActionComplainContact(), tracker(COMPLAINT, form="identity_form", asks="identity_login"))
    assert outcome.said == ["utter_complaint_contact", "utter_topic_waits"] and outcome.followed_by is None
    assert outcome.slots["topics_waiting"] == ["complaint_form"]


def test_a_detail_is_corrected_while_another_is_asked(services: Services, taken: None) -> None:
    validator = ValidateComplaintForm()
    answer(validator, Said("电话", entities=[entity("contact_channel", "call")]), "complaint_channel")
    by_text = [entity("contact_channel", "sms"), entity("contact_channel", "call")]
    said = Said("不对，是短信不是电话", entities=[*by_text, entity("correction", "yes")])
    assert answer(validator, said, "complaint_words").said == ["utter_complaint_corrected"]
    assert details(services)["channel"] == "sms"


def test_what_the_first_message_names_is_not_asked_again(services: Services) -> None:
    said = Said("微信上骂我", "complain_contact", entities=[entity("contact_channel", "wechat")])
    run(ActionComplainContact(), tracker(said))
    outcome = run(ValidateComplaintForm(), tracker(said, form="complaint_form"))
    assert outcome.slots == {"complaint_channel": "given"}


def test_each_detail_is_kept_as_it_was_said(services: Services, taken: None) -> None:
    validator = ValidateComplaintForm()
    answer(validator, Said("昨晚十一点", entities=[LAST_NIGHT]), "complaint_when")
    answer(validator, Said("自称工号3368"), "complaint_who")
    answer(validator, Said("电话", entities=[entity("contact_channel", "call")]), "complaint_channel")
    outcome = answer(validator, Said("骂我骗子，打我妈 13800138000"), "complaint_words")
    assert details(services) == {
        "opening": COMPLAINT.text,
        "when": "昨晚十一点",
        "who": "自称工号3368",
        "channel": "call",
        "words": "骂我骗子，打我妈 […]",
    }
    assert outcome.said == ["utter_complaint_complete"]
    assert "方式：电话" in outcome.messages[0]["details"]


def test_the_read_back_is_in_the_borrowers_language(services: Services, taken: None) -> None:
    validator = ValidateComplaintForm()
    for question in ("complaint_when", "complaint_who"):
        answer(validator, Said("I don't know", "dont_know"), question, language="en")
    said = Said("by phone", entities=[entity("contact_channel", "call")])
    answer(validator, said, "complaint_channel", language="en")
    outcome = answer(validator, Said("skip", "dont_know"), "complaint_words", language="en")
    assert "How: phone calls" in outcome.messages[0]["details"]


@pytest.mark.parametrize("intent", ["dont_know", "deny"])
def test_every_question_may_be_left_out(services: Services, taken: None, intent: str) -> None:
    outcome = answer(ValidateComplaintForm(), Said("跳过", intent), "complaint_when")
    assert outcome.slots["complaint_when"] == "given" and details(services)["when"] == ""


def test_words_that_quote_a_threat_are_words_and_no_topic(services: Services, taken: None) -> None:
    said = Said("他说不还就起诉我", "ask_consequences", confidence=0.9)
    answer(ValidateComplaintForm(), said, "complaint_words")
    assert details(services)["words"] == said.text


@pytest.mark.parametrize("question", ["complaint_words", "complaint_who"])
def test_insults_that_sound_like_violence_are_the_complaint_and_the_number_is_said(
    services: Services, taken: None, question: str
) -> None:
    said = Said("他说我是老赖，说再不还就让我全村都知道", "report_abuse", read={"danger_is_unworded": True})
    outcome = answer(ValidateComplaintForm(), said, question)
    assert said.text in details(services).values()
    assert outcome.messages[0]["response"] == "utter_complaint_threatened"
    assert outcome.messages[0]["police"] == services.policy.hotline("police")


def test_violence_in_plain_words_is_no_answer_to_a_question_about_a_complaint(
    services: Services, taken: None
) -> None:
    said = Said("他们上门把我打了", "report_abuse", read={"danger_is_doubtful": False})
    assert answer(ValidateComplaintForm(), said, "complaint_words").events == []


def test_a_question_and_a_word_of_distress_are_answered_first(services: Services, taken: None) -> None:
    for message in (Said("罚息是什么？", "ask_charges"), Said("我快崩溃了", "express_distress")):
        assert answer(ValidateComplaintForm(), message, "complaint_when").events == []


def test_a_complaint_can_be_called_off(services: Services, taken: None) -> None:
    said = Said("算了不投诉了", entities=[entity("never_mind", "called_off")])
    outcome = answer(ValidateComplaintForm(), said, "complaint_who")
    assert outcome.said == ["utter_complaint_withdrawn"] and outcome.slots["requested_slot"] is None
    assert complaints.open_complaints(services.store) == ()


def test_of_a_disclosure_only_the_group_is_kept(services: Services) -> None:
    run(ActionComplainDisclosure(), tracker(Said("你们告诉了别人", "complain_disclosure")))
    validator = ValidateDisclosureForm()
    answer(validator, Said("我表弟小李"), "disclosure_party")
    assert details(services, "disclosure")["party"] == "other"
    answer(validator, Said("上周三", entities=[LAST_NIGHT]), "disclosure_when")
    outcome = answer(
        validator, Said("打电话", entities=[entity("contact_channel", "call")]), "disclosure_channel"
    )
    assert outcome.said == ["utter_complaint_complete"]
    assert "小李" not in str(details(services, "disclosure"))


def test_the_group_and_the_way_can_be_in_the_first_message(services: Services) -> None:
    named = [entity("told_party", "employer"), entity("contact_channel", "call")]
    outcome = run(
        ActionComplainDisclosure(), tracker(Said("打到我单位", "complain_disclosure", entities=named))
    )
    assert outcome.followed_by == "disclosure_form"
    assert details(services, "disclosure") == {
        "opening": "打到我单位",
        "party": "employer",
        "channel": "call",
    }


def test_who_it_was_is_kept_as_such_when_it_is_told_at_the_question_when(
    services: Services, taken: None
) -> None:
    said = Said("他说他姓王，法务的", entities=[entity("complaint_hint", "who")])
    outcome = answer(ValidateComplaintForm(), said, "complaint_when")
    assert details(services)["who"] == said.text and "when" not in details(services)
    assert outcome.slots["complaint_when"] is None and outcome.slots["complaint_who"] == "given"


def test_a_way_alone_is_nobodys_words(services: Services, taken: None) -> None:
    said = Said("打电话呗", entities=[entity("contact_channel", "call", start=1, end=3)])
    outcome = answer(ValidateComplaintForm(), said, "complaint_words")
    assert details(services)["channel"] == "call" and outcome.slots["complaint_words"] is None


def test_a_mere_yes_tells_nothing_and_the_question_comes_again(services: Services, taken: None) -> None:
    outcome = answer(ValidateComplaintForm(), Said("好的，可以", "affirm"), "complaint_when")
    assert "when" not in details(services) and outcome.slots["complaint_when"] is None


def test_what_comes_after_the_read_back_is_added_to_the_complaint(services: Services, taken: None) -> None:
    for question in ("complaint_when", "complaint_who", "complaint_channel", "complaint_words"):
        answer(ValidateComplaintForm(), Said("跳过", "dont_know"), question)
    outcome = run(ActionComplainContact(), tracker(Said("他还说要来我科室", "complain_contact")))
    assert outcome.said == ["utter_complaint_added"] and outcome.followed_by is None
    assert "他还说要来我科室" in details(services)["opening"]


def test_a_complaint_can_be_called_off_after_its_questions(services: Services, taken: None) -> None:
    said = Said("不投诉了", "complain_contact", entities=[entity("never_mind", "called_off")])
    assert run(ActionComplainContact(), tracker(said)).said == ["utter_complaint_withdrawn"]
    assert complaints.open_complaints(services.store) == ()


def test_who_calls_the_complaint_off_leaves_more_than_its_questions(services: Services, taken: None) -> None:
    stops, called_off = (0, 4), (5, 7)
    words = [
        entity("never_mind", "stops", start=stops[0], end=stops[1]),
        entity("never_mind", "called_off", start=called_off[0], end=called_off[1]),
    ]
    said = Said("不想说了 算了不投诉了", "deny", entities=words)
    outcome = answer(ValidateComplaintForm(), said, "complaint_who")
    assert outcome.said == ["utter_complaint_withdrawn"]


def test_who_was_told_is_kept_as_such_when_it_is_told_at_the_question_when(services: Services) -> None:
    run(ActionComplainDisclosure(), tracker(Said("你们告诉了别人", "complain_disclosure")))
    said = Said("车间主任和工友", entities=[entity("told_party", "employer")])
    outcome = answer(ValidateDisclosureForm(), said, "disclosure_when")
    assert details(services, "disclosure")["party"] == "employer"
    assert outcome.slots["disclosure_when"] is None


def test_an_answer_taken_for_a_pause_or_a_question_is_an_answer(services: Services, taken: None) -> None:
    at_lunch = Said("today at lunch", "pause_conversation", entities=[entity("complaint_hint", "when")])
    answer(ValidateComplaintForm(), at_lunch, "complaint_when")
    asked = [entity("complaint_hint", "who"), entity("question", "asked")]
    who = Said("两个男的 说是什么诚信公司的", "ask_creditor_contact", entities=asked)
    answer(ValidateComplaintForm(), who, "complaint_who")
    assert details(services)["when"] == at_lunch.text and details(services)["who"] == who.text


def test_what_was_said_is_no_way_of_contact(services: Services, taken: None) -> None:
    said = Said("骂我老赖，还说明天再来")
    outcome = answer(ValidateComplaintForm(), said, "complaint_channel")
    assert details(services)["words"] == said.text and outcome.slots["complaint_channel"] is None


def hint(value: str) -> dict:
    return entity("complaint_hint", value)


def test_what_tells_no_time_is_added_and_the_question_put_once_more(services: Services, taken: None) -> None:
    validator = ValidateComplaintForm()
    first = answer(validator, Said("是关于我的贷款"), "complaint_when")
    assert first.said == ["utter_complaint_added"] and first.slots["complaint_when"] is None
    assert details(services)["opening"].endswith("是关于我的贷款") and "when" not in details(services)
    asked_before = first.slots["misunderstandings"]
    answer(validator, Said("记不太清了"), "complaint_when", misunderstandings=asked_before)
    assert details(services)["when"] == "记不太清了"


@pytest.mark.parametrize("question", ["complaint_when", "complaint_who", "complaint_channel"])
def test_proof_is_noted_whatever_is_asked(services: Services, taken: None, question: str) -> None:
    outcome = answer(ValidateComplaintForm(), Said("我有录音", entities=[hint("evidence")]), question)
    assert outcome.said == ["utter_complaint_evidence"] and outcome.slots[question] is None
    assert "我有录音" in details(services)["opening"]


def test_how_others_were_told_is_no_account_of_who_came(services: Services) -> None:
    run(ActionComplainDisclosure(), tracker(Said("你们告诉了我邻居", "complain_disclosure")))
    said = Said("来了两个男的，有一个戴着工牌", "nlu_fallback")
    outcome = answer(ValidateDisclosureForm(), said, "disclosure_channel")
    assert outcome.said == ["utter_complaint_added"] and "channel" not in details(services, "disclosure")


def test_a_time_told_when_the_group_is_asked_is_kept_as_the_time(services: Services) -> None:
    run(ActionComplainDisclosure(), tracker(Said("你们告诉了别人", "complain_disclosure")))
    said = Said("上周四下午", entities=[LAST_NIGHT])
    outcome = answer(ValidateDisclosureForm(), said, "disclosure_party")
    assert outcome.said == ["utter_complaint_noted"] and outcome.slots["disclosure_party"] is None
    assert details(services, "disclosure")["when"] == "上周四下午"


@pytest.mark.parametrize(
    ("named", "response"),
    [
        (entity("complaint_hint", "demand"), "utter_complaint_outcome_noted"),
        (entity("complaint_hint", "evidence"), "utter_complaint_evidence"),
        (entity("complaint_hint", "no_evidence"), "utter_complaint_no_evidence"),
        (entity("complaint_hint", "who"), "utter_complaint_added"),
        (entity("told_party", "employer"), "utter_complaint_added"),
    ],
)
def test_what_is_told_after_the_questions_is_added(
    services: Services, taken: None, named: dict, response: str
) -> None:
    outcome = run(ActionMisunderstood(), tracker(Said("前台接的，要你们道歉", entities=[named])))
    assert outcome.said == [response] and "前台接的" in details(services)["opening"]


def test_a_yes_that_tells_of_proof_is_added_too(services: Services, taken: None) -> None:
    said = Said("有的，有监控", "affirm", entities=[hint("evidence")])
    assert run(ActionAffirm(), tracker(said)).said == ["utter_complaint_evidence"]


def test_without_a_complaint_the_same_words_are_not_understood(services: Services) -> None:
    said = Said("前台接的", entities=[entity("told_party", "employer")])
    assert run(ActionMisunderstood(), tracker(said)).said == ["utter_say_it_differently"]


def test_the_mere_wish_to_complain_is_no_second_complaint(services: Services) -> None:
    run(ActionComplainDisclosure(), tracker(Said("你们告诉了我老板", "complain_disclosure")))
    outcome = run(ActionComplainContact(), tracker(Said("我要投诉", "complain_contact")))
    assert outcome.said == ["utter_complaint_open"]
    assert [each.kind for each in complaints.open_complaints(services.store)] == ["disclosure"]


def test_the_time_that_the_first_message_names_is_not_asked_again(services: Services) -> None:
    hints = [entity("complaint_hint", "when", start=s, end=e) for s, e in ((4, 6), (6, 8), (9, 11))]
    run(
        ActionComplainContact(),
        tracker(Said("你们的人昨天晚上十点半还在打", "complain_contact", entities=hints)),
    )
    assert details(services)["when"] == "昨天晚上十点半"


def test_a_question_in_the_middle_is_answered_and_is_no_account(services: Services, taken: None) -> None:
    said = Said("那我多久能收到处理结果", entities=[entity("question", "asked")])
    outcome = answer(ValidateComplaintForm(), said, "complaint_who")
    assert outcome.said == ["utter_complaint_outcome"] and outcome.slots["complaint_who"] is None
    assert "who" not in details(services)


def test_what_was_said_to_the_borrower_may_be_a_question(services: Services, taken: None) -> None:
    said = Said("你到底还不还", entities=[entity("question", "asked")])
    answer(ValidateComplaintForm(), said, "complaint_words")
    assert details(services)["words"] == said.text


def test_the_wish_to_complain_once_more_tells_nothing(services: Services, taken: None) -> None:
    outcome = answer(ValidateComplaintForm(), Said("我要投诉他", "complain_contact"), "complaint_when")
    assert outcome.said == ["utter_complaint_open"] and "when" not in details(services)


def test_what_is_allowed_is_answered_and_no_way_of_contact(services: Services) -> None:
    run(ActionComplainDisclosure(), tracker(Said("你们告诉了别人", "complain_disclosure")))
    said = Said("surely that isn't allowed", "ask_my_rights")
    assert answer(ValidateDisclosureForm(), said, "disclosure_channel").events == []
    assert "channel" not in details(services, "disclosure")


def test_the_way_told_with_the_time_is_not_asked(services: Services) -> None:
    run(ActionComplainDisclosure(), tracker(Said("你们告诉了别人", "complain_disclosure")))
    said = Said("昨天打的电话", entities=[LAST_NIGHT, entity("contact_channel", "call")])
    outcome = answer(ValidateDisclosureForm(), said, "disclosure_when")
    assert details(services, "disclosure")["channel"] == "call"
    assert outcome.slots["disclosure_channel"] == "given"


def test_the_name_somebody_gave_is_no_wrong_person(services: Services, taken: None) -> None:
    said = Said("he said his name was Kevin", "wrong_person", entities=[entity("complaint_hint", "who")])
    answer(ValidateComplaintForm(), said, "complaint_who")
    assert details(services)["who"] == said.text


def test_a_wish_for_no_calls_is_no_answer_about_who_called(services: Services, taken: None) -> None:
    named = [
        entity("contact_channel", "no_call", start=3, end=7),
        entity("contact_channel", "sms", start=12, end=14),
        entity("refusal", "ahead", start=3, end=4),
    ]
    said = Said("以后就别打电话了 有事发短信", "set_contact_preference", entities=named)
    assert answer(ValidateComplaintForm(), said, "complaint_who").events == []
    assert "channel" not in details(services)


def test_a_wish_for_no_calls_is_not_how_they_came(services: Services, taken: None) -> None:
    named = [
        entity("refusal", "ahead", start=0, end=1),
        entity("contact_channel", "wechat", start=9, end=11),
    ]
    said = Said("别打我了 真的 发微信就行", "set_contact_preference", entities=named)
    assert answer(ValidateComplaintForm(), said, "complaint_channel").events == []
    assert "channel" not in details(services)


def test_a_short_insult_is_what_was_said_and_no_second_wish(services: Services, taken: None) -> None:
    answer(ValidateComplaintForm(), Said("骂我骗子", "complain_contact"), "complaint_words")
    assert details(services)["words"] == "骂我骗子"


@pytest.mark.parametrize("question", ["complaint_when", "complaint_who", "complaint_channel"])
def test_a_wish_about_paying_in_the_middle_of_a_complaint_is_no_answer_to_it(
    services: Services, taken: None, question: str
) -> None:
    outcome = answer(ValidateComplaintForm(), Said("先还五百行不行", "counter_offer"), question)
    assert outcome.said == [] and outcome.slots == {}


def test_nothing_that_proves_it_is_no_proof(services: Services, taken: None) -> None:
    said = Said("没有录音", "deny", entities=[entity("complaint_hint", "no_evidence")])
    outcome = answer(ValidateComplaintForm(), said, "complaint_channel")
    assert outcome.said == ["utter_complaint_no_evidence"] and outcome.slots["complaint_channel"] is None


def test_calls_to_the_family_are_a_complaint_and_no_wish_about_calls(services: Services) -> None:
    said = Said(
        "STOP CALLING MY SISTER",
        entities=[
            entity("told_party", "family"),
            entity("contact_channel", "call"),
            entity("refusal", "ahead"),
        ],
        ranking={"complain_disclosure": 0.55, "stop_contact": 0.18},
    )
    assert run(ActionMisunderstood(), tracker(said)).followed_by == "action_complain_disclosure"


def test_who_names_the_family_and_means_something_else_has_no_complaint_opened(services: Services) -> None:
    said = Said(
        "my husband left me with his debt as well as mine",
        entities=[entity("told_party", "family")],
        ranking={"hardship_family_event": 0.26, "complain_disclosure": 0.24},
    )
    assert run(ActionMisunderstood(), tracker(said)).followed_by is None


JUST_COMPLAINED = [{"event": "action", "name": "complaint_form"}]


class TestNoFalseAccount:
    """What is no answer to the open question is not kept as one."""

    @pytest.mark.parametrize(
        "text",
        [
            "把我的号码从你们系统里删了",
            "delete my number from your system",
            "I want to see every document you have with my name on it, the application, the account",
        ],
    )
    @pytest.mark.parametrize("question", ["complaint_when", "complaint_who", "complaint_channel"])
    def test_a_wish_about_the_data_held(
        self, services: Services, taken: None, text: str, question: str
    ) -> None:
        outcome = answer(ValidateComplaintForm(), said(text, "request_my_data"), question)
        assert outcome.events == [] and question.removeprefix("complaint_") not in details(services)

    @pytest.mark.parametrize("text", ["打了三个，我在跑单呢差点撞车", "three calls, i nearly crashed"])
    def test_another_grievance_is_no_name(self, services: Services, taken: None, text: str) -> None:
        outcome = answer(ValidateComplaintForm(), said(text, "complain_contact"), "complaint_who")
        assert outcome.said == ["utter_complaint_added"] and "who" not in details(services)
        assert text in details(services)["opening"]

    @pytest.mark.parametrize(
        "text", ["I have not gone to the station yet, I will go on Monday", "我准备周一去派出所"]
    )
    def test_what_one_is_going_to_do_is_no_time_of_it(
        self, services: Services, taken: None, text: str
    ) -> None:
        for _ in range(2):
            outcome = answer(ValidateComplaintForm(), said(text), "complaint_when", misunderstandings=1)
        assert outcome.said == ["utter_complaint_added"] and "when" not in details(services)

    def test_being_called_a_thief_is_no_telephone_call(self, services: Services) -> None:
        text = "one of your collectors sent message to my contacts calling me a thief"
        run(ActionComplainDisclosure(), tracker(said(text, "complain_disclosure")))
        assert "channel" not in details(services, "disclosure")

    @pytest.mark.parametrize(
        "text", ["have you actually got all that written down?", "刚才说的这些你都记下来没有？"]
    )
    @pytest.mark.parametrize("heard", ["nlu_fallback", "repeat_message"])
    def test_whether_it_was_written_down_is_answered_with_the_complaint(
        self, services: Services, taken: None, text: str, heard: str
    ) -> None:
        # A person has still to answer a danger; what is on record may be asked all the same.
        handoffs.request_for_danger(services.store, SESSION, services.policy, "self_harm")
        asks = tracker(
            said(text, heard), form="complaint_form", asks="complaint_words", before=JUST_COMPLAINED
        )
        outcome = run(ValidateComplaintForm(), asks)
        assert outcome.said[0] == "utter_complaint_so_far" and "words" not in details(services)
        assert COMPLAINT.text in outcome.messages[0]["details"]


class TestToldLater:
    """What belongs to a complaint whose questions are over, or not yet asked."""

    @pytest.mark.parametrize(
        "text",
        ["等等日子我记错了，不是周四，是周三18号", "sorry, it was Wednesday the 18th not Thursday"],
    )
    def test_another_day_takes_the_place_of_the_first(
        self, services: Services, taken: None, text: str
    ) -> None:
        complaints.note(services.store, SESSION, "contact", "when", "上周四晚上")
        message = said(text, "promise_to_pay")
        asks = tracker(message, form="complaint_form", asks="complaint_words", before=JUST_COMPLAINED)
        assert run(ValidateComplaintForm(), asks).said == ["utter_complaint_when_corrected"]
        assert details(services)["when"] == text

    def test_it_is_corrected_after_the_questions_too(self, services: Services, taken: None) -> None:
        complaints.note(services.store, SESSION, "contact", "when", "上周四晚上")
        message = said("日子我记错了，不是周四，是周三", "correct_detail")
        outcome = run(ActionCorrectDetail(), tracker(message, before=JUST_COMPLAINED))
        assert outcome.said == ["utter_complaint_when_corrected"]

    @pytest.mark.parametrize(
        "text", ["My full team came to know. I can not show my face there", "全组都传开了"]
    )
    def test_what_would_be_a_complaint_by_itself_is_added(
        self, services: Services, taken: None, text: str
    ) -> None:
        message = said(text, ranking={"express_distress": 0.37, "complain_disclosure": 0.25})
        outcome = run(ActionMisunderstood(), tracker(message, before=JUST_COMPLAINED))
        assert outcome.said == ["utter_complaint_added"] and text in details(services)["opening"]

    @pytest.mark.parametrize(
        "text",
        ["Okay register the complaint first, then we will talk about EMI", "先按投诉走，还款的事后面再说"],
    )
    def test_the_complaint_comes_before_a_plan(self, services: Services, taken: None, text: str) -> None:
        message = said(text, ranking={"request_lower_instalments": 0.6})
        assert run(ActionMisunderstood(), tracker(message)).said == ["utter_complaint_first"]

    def test_who_it_was_is_no_question_who_collects(self, services: Services, taken: None) -> None:
        message = said("她说打电话的是个女的，好像是外地的座机", "ask_creditor_contact")
        outcome = run(ActionAskCreditorContact(), tracker(message, before=JUST_COMPLAINED))
        assert outcome.said == ["utter_complaint_added"] and outcome.followed_by is None

    @pytest.mark.parametrize(
        "text",
        [
            "第二天早上还发了条短信，我截图了",
            "and a text came next day, i have a screenshot",
        ],
    )
    def test_a_text_from_a_collector_reports_no_payment(
        self, services: Services, verified: Person, taken: None, text: str
    ) -> None:
        outcome = run(ActionReportPaid(), tracker(said(text, "report_paid"), before=JUST_COMPLAINED))
        assert outcome.said == ["utter_complaint_evidence"]
        assert payment_claims.told_in(services.store, SESSION) == ()


def test_what_holds_no_word_of_paying_is_asked_about(services: Services, verified: Person) -> None:
    message = said("弄好了都", "report_paid", ranking={"report_paid": 0.7, "thank": 0.1})
    assert run(ActionReportPaid(), tracker(message)).said == ["utter_did_you_mean"]
    assert payment_claims.told_in(services.store, SESSION) == ()


def test_a_further_call_leaves_the_first_answer_as_it_was(services: Services) -> None:
    run(ActionComplainContact(), tracker(said("昨晚十点给我打电话骂人", "complain_contact")))
    run(ActionComplainContact(), tracker(said("那天早上也打了两个", "complain_contact")))
    assert "昨晚" in details(services)["when"] and "早上也打" in details(services)["opening"]


def test_another_day_of_a_complaint_promises_no_payment(services: Services, taken: None) -> None:
    complaints.note(services.store, SESSION, "contact", "when", "last thursday at night")
    message = said("i've just looked, it was Wednesday the 18th not Thursday", "promise_to_pay")
    outcome = run(ActionRequestPlan(), tracker(message, before=JUST_COMPLAINED))
    assert outcome.said == ["utter_complaint_when_corrected"] and outcome.followed_by is None
