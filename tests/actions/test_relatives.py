"""Somebody who writes for the borrower: follow-ups are answered, and nobody is led into another's account."""

from __future__ import annotations

from typing import Any

import pytest

from actions.account import ActionAskBalance, ActionAskCreditorContact
from actions.base import RespiteAction
from actions.causes import ActionReportHardship
from actions.dialogue import ActionMisunderstood, ActionRequestHuman
from actions.identity import ActionRefuseIdentity, ActionWrongPerson
from actions.my_data import ActionRequestMyData
from actions.offers import ActionRequestPlan
from actions.rights import ActionAskMyRights
from actions.services import Services
from casestore import handoffs
from tests.actions.helpers import Said, run, tracker
from tests.actions.told_beside import said
from tests.conversations.people import Person

FIRST = ("我是替我爸问的，他不会用手机", "I'm writing for my husband, he's had a stroke")


def after(first: str, *more: Said) -> list[dict[str, Any]]:
    """Events of a talk that somebody opened for another."""
    return [said(first, "wrong_person").as_event(), *(each.as_event() for each in more)]


@pytest.mark.parametrize("first", FIRST)
@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("需要什么手续我才能替他谈，要写委托书吗", "nlu_fallback"),
        ("代办要带户口本吗", "request_plan"),
        (
            "what do you need from us so I can deal with it for him? I haven't got power of attorney",
            "nlu_fallback",
        ),
        ("how can i be authorised to act for him", "ask_my_rights"),
    ],
)
def test_who_asks_how_to_act_for_them_hears_how(
    services: Services, first: str, text: str, heard: str
) -> None:
    outcome = run(ActionMisunderstood(), tracker(said(text, heard), before=after(first)))
    assert outcome.said == ["utter_relative_authorise"]


@pytest.mark.parametrize(
    "text", ["他人就在旁边，你们有什么问题我可以问他", "he's sitting here next to me, i can ask him"]
)
def test_a_borrower_beside_them_can_answer_themself(services: Services, text: str) -> None:
    outcome = run(ActionAskMyRights(), tracker(said(text, "ask_my_rights"), before=after(FIRST[0])))
    assert outcome.said == ["utter_relative_beside"]


@pytest.mark.parametrize(
    ("text", "heard"),
    [
        ("他说大概明年四月卖了菜才有钱，在那之前能不能先缓缓", "request_payment_holiday"),
        ("could we pay a small amount each month till his sick pay is sorted", "request_lower_instalments"),
        ("he lost his job in march", "hardship_job_loss"),
    ],
)
def test_a_wish_in_the_borrowers_name_is_not_taken_as_theirs(
    services: Services, text: str, heard: str
) -> None:
    action: RespiteAction = ActionReportHardship() if heard.startswith("hardship") else ActionRequestPlan()
    outcome = run(action, tracker(said(text, heard), before=after(FIRST[1])))
    assert outcome.said == ["utter_relative_wish"] and outcome.followed_by is None


@pytest.mark.parametrize(
    ("action", "heard"),
    [
        (ActionAskBalance(), "ask_balance"),
        (ActionAskCreditorContact(), "ask_creditor_contact"),
        (ActionRequestMyData(), "request_my_data"),
    ],
)
def test_nothing_leads_into_the_borrowers_identity_check(
    services: Services, action: RespiteAction, heard: str
) -> None:
    # Ten messages later it is still somebody else who writes.
    talk = after(FIRST[0], *[said("嗯嗯") for _ in range(10)])
    outcome = run(action, tracker(said("那现在欠多少", heard), before=talk))
    assert outcome.said == ["utter_relative_not_told"] and outcome.followed_by is None


def test_the_long_answer_comes_once_and_then_a_short_one(services: Services) -> None:
    first = run(ActionWrongPerson(), tracker(said(FIRST[0], "wrong_person")))
    again = run(ActionWrongPerson(), tracker(said("我是他女儿", "wrong_person"), before=after(FIRST[0])))
    assert (first.said, again.said) == (["utter_speaks_for_another"], ["utter_relative_not_told"])


