"""After asking for a person: called back at a time that suits, or answered in the conversation."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from actions import base
from actions.dialogue import ActionPauseConversation, ActionRequestHuman
from actions.services import Services
from casestore import contact_preferences, handoffs
from casestore.handoffs import Handoff
from tests.actions.helpers import SESSION, Outcome, Said, entity, run, tracker
from tests.conversations.people import Person

# Tuesday 24 November, 10:30 in Shanghai.
NOW = datetime(2026, 11, 24, 2, 30, tzinfo=timezone.utc)
NEXT = "2026-11-24T03:00:00+00:00"


@pytest.fixture
def verified_now(services: Services, verified: Person, monkeypatch: pytest.MonkeyPatch) -> Services:
    """The services at `NOW`, for a borrower who has shown who they are."""
    return at(NOW, services, monkeypatch)


def at(now: datetime, services: Services, monkeypatch: pytest.MonkeyPatch) -> Services:
    moved = replace(services, store=replace(services.store, clock=lambda: now))
    monkeypatch.setattr(base, "services", lambda: moved)
    return moved


def ask(language: str = "zh") -> Outcome:
    return run(ActionRequestHuman(), tracker(Said("找人工", "request_human"), language=language))


def press(slot: str, **talk: str) -> Outcome:
    said = Said("/request_human", "request_human", entities=[entity("callback_slot", slot)])
    return run(ActionRequestHuman(), tracker(said, **talk))


def waiting(services: Services) -> Handoff:
    (handoff,) = handoffs.open_handoffs(services.store)
    return handoff


@pytest.mark.parametrize(
    ("language", "days", "titles"),
    [
        ("zh", "周一至周五（公众假期除外）", ["就在这里答复我", "打电话：11月24日周二 11:00–13:00"]),
        (
            "en",
            "Monday to Friday, except on public holidays",
            ["Answer me here", "Call me: Tue 24 November, 11:00–13:00"],
        ),
    ],
)
def test_hears_when_people_work_and_the_next_three_times_for_a_call(
    verified_now: Services, language: str, days: str, titles: list[str]
) -> None:
    outcome = ask(language)
    assert outcome.said == ["utter_handed_off", "utter_callback_offer"]
    offer = outcome.messages[1]
    assert (offer["days"], offer["opens"], offer["closes"]) == (days, "09:00", "18:00")
    assert [button["title"] for button in offer["buttons"]][:2] == titles and len(offer["buttons"]) == 4
    here, first, *_ = (
        json.loads(button["payload"].removeprefix("/request_human")) for button in offer["buttons"]
    )
    assert (here, first) == ({"callback_slot": "here"}, {"callback_slot": NEXT})


def test_the_chosen_time_is_kept_and_said_back(verified_now: Services) -> None:
    ask()
    outcome = press(NEXT)
    assert outcome.said == ["utter_callback_chosen"]
    assert outcome.messages[0]["slot"] == "11月24日周二 11:00–13:00"
    assert outcome.messages[0]["reference"] == waiting(verified_now).reference
    kept = waiting(verified_now).callback
    assert kept is not None and kept.start == datetime.fromisoformat(NEXT)


def test_an_answer_here_takes_the_call_back(verified_now: Services) -> None:
    press(NEXT)
    assert press("here").said == ["utter_callback_here"]
    assert waiting(verified_now).callback is None


def test_a_choice_leaves_an_open_question_open(verified_now: Services) -> None:
    assert not press(NEXT, form="hardship_form", asks="housing").left_the_form


@pytest.mark.parametrize("chosen", ["2026-11-24T03:30:00+00:00", "tomorrow", "2026-11-24T03:00:00"])
def test_a_time_that_cannot_be_had_brings_the_next_ones(verified_now: Services, chosen: str) -> None:
    outcome = press(chosen)
    assert outcome.said == ["utter_callback_gone"] and len(outcome.messages[0]["buttons"]) == 4


def test_a_time_that_has_begun_brings_later_ones(
    verified_now: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask()
    later = at(NOW + timedelta(hours=1), verified_now, monkeypatch)
    outcome = press(NEXT)
    assert outcome.said == ["utter_callback_gone"] and waiting(later).callback is None
    assert all(NEXT not in button["payload"] for button in outcome.messages[0]["buttons"])


def test_nobody_calls_who_wants_no_calls(verified_now: Services) -> None:
    contact_preferences.prefer(verified_now.store, SESSION, "no_call", None)
    outcome = ask()
    assert outcome.said == ["utter_handed_off", "utter_callback_unwished"]
    assert not outcome.messages[1]["buttons"]


def test_without_knowing_who_it_is_no_call_is_promised(services: Services) -> None:
    assert ask().said == ["utter_handed_off", "utter_callback_unverified"]
    assert press(NEXT).said == ["utter_callback_unverified"]
    assert waiting(services).callback is None


def test_a_person_who_comes_at_once_need_not_call(verified_now: Services) -> None:
    handoffs.request(verified_now.store, SESSION, handoffs.DANGER, verified_now.policy, priority="top")
    assert ask().said == ["utter_handed_off"]


def test_who_writes_another_time_hears_which_can_be_had_and_nothing_is_booked(verified_now: Services) -> None:
    ask()
    said = Said("tomorrow around elevenish", "pause_conversation", entities=[entity("date", "2026-11-25")])
    offered = [{"event": "action", "name": "action_request_human"}]
    outcome = run(ActionPauseConversation(), tracker(said, before=offered, language="en"))
    assert outcome.said == ["utter_callback_pick"]
    assert waiting(verified_now).callback is None


def test_a_time_out_of_the_blue_is_none_for_a_call(verified_now: Services) -> None:
    said = Said("tomorrow maybe", "pause_conversation", entities=[entity("date", "2026-11-25")])
    assert run(ActionPauseConversation(), tracker(said)).said == ["utter_pause"]
