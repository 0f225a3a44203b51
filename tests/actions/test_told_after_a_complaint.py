"""What people tell in the messages after a complaint, and what they wish for and ask amid its questions."""

from __future__ import annotations

from typing import Any

import pytest

from actions.complaint_forms import ValidateComplaintForm, ValidateDisclosureForm
from actions.complaints import ActionComplainContact, ActionComplainDisclosure
from actions.contact import ActionSetContactPreference, ActionStopContact
from actions.dialogue import ActionMisunderstood
from actions.rights import ActionAskMyRights
from actions.services import Services
from casestore import complaints, contact_preferences
from tests.actions.helpers import SESSION, answer, run, tracker
from tests.actions.told_beside import said

EVERYTHING = [
    "ur collector rang my dad at 6 in the morning and told him i owe money",
    "昨天晚上你们打电话给我公司领导说我欠钱",
    "they phoned my boss yesterday and told her about my loan",
]
JUST_COMPLAINED = [{"event": "action", "name": "action_complain_disclosure"}]


def of_kind(services: Services, kind: complaints.Kind) -> complaints.Complaint | None:
    return complaints.open_of(services.store, SESSION, kind)


@pytest.fixture
def told(services: Services) -> None:
    """A disclosure was told of, with everything that is asked about it."""
    run(ActionComplainDisclosure(), tracker(said(EVERYTHING[0], "complain_disclosure")))


def after(text: str, heard: str = "complain_contact", **more: Any) -> Any:
    """The tracker of somebody who has just told of a disclosure and now writes `text`."""
    return tracker(said(text, heard, **more), before=JUST_COMPLAINED)


class TestTheFirstMessageTellsEverything:
    """No question is announced that is not asked."""

    @pytest.mark.parametrize("text", EVERYTHING)
    def test_it_is_read_back_and_nothing_is_asked(self, services: Services, text: str) -> None:
        outcome = run(ActionComplainDisclosure(), tracker(said(text, "complain_disclosure")))
        assert outcome.said == ["utter_complaint_disclosure", "utter_complaint_complete"]
        assert outcome.followed_by == "action_after_rights"

    def test_in_another_form_its_question_simply_goes_on(self, services: Services) -> None:
        said_inside = said(EVERYTHING[1], "complain_disclosure")
        outcome = run(ActionComplainDisclosure(), tracker(said_inside, form="hardship_form", asks="housing"))
        assert outcome.said[-1] == "utter_complaint_complete" and outcome.followed_by is None

    def test_who_leaves_something_out_is_asked_about_it(self, services: Services) -> None:
        outcome = run(
            ActionComplainDisclosure(), tracker(said("你们跟我同事说我欠钱", "complain_disclosure"))
        )
        assert outcome.said[-1] == "utter_complaint_questions"
        assert outcome.followed_by == "disclosure_form"


class TestWhatComesNext:
    """A name, a day and more calls belong to the complaint just taken."""

    @pytest.mark.parametrize(
        "text",
        [
            "it was today, a woman called Grace, from some agency",
            "上星期六晚上十點半也打過，連打七八通",
            "she rang again this morning, five times in a row",
            "是个姓王的男的，说话很凶",
        ],
    )
    def test_no_second_complaint_is_opened(self, services: Services, told: None, text: str) -> None:
        outcome = run(ActionComplainContact(), after(text))
        disclosed = of_kind(services, "disclosure")
        assert outcome.said == ["utter_complaint_added"] and of_kind(services, "contact") is None
        assert disclosed is not None and disclosed.details["opening"].endswith(text)

    @pytest.mark.parametrize(
        "text", ["还有另一件事要投诉，你们的人天天打我二十个电话", "another complaint: twenty calls a day"]
    )
    def test_what_is_said_to_be_another_matter_is_one(
        self, services: Services, told: None, text: str
    ) -> None:
        run(ActionComplainContact(), after(text))
        assert of_kind(services, "contact") is not None

    def test_long_after_it_calls_are_a_complaint_of_their_own(self, services: Services, told: None) -> None:
        run(ActionComplainContact(), tracker(said("半夜打电话骂我", "complain_contact")))
        assert of_kind(services, "contact") is not None


