"""The tracker store hands out a short tracker and forgets nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from rasa.core.tracker_store import SQLTrackerStore, TrackerStore, check_if_tracker_store_async
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    ActionExecutionRejected,
    ActiveLoop,
    BotUttered,
    Event,
    Restarted,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.trackers import RecentTrackerStore
from casestore import flow_record
from casestore.errors import KeysMissing

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [inform]
slots:
  language: {type: text, influence_conversation: false, initial_value: zh, mappings: [{type: custom}]}
  income: {type: any, mappings: [{type: custom}]}
  turn: {type: any, mappings: [{type: custom}]}
  requested_slot: {type: any, mappings: [{type: custom}]}
forms:
  hardship_form: {required_slots: [income]}
responses:
  utter_next: [{text: next}]
"""
)


@pytest.fixture(autouse=True)
def _demo_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_DEMO", "1")


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.delenv("RESPITE_TRACKER_URL", raising=False)
    return f"sqlite:///{tmp_path}/conversations.db"


def opened(url: str) -> RecentTrackerStore:
    return RecentTrackerStore(DOMAIN, host=url)


def start() -> list[Event]:
    return [ActionExecuted("action_session_start"), SessionStarted(), ActionExecuted("action_listen")]


def turn(number: int) -> list[Event]:
    return [
        UserUttered(f"message {number}", {"name": "inform", "confidence": 1.0}),
        SlotSet("turn", number),
        ActionExecuted("utter_next"),
        BotUttered(f"answer {number}"),
        ActionExecuted("action_listen"),
    ]


async def say(store: TrackerStore, events: list[Event], sender: str = "ann") -> None:
    """Do what Rasa's processor does with one message."""
    tracker = await store.get_or_create_tracker(sender, append_action_listen=False)
    tracker.update_with_events(events, DOMAIN)
    await store.save(tracker)


async def talk(store: TrackerStore, turns: int, sender: str = "ann") -> None:
    await say(store, start(), sender)
    for number in range(turns):
        await say(store, turn(number), sender)


async def recent(store: TrackerStore, sender: str = "ann") -> DialogueStateTracker:
    tracker = await store.retrieve(sender)
    assert tracker is not None
    return tracker


async def test_a_hundred_turns_hand_out_no_more_events_than_ten(url: str) -> None:
    store = opened(url)
    await talk(store, 10)
    after_ten = len((await recent(store)).events)
    for number in range(10, 100):
        await say(store, turn(number))
        assert len((await recent(store)).events) <= after_ten


async def test_every_event_of_a_hundred_turns_lies_in_the_database_once_and_in_order(url: str) -> None:
    store = opened(url)
    await talk(store, 100)
    full = await store.retrieve_full_tracker("ann")
    assert full is not None
    texts = [event.text for event in full.events if isinstance(event, UserUttered)]
    assert texts == [f"message {number}" for number in range(100)]
    assert len(full.events) == 3 + 100 * 5


async def test_slots_set_long_ago_are_still_set(url: str) -> None:
    store = opened(url)
    await say(store, start())
    await say(store, [*turn(0)[:-1], SlotSet("income", 850000), SlotSet("language", "en"), turn(0)[-1]])
    for number in range(1, 50):
        await say(store, turn(number))
    slots = (await recent(store)).current_slot_values()
    assert (slots["income"], slots["language"], slots["turn"]) == (850000, "en", 49)


async def test_a_slot_emptied_long_ago_stays_empty(url: str) -> None:
    store = opened(url)
    await say(store, [*start(), SlotSet("income", 1), SlotSet("language", None)])
    await say(store, [SlotSet("income", None), ActionExecuted("action_listen")])
    for number in range(20):
        await say(store, turn(number))
    tracker = await recent(store)
    assert tracker.get_slot("income") is None
    assert tracker.get_slot("language") is None


async def test_the_form_opened_long_ago_is_still_open(url: str) -> None:
    store = opened(url)
    await say(store, start())
    await say(
        store, [*turn(0)[:2], ActionExecuted("hardship_form"), ActiveLoop("hardship_form"), turn(0)[-1]]
    )
    for number in range(1, 30):
        await say(store, turn(number))
    assert (await recent(store)).active_loop_name == "hardship_form"


async def test_a_form_that_was_refused_its_turn_is_still_refused(url: str) -> None:
    store = opened(url)
    form = [
        ActionExecuted("hardship_form"),
        ActiveLoop("hardship_form"),
        ActionExecutionRejected("hardship_form"),
    ]
    await say(store, [*start()[:-1], *form, start()[-1]])
    for number in range(20):
        await say(store, turn(number))
    assert (await recent(store)).is_active_loop_rejected


async def test_a_closed_form_stays_closed(url: str) -> None:
    store = opened(url)
    await say(store, [*start(), ActiveLoop("hardship_form")])
    await say(store, [ActiveLoop(None), ActionExecuted("action_listen")])
    for number in range(20):
        await say(store, turn(number))
    assert (await recent(store)).active_loop is None


async def test_the_tracker_begins_a_turn_never_inside_one(url: str) -> None:
    store = opened(url)
    await talk(store, 40)
    events = list((await recent(store)).events)
    first = next(index for index, event in enumerate(events) if isinstance(event, UserUttered))
    assert isinstance(events[first - 1], ActionExecuted) and events[first - 1].action_name == "action_listen"
    assert sum(isinstance(event, UserUttered) for event in events) == 6


async def test_a_restarted_process_reads_the_same_tracker(url: str) -> None:
    store = opened(url)
    await talk(store, 40)
    assert state(await recent(opened(url))) == state(await recent(store))


