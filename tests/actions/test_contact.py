"""Skill rights: how to be contacted, and no contact at all."""

from __future__ import annotations

import pytest

from actions import wording
from actions.contact import ActionSetContactPreference, ActionStopContact, ValidatePreferenceForm
from actions.dialogue import ActionMisunderstood, ActionRequestHuman
from actions.services import Services
from casestore import complaints, contact_preferences, handoffs
from tests.actions.helpers import SESSION, Said, answer, entity, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person


def kept(services: Services) -> tuple[str | None, str | None, bool]:
    found = contact_preferences.of_session(services.store, SESSION)
    assert found is not None
    return found.channel, found.hours, found.stopped


def wish(text: str, *named: dict) -> Said:
    return Said(text, "set_contact_preference", entities=list(named))


def test_a_wish_with_way_and_time_is_kept_and_read_back_at_once(services: Services, verified: Person) -> None:
    said = wish("下班后发短信", entity("contact_channel", "sms"), entity("contact_hours", "evening"))
    outcome = run(ActionSetContactPreference(), tracker(said))
    assert outcome.said == ["utter_preference_kept"] and outcome.followed_by is None
    assert outcome.messages[0]["channel"] == "短信" and outcome.messages[0]["quiet_from"] == "22:00"
    assert kept(services) == ("sms", "evening", False)


def test_only_what_is_missing_is_asked(services: Services, verified: Person) -> None:
    outcome = run(ActionSetContactPreference(), tracker(wish("发短信", entity("contact_channel", "sms"))))
    assert outcome.followed_by == "preference_form"
    assert outcome.slots == {"preferred_channel": "given", "preferred_hours": None}
    answer(
        ValidatePreferenceForm(),
        Said("下午", entities=[entity("contact_hours", "afternoon")]),
        "preferred_hours",
    )
    assert kept(services) == ("sms", "afternoon", False)


def test_no_calls_only_texts_means_texts(services: Services, verified: Person) -> None:
    named = [entity("contact_channel", "sms"), entity("contact_channel", "no_call")]
    run(ActionSetContactPreference(), tracker(wish("发短信，别打电话", *named)))
    assert kept(services)[0] == "sms"


def test_no_calls_alone_is_a_wish_too(services: Services, verified: Person) -> None:
    run(ActionSetContactPreference(), tracker(wish("别打电话", entity("contact_channel", "no_call"))))
    assert kept(services)[0] == "no_call"


@pytest.mark.parametrize("intent", ["dont_know", "deny"])
def test_what_does_not_matter_may_be_left_open(services: Services, verified: Person, intent: str) -> None:
    answer(ValidatePreferenceForm(), Said("随便", intent), "preferred_channel")
    outcome = answer(ValidatePreferenceForm(), Said("随便", intent), "preferred_hours")
    assert outcome.said == ["utter_preference_kept"] and kept(services) == ("any", "any", False)


def test_way_and_time_in_one_answer_end_the_questions(services: Services, verified: Person) -> None:
    named = [entity("contact_channel", "call"), entity("contact_hours", "weekend")]
    outcome = answer(ValidatePreferenceForm(), Said("周末打电话", entities=named), "preferred_channel")
    assert outcome.slots["preferred_hours"] == "given" and kept(services) == ("call", "weekend", False)


def test_the_way_is_corrected_while_the_time_is_asked(services: Services, verified: Person) -> None:
    run(ActionSetContactPreference(), tracker(wish("发短信", entity("contact_channel", "sms"))))
    said = Said("不对，打电话吧", entities=[entity("contact_channel", "call")])
    outcome = answer(ValidatePreferenceForm(), said, "preferred_hours")
    assert outcome.said == ["utter_channel_changed"] and outcome.slots["preferred_hours"] is None
    assert kept(services)[0] == "call"


def test_a_wish_can_be_left(services: Services) -> None:
    said = Said("算了", entities=[entity("never_mind", "called_off")])
    outcome = answer(ValidatePreferenceForm(), said, "preferred_channel")
    assert outcome.said == ["utter_preference_left"] and outcome.slots["requested_slot"] is None
    assert contact_preferences.of_session(services.store, SESSION) is None


