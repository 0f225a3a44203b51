"""Skill rights: how to be contacted, and no contact at all."""

from __future__ import annotations

import pytest

from actions.contact import ActionSetContactPreference, ActionStopContact, ValidatePreferenceForm
from actions.services import Services
from casestore import contact_preferences
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
