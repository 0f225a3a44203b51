"""The lender's people take a hand-off, talk with the borrower, close it; the desk hears of everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from casestore import (
    decisions,
    desk,
    desk_events,
    handoffs,
    hardship,
    messages,
    person_messages,
    plan,
    sessions,
)
from casestore.desk import BadMessage, NotTaken, RequestsOpen, TakenByAnother, UnknownHandoff
from casestore.retries import LEASE, LONGEST_PAUSE
from casestore.store import CaseStore
from hardship.cases import CaseState
from hardship.plans.base import Ask
from hardship.policy import Policy
from tests.casestore.conftest import SetClock
from tests.casestore.people import TODAY, WANG, KeepingSender, load, with_offers

CHEN = "Chen Jing"


@pytest.fixture
def handoff(store: CaseStore, policy: Policy) -> str:
    """The hand-off of a borrower who asked for a person."""
    sessions.start(store, "a", "web")
    messages.append(store, "a", "bot", {"text": "What happened?", "lang": "en"})
    return handoffs.request(store, "a", "asked_for_person", policy).reference


def said(store: CaseStore) -> list[tuple[str, object]]:
    """Author and text or notice of the whole conversation."""
    return [
        (each.author, each.body.get("text") or each.body["notice"])
        for each in messages.after(store, "a", 0, 50)
    ]


def test_a_person_takes_the_talk_writes_and_gives_it_back(store: CaseStore, handoff: str) -> None:
    assert not desk.person_talks(store, "a")
    assert desk.take(store, handoff, CHEN).taken_by == CHEN
    assert desk.person_talks(store, "a")
    desk.answer(store, handoff, CHEN, " 您好，我是小陈。 ")
    desk.close(store, handoff, CHEN)
    assert not desk.person_talks(store, "a")
    assert said(store)[1:] == [
        ("person", "person_joined"),
        ("person", "您好，我是小陈。"),
        ("bot", "person_left"),
    ]
    assert handoffs.open_handoffs(store) == ()


def test_what_a_person_says_is_marked_with_the_language_the_bot_spoke(store: CaseStore, handoff: str) -> None:
    desk.take(store, handoff, CHEN)
    assert desk.transcript(store, handoff)[-1].body["lang"] == "en"


def test_taking_again_changes_nothing(store: CaseStore, handoff: str) -> None:
    desk.take(store, handoff, CHEN)
    desk.take(store, handoff, CHEN)
    assert [author for author, _ in said(store)].count("person") == 1


def test_a_second_person_is_told_who_has_it(store: CaseStore, handoff: str) -> None:
    desk.take(store, handoff, CHEN)
    for attempt in (desk.take, desk.close):
        with pytest.raises(TakenByAnother, match=CHEN):
            attempt(store, handoff, "Liu Yang")
    with pytest.raises(TakenByAnother):
        desk.answer(store, handoff, "Liu Yang", "hello")
    assert handoffs.open_handoffs(store)[0].taken_by == CHEN


def test_nobody_writes_without_having_taken_it(store: CaseStore, handoff: str) -> None:
    with pytest.raises(NotTaken, match=f"respite queue take {handoff}"):
        desk.answer(store, handoff, CHEN, "hello")
    with pytest.raises(NotTaken):
        desk.close(store, handoff, CHEN)
    assert len(said(store)) == 1


@pytest.mark.parametrize("text", ["", "  \n", "x" * (desk.MOST_CHARACTERS + 1)])
def test_an_empty_or_endless_message_is_refused(store: CaseStore, handoff: str, text: str) -> None:
    desk.take(store, handoff, CHEN)
    with pytest.raises(BadMessage):
        desk.answer(store, handoff, CHEN, text)


def test_a_closed_or_unknown_hand_off_is_said_to_be_unknown(store: CaseStore, handoff: str) -> None:
    desk.take(store, handoff, CHEN)
    desk.close(store, handoff, CHEN)
    for reference in (handoff, "HO-20261124-NONE"):
        with pytest.raises(UnknownHandoff, match="respite queue"):
            desk.take(store, reference, CHEN)


def test_closing_leads_the_case_back_to_its_offers(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    load(store, tmp_path, WANG)
    case_id = with_offers(store, "a", WANG, policy, sender)[0]
    reference = handoffs.request(store, "a", "asked_for_person", policy).reference
    assert hardship.case(store, case_id).state is CaseState.HANDED_OFF
    desk.take(store, reference, CHEN)
    desk.close(store, reference, CHEN)
    assert hardship.case(store, case_id).state is CaseState.OFFERED
    assert plan.current(store, case_id).offers


def test_a_talk_with_an_undecided_request_is_not_closed(
    store: CaseStore, tmp_path: Path, policy: Policy, sender: KeepingSender
) -> None:
    load(store, tmp_path, WANG)
    case_id = with_offers(store, "a", WANG, policy, sender)[0]
    wish = Ask(kind="settlement", lump_sum=1_500_000)
    offer = plan.counter(store, case_id, wish, policy, TODAY).result.offer
    assert offer is not None
    request = decisions.ask_person(store, case_id, offer, wish, policy, TODAY)
    (waiting,) = handoffs.open_handoffs(store)
    desk.take(store, waiting.reference, CHEN)
    with pytest.raises(RequestsOpen, match=request.reference):
        desk.close(store, waiting.reference, CHEN)


def test_messages_are_shown_to_pages_and_sent_once_where_they_must_be_sent(
    store: CaseStore, handoff: str, clock: SetClock
) -> None:
    begun = clock.now
    desk.take(store, handoff, CHEN)
    clock.forward(seconds=1)
    desk.answer(store, handoff, CHEN, "hello")
    assert [each.seq for each in person_messages.recent(store, "web", begun)] == [2, 3]
    assert person_messages.recent(store, "wechat", begun) == ()
    first = person_messages.claim(store, "web")
    assert first is not None and first.seq == 2
    # The second waits for the first, whoever sends.
    assert person_messages.claim(store, "web") is None
    person_messages.delivered(store, first)
    second = person_messages.claim(store, "web")
    assert second is not None and (second.seq, second.author) == (3, "person")
    assert person_messages.undelivered(store, "a") == {3}
    person_messages.delivered(store, second)
    assert person_messages.claim(store, "web") is None


def test_a_message_that_did_not_go_is_tried_again_later_and_at_last_given_up(
    store: CaseStore, handoff: str, clock: SetClock
) -> None:
    desk.take(store, handoff, CHEN)
    pauses = []
    for _ in range(person_messages.MOST_TRIES):
        message = person_messages.claim(store, "web")
        assert message is not None
        due = person_messages.failed(store, message)
        if due is not None:
            pauses.append(due - clock.now)
            clock.now = due
    assert due is None and person_messages.claim(store, "web") is None
    assert pauses[:3] == [timedelta(seconds=5), timedelta(seconds=10), timedelta(seconds=20)]
    assert max(pauses) == LONGEST_PAUSE
    assert person_messages.undelivered(store, "a") == {2}


def test_a_sender_that_died_loses_its_claim(store: CaseStore, handoff: str, clock: SetClock) -> None:
    desk.take(store, handoff, CHEN)
    assert person_messages.claim(store, "web") is not None
    assert person_messages.claim(store, "web") is None
    clock.now += LEASE
    assert person_messages.claim(store, "web") is not None


@pytest.fixture
def connected(store: CaseStore) -> CaseStore:
    """The store with a desk that wants to hear of hand-offs."""
    return replace(store, desk=True)


def test_without_a_desk_no_event_is_kept(store: CaseStore, handoff: str) -> None:
    desk.take(store, handoff, CHEN)
    assert desk_events.waiting(store) == 0


def test_the_desk_hears_of_a_hand_off_and_of_what_is_written_in_order(
    connected: CaseStore, policy: Policy
) -> None:
    sessions.start(connected, "a", "web")
    reference = handoffs.request(connected, "a", "asked_for_person", policy).reference
    assert not desk.borrower_wrote(connected, "a", "are you there?", 1)
    desk.take(connected, reference, CHEN)
    assert desk.borrower_wrote(connected, "a", "hello Chen", 2)
    desk.close(connected, reference, CHEN)
    assert not desk.borrower_wrote(connected, "a", "thanks", 3)
    heard = []
    while event := desk_events.claim(connected):
        assert event.handoff == reference
        heard.append((event.kind, event.body.get("text")))
        desk_events.delivered(connected, event.number)
    assert heard == [
        ("handoff_requested", None),
        ("borrower_wrote", "are you there?"),
        ("handoff_taken", None),
        ("borrower_wrote", "hello Chen"),
        ("handoff_closed", None),
    ]
    assert desk_events.waiting(connected) == 0


def test_an_event_the_desk_did_not_take_comes_again_with_the_same_id(
    connected: CaseStore, policy: Policy, clock: SetClock
) -> None:
    sessions.start(connected, "a", "web")
    handoffs.request(connected, "a", "asked_for_person", policy)
    first = desk_events.claim(connected)
    assert first is not None and first.body["priority"] == "normal"
    clock.now = desk_events.failed(connected, first.number)
    again = desk_events.claim(connected)
    assert again is not None and (again.event_id, again.tries) == (first.event_id, 2)


def test_a_delivered_event_keeps_nothing_of_what_was_written(connected: CaseStore, policy: Policy) -> None:
    sessions.start(connected, "a", "web")
    handoffs.request(connected, "a", "asked_for_person", policy)
    event = desk_events.claim(connected)
    assert event is not None
    desk_events.delivered(connected, event.number)
    with connected.engine.connect() as connection:
        assert connection.exec_driver_sql("SELECT body FROM desk_events").scalars().all() == [None]


def test_the_desk_hears_once_of_a_danger_and_of_its_kind_with_it(store: CaseStore, policy: Policy) -> None:
    connected = replace(store, desk=True)
    sessions.start(store, "a", "web")
    handoffs.request_for_danger(connected, "a", policy, "self_harm")
    assert events(connected) == [("handoff_requested", "self_harm")]


def test_the_desk_hears_once_when_an_open_hand_off_becomes_a_danger_and_once_of_each_further_kind(
    store: CaseStore, policy: Policy
) -> None:
    connected = replace(store, desk=True)
    sessions.start(store, "a", "web")
    handoffs.request(connected, "a", "asked_for_person", policy)
    for kind in ("violence_suffered", "violence_suffered", "self_harm", None):
        handoffs.request_for_danger(connected, "a", policy, kind)
    assert events(connected) == [
        ("handoff_requested", None),
        ("handoff_raised", "violence_suffered"),
        ("handoff_raised", "violence_suffered, self_harm"),
    ]


def events(connected: CaseStore) -> list[tuple[str, object]]:
    """What the desk has to hear, in order: the kind of event and that of the danger."""
    told = list[tuple[str, object]]()
    while event := desk_events.claim(connected):
        told.append((event.kind, event.body["summary"].get("danger")))
        desk_events.delivered(connected, event.number)
    return told