def test_inside_another_form_what_was_said_is_kept_and_the_form_goes_on(
    services: Services, verified: Person
) -> None:
    said = wish("别打电话", entity("contact_channel", "no_call"))
    outcome = run(ActionSetContactPreference(), tracker(said, form="hardship_form", asks="housing"))
    assert outcome.said == ["utter_preference_kept"] and outcome.followed_by is None


def test_without_verification_it_is_said_that_the_wish_waits(services: Services) -> None:
    said = wish("下午发短信", entity("contact_channel", "sms"), entity("contact_hours", "afternoon"))
    assert run(ActionSetContactPreference(), tracker(said)).said[-1] == "utter_preference_unverified"


def test_no_contact_is_kept_with_its_effects_told(services: Services, verified: Person) -> None:
    outcome = run(ActionStopContact(), tracker(Said("别再联系我", "stop_contact")))
    assert outcome.said == ["utter_contact_stopped"] and kept(services)[2]


def test_naming_a_way_ends_no_contact(services: Services, verified: Person) -> None:
    run(ActionStopContact(), tracker(Said("别再联系我", "stop_contact")))
    said = wish("只发短信", entity("contact_channel", "sms"), entity("contact_hours", "any"))
    run(ActionSetContactPreference(), tracker(said))
    assert kept(services) == ("sms", "any", False)


def test_hours_alone_are_kept_while_the_way_is_still_asked(services: Services, verified: Person) -> None:
    hours = Said("晚上", entities=[entity("contact_hours", "evening")])
    outcome = answer(ValidatePreferenceForm(), hours, "preferred_channel")
    assert outcome.slots == {"misunderstandings": 0, "preferred_channel": None, "preferred_hours": "given"}
    by_text = Said("短信", entities=[entity("contact_channel", "sms")])
    outcome = answer(ValidatePreferenceForm(), by_text, "preferred_channel", preferred_hours="given")
    assert outcome.said == ["utter_preference_kept"] and kept(services) == ("sms", "evening", False)


def test_never_mind_beside_a_way_changes_the_way(services: Services, verified: Person) -> None:
    by_wechat = [entity("never_mind", "called_off"), entity("contact_channel", "wechat")]
    said = Said("算了，就微信", entities=by_wechat)
    outcome = answer(ValidatePreferenceForm(), said, "preferred_channel")
    assert outcome.slots["preferred_channel"] == "given" and kept(services)[0] == "wechat"


REFUSAL = entity("refusal", "ahead", start=0, end=2)


def test_half_a_wish_is_said_to_be_kept_before_the_rest_is_asked(services: Services) -> None:
    outcome = run(ActionSetContactPreference(), tracker(wish("发短信", entity("contact_channel", "sms"))))
    assert outcome.said == ["utter_preference_half"] and outcome.messages[0]["named"] == "短信"


def test_a_change_of_the_way_leaves_the_time_as_it_was(services: Services) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", "evening", "下班后发短信")
    outcome = run(ActionSetContactPreference(), tracker(wish("改成邮件", entity("contact_channel", "email"))))
    assert outcome.said[0] == "utter_preference_kept" and outcome.followed_by is None
    assert kept(services) == ("email", "evening", False)


def test_a_change_that_is_not_clear_as_a_whole_is_taken_by_its_words(services: Services) -> None:
    said = Said("还是邮件吧", entities=[entity("contact_channel", "email")])
    assert run(ActionMisunderstood(), tracker(said)).followed_by is None
    contact_preferences.prefer(services.store, SESSION, "sms", "evening")
    assert run(ActionMisunderstood(), tracker(said)).followed_by == "action_set_contact_preference"


@pytest.mark.parametrize(("intent", "action"), [("stop_contact", ActionStopContact())])
def test_no_word_to_the_work_is_no_end_of_all_contact(
    services: Services, intent: str, action: ActionStopContact
) -> None:
    said = Said("别再打我单位了", intent, entities=[entity("told_party", "employer"), REFUSAL])
    assert run(action, tracker(said)).said[0] == "utter_preference_kept"
    assert kept(services) == ("no_call_at_work", None, False)


