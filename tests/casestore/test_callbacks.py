"""A borrower who waits for a person chooses when to be called, or to be answered where they are."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from casestore import callbacks, desk_events, handoffs, sessions
from casestore.callbacks import SlotGone
from casestore.errors import NotFound
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.conftest import SetClock

# The clock of the tests stands on Tuesday 24 November, 10:30 in Shanghai; people work 9 to 18 there.
SLOTS = ["2026-11-24T11:00+08:00", "2026-11-24T13:00+08:00", "2026-11-24T15:00+08:00"]


@pytest.fixture(autouse=True)
def session(store: CaseStore) -> None:
    sessions.start(store, "a", "web")


def starts(clock: SetClock, policy: Policy) -> list[datetime]:
    return [each.start for each in callbacks.offered(clock.now, policy)]


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment)


def test_the_next_slots_are_whole_ones_in_working_hours(clock: SetClock, policy: Policy) -> None:
    assert starts(clock, policy) == [at(slot) for slot in SLOTS]
    hours = policy.handoff.callback_slot_hours.value
    for slot in callbacks.offered(clock.now, policy):
        assert slot.end - slot.start == timedelta(hours=hours) and slot.start.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("now", "first"),
    [
        ("2026-11-24T15:00+08:00", "2026-11-25T09:00+08:00"),
        ("2026-11-27T16:30+08:00", "2026-11-30T09:00+08:00"),
        ("2026-11-29T03:00+08:00", "2026-11-30T09:00+08:00"),
        ("2026-12-31T17:00+08:00", "2027-01-04T09:00+08:00"),
    ],
)
def test_after_the_last_slot_of_a_day_comes_the_next_working_day(
    clock: SetClock, policy: Policy, now: str, first: str
) -> None:
    clock.now = at(now)
    assert starts(clock, policy)[0] == at(first)


def test_the_chosen_slot_stays_with_the_hand_off(store: CaseStore, policy: Policy) -> None:
    asked = handoffs.request(store, "a", handoffs.ASKED, policy)
    assert asked.callback is None
    chosen = callbacks.choose(store, "a", at(SLOTS[1]), policy)
    assert chosen.reference == asked.reference
    (waiting,) = handoffs.open_handoffs(store)
    assert waiting.callback is not None
    assert (waiting.callback.start, waiting.callback.end) == (at(SLOTS[1]), at(SLOTS[2]))


def test_another_choice_replaces_the_first_and_an_answer_here_ends_it(
    store: CaseStore, policy: Policy
) -> None:
    callbacks.choose(store, "a", at(SLOTS[1]), policy)
    chosen = callbacks.choose(store, "a", at(SLOTS[0]), policy)
    assert chosen.callback is not None and chosen.callback.start == at(SLOTS[0])
    assert callbacks.answer_here(store, "a", policy).callback is None
    assert len(handoffs.open_handoffs(store)) == 1


@pytest.mark.parametrize(
    "start", ["2026-11-24T09:00+08:00", "2026-11-24T11:30+08:00", "2026-12-24T11:00+08:00"]
)
def test_a_slot_that_is_not_on_offer_is_refused_and_nothing_kept(
    store: CaseStore, policy: Policy, start: str
) -> None:
    handoffs.request(store, "a", handoffs.ASKED, policy)
    with pytest.raises(SlotGone):
        callbacks.choose(store, "a", at(start), policy)
    assert handoffs.open_handoffs(store)[0].callback is None


def test_a_slot_is_gone_once_it_has_begun(store: CaseStore, policy: Policy, clock: SetClock) -> None:
    clock.now = at(SLOTS[0])
    with pytest.raises(SlotGone):
        callbacks.choose(store, "a", at(SLOTS[0]), policy)


def test_a_conversation_nobody_knows_chooses_nothing(store: CaseStore, policy: Policy) -> None:
    with pytest.raises(NotFound):
        callbacks.choose(store, "unknown", at(SLOTS[0]), policy)


def test_the_desk_hears_of_each_change_once(store: CaseStore, policy: Policy) -> None:
    connected = replace(store, desk=True)
    handoffs.request(connected, "a", handoffs.ASKED, policy)
    callbacks.choose(connected, "a", at(SLOTS[0]), policy)
    callbacks.choose(connected, "a", at(SLOTS[0]), policy)
    callbacks.answer_here(connected, "a", policy)
    heard = []
    while event := desk_events.claim(connected):
        heard.append((event.kind, event.body.get("callback_from")))
        desk_events.delivered(connected, event.number)
    assert [kind for kind, _ in heard] == ["handoff_requested", "callback_chosen", "callback_chosen"]
    assert [told and at(told) for _, told in heard[1:]] == [at(SLOTS[0]), None]
