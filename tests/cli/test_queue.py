"""`respite queue`: a person takes a hand-off, reads what was said, answers, and gives the talk back."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import text

from casestore import callbacks, handoffs, messages, payment_claims, sessions
from casestore.store import CaseStore
from hardship.policy import Policy
from tests.casestore.people import TODAY, WANG, KeepingSender, load, open_case
from tests.cli.running import assert_refused, respite, respite_json

CHEN = ("--staff", "Chen Jing")


@pytest.fixture
def handoff(store: CaseStore, policy: Policy) -> str:
    """The hand-off of a borrower who pressed a button and wrote a sentence."""
    sessions.start(store, "a", "web")
    buttons = [{"title": "I lost my job", "payload": "/hardship_job_loss"}]
    messages.append(store, "a", "bot", {"text": "What happened?", "lang": "en", "buttons": buttons})
    messages.append(store, "a", "borrower", {"payload": "/hardship_job_loss"})
    messages.append(store, "a", "borrower", {"text": "can I talk to someone [soon]?"})
    return handoffs.request(store, "a", "asked_for_person", policy).reference


def test_the_queue_shows_who_has_taken_what(handoff: str) -> None:
    assert handoff in respite("queue").stdout and "Chen Jing" not in respite("queue").stdout
    assert respite("queue", "take", handoff, *CHEN).exit_code == 0
    assert "Chen Jing" in respite("queue").stdout
    (listed,) = respite_json("queue")
    assert (listed["reference"], listed["taken_by"], listed["priority"]) == (handoff, "Chen Jing", "normal")


def test_a_person_reads_the_conversation_with_buttons_by_their_title(handoff: str) -> None:
    shown = respite("queue", "show", handoff).stdout
    assert "Reason: asked_for_person" in shown and "Channel: web" in shown
    assert "bot: What happened?" in shown
    assert "borrower: I lost my job" in shown
    assert "borrower: can I talk to someone [soon]?" in shown
    assert [each["author"] for each in respite_json("queue", "show", handoff)["messages"]] == [
        "bot",
        "borrower",
        "borrower",
    ]


def test_a_person_sees_which_payment_to_look_for(store: CaseStore, policy: Policy, tmp_path: Path) -> None:
    load(store, tmp_path, WANG)
    open_case(store, "a", WANG, policy, KeepingSender())
    told = payment_claims.claim(store, "a", 80000, TODAY, policy, TODAY)
    (handoff,) = handoffs.open_handoffs(store)
    shown = respite("queue", "show", handoff.reference).stdout
    assert f"Payment to check: {told.reference}, 800.00, on 2026-11-24, due " in shown
    (payment,) = respite_json("queue", "show", handoff.reference)["payments"]
    assert (payment["reference"], payment["amount"], payment["paid_on"]) == (
        told.reference,
        "800.00",
        "2026-11-24",
    )


def test_what_no_key_opens_is_named_and_hides_nothing_else(handoff: str, store: CaseStore) -> None:
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE messages SET body = 'lost' WHERE seq = 1"))
        connection.execute(text("UPDATE handoffs SET summary = 'lost'"))
    shown = respite("queue", "show", handoff).stdout
    assert "Summary: can't be opened with any key" in shown
    assert "bot: (message 1 can't be opened with any key)" in shown
    assert "borrower: can I talk to someone [soon]?" in shown
    assert [bool(each["body"]) for each in respite_json("queue", "show", handoff)["messages"]] == [
        False,
        True,
        True,
    ]
    respite("queue", "take", handoff, *CHEN)
    assert respite("queue", "answer", handoff, "Hello", *CHEN).exit_code == 0


def test_a_person_answers_and_closes(handoff: str, store: CaseStore) -> None:
    respite("queue", "take", handoff, *CHEN)
    assert respite("queue", "answer", handoff, "Hello, this is Chen.", *CHEN).exit_code == 0
    assert "person: Hello, this is Chen.  (not delivered yet)" in respite("queue", "show", handoff).stdout
    assert messages.after(store, "a", 0, 50)[-1].body["text"] == "Hello, this is Chen."
    assert "the bot answers again" in respite("queue", "close", handoff, *CHEN).stdout
    assert handoff not in respite("queue").stdout


def test_the_queue_shows_when_a_borrower_wants_to_be_called(
    handoff: str, store: CaseStore, policy: Policy
) -> None:
    assert "Call back:" not in respite("queue", "show", handoff).stdout
    slot = callbacks.offered(store.clock(), policy)[0]
    callbacks.choose(store, "a", slot.start, policy)
    wished = f"{slot.start.astimezone():%Y-%m-%d %H:%M}–{slot.end.astimezone():%H:%M}"
    assert f"Call back: {wished}" in respite("queue", "show", handoff).stdout
    assert wished in respite("queue").stdout
    (listed,) = respite_json("queue")
    assert (listed["callback_from"], listed["callback_until"]) == (
        slot.start.isoformat(),
        slot.end.isoformat(),
    )


def test_answering_before_taking_says_what_to_do(handoff: str) -> None:
    assert_refused(respite("queue", "answer", handoff, "hello", *CHEN), f"respite queue take {handoff}")


def test_a_hand_off_of_another_person_is_left_alone(handoff: str) -> None:
    respite("queue", "take", handoff, *CHEN)
    assert_refused(respite("queue", "close", handoff, "--staff", "Liu Yang"), "Chen Jing")


def test_an_unknown_reference_is_said_to_be_unknown(store: CaseStore) -> None:
    for words in (("show", "HO-1"), ("take", "HO-1", *CHEN), ("close", "HO-1", *CHEN)):
        assert_refused(respite("queue", *words), "HO-1", "respite queue")