def test_texts_stay_texts_when_the_work_is_barred_as_well(services: Services) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", "evening")
    said = wish("也别联系我单位", entity("told_party", "employer"), REFUSAL)
    run(ActionSetContactPreference(), tracker(said))
    assert kept(services) == ("sms", "evening", False)


@pytest.mark.parametrize("named", [entity("told_party", "family"), entity("another_person", "contact")])
def test_who_asks_for_somebody_else_is_still_reached_and_has_complained(
    services: Services, named: dict
) -> None:
    outcome = run(ActionStopContact(), tracker(Said("别再打给她了", "stop_contact", entities=[named])))
    assert outcome.said == ["utter_others_left_alone"]
    assert [each.kind for each in complaints.open_complaints(services.store)] == ["disclosure"]
    assert contact_preferences.of_session(services.store, SESSION) is None


def test_a_call_to_a_sister_changes_no_way_of_contact(services: Services) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", None)
    named = [entity("contact_channel", "call"), entity("told_party", "family")]
    said = Said("有人打电话给我姐", "complain_disclosure", entities=named)
    answer(ValidatePreferenceForm(), said, "preferred_hours")
    assert kept(services)[0] == "sms"


def test_a_question_while_the_hours_are_asked_does_not_change_the_way(services: Services) -> None:
    said = Said(
        "电话是哪", "ask_creditor_contact", entities=[entity("contact_channel", "call", start=0, end=2)]
    )
    assert answer(ValidatePreferenceForm(), said, "preferred_hours").events == []


def test_a_way_named_after_a_danger_is_kept_and_nobody_comes_first_until_a_person_has_answered(
    services: Services, verified: Person
) -> None:
    handoffs.request_for_danger(services.store, SESSION, services.policy, "self_harm")
    said = wish("晚上发短信", entity("contact_channel", "sms"), entity("contact_hours", "evening"))
    outcome = run(ActionSetContactPreference(), tracker(said))
    assert outcome.said == ["utter_contact_waits_for_person"] and kept(services) == ("sms", "evening", True)


def wishes(text: str, heard: str = "set_contact_preference") -> Said:
    """A wish with all that the rules find in it."""
    return said(text, heard)


def test_days_and_hours_said_one_after_another_are_all_kept(services: Services, verified: Person) -> None:
    for text in ("发短信，实在要打就晚上六点以后", "工作日不行啊，单位座机也别打", "周末上午可以接"):
        outcome = run(ActionSetContactPreference(), tracker(wishes(text)))
    assert outcome.said == ["utter_preference_kept"]
    assert kept(services) == ("sms", "as_said", False)
    words = outcome.messages[0]["words"]
    assert "晚上六点以后" in words and "单位座机也别打" in words and "周末上午" in words


def test_another_time_that_takes_the_place_of_the_first_is_read_back_as_such(
    services: Services, verified: Person
) -> None:
    run(ActionSetContactPreference(), tracker(wishes("晚上发短信")))
    run(ActionSetContactPreference(), tracker(wishes("改成下午吧")))
    assert kept(services) == ("sms", "afternoon", False)


@pytest.mark.parametrize("text", ["no calls on sundays at all", "周日别打"])
def test_a_day_without_calls_is_said_to_be_kept_while_the_way_is_asked(services: Services, text: str) -> None:
    outcome = answer(ValidatePreferenceForm(), wishes(text), "preferred_channel")
    assert outcome.said == ["utter_preference_half"] and kept(services)[1] == "as_said"


def test_who_named_the_way_before_is_not_asked_for_it_again(services: Services, verified: Person) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", None, "text only")
    outcome = answer(ValidatePreferenceForm(), wishes("no calls on sundays at all"), "preferred_channel")
    assert outcome.said == ["utter_preference_kept"] and kept(services) == ("sms", "as_said", False)


