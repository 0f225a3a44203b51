"""Skill dialogue."""

from __future__ import annotations

import pytest

from actions.account import ActionAskBalance
from actions.dialogue import (
    ActionAffirm,
    ActionAskPrivacyConsent,
    ActionChangeLanguage,
    ActionGoodbye,
    ActionMisunderstood,
    ActionPauseConversation,
    ActionRepeatMessage,
    ActionRequestHuman,
    ValidateConsentForm,
)
from actions.hardship import ValidateHardshipForm
from actions.rights import ActionAfterRights
from actions.services import Services
from casestore import consents, handoffs
from tests.actions.helpers import SESSION, Said, answer, entity, money, run, tracker
from tests.conversations.people import Person


def test_a_named_language_is_pinned(services: Services) -> None:
    said = Said("说英文", "change_language", entities=[entity("wanted_language", "en")])
    assert run(ActionChangeLanguage(), tracker(said)).slots == {"language_choice": "en"}


def test_without_a_name_the_other_language_is_meant(services: Services) -> None:
    outcome = run(ActionChangeLanguage(), tracker(Said("换个语言", "change_language"), language="en"))
    assert outcome.slots == {"language_choice": "zh"}


def test_a_pause_closes_the_form_keeps_the_goal_and_knows_the_way_back(services: Services) -> None:
    outcome = run(ActionPauseConversation(), tracker(form="hardship_form", asks="housing", goal="plan"))
    assert outcome.left_the_form and "goal" not in outcome.slots
    assert outcome.slots["forms_left"] == ["hardship_form"]


def test_yes_after_a_pause_goes_back_to_the_form_that_was_left(services: Services) -> None:
    outcome = run(ActionAffirm(), tracker(Said("继续", "affirm"), forms_left=["complaint_form"]))
    assert outcome.said == ["utter_back_to"] and outcome.followed_by == "complaint_form"
    assert outcome.slots["forms_left"] is None


@pytest.mark.parametrize("action", [ActionPauseConversation, ActionMisunderstood, ActionRepeatMessage])
def test_whoever_says_to_be_back_goes_on_with_what_was_left(services: Services, action: type) -> None:
    said = Said("我回来了", "pause_conversation", entities=[entity("comes_back", "yes")])
    outcome = run(action(), tracker(said, forms_left=["complaint_form"]))
    assert outcome.followed_by == "complaint_form" and "utter_pause" not in outcome.said


def test_whoever_says_to_be_back_in_a_form_is_asked_its_question(services: Services) -> None:
    said = Said("where were we", entities=[entity("comes_back", "yes")])
    outcome = answer(ValidateConsentForm(), said, "privacy_consent")
    assert outcome.said == [] and outcome.slots == {"privacy_consent": None}


def test_whoever_speaks_of_the_plans_of_yesterday_is_led_to_them(services: Services) -> None:
    said = Said("I was looking at the plans yesterday", entities=[entity("comes_back", "yes")])
    outcome = run(ActionMisunderstood(), tracker(said))
    assert outcome.slots["goal"] == "plan" and outcome.followed_by == "consent_form"


def test_whoever_comes_back_hears_why_the_notice_is_shown_again(services: Services) -> None:
    outcome = run(ActionAskPrivacyConsent(), tracker(returning=True))
    assert outcome.said == ["utter_after_silence", "utter_privacy_notice"]
    assert outcome.slots["returning"] is None


def test_whoever_comes_back_and_is_not_understood_is_welcomed(services: Services) -> None:
    assert run(ActionMisunderstood(), tracker(returning=True)).said == ["utter_welcome_back"]


def test_yes_to_nothing_asks_what_is_wanted(services: Services) -> None:
    assert run(ActionAffirm(), tracker(Said("好", "affirm"))).said == ["utter_what_next"]


def test_yes_goes_on_with_what_was_under_way(services: Services) -> None:
    assert run(ActionAffirm(), tracker(Said("继续", "affirm"), goal="plan")).followed_by == "consent_form"