@pytest.mark.parametrize("text", ["我是本人，我自己来说", "ok i am the borrower now"])
@pytest.mark.parametrize("action", [ActionMisunderstood(), ActionWrongPerson()])
def test_a_borrower_who_takes_over_is_led_on(services: Services, text: str, action: RespiteAction) -> None:
    outcome = run(action, tracker(said(text, "wrong_person"), before=after(FIRST[0])))
    assert outcome.followed_by == "consent_form"
    talk = after(FIRST[0], said(text, "wrong_person"))
    assert (
        run(ActionAskBalance(), tracker(said("欠多少", "ask_balance"), before=talk)).followed_by
        == "consent_form"
    )


def test_a_person_can_be_had_all_the_same(services: Services) -> None:
    run(ActionRequestHuman(), tracker(said("找人工", "request_human"), before=after(FIRST[0])))
    assert len(handoffs.open_handoffs(services.store)) == 1


def test_a_verified_borrower_is_nobody_else(services: Services, verified: Person) -> None:
    outcome = run(ActionAskBalance(), tracker(said("我欠多少", "ask_balance"), before=after(FIRST[0])))
    assert outcome.said[0] == "utter_balance"


def test_a_stranger_need_not_hear_how_the_borrower_shows_who_they_are(services: Services) -> None:
    talk = [
        Said("wrong number", "wrong_person").as_event(),
        {"event": "action", "name": "action_wrong_person"},
    ]
    outcome = run(
        ActionRefuseIdentity(), tracker(said("why would i verify anything", "refuse_identity"), before=talk)
    )
    assert outcome.said == ["utter_wrong_number"]


def test_who_bursts_into_tears_hears_no_rules(services: Services) -> None:
    message = said("I just burst into tears opening the post", care="distress")
    outcome = run(ActionMisunderstood(), tracker(message, before=after(FIRST[1])))
    assert outcome.said == ["utter_softer_pace"]


def test_a_doubt_about_the_amount_has_a_way_of_its_own(services: Services) -> None:
    message = said("the amount on the letter can't be right", ranking={"dispute_debt": 0.47})
    outcome = run(ActionMisunderstood(), tracker(message, before=after(FIRST[1])))
    assert outcome.said == ["utter_relative_amount"]


def test_a_call_is_not_promised_to_who_is_not_the_borrower(services: Services) -> None:
    message = said("让人给我打个电话", "request_human")
    outcome = run(ActionRequestHuman(), tracker(message, before=after(FIRST[0])))
    assert outcome.said == ["utter_handed_off", "utter_callback_for_another"]


@pytest.mark.parametrize(
    "text", ["I'm writing on behalf of my mum, she lost her job", "替我父亲来说一声，他失业还不上了"]
)
def test_trouble_told_for_another_is_not_taken_as_ones_own(services: Services, text: str) -> None:
    outcome = run(ActionReportHardship(), tracker(said(text, "hardship_job_loss")))
    assert outcome.said == ["utter_speaks_for_another"] and outcome.followed_by is None


@pytest.mark.parametrize(
    ("text", "heard", "form"),
    [
        ("i borrowed it for my son's school fees", "report_hardship", None),
        ("for my daughter", "nlu_fallback", "hardship_form"),
    ],
)
def test_who_borrowed_for_another_still_writes_for_themself(
    services: Services, text: str, heard: str, form: str | None
) -> None:
    opened = [{"event": "active_loop", "name": form}] if form else []
    talk = [*opened, said(text, heard).as_event(), {"event": "active_loop", "name": None}]
    outcome = run(ActionRequestPlan(), tracker(said("can i get a plan", "request_plan"), before=talk))
    assert outcome.followed_by == "consent_form"
