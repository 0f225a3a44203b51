"""A borrower whom the lender's site has identified: verified by a good token, asked who they are else."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import aiohttp
import jwt
import pytest
import pytest_asyncio
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.channels.handover import Handovers, HandoverSecretUnfit, handovers_from
from bot.channels.origins import Origins
from bot.channels.web import Settings
from casestore import audit, sessions
from casestore.sessions import Session
from casestore.store import CaseStore
from tests.bot.channels.harness import SECRET, Clock, RunningWeb
from tests.casestore.people import LI, WANG, load
from tests.support.handover import HANDOVER_SECRET, claims, handover_token

PARTNER = "https://lender.example"
STRANGER = "13911112222"


@pytest.fixture
def settings(clock: Clock) -> Settings:
    return Settings(handovers=Handovers(HANDOVER_SECRET, clock), origins=Origins(frozenset({PARTNER})))


@pytest.fixture(autouse=True)
def borrowers(store: CaseStore, tmp_path: Path) -> None:
    """Wang, and Li who shares a phone with a brother."""
    brother = {**LI, "name": "李建军", "id_number": "320104198606180002", "loan_number": "LN20260004"}
    load(store, tmp_path, WANG, LI, brother)


@pytest_asyncio.fixture
async def http(web: RunningWeb) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(web.base_url) as session:
        yield session


async def ask(http: aiohttp.ClientSession, body: object) -> str:
    """The session token that a POST with `body` is answered with."""
    answer = await http.post("/chat/session", json=body)
    assert answer.status == 200
    content = await answer.json()
    assert set(content) == {"token"}
    return str(content["token"])


async def session_of(web: RunningWeb, http: aiohttp.ClientSession, token: object) -> Session | None:
    """What the store knows of the conversation that a hand-over opens."""
    subject = web.tokens.read(await ask(http, {"handover": token})).subject
    return sessions.get(web.store, subject)


@pytest.mark.parametrize("subject", [WANG["loan_number"], WANG["phone"], "ln20260001", "+86 13800000101"])
async def test_a_known_borrower_is_verified_and_it_is_on_record(
    web: RunningWeb, http: aiohttp.ClientSession, subject: str
) -> None:
    session = await session_of(web, http, handover_token(web.clock(), subject))
    assert session is not None and session.borrower_id is not None
    assert (session.channel, session.verified_at) == ("web", web.clock())
    assert _entries(web.store) == [("identity_handed_over", session.borrower_id)]
    assert audit.verify(web.store) == []


async def test_a_token_is_taken_once(web: RunningWeb, http: aiohttp.ClientSession) -> None:
    token = handover_token(web.clock(), WANG["loan_number"])
    first, second = await session_of(web, http, token), await session_of(web, http, token)
    assert first is not None and first.borrower_id is not None
    assert second is None


async def test_a_token_that_named_nobody_is_used_up_as_well(
    web: RunningWeb, http: aiohttp.ClientSession, tmp_path: Path
) -> None:
    token = handover_token(web.clock(), STRANGER)
    assert (await session_of(web, http, token)).borrower_id is None  # type: ignore[union-attr]
    load(web.store, tmp_path, {**WANG, "phone": STRANGER})
    assert await session_of(web, http, token) is None


@pytest.mark.parametrize(
    "changes",
    [
        {"secret": SECRET},
        {"secret": "guessed by somebody who wants to be Wang"},
        {"aud": "respite-chat"},
        {"aud": None},
        {"iss": "respite"},
        {"iss": None},
        {"jti": None},
        {"jti": "short"},
        {"jti": "x" * 129},
        {"exp": None},
        {"sub": None},
        {"sub": "Wang Xiulan"},
        {"sub": "LN20260001 LN20260003"},
    ],
)
async def test_a_token_that_is_not_of_the_recipe_leaves_the_borrower_unknown(
    web: RunningWeb, http: aiohttp.ClientSession, changes: dict[str, str]
) -> None:
    token = handover_token(web.clock(), WANG["loan_number"], **changes)
    assert await session_of(web, http, token) is None
    assert _entries(web.store) == []


async def test_an_expired_token_is_not_taken(web: RunningWeb, http: aiohttp.ClientSession) -> None:
    token = handover_token(web.clock(), WANG["loan_number"])
    web.clock.forward(minutes=5)
    assert await session_of(web, http, token) is None


async def test_a_token_for_longer_than_five_minutes_is_not_taken(
    web: RunningWeb, http: aiohttp.ClientSession
) -> None:
    exp = int(web.clock().timestamp()) + 600
    assert await session_of(web, http, handover_token(web.clock(), WANG["loan_number"], exp=exp)) is None


async def test_another_algorithm_is_not_taken(web: RunningWeb, http: aiohttp.ClientSession) -> None:
    wanted = claims(web.clock(), WANG["loan_number"])
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    for token in (
        jwt.encode(wanted, "", algorithm="none"),
        jwt.encode(wanted, key, algorithm="RS256"),
        jwt.encode(wanted, HANDOVER_SECRET, algorithm="HS512"),
    ):
        assert await session_of(web, http, token) is None


@pytest.mark.parametrize("token", [7, [], {}, "", "a.b.c", "\ud800", "x" * 100_000, None], ids=range(8))
async def test_nonsense_opens_an_anonymous_conversation(
    web: RunningWeb, http: aiohttp.ClientSession, token: object
) -> None:
    assert await session_of(web, http, token) is None


@pytest.mark.parametrize("body", [b"[", b"[]", b"null", b'"x"', b"[" * 100_000, b"\xff"], ids=range(6))
async def test_a_body_that_is_no_object_opens_an_anonymous_conversation(
    web: RunningWeb, http: aiohttp.ClientSession, body: bytes
) -> None:
    answer = await http.post("/chat/session", data=body)
    assert web.tokens.read((await answer.json())["token"])


async def test_nobody_learns_from_the_answer_whether_an_account_exists(
    web: RunningWeb, http: aiohttp.ClientSession
) -> None:
    known, unknown, shared = [
        await ask(http, {"handover": handover_token(web.clock(), subject)})
        for subject in (WANG["phone"], STRANGER, LI["phone"])
    ]
    shapes = {
        tuple(
            (name, len(str(value)))
            for name, value in jwt.decode(each, options={"verify_signature": False}).items()
        )
        for each in (known, unknown, shared)
    }
    assert len(shapes) == 1
    bound = [sessions.get(web.store, web.tokens.read(each).subject) for each in (known, unknown, shared)]
    assert [each is not None and each.borrower_id is not None for each in bound] == [True, False, False]


async def test_a_bad_hand_over_keeps_the_conversation_of_the_bearer_token(
    web: RunningWeb, http: aiohttp.ClientSession
) -> None:
    token = web.tokens.issue()
    answer = await http.post(
        "/chat/session", json={"handover": "a.b.c"}, headers={"Authorization": f"Bearer {token}"}
    )
    assert web.tokens.read((await answer.json())["token"]).subject == web.tokens.read(token).subject


async def test_a_page_of_another_host_hands_nobody_over(web: RunningWeb, http: aiohttp.ClientSession) -> None:
    body = {"handover": handover_token(web.clock(), WANG["loan_number"])}
    refused = await http.post("/chat/session", json=body, headers={"Origin": "https://evil.example"})
    assert refused.status == 403
    taken = await http.post("/chat/session", json=body, headers={"Origin": PARTNER})
    assert taken.headers["Access-Control-Allow-Origin"] == PARTNER
    assert len(_entries(web.store)) == 1


async def test_what_is_refused_is_logged_without_the_borrower(
    web: RunningWeb, http: aiohttp.ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    await ask(http, {"handover": handover_token(web.clock(), WANG["phone"], secret=SECRET)})
    assert "A hand-over was not taken: invalid" in caplog.text
    assert WANG["phone"] not in caplog.text


async def test_a_channel_without_the_secret_hands_nobody_over(store: CaseStore, clock: Clock) -> None:
    async with RunningWeb(store, Settings(), clock) as web, aiohttp.ClientSession(web.base_url) as http:
        assert await session_of(web, http, handover_token(clock(), WANG["loan_number"])) is None


def test_the_secret_is_long_is_not_that_of_the_sessions_and_is_not_shown() -> None:
    assert handovers_from({}) is None
    with pytest.raises(HandoverSecretUnfit):
        handovers_from({"RESPITE_HANDOVER_SECRET": "x" * 31})
    with pytest.raises(HandoverSecretUnfit):
        handovers_from({"RESPITE_HANDOVER_SECRET": SECRET, "RESPITE_SESSION_SECRET": SECRET})
    assert HANDOVER_SECRET not in repr(
        replace(Settings(), handovers=handovers_from({"RESPITE_HANDOVER_SECRET": HANDOVER_SECRET}))
    )


def _entries(store: CaseStore) -> list[tuple[str, str]]:
    """The audit trail of this channel: what happened to whom."""
    with store.reading() as unit:
        rows = unit.session.query(audit.AuditRow).order_by(audit.AuditRow.seq).all()
    return [(row.action, row.subject) for row in rows if row.action.startswith("identity")]