def test_a_third_misunderstanding_offers_a_person(services: Services) -> None:
    assert run(ActionMisunderstood(), tracker()).said == ["utter_say_it_differently"]
    assert run(ActionMisunderstood(), tracker(misunderstandings=2)).said == ["utter_offer_person"]


def test_asking_for_a_person_puts_the_case_in_the_queue(services: Services) -> None:
    outcome = run(ActionRequestHuman(), tracker(Said("找人工", "request_human")))
    assert outcome.said == ["utter_handed_off", "utter_callback_unverified"]
    assert [h.reference for h in handoffs.open_handoffs(services.store)] == [outcome.messages[0]["reference"]]


def test_the_notice_names_its_version(services: Services) -> None:
    outcome = run(ActionAskPrivacyConsent(), tracker())
    assert outcome.messages[0]["version"] == services.policy.privacy.notice_version.value


def test_consent_is_stored_with_the_version_of_the_notice(services: Services) -> None:
    version = services.policy.privacy.notice_version.value
    outcome = answer(ValidateConsentForm(), Said("同意", "affirm"), "privacy_consent")
    assert outcome.slots["privacy_consent"] == "given"
    assert consents.is_given(services.store, SESSION, "privacy", version)
    assert not consents.is_given(services.store, SESSION, "privacy", version + "-next")


def consented(services: Services) -> bool:
    """Whether the privacy notice in force has been agreed to."""
    version = services.policy.privacy.notice_version.value
    return consents.is_given(services.store, SESSION, "privacy", version)


@pytest.mark.parametrize("words", ["😀👍", "1,1,1,1", "的" * 10, "k"])
def test_faces_figures_and_slips_are_no_consent(services: Services, words: str) -> None:
    outcome = answer(ValidateConsentForm(), Said(words, "affirm"), "privacy_consent")
    assert outcome.slots["privacy_consent"] is None and not consented(services)


def test_choosing_a_plan_is_no_consent(services: Services) -> None:
    chooses = Said("就选方案1", "accept_offer", entities=[entity("option_number", 1)])
    outcome = answer(ValidateConsentForm(), chooses, "privacy_consent")
    assert outcome.slots["privacy_consent"] is None and not consented(services)


def test_a_refusal_is_stored_too(services: Services) -> None:
    outcome = answer(ValidateConsentForm(), Said("不同意", "deny"), "privacy_consent")
    assert outcome.slots["privacy_consent"] == "refused"


def test_a_question_leaves_the_form_to_its_rule(services: Services) -> None:
    assert answer(ValidateConsentForm(), Said("你是谁", "ask_bot_identity"), "privacy_consent").events == []


def test_an_answer_near_a_question_is_still_an_answer(services: Services, verified: Person) -> None:
    said = Said("会持续比较久", "ask_offer_details", entities=[entity("duration", "lasting")])
    assert answer(ValidateHardshipForm(), said, "hardship_duration").slots["hardship_duration"] == "given"


def test_a_question_with_an_amount_is_still_a_question(services: Services, verified: Person) -> None:
    said = Said("为什么要我还800？", "ask_charges", entities=[money(800)])
    assert answer(ValidateHardshipForm(), said, "monthly_income").events == []


def test_misunderstandings_are_counted_and_explained(services: Services) -> None:
    first = answer(ValidateConsentForm(), Said("绿色"), "privacy_consent")
    assert first.said == ["utter_not_understood"] and first.slots["misunderstandings"] == 1
    second = answer(ValidateConsentForm(), Said("绿色"), "privacy_consent", misunderstandings=1)
    assert second.said == ["utter_explain_privacy_consent"]
    third = answer(ValidateConsentForm(), Said("绿色"), "privacy_consent", misunderstandings=2)
    assert third.said == ["utter_offer_person"]
    assert third.slots["misunderstandings"] == 0, "patience begins anew"


def test_opening_a_form_does_not_take_the_message_for_an_answer(services: Services) -> None:
    assert run(ValidateConsentForm(), tracker(Said("好", "affirm"))).events == []