async def test_what_another_process_wrote_is_seen(url: str) -> None:
    here, there = opened(url), opened(url)
    await talk(here, 10)
    await recent(there)
    await say(here, turn(10))
    await say(there, turn(11))
    await say(here, turn(12))
    assert (await recent(here)).get_slot("turn") == 12
    assert state(await recent(here)) == state(await recent(there))
    full = await here.retrieve_full_tracker("ann")
    assert full is not None and len(full.events) == 3 + 13 * 5


async def test_two_processes_answering_at_once_lose_nothing(url: str) -> None:
    here, there = opened(url), opened(url)
    await talk(here, 8)
    first, second = await recent(here), await recent(there)
    first.update_with_events(turn(100), DOMAIN)
    second.update_with_events(turn(200), DOMAIN)
    await here.save(first)
    await there.save(second)
    full = await here.retrieve_full_tracker("ann")
    assert full is not None and len(full.events) == 3 + 10 * 5
    assert state(await recent(here)) == state(await recent(there))


async def test_it_agrees_with_rasas_own_store(url: str, tmp_path: Path) -> None:
    ours, stock = opened(url), SQLTrackerStore(DOMAIN, host=f"sqlite:///{tmp_path}/stock.db")
    for store in (ours, stock):
        await talk(store, 25)
    short, long = await recent(ours), await recent(stock)
    assert short.current_slot_values() == long.current_slot_values()
    assert short.latest_message == long.latest_message
    assert short.latest_action_name == long.latest_action_name
    assert kinds(short)[-20:] == kinds(long)[-20:]


async def test_a_new_session_starts_without_the_old_slots(url: str) -> None:
    store = opened(url)
    await talk(store, 10)
    await say(store, start())
    await say(store, turn(77))
    tracker = await recent(store)
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["message 77"]
    full = await store.retrieve_full_tracker("ann")
    assert full is not None and len(full.events) == 3 + 50 + 3 + 5


async def test_a_restart_of_the_conversation_clears_what_came_before(url: str) -> None:
    store = opened(url)
    await talk(store, 10)
    await say(store, [Restarted(), ActionExecuted("action_listen")])
    await say(store, turn(5))
    assert [event.text for event in (await recent(store)).events if isinstance(event, UserUttered)] == [
        "message 5"
    ]


async def test_saving_twice_stores_once(url: str) -> None:
    store = opened(url)
    await talk(store, 3)
    tracker = await recent(store)
    tracker.update_with_events(turn(3), DOMAIN)
    await store.save(tracker)
    await store.save(tracker)
    await store.save(tracker.copy())
    full = await store.retrieve_full_tracker("ann")
    assert full is not None and len(full.events) == 3 + 4 * 5


async def test_saving_the_full_tracker_stores_only_what_is_new(url: str) -> None:
    store = opened(url)
    await talk(store, 10)
    full = await store.retrieve_full_tracker("ann")
    assert full is not None
    full.update_with_events(turn(10), DOMAIN)
    await store.save(full)
    assert (await recent(store)).get_slot("turn") == 10
    again = await store.retrieve_full_tracker("ann")
    assert again is not None and len(again.events) == 3 + 11 * 5


async def test_conversations_do_not_mix_and_the_cache_is_bounded(url: str) -> None:
    store = RecentTrackerStore(DOMAIN, host=url, cached=2)
    for number, sender in enumerate(("ann", "bo", "cy")):
        await say(store, [*start(), *turn(number)], sender)
    assert [(await recent(store, sender)).get_slot("turn") for sender in ("ann", "bo", "cy")] == [0, 1, 2]
    assert len(store._cache) == 2
    assert sorted(await store.keys()) == ["ann", "bo", "cy"]


async def test_an_unknown_conversation_is_none(url: str) -> None:
    assert await opened(url).retrieve("nobody") is None


def test_rasa_loads_it_from_endpoints_as_an_asynchronous_store(url: str) -> None:
    store = TrackerStore.create(
        EndpointConfig(type="bot.trackers.RecentTrackerStore", url=url, turns=4), DOMAIN
    )
    assert isinstance(store, RecentTrackerStore)
    assert check_if_tracker_store_async(store)
    assert store._turns == 4


def test_the_environment_names_the_database(
    url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("RESPITE_TRACKER_URL", f"sqlite:///{tmp_path}/elsewhere.db")
    assert str(opened(url).engine.url).endswith("elsewhere.db")


def test_wherever_the_bot_is_started_the_commands_find_its_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("RESPITE_TRACKER_URL", raising=False)
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "installed" / "var" / "conversations.db"
    monkeypatch.setattr(flow_record, "DEFAULT_PATH", place)
    assert flow_record.open_flow() is None
    store, found = RecentTrackerStore(DOMAIN), flow_record.open_flow()
    assert found is not None and store.engine.url.database == found.url.database == str(place)


def state(tracker: DialogueStateTracker) -> tuple[object, ...]:
    return tracker.current_slot_values(), tracker.active_loop_name, kinds(tracker)


def kinds(tracker: DialogueStateTracker) -> list[str]:
    return [event.type_name for event in tracker.events]


async def test_what_was_said_is_not_to_be_read_in_the_database(url: str, tmp_path: Path) -> None:
    store = opened(url)
    await say(
        store, [*start(), UserUttered("我叫欧阳娜娜，电话13912345678", {"name": "inform", "confidence": 1.0})]
    )
    store.engine.dispose()
    written = b"".join(path.read_bytes() for path in tmp_path.glob("conversations.db*"))
    assert b"user" in written
    for word in ("欧阳娜娜", "13912345678", "\\u6b27"):
        assert word.encode() not in written
    assert (await recent(opened(url))).latest_message.text == "我叫欧阳娜娜，电话13912345678"


async def test_without_keys_it_says_which_to_set(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RESPITE_DEMO", "0")
    with pytest.raises(KeysMissing, match="RESPITE_KEYS"):
        opened(url)
