"""Who has proved who they are writes as much on all channels together as on one."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from bot.channels.limits import Limits
from bot.channels.messaging import Conversations
from bot.channels.web import Settings
from bot.channels.wording import wording
from casestore import accounts, addresses, sessions
from casestore.models import BorrowerRow
from casestore.rows import session_row
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock, Page, PlayedBot, RunningWeb
from tests.support.stack import DEMO_ACCOUNTS

LIMITS = Limits(messages_per_person="3/minute")
NUMBER = "+8613800000101"


@pytest.fixture
def settings() -> Settings:
    return Settings(limits=LIMITS)


def sms(store: CaseStore) -> Conversations:
    """The channel in a server that has just started."""
    return Conversations(store, "sms", PlayedBot(), LIMITS)


async def known_on_both(web: RunningWeb) -> Page:
    """A page and a number of one person who has proved it on each."""
    accounts.import_csv(web.store, DEMO_ACCOUNTS, shift_to=date(2026, 11, 24))
    page = await web.open()
    own = web.tokens.read(page.token).subject
    sessions.start(web.store, own, "web")
    with web.store.unit() as unit:
        borrower_id = unit.session.scalars(select(BorrowerRow.borrower_id)).first()
    for session_id in (own, addresses.session_for(web.store, "sms", NUMBER)):
        with web.store.unit() as unit:
            session_row(unit.session, session_id).borrower_id = borrower_id
    return page


async def test_web_and_sms_share_the_limit_of_the_person_who_writes_on_both(
    web: RunningWeb, clock: Clock
) -> None:
    page = await known_on_both(web)
    await page.say("hello there my friend", "m1")
    await sms(web.store).hear(NUMBER, "s1", "hello there my friend")
    await page.say("and again", "m2")
    refusal = wording("utter_refused_too_fast", "en")
    assert await sms(web.store).hear(NUMBER, "s2", "one more") == [refusal]
    await page.emit("say", {"id": "m3", "text": "one more"})
    assert (await page.refused())["text"] == refusal
    assert await sms(web.store).hear("+8613800000102", "s1", "hello") == ["echo hello"]
    clock.forward(minutes=2)
    assert await sms(web.store).hear(NUMBER, "s3", "hello") == ["echo hello"]


async def test_people_not_known_yet_share_no_limit(store: CaseStore) -> None:
    for number in range(4):
        assert await sms(store).hear(f"+861380000010{number}", "s1", "hello") == ["echo hello"]
        assert await sms(store).hear(NUMBER, f"t{number}", "hello") == ["echo hello"]