@pytest.mark.parametrize(
    "text", ["not the depot number either, my supervisor picks that up", "单位那个号码也别打"]
)
def test_a_number_at_work_is_barred_beside_what_was_wished(services: Services, text: str) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", "evening", "text me after six")
    before = [{"event": "action", "name": "action_set_contact_preference"}]
    outcome = run(ActionRequestHuman(), tracker(wishes(text, "request_human"), before=before))
    assert outcome.followed_by == "action_set_contact_preference"
    run(ActionSetContactPreference(), tracker(wishes(text, "request_human"), before=before))
    found = contact_preferences.of_session(services.store, SESSION)
    assert found is not None and found.channel == "sms" and text in str(found.words)
    assert handoffs.open_handoffs(services.store) == ()


@pytest.mark.parametrize(
    "text",
    [
        "I mean it. calls, texts, emails, all of it. I'm done",
        "电话短信微信都别来了",
        "no calls no texts nothing",
    ],
)
@pytest.mark.parametrize("heard", ["nlu_fallback", "set_contact_preference", "stop_contact"])
def test_an_end_of_contact_said_again_is_recorded_already(
    services: Services, verified: Person, text: str, heard: str
) -> None:
    contact_preferences.stop(services.store, SESSION, "stop contacting me")
    actions = {"set_contact_preference": ActionSetContactPreference(), "stop_contact": ActionStopContact()}
    message = wishes(text, heard)
    message.ranking = {"stop_contact": 0.5, "set_contact_preference": 0.4}
    before = [{"event": "action", "name": "action_stop_contact"}]
    outcome = run(actions.get(heard, ActionMisunderstood()), tracker(message, before=before))
    assert outcome.said == ["utter_contact_is_stopped"] and kept(services)[2]


def test_one_way_that_is_wanted_after_all_begins_contact_again(services: Services, verified: Person) -> None:
    contact_preferences.stop(services.store, SESSION, "stop contacting me")
    before = [{"event": "action", "name": "action_stop_contact"}]
    run(ActionSetContactPreference(), tracker(wishes("no calls, only texts in the evening"), before=before))
    assert kept(services) == ("sms", "evening", False)


@pytest.mark.parametrize(
    "text",
    [
        "can a person ring me on Thursday, after 2 if possible? on my mobile, not the house phone",
        "明天下午让人给我打个电话吧",
        "could somebody call me back on monday",
    ],
)
def test_one_call_by_a_person_is_a_wish_for_a_person(services: Services, verified: Person, text: str) -> None:
    outcome = run(ActionSetContactPreference(), tracker(wishes(text), form="hardship_form", asks="housing"))
    assert outcome.followed_by == "action_request_human"
    assert contact_preferences.of_session(services.store, SESSION) is None


@pytest.mark.parametrize("text", ["不要再让人给我打电话了，发短信", "don't have somebody call me, text me"])
def test_no_calls_by_anybody_is_a_way_of_contact(services: Services, verified: Person, text: str) -> None:
    assert run(ActionSetContactPreference(), tracker(wishes(text))).followed_by != "action_request_human"


def test_what_is_noted_is_read_back_inside_its_own_questions(services: Services, verified: Person) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", None, "text only")
    outcome = answer(
        ValidatePreferenceForm(), said("so what have you got down for me now?"), "preferred_hours"
    )
    assert outcome.said == ["utter_preference_is"] and "text only" in outcome.messages[0]["words"]


def test_that_nobody_is_verified_is_not_said_in_every_reply(services: Services) -> None:
    run(ActionSetContactPreference(), tracker(wishes("下午发短信")))
    told = wording.phrase("utter_preference_unverified", "zh")
    before = [wishes("下午发短信").as_event(), {"event": "bot", "text": told}]
    outcome = run(ActionSetContactPreference(), tracker(wishes("改成上午"), before=before))
    assert outcome.said == ["utter_preference_kept"]


def test_what_is_kept_can_be_asked_while_a_danger_waits(services: Services, verified: Person) -> None:
    contact_preferences.prefer(services.store, SESSION, "sms", "evening", "text me after six")
    handoffs.request_for_danger(services.store, SESSION, services.policy, "self_harm")
    outcome = run(ActionMisunderstood(), tracker(said("what have you got down for me?")))
    assert outcome.said[:2] == ["utter_preference_is", "utter_contact_rests"]
