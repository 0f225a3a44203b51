"""A person talks with the borrower in the same chat: live, numbered, and with the bot silent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.channels.wording import wording
from casestore import desk, desk_events, handoffs, messages, person_messages
from casestore.store import CaseStore
from hardship.policy import Policy, load_policy
from tests.bot.channels.harness import Page, RunningWeb

CHEN = "Chen Jing"


@pytest.fixture(scope="module")
def policy() -> Policy:
    return load_policy("policies/cn.yml")


@pytest.fixture
def store(store: CaseStore) -> CaseStore:
    """The store with a desk that wants to hear of hand-offs."""
    return replace(store, desk=True)


async def in_conversation(web: RunningWeb, policy: Policy) -> tuple[Page, str, str]:
    """A page that has greeted, its session, and the hand-off the borrower asked for."""
    page = await web.open()
    await page.start("en")
    session_id = web.tokens.read(page.token).subject
    return page, session_id, handoffs.request(web.store, session_id, "asked_for_person", policy).reference


def heard_at_desk(store: CaseStore) -> list[str | None]:
    """What the desk is told now: the borrower's words, None for an event without any."""
    heard = []
    while event := desk_events.claim(store):
        heard.append(event.body.get("text"))
        desk_events.delivered(store, event.number)
    return heard


async def until_all_delivered(store: CaseStore, session_id: str) -> None:
    while person_messages.undelivered(store, session_id):
        await asyncio.sleep(0.01)


async def test_what_a_person_writes_is_on_the_page_at_once(web: RunningWeb, policy: Policy) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    desk.take(web.store, handoff, CHEN)
    desk.answer(web.store, handoff, CHEN, "Hello, this is Chen.")
    shown = await page.until(lambda name, data: name == "message" and data["seq"] == 3)
    assert (shown["author"], shown["text"], shown["lang"]) == ("person", "Hello, this is Chen.", "en")
    joined = page.messages()[-2]
    assert (joined["author"], joined["text"]) == ("person", wording("utter_person_joined", "en"))


async def test_the_bot_is_silent_while_a_person_talks_and_speaks_again_after(
    web: RunningWeb, policy: Policy
) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    desk.take(web.store, handoff, CHEN)
    (mine,) = [each for each in await page.say("thank you", id="m1") if each["author"] != "person"]
    assert mine["author"] == "borrower" and "thank you" not in web.bot.texts
    desk.close(web.store, handoff, CHEN)
    assert (await page.say("and now?", id="m2"))[-1]["text"] == "echo and now?"
    left = await page.until(lambda name, data: name == "message" and data.get("notice") == "person_left")
    assert (left["author"], left["text"]) == ("bot", wording("utter_person_left", "en"))


async def test_the_desk_hears_of_a_pressed_button_by_what_stood_on_it(
    web: RunningWeb, policy: Policy
) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    await page.press("/report_hardship")
    assert heard_at_desk(web.store) == [None, "I lost my job"]  # after the hand-off itself


async def test_the_desk_hears_a_message_once_although_the_page_sends_it_again(
    web: RunningWeb, policy: Policy
) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    desk.take(web.store, handoff, CHEN)
    await page.say("are you there?", id="m1")
    assert heard_at_desk(web.store) == [None, None, "are you there?"]
    await page.say("are you there?", id="m1")
    assert heard_at_desk(web.store) == []
    await page.say("are you there?", id="m2")
    assert heard_at_desk(web.store) == ["are you there?"]


async def test_a_message_the_server_left_untold_reaches_the_desk_once_a_stock_client_is_back(
    web: RunningWeb, policy: Policy
) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    desk.take(web.store, handoff, CHEN)
    messages.append(web.store, session_id, "borrower", {"text": "are you there?"}, "m1")
    heard = list(web.bot.texts)
    for _ in range(2):
        await web.open_stock(page.token)
    assert heard_at_desk(web.store) == [None, None, "are you there?"] and web.bot.texts == heard


async def test_the_bot_talks_on_while_the_borrower_waits_for_a_person(
    web: RunningWeb, policy: Policy
) -> None:
    page, _, _ = await in_conversation(web, policy)
    assert (await page.say("how much do I owe"))[-1]["text"] == "echo how much do I owe"


async def test_danger_is_answered_although_a_person_talks(web: RunningWeb, policy: Policy) -> None:
    page, _, handoff = await in_conversation(web, policy)
    desk.take(web.store, handoff, CHEN)
    await page.say("I want to kill myself")
    assert web.bot.texts[-1] == "I want to kill myself"


async def test_a_language_switched_while_a_person_talks_is_kept_for_later(
    web: RunningWeb, policy: Policy
) -> None:
    page, _, handoff = await in_conversation(web, policy)
    desk.take(web.store, handoff, CHEN)
    heard = len(web.bot.heard)
    assert [each for each in await page.switch("zh") if each["author"] == "bot"] == []
    assert len(web.bot.heard) == heard


async def test_a_borrower_who_was_away_finds_what_the_person_wrote(web: RunningWeb, policy: Policy) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    await page.close()
    desk.take(web.store, handoff, CHEN)
    desk.answer(web.store, handoff, CHEN, "Call us any time.")
    back = await web.open(page.token)
    replayed = await back.resumed(after=1, until=3)
    assert replayed[-1]["text"] == "Call us any time." and replayed[-1]["author"] == "person"
    assert replayed[0]["text"] == wording("utter_person_joined", "en")


async def test_a_message_counts_as_delivered_once_it_is_on_a_page(web: RunningWeb, policy: Policy) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    desk.take(web.store, handoff, CHEN)
    await page.until(lambda name, data: name == "message" and data["seq"] == 2)
    assert person_messages.undelivered(web.store, session_id) == frozenset()


async def test_a_message_for_a_borrower_who_is_away_counts_as_delivered_when_they_are_back(
    web: RunningWeb, policy: Policy
) -> None:
    page, session_id, handoff = await in_conversation(web, policy)
    await web.until_left(page)
    desk.take(web.store, handoff, CHEN)
    assert person_messages.undelivered(web.store, session_id) == {2}
    back = await web.open(page.token)
    await back.resumed(after=1, until=2)
    await asyncio.wait_for(until_all_delivered(web.store, session_id), 30)
