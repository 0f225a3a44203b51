"""Skill rights: how to be contacted, and no contact at all."""

from __future__ import annotations

import pytest

from actions.contact import ActionSetContactPreference, ActionStopContact, ValidatePreferenceForm
from actions.dialogue import ActionMisunderstood
from actions.services import Services
from casestore import complaints, contact_preferences, handoffs
from tests.actions.helpers import SESSION, Said, answer, entity, run, tracker
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
