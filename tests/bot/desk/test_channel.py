"""The desk in the bot's server: the courier runs with it, and only genuine deliveries get in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession

from bot.desk.channel import DeskChannel, answers_from, desk_from
from casestore import desk
from casestore.store import CaseStore
from tests.bot.channels.harness import SOON, PlayedBot
from tests.bot.channels.serving import serving
from tests.bot.desk.servers import Chatwoot, delivery
from tests.bot.desk.test_chatwoot import SECRET, wrote


@asynccontextmanager
async def running(store: CaseStore, chatwoot: str) -> AsyncIterator[str]:
    """A server with the desk channel as Rasa registers it; its address."""
    settings = {
        "RESPITE_CHATWOOT_URL": chatwoot,
        "RESPITE_CHATWOOT_INBOX": Chatwoot.INBOX,
        "RESPITE_CHATWOOT_SECRET": SECRET,
    }
    channel = DeskChannel(store, desk_from(settings, store), answers_from(settings, store))
    async with serving(channel, PlayedBot()) as url:
        yield url


async def test_hand_offs_reach_chatwoot_and_answers_reach_the_borrower(
    store: CaseStore, handoff: str
) -> None:
    async with Chatwoot() as chatwoot, running(store, chatwoot.url) as url, ClientSession() as client:
        await asyncio.wait_for(chatwoot.message_came.wait(), SOON)
        assert "asked_for_person" in chatwoot.contents(handoff)[0]
        told = wrote(handoff, 7, "Hello.")
        headers, body = delivery(SECRET, int(store.clock().timestamp()), told)
        async with client.post(f"{url}/desk/chatwoot", data=body, headers=headers) as answer:
            assert answer.status == 204
    assert desk.person_talks(store, "a")


async def test_a_stranger_is_turned_away_without_a_word(store: CaseStore, handoff: str) -> None:
    async with Chatwoot() as chatwoot, running(store, chatwoot.url) as url, ClientSession() as client:
        headers, body = delivery("guessed", int(store.clock().timestamp()), wrote(handoff, 7, "Hello."))
        async with client.post(f"{url}/desk/chatwoot", data=body, headers=headers) as answer:
            assert (answer.status, await answer.read()) == (403, b"")
        headers, body = delivery(SECRET, int(store.clock().timestamp()), [])
        async with client.post(f"{url}/desk/chatwoot", data=body, headers=headers) as answer:
            assert answer.status == 400
    assert not desk.person_talks(store, "a")
