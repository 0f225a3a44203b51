"""Skill rights: the borrower's own data."""

from __future__ import annotations

import pytest

from actions.my_data import ActionRequestMyData, ValidateDataForm
from actions.services import Services
from casestore import complaints, consents, contact_preferences, data_requests, disputes, handoffs, messages
from tests.actions.conftest import TODAY
from tests.actions.helpers import SESSION, Said, answer, entity, learnt, run, tracker
from tests.conversations.people import Person


def wish(kind: str | None) -> Said:
    named = [entity("data_wish", kind)] if kind else []
    return Said("我的数据", "request_my_data", entities=named)


def copy_of(services: Services, link: str) -> str:
    text = data_requests.copy_behind(services.store, link.rsplit("/", 1)[-1])
    assert text is not None
    return text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_copy_is_a_file_in_the_borrowers_language_behind_a_link(
    services: Services, stated: str, language: str
) -> None:
    store, policy = services.store, services.policy
    complaints.receive(store, SESSION, "contact", "半夜打电话", policy, TODAY)
    complaints.note(store, SESSION, "contact", "channel", "call")
    disputes.raise_dispute(store, SESSION, "wrong_amount", policy, TODAY, "多算了")
    contact_preferences.prefer(store, SESSION, "sms", "evening", "下班后")
    messages.append(store, SESSION, "borrower", {"text": "你好"})
    outcome = run(ActionRequestMyData(), tracker(wish("copy"), language=language))
    assert outcome.said == ["utter_data_copy"] and outcome.messages[0]["days"] == 7
    text = copy_of(services, outcome.messages[0]["link"])
    words = {
        "zh": ("逾期本金：¥1,660.00", "原因：失业", "对话"),
        "en": ("job loss", "Conversation", "¥1,660.00"),
    }
    assert all(each in text for each in words[language]) and "多算了" in text and "None" not in text
    assert "_" not in text.replace("SESSION", "")


def test_data_is_given_only_after_verification(services: Services) -> None:
    outcome = run(ActionRequestMyData(), tracker(wish("copy")))
    assert outcome.said == ["utter_data_verify"] and outcome.followed_by == "consent_form"
    assert outcome.slots["data_wish_named"] == "copy" and outcome.slots["goal"] == "data"


def test_the_wish_that_waited_for_verification_is_served_after_it(
    services: Services, verified: Person
) -> None:
    code = Said("123456", "nlu_fallback")
    outcome = run(ActionRequestMyData(), tracker(code, goal="data", data_wish_named="copy"))
    assert outcome.said == ["utter_data_copy"] and outcome.slots["data_wish_named"] is None


def test_inside_a_form_a_copy_is_made_at_once_and_the_form_goes_on(
    services: Services, verified: Person
) -> None:
    outcome = run(ActionRequestMyData(), tracker(wish("copy"), form="hardship_form", asks="housing"))
    assert outcome.said == ["utter_data_copy"] and outcome.followed_by is None


def test_inside_a_form_an_open_wish_is_offered(services: Services, verified: Person) -> None:
    outcome = run(ActionRequestMyData(), tracker(wish(None), form="hardship_form", asks="housing"))
    assert outcome.followed_by == "topic_form" and outcome.slots["topic"] == "data_form"


def test_taking_consent_back_ends_the_questions(services: Services, verified: Person) -> None:
    outcome = run(ActionRequestMyData(), tracker(wish("withdraw"), form="hardship_form", asks="housing"))
    assert outcome.left_the_form and outcome.said == ["utter_data_withdraw"]


def test_an_open_wish_is_asked_with_four_buttons(services: Services, verified: Person) -> None:
    outcome = run(ActionRequestMyData(), tracker(wish(None)))
    assert outcome.followed_by == "data_form" and outcome.slots["data_wish_named"] is None


@pytest.mark.parametrize(("kind", "said"), [("copy", "utter_data_copy"), ("delete", "utter_data_delete")])
def test_the_form_serves_the_wish_and_asks_nothing_more(
    services: Services, verified: Person, kind: str, said: str
) -> None:
    outcome = answer(ValidateDataForm(), wish(kind), "data_wish_named", goal="data")
    assert outcome.said == [said] and outcome.slots["data_words"] == "not_needed"