def test_marks_that_are_no_answer_are_told_at_once_what_is_waited_for(services: Services) -> None:
    said = Said("……？", ranking={"counter_offer": 0.5})
    early = answer(ValidateConsentForm(), said, "privacy_consent")
    assert early.said == ["utter_explain_privacy_consent"]


def test_a_number_before_consent_is_not_used_and_the_question_stays(services: Services) -> None:
    outcome = answer(ValidateConsentForm(), Said("13900000001"), "privacy_consent")
    assert outcome.said == ["utter_number_after_consent"] and not consented(services)


def test_a_number_out_of_the_blue_leads_to_consent_then_to_verification(services: Services) -> None:
    outcome = run(ActionMisunderstood(), tracker(Said("13900000001")))
    assert outcome.said == ["utter_number_after_consent"] and outcome.followed_by == "consent_form"
    answer(ValidateConsentForm(), Said("同意", "affirm"), "privacy_consent")
    outcome = run(ActionMisunderstood(), tracker(Said("13900000001")))
    assert outcome.slots["identity_login"] == "given" and outcome.followed_by == "identity_form"


BEFORE = (
    {"event": "user", "text": "我欠多少", "parse_data": {}},
    {"event": "bot", "text": "一"},
    {"event": "bot", "text": "二", "data": {"buttons": [{"title": "找人工", "payload": "/request_human"}]}},
)


def test_with_no_question_open_the_last_reply_is_said_once_more(services: Services) -> None:
    outcome = run(ActionRepeatMessage(), tracker(Said("再说一遍", "repeat_message"), before=BEFORE))
    assert outcome.messages[0]["response"] == "utter_repeat"
    assert [message["text"] for message in outcome.messages[1:]] == ["一", "二"]
    assert [button["title"] for button in outcome.messages[2]["buttons"]] == ["找人工"]


def test_who_asks_to_hear_it_a_third_time_is_told_once_that_it_is_said_again(services: Services) -> None:
    opening = {"event": "bot", "text": "好的，我再说一遍。"}
    outcome = run(
        ActionRepeatMessage(),
        tracker(Said("再说一遍", "repeat_message"), before=[BEFORE[0], opening, BEFORE[1]]),
    )
    assert [message.get("text") for message in outcome.messages[1:]] == ["一"]


def test_a_goodbye_lets_go_of_the_open_question_and_keeps_it(services: Services) -> None:
    leaves = Said("再见", "goodbye")
    outcome = run(ActionGoodbye(), tracker(leaves, form="identity_form", asks="identity_code"))
    assert outcome.said == ["utter_goodbye"] and outcome.left_the_form
    assert outcome.slots["forms_left"] == ["identity_form"]


def test_who_comes_back_to_nothing_is_not_led_to_a_plan(services: Services, verified: Person) -> None:
    back = Said("我回来了，说到哪了", "repeat_message", entities=[entity("comes_back", "yes")])
    outcome = run(ActionRepeatMessage(), tracker(back, goal="balance"))
    assert outcome.said == ["utter_where_we_were"] and outcome.followed_by is None


def test_a_question_about_the_account_waits_for_the_end_of_a_form(services: Services) -> None:
    asked = run(ActionAskBalance(), tracker(Said("我欠多少", "ask_balance"), form="preference_form"))
    assert asked.said == ["utter_after_verification"] and asked.slots["goal"] == "balance"
    after = run(ActionAfterRights(), tracker(Said("下午"), goal="balance"))
    assert after.followed_by == "consent_form"


def test_who_was_away_and_comes_with_an_answer_is_asked_the_open_question_again(
    services: Services, verified: Person
) -> None:
    said = Said("middle of september", "nlu_fallback", entities=[entity("date", "2026-09-15")])
    outcome = run(ActionMisunderstood(), tracker(said, forms_left=["hardship_form"], goal="plan"))
    assert outcome.said == ["utter_back_to"] and outcome.followed_by == "hardship_form"