class TestAmidTheQuestions:
    """The questions of a complaint swallow neither an account nor a wish."""

    @pytest.mark.parametrize(
        "text", ["他罵我老賴，說要去我女兒學校找人", "she said they would come to campus and shame me"]
    )
    def test_an_account_told_once_more_is_no_way_they_came(self, services: Services, text: str) -> None:
        run(ActionComplainDisclosure(), tracker(said("你们今天跟我同事说我欠钱", "complain_disclosure")))
        told_again = said(text, "complain_contact")
        outcome = answer(ValidateDisclosureForm(), told_again, "disclosure_channel", misunderstandings=1)
        disclosed = of_kind(services, "disclosure")
        assert disclosed is not None and disclosed.details["channel"] == ""
        assert disclosed.details["opening"].endswith(text) and outcome.slots["disclosure_channel"] == "given"

    @pytest.mark.parametrize("question", ["complaint_who", "complaint_channel"])
    @pytest.mark.parametrize(
        ("text", "heard"),
        [
            ("以後不准打我公司，也不要聯絡我媽，她心臟不好", "set_contact_preference"),
            ("要找我就發簡訊，要打電話就平日晚上七點到八點打我手機", "set_contact_preference"),
            ("if you need to reach me text me, weekday evenings only", "set_contact_preference"),
            ("never ring my work again", "set_contact_preference"),
            ("别再打给我爸妈了", "stop_contact"),
        ],
    )
    def test_a_wish_about_contact_is_left_to_its_own_rule(
        self, services: Services, question: str, text: str, heard: str
    ) -> None:
        run(ActionComplainContact(), tracker(said("半夜骂人", "complain_contact")))
        outcome = answer(ValidateComplaintForm(), said(text, heard), question)
        complaint = of_kind(services, "contact")
        assert outcome.events == [] and complaint is not None
        assert text not in complaint.details.values()

    def test_it_is_kept_as_it_was_said(self, services: Services) -> None:
        text = "要找我就發簡訊，要打電話就平日晚上七點到八點打我手機"
        wish = said(text, "set_contact_preference")
        run(ActionSetContactPreference(), tracker(wish, form="disclosure_form", asks="disclosure_channel"))
        kept = contact_preferences.of_session(services.store, SESSION)
        assert kept is not None and (kept.channel, kept.hours, kept.words) == ("sms", "as_said", text)

    def test_work_is_barred_with_the_words_beside_it(self, services: Services) -> None:
        text = "以後不准打我公司，也不要聯絡我媽"
        wish = said(text, "set_contact_preference")
        run(ActionSetContactPreference(), tracker(wish, form="complaint_form", asks="complaint_who"))
        kept = contact_preferences.of_session(services.store, SESSION)
        assert kept is not None and (kept.channel, kept.words) == ("no_call_at_work", text)

    def test_that_others_be_left_alone_goes_with_the_complaint_that_is_open(self, services: Services) -> None:
        run(ActionComplainContact(), tracker(said("半夜骂人", "complain_contact")))
        wish = said("不要再打给我妈", "stop_contact")
        outcome = run(ActionStopContact(), tracker(wish, form="complaint_form", asks="complaint_who"))
        assert outcome.said == ["utter_others_left_alone"] and of_kind(services, "disclosure") is None

    @pytest.mark.parametrize(
        "text",
        [
            "how did they even get my dads number",
            "where did you get my boss's phone number from",
            "who gave you my sister's number",
            "你们怎么会有我妈的电话",
            "我同事的号码是从哪来的",
        ],
    )
    def test_where_a_number_comes_from_is_answered(self, services: Services, text: str) -> None:
        run(ActionComplainContact(), tracker(said("半夜骂人", "complain_contact")))
        assert answer(ValidateComplaintForm(), said(text), "complaint_who").said == ["utter_number_source"]

    @pytest.mark.parametrize(
        "text",
        [
            "如果你們不處理，我還可以去哪裡告？",
            "你们不管的话我向谁举报",
            "还可以去哪里投诉你们",
            "if you do nothing about it where can i report you",
            "who can i complain to about you",
        ],
    )
    def test_whom_else_to_turn_to_is_answered_with_the_numbers_alone(
        self, services: Services, text: str
    ) -> None:
        outcome = run(ActionAskMyRights(), tracker(said(text, "ask_my_rights")))
        assert outcome.said == ["utter_regulators"]


class TestSecrecy:
    """Who asks whether somebody in particular will hear of it gets a plain no."""

    @pytest.mark.parametrize(
        "text",
        [
            "Please will your people call my principal? I don't want anybody at school to hear of it",
            "will anyone ring my headteacher about this",
            "will your staff contact my line manager?",
            "问一下，我跟你说的这些会告诉我单位吗？",
            "这些要告诉我们校长吗",
        ],
    )
    def test_it_is_answered(self, services: Services, text: str) -> None:
        assert run(ActionMisunderstood(), tracker(said(text))).said == ["utter_kept_secret"]

    def test_it_is_though_it_is_near_who_can_see_it(self, services: Services) -> None:
        near = {"small_question": {"topic": "seen_by", "score": 0.83}}
        asked = said("问一下，我跟你说的这些会告诉我单位吗？", read=near)
        assert run(ActionMisunderstood(), tracker(asked)).said == ["utter_kept_secret"]


def test_not_being_sure_refuses_nothing() -> None:
    """ "说不准" holds the characters of "must not"."""
    found = {each["value"] for each in said("多久能好我也说不准").entities if each["entity"] == "refusal"}
    assert found == {"nothing"}