def test_a_wish_in_own_words_is_one_of_the_four_only_when_it_is_sure(
    services: Services, verified: Person
) -> None:
    unsure = Said("都抹掉", answers=learnt("data_wish_named", "delete", 0.3))
    assert answer(ValidateDataForm(), unsure, "data_wish_named").said == ["utter_not_understood"]
    sure = Said("都抹掉", answers=learnt("data_wish_named", "delete"))
    assert answer(ValidateDataForm(), sure, "data_wish_named").said == ["utter_data_delete"]


def test_a_deletion_goes_to_a_person_with_what_the_law_keeps(services: Services, verified: Person) -> None:
    message = run(ActionRequestMyData(), tracker(wish("delete"))).messages[0]
    assert message["years"] == 5 and message["reference"].startswith("DR-") and message["when"]
    assert [each.reason for each in handoffs.open_handoffs(services.store)] == ["data_request"]


def test_a_correction_is_described_and_goes_to_a_person(services: Services, verified: Person) -> None:
    assert run(ActionRequestMyData(), tracker(wish("correct"))).slots["data_wish_named"] == "correct"
    assert (
        answer(ValidateDataForm(), wish("correct"), "data_wish_named").slots["data_wish_named"] == "correct"
    )
    outcome = answer(ValidateDataForm(), Said("名字写错了"), "data_words", data_wish_named="correct")
    assert outcome.said == ["utter_data_correct"] and outcome.slots["goal"] is None


def test_consent_is_taken_back_at_once_without_verification(services: Services, consented: None) -> None:
    outcome = run(ActionRequestMyData(), tracker(wish("withdraw")))
    assert outcome.said == ["utter_data_withdraw"] and outcome.slots["privacy_consent"] is None
    version = services.policy.privacy.notice_version.value
    assert not consents.is_given(services.store, SESSION, "privacy", version)


def test_consent_is_taken_back_inside_the_form_too(services: Services, verified: Person) -> None:
    outcome = answer(ValidateDataForm(), wish("withdraw"), "data_wish_named")
    assert outcome.said == ["utter_data_withdraw"] and outcome.slots["privacy_consent"] is None


def test_who_asks_how_to_correct_is_shown_how_and_nothing_is_passed_on(
    services: Services, verified: Person
) -> None:
    said = Said("那我怎么改呀", entities=[entity("question", "asked")])
    outcome = answer(ValidateDataForm(), said, "data_words", data_wish_named="correct")
    assert outcome.said == ["utter_explain_data_words"] and outcome.slots["data_words"] is None
    assert data_requests.open_of(services.store, SESSION) == ()


@pytest.mark.parametrize("asks", ["data_wish_named", "data_words"])
def test_the_matter_can_be_left(services: Services, verified: Person, asks: str) -> None:
    said = Said("算了", entities=[entity("never_mind", "called_off")])
    outcome = answer(ValidateDataForm(), said, asks, data_wish_named=None)
    assert outcome.said == ["utter_data_left"] and outcome.slots["goal"] is None


def test_anothers_number_is_corrected_and_the_borrowers_data_stay(
    services: Services, verified: Person
) -> None:
    named = [entity("data_wish", "delete"), entity("another_person", "number")]
    outcome = run(ActionRequestMyData(), tracker(Said("删掉我妈的号码", "request_my_data", entities=named)))
    assert outcome.said == ["utter_data_correct"]
    assert [each.request.kind for each in data_requests.open_requests(services.store)] == ["correct"]


def test_the_question_what_to_do_may_be_answered_with_anothers_number(
    services: Services, verified: Person
) -> None:
    named = [entity("data_wish", "delete"), entity("another_person", "number")]
    outcome = answer(ValidateDataForm(), Said("联系人都清掉", entities=named), "data_wish_named")
    assert outcome.said == ["utter_data_correct"] and outcome.slots["data_words"] == "given"


def test_a_copy_wished_for_when_the_mistake_is_asked_is_no_mistake(
    services: Services, verified: Person
) -> None:
    said = Said("再给我一份副本", entities=[entity("data_wish", "copy")])
    outcome = answer(ValidateDataForm(), said, "data_words")
    assert outcome.said == ["utter_data_copy"] and outcome.slots["data_words"] is None
    assert data_requests.open_requests(services.store) == ()


def test_what_else_shall_go_is_in_the_wish_to_delete_already(services: Services, verified: Person) -> None:
    run(ActionRequestMyData(), tracker(wish("delete")))
    before = [wish("delete").as_event(), {"event": "action", "name": "action_request_my_data"}]
    outcome = run(ActionRequestMyData(), tracker(Said("通话录音都算", "request_my_data"), before=before))
    assert outcome.said == ["utter_data_all"] and outcome.followed_by is None
