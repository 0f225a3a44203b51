"""The closest meanings of an unclear message, and what choosing one does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from actions.complaint_forms import ValidateComplaintForm
from actions.dialogue import ActionMisunderstood, ValidateConsentForm
from actions.hardship import ValidateHardshipForm
from actions.meanings import ActionChooseMeaning, closest, likely_danger
from actions.services import Services
from casestore import training_candidates
from casestore.training_candidates import Candidate
from tests.actions.helpers import MESSAGE, Outcome, Said, answer, entity, money, run, tracker
from tests.conversations.people import Person

COMPLAINT = Said(
    "我想投诉", ranking={"nlu_fallback": 0.45, "complain_contact": 0.39, "ask_my_rights": 0.35, "greet": 0.2}
)
OFFER = Said("800那样子", entities=[money(800)], ranking={"counter_offer": 0.4, "promise_to_pay": 0.2})


def press(said: Said, meaning: str, **more: Any) -> Outcome:
    """Press the button with this meaning after `said`."""
    return run(ActionChooseMeaning(), tracker(_button(meaning), before=[said.as_event()], **more))


def _button(meaning: str) -> Said:
    entities = [entity("meaning", meaning), entity("meant_message", MESSAGE)]
    return Said("/choose_meaning", "choose_meaning", 1.0, entities, message_id="id-of-the-press")


def taken_up(outcome: Outcome) -> dict[str, Any]:
    """The message that comes again after a choice."""
    (event,) = (event for event in outcome.events if event["event"] == "user")
    return dict(event)


def order(outcome: Outcome) -> list[str]:
    """What happens before the message comes again."""
    return [event["name"] for event in outcome.events if event["event"] == "action"]


def kept(services: Services) -> list[Candidate]:
    return list(training_candidates.waiting(services.store))


# Asking


def test_the_closest_meanings_are_shown_in_plain_words_with_a_way_out(services: Services) -> None:
    outcome = run(ActionMisunderstood(), tracker(COMPLAINT))
    assert outcome.said == ["utter_did_you_mean"] and outcome.slots["misunderstandings"] == 1
    titles = [button["title"] for button in outcome.messages[0]["buttons"]]
    assert titles == ["投诉催收的方式", "我有哪些权利", "都不是"]


def test_the_buttons_speak_the_borrower_s_language(services: Services) -> None:
    outcome = run(ActionMisunderstood(), tracker(COMPLAINT, language="en"))
    titles = [button["title"] for button in outcome.messages[0]["buttons"]]
    assert titles == ["Complain about how I'm contacted", "What are my rights?", "None of these"]


def test_a_payload_names_the_message_and_holds_nothing_of_it(services: Services) -> None:
    outcome = run(ActionMisunderstood(), tracker(OFFER))
    payloads = [
        button["payload"].removeprefix("/choose_meaning") for button in outcome.messages[0]["buttons"]
    ]
    assert json.loads(payloads[0]) == {"meaning": "counter_offer", "meant_message": MESSAGE}
    assert not [each for each in payloads if "800" in each]


def test_at_most_three_are_shown_and_none_that_is_unlikely() -> None:
    likely = [("ask_balance", 0.3), ("ask_charges", 0.2), ("report_paid", 0.15), ("ask_how_to_pay", 0.12)]
    assert closest(likely) == ("ask_balance", "ask_charges", "report_paid")
    assert closest([("ask_balance", 0.3), ("ask_charges", 0.02)]) == ("ask_balance",)


def test_a_plan_is_never_accepted_by_a_guess() -> None:
    assert closest([("accept_offer", 0.4), ("affirm", 0.3), ("reject_offer", 0.2)]) == ("reject_offer",)


def test_when_nothing_is_close_other_words_are_asked_for(services: Services) -> None:
    outcome = run(ActionMisunderstood(), tracker(Said("绿色", ranking={"out_of_scope": 0.4, "greet": 0.2})))
    assert outcome.said == ["utter_say_it_differently"]


def test_a_third_unclear_message_offers_a_person_instead_of_meanings(services: Services) -> None:
    assert run(ActionMisunderstood(), tracker(COMPLAINT, misunderstandings=1)).said == ["utter_did_you_mean"]
    assert run(ActionMisunderstood(), tracker(COMPLAINT, misunderstandings=2)).said == ["utter_offer_person"]


@pytest.mark.parametrize("danger", ["express_self_harm", "report_abuse"])
def test_where_danger_is_likely_care_comes_before_the_question(services: Services, danger: str) -> None:
    said = Said("…", ranking={"report_hardship": 0.3, danger: 0.14})
    outcome = run(ActionMisunderstood(), tracker(said))
    assert outcome.said == ["utter_distress"] and outcome.messages[0]["mental_health"] == "12356"
    assert not outcome.messages[0].get("buttons")


def test_a_faint_air_of_danger_is_no_reason_to_hide_the_meanings() -> None:
    assert not likely_danger([("report_hardship", 0.4), ("express_self_harm", 0.02)])


def test_inside_a_question_the_meanings_come_first_then_the_explanation(services: Services) -> None:
    first = answer(ValidateConsentForm(), COMPLAINT, "privacy_consent")
    assert first.said == ["utter_did_you_mean"] and first.slots["privacy_consent"] is None
    second = answer(ValidateConsentForm(), COMPLAINT, "privacy_consent", misunderstandings=1)
    assert second.said == ["utter_explain_privacy_consent"]


# Choosing


def test_a_choice_takes_the_message_up_again_with_its_amount(services: Services) -> None:
    outcome = press(OFFER, "counter_offer", misunderstandings=1)
    again = taken_up(outcome)
    assert again["parse_data"]["intent"] == {"name": "counter_offer", "confidence": 1.0}
    assert money(800) in again["parse_data"]["entities"] and again["text"] == "800那样子"
    assert again["input_channel"] == "web"
    assert outcome.slots["misunderstandings"] == 0 and order(outcome) == ["action_listen"]


def test_inside_a_form_the_open_question_hears_it_first(services: Services) -> None:
    outcome = press(OFFER, "counter_offer", form="plan_form", asks="plan_choice")
    assert order(outcome) == ["plan_form", "action_listen"]


def test_a_question_that_was_opened_later_does_not_take_it_for_its_answer(services: Services) -> None:
    between = Said("我失业了", "hardship_job_loss", message_id="another").as_event()
    pressed = tracker(
        _button("counter_offer"),
        form="hardship_form",
        asks="monthly_income",
        before=[OFFER.as_event(), between],
    )
    assert order(run(ActionChooseMeaning(), pressed)) == ["action_listen"]


def test_the_form_lets_the_button_pass(services: Services) -> None:
    assert answer(ValidateConsentForm(), _button("counter_offer"), "privacy_consent").events == []


@pytest.mark.parametrize("meaning", ["hardship_illness", "start_over", "ask_charges"])
def test_a_chosen_topic_is_a_digression_in_every_form(services: Services, meaning: str) -> None:
    said = Said("…", meaning, 1.0, [entity("meaning", meaning)])
    assert answer(ValidateConsentForm(), said, "privacy_consent").events == []


def test_a_chosen_cause_answers_the_question_what_happened(services: Services, verified: Person) -> None:
    said = Said("…", "hardship_job_loss", 1.0, [entity("meaning", "hardship_job_loss")])
    assert answer(ValidateHardshipForm(), said, "hardship_cause").slots["hardship_cause"] == "given"


def test_a_chosen_topic_is_nobody_s_account_of_what_happened(services: Services) -> None:
    said = Said("我只能还800", "counter_offer", 1.0, [entity("meaning", "counter_offer")])
    assert answer(ValidateComplaintForm(), said, "complaint_words").events == []


def test_none_of_these_leaves_the_message_not_understood_and_asks_no_second_time(services: Services) -> None:
    outcome = press(COMPLAINT, "none", misunderstandings=1)
    again = taken_up(outcome)["parse_data"]
    assert again["intent"]["name"] == "nlu_fallback" and "misunderstandings" not in outcome.slots
    said = Said(COMPLAINT.text, again["intent"]["name"], 1.0, again["entities"])
    then = run(ActionMisunderstood(), tracker(said, misunderstandings=1))
    assert then.said == ["utter_say_it_differently"] and then.slots["misunderstandings"] == 2


@pytest.mark.parametrize("meaning", ["accept_offer", "express_self_harm", "nonsense", ""])
def test_what_is_never_offered_can_not_be_chosen(services: Services, meaning: str) -> None:
    assert taken_up(press(COMPLAINT, meaning))["parse_data"]["intent"]["name"] == "nlu_fallback"


def test_a_button_about_a_message_long_past_still_says_what_is_meant(services: Services) -> None:
    outcome = run(ActionChooseMeaning(), tracker(_button("ask_charges")))
    assert taken_up(outcome)["parse_data"]["intent"]["name"] == "ask_charges"
    assert kept(services) == []


# Keeping


def test_a_choice_is_kept_with_what_was_offered(services: Services) -> None:
    press(COMPLAINT, "complain_contact")
    (candidate,) = kept(services)
    assert (candidate.language, candidate.wording, candidate.chosen) == ("zh", "我想投诉", "complain_contact")
    assert candidate.offered == ("complain_contact", "ask_my_rights")
    assert candidate.first_on == services.today()


def test_it_is_kept_that_none_was_right(services: Services) -> None:
    press(COMPLAINT, "none")
    assert [candidate.chosen for candidate in kept(services)] == [None]


def test_the_same_button_pressed_again_counts_once(services: Services) -> None:
    press(COMPLAINT, "complain_contact")
    before = [COMPLAINT.as_event(), _button("complain_contact").as_event()]
    run(ActionChooseMeaning(), tracker(_button("complain_contact"), before=before))
    assert [candidate.times for candidate in kept(services)] == [1]


def test_figures_and_names_are_not_kept(services: Services) -> None:
    said = Said("我叫张伟，13912345678，800那样子", ranking=OFFER.ranking)
    press(said, "counter_offer")
    (candidate,) = kept(services)
    assert candidate.wording == "我叫[…]，[…]，000那样子"


@pytest.mark.parametrize(
    "said",
    [
        Said("好累", ranking=OFFER.ranking, care="distress"),
        Said("供不下去了", ranking={"report_hardship": 0.3, "express_self_harm": 0.15}),
        Said("医院那边", ranking={"hardship_illness": 0.3, "counter_offer": 0.2}),
        Said("撑着吧", ranking={"counter_offer": 0.3, "express_distress": 0.2}),
    ],
)
def test_nothing_is_kept_of_what_may_tell_of_danger_or_health(services: Services, said: Said) -> None:
    press(said, "counter_offer")
    assert kept(services) == []
