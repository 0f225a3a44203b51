"""Chatwoot's agents see a hand-off as a conversation, and their answers reach the borrower."""

from __future__ import annotations

from typing import Any

import pytest

from bot.desk.channel import answers_from, desk_from
from bot.desk.chatwoot import ChatwootAnswers, ChatwootDesk, Forged, Inbox
from bot.desk.courier import Courier
from bot.desk.webhook import DeskMisconfigured
from casestore import desk, desk_events, handoffs, messages
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock
from tests.bot.desk.servers import Chatwoot, delivery

SECRET = "the inbox's webhook secret"


async def bring(store: CaseStore, chatwoot: Chatwoot, hmac_token: str | None = None) -> None:
    """Deliver everything that is due."""
    courier = Courier(store, ChatwootDesk(Inbox(chatwoot.url, chatwoot.INBOX, hmac_token)))
    while await courier.deliver_next():
        pass


def wrote(handoff: str, number: int, content: str) -> dict[str, Any]:
    """The webhook of an agent's message."""
    return {
        "event": "message_created",
        "id": number,
        "content": content,
        "message_type": "outgoing",
        "content_type": "text",
        "private": False,
        "sender": {"id": 3, "name": "Chen Jing", "email": "chen@example.com", "type": "user"},
        "conversation": {"id": 12, "status": "open", "contact_inbox": {"id": 5, "source_id": handoff}},
        "account": {"id": 1, "name": "Lender"},
    }


def take(store: CaseStore, told: dict[str, Any], secret: str = SECRET) -> None:
    """What happens when Chatwoot sends this webhook now."""
    headers, body = delivery(secret, int(store.clock().timestamp()), told)
    ChatwootAnswers(store, SECRET).take(headers, body)


def test_an_agent_answers_and_the_borrower_reads_it(store: CaseStore, handoff: str) -> None:
    take(store, wrote(handoff, 101, "Hello, this is Chen."))
    assert desk.person_talks(store, "a")
    assert messages.after(store, "a", 0, 50)[-1].body["text"] == "Hello, this is Chen."


def test_a_message_sent_twice_is_written_once(store: CaseStore, handoff: str) -> None:
    take(store, wrote(handoff, 101, "Hello."))
    take(store, wrote(handoff, 101, "Hello."))
    assert [each.body.get("text") for each in messages.after(store, "a", 0, 50)].count("Hello.") == 1


@pytest.mark.parametrize(
    "more", [{"private": True}, {"message_type": "incoming"}, {"message_type": "activity"}, {"content": None}]
)
def test_notes_among_agents_and_what_we_brought_in_stay_there(
    store: CaseStore, handoff: str, more: dict[str, Any]
) -> None:
    take(store, {**wrote(handoff, 101, "He sounds tired."), **more})
    assert messages.after(store, "a", 0, 50) == () and not desk.person_talks(store, "a")


def test_resolving_the_conversation_gives_the_talk_back(store: CaseStore, handoff: str) -> None:
    take(store, wrote(handoff, 101, "Hello."))
    resolved = {"event": "conversation_status_changed", "id": 12, "status": "resolved"}
    take(store, {**resolved, "contact_inbox": {"source_id": handoff}})
    assert handoffs.open_handoffs(store) == () and not desk.person_talks(store, "a")
    # Chatwoot hears of it in turn and tells us again: nothing is left to close.
    take(store, {**resolved, "contact_inbox": {"source_id": handoff}})


def test_a_forged_or_old_delivery_is_refused(store: CaseStore, handoff: str, clock: Clock) -> None:
    with pytest.raises(Forged):
        take(store, wrote(handoff, 101, "Pay to my private account."), secret="guessed")
    headers, body = delivery(SECRET, int(clock.now.timestamp()), wrote(handoff, 101, "Hello."))
    with pytest.raises(Forged):
        ChatwootAnswers(store, SECRET).take(headers, body.replace(b"Hello", b"Hullo"))
    with pytest.raises(Forged):
        ChatwootAnswers(store, SECRET).take({}, body)
    clock.forward(minutes=6)
    with pytest.raises(Forged):
        ChatwootAnswers(store, SECRET).take(headers, body)
    assert messages.after(store, "a", 0, 50) == ()


async def test_agents_find_why_the_borrower_waits_and_read_what_they_write(
    store: CaseStore, handoff: str
) -> None:
    desk.borrower_wrote(store, "a", "are you there?", 1)
    async with Chatwoot() as chatwoot:
        await bring(store, chatwoot)
        why, question = chatwoot.contents(handoff)
        assert "reason: asked_for_person" in why and "channel: web" in why
        assert question == "are you there?"
        assert len(chatwoot.conversations[handoff]) == 1
        assert chatwoot.contacts[handoff]["name"] == handoff
    assert desk_events.waiting(store) == 0


async def test_closing_here_resolves_it_there(store: CaseStore, handoff: str) -> None:
    desk.take(store, handoff, "Liu Yang")
    desk.close(store, handoff, "Liu Yang")
    async with Chatwoot() as chatwoot:
        await bring(store, chatwoot)
        assert chatwoot.conversations[handoff][0].status == "resolved"


async def test_an_inbox_that_demands_identity_gets_the_hash(
    store: CaseStore, handoff: str, clock: Clock
) -> None:
    async with Chatwoot(hmac_mandatory=True) as chatwoot:
        await bring(store, chatwoot)
        assert desk_events.waiting(store) == 1
        clock.forward(hours=1)
        await bring(store, chatwoot, Chatwoot.HMAC_TOKEN)
    assert desk_events.waiting(store) == 0


def test_settings_that_lack_something_are_named(store: CaseStore) -> None:
    with pytest.raises(DeskMisconfigured, match="RESPITE_CHATWOOT_INBOX"):
        desk_from({"RESPITE_CHATWOOT_URL": "https://chat.example"}, store)
    with pytest.raises(DeskMisconfigured, match="RESPITE_CHATWOOT_SECRET"):
        answers_from({"RESPITE_CHATWOOT_URL": "https://chat.example"}, store)


def test_a_delivery_that_is_no_json_object_is_an_error_of_the_sender(store: CaseStore) -> None:
    headers, body = delivery(SECRET, int(store.clock().timestamp()), [])
    with pytest.raises(ValueError, match="JSON object"):
        ChatwootAnswers(store, SECRET).take(headers, body)
