"""A borrower's message has one worker that answers it, and another when that one has died."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from casestore import answering, messages, sessions
from casestore.answering import ABANDONED, Claim, Superseded
from casestore.store import CaseStore
from tests.casestore.conftest import SetClock

HELLO = {"text": "hello"}


@pytest.fixture(autouse=True)
def session(store: CaseStore) -> None:
    sessions.start(store, "a", "web")


def hear(store: CaseStore, client_id: str | None = "m1") -> answering.Heard:
    return answering.hear(store, "a", HELLO, client_id)


def claimed(store: CaseStore) -> Claim:
    claim = hear(store).claim
    assert claim is not None
    return claim


def abandon(clock: SetClock) -> None:
    clock.forward(seconds=int(ABANDONED.total_seconds()))


def texts(store: CaseStore) -> list[str]:
    return [each.body["text"] for each in messages.after(store, "a", 0, 100)]


def test_a_new_message_is_stored_and_belongs_to_who_heard_it(store: CaseStore) -> None:
    heard = hear(store)
    assert heard.is_new and heard.claim == Claim("a", 1, 1, HELLO) and texts(store) == ["hello"]
    assert hear(store, "m2").seq == 2


def test_a_message_that_is_being_answered_is_nobody_elses(store: CaseStore) -> None:
    claimed(store)
    again = hear(store)
    assert (again.seq, again.is_new, again.is_over, again.claim) == (1, False, False, None)
    assert texts(store) == ["hello"]


def test_an_answered_message_is_over_whoever_gets_it_again(store: CaseStore, clock: SetClock) -> None:
    answering.answered(store, claimed(store))
    abandon(clock)
    again = hear(store)
    assert again.is_over and again.claim is None and answering.left_open(store, "a") is None


def test_two_workers_that_hear_it_at_the_same_moment_do_not_both_answer(store: CaseStore, url: str) -> None:
    other = CaseStore.open(url, store.keys)
    gate, claims = threading.Barrier(2), []

    def work(own: CaseStore) -> None:
        gate.wait(30)
        claims.append(hear(own).claim)

    workers = [
        threading.Thread(target=work, args=(own,)) for own in (store, replace(other, clock=store.clock))
    ]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(30)
    other.close()
    assert sorted(claims, key=bool) == [None, Claim("a", 1, 1, HELLO)] and texts(store) == ["hello"]


def test_a_worker_that_shows_no_life_any_more_loses_the_message(store: CaseStore, clock: SetClock) -> None:
    first = claimed(store)
    for _ in range(3):
        clock.forward(seconds=3)
        answering.still_working(store, first)
        assert hear(store).claim is None
    abandon(clock)
    second = claimed(store)
    assert (first.attempt, second.attempt) == (1, 2)
    # Only the one that has it now keeps it.
    answering.still_working(store, first)
    answering.answered(store, first)
    abandon(clock)
    assert claimed(store).attempt == 3


def test_who_takes_over_knows_what_was_said_and_the_other_says_no_more(
    store: CaseStore, clock: SetClock
) -> None:
    first = claimed(store)
    answering.say(store, first, {"text": "one"})
    abandon(clock)
    second = claimed(store)
    assert second.said == ({"text": "one"},)
    with pytest.raises(Superseded):
        answering.say(store, first, {"text": "two"})
    answering.say(store, second, {"text": "two"})
    assert texts(store) == ["hello", "one", "two"]


def test_a_turn_broken_off_is_free_at_once(store: CaseStore) -> None:
    answering.release(store, claimed(store))
    assert claimed(store).attempt == 2


def test_what_the_borrower_has_left_behind_is_not_answered_any_more(
    store: CaseStore, clock: SetClock
) -> None:
    claimed(store)
    assert hear(store, "m2").claim is not None
    abandon(clock)
    assert hear(store).is_over


def test_the_last_message_is_found_without_its_id_until_it_is_answered(
    store: CaseStore, clock: SetClock
) -> None:
    assert answering.left_open(store, "a") is None
    claim = claimed(store)
    answering.say(store, claim, {"text": "one"})
    assert answering.left_open(store, "a") == 1 and answering.claim(store, "a", 1).claim is None
    abandon(clock)
    again = answering.claim(store, "a", 1).claim
    assert again is not None and again.body == HELLO
    answering.answered(store, again)
    assert answering.left_open(store, "a") is None
