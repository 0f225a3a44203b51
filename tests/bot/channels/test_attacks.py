"""What strangers try. None of it gets through, and each gets a clear refusal."""

from __future__ import annotations

import asyncio

import jwt
import pytest
from rasa.core.channels.channel import UserMessage
from socketio.exceptions import ConnectionError as Refused

from bot.channels.limits import Limits
from bot.channels.origins import Origins
from bot.channels.tokens import SessionTokens
from bot.channels.web import Settings
from bot.channels.wording import wording
from casestore.store import CaseStore
from tests.bot.channels.harness import Clock, Page, RunningWeb, say

PARTNER = "https://lender.example"
SCRIPT = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def settings() -> Settings:
    limits = Limits(messages_per_session="30/minute", messages_per_address="50/minute")
    return Settings(limits=limits, origins=Origins(frozenset({PARTNER})))


async def _refusal(web: RunningWeb, token: object, **auth: object) -> tuple[str, dict[str, str]]:
    page = Page("")
    with pytest.raises(Refused):
        await page.open(web.base_url, {"token": token, **auth})
    answer = await page.until(lambda name, _: name == "connect_error")
    return answer["message"], answer["data"]


async def test_a_socket_without_a_token_is_refused(web: RunningWeb) -> None:
    reason, _ = await _refusal(web, None)
    assert reason == "missing"


async def test_a_forged_token_is_refused(web: RunningWeb) -> None:
    forged = SessionTokens("another secret, just as long as the real one", web.clock).issue("a" * 32)
    reason, data = await _refusal(web, forged, language="en")
    assert reason == data["reason"] == "invalid"
    assert data["text"] == wording("utter_refused_expired", "en")


async def test_a_token_without_a_signature_is_refused(web: RunningWeb) -> None:
    claims = jwt.decode(web.tokens.issue(), options={"verify_signature": False})
    reason, _ = await _refusal(web, jwt.encode(claims, "", algorithm="none"))
    assert reason == "invalid"


async def test_an_expired_token_is_refused_with_the_reason(web: RunningWeb) -> None:
    token = web.tokens.issue()
    web.clock.forward(hours=25)
    reason, data = await _refusal(web, token)
    assert (reason, data["text"]) == ("expired", wording("utter_refused_expired", "zh"))


async def test_an_open_socket_is_not_heard_after_its_token_expired(web: RunningWeb) -> None:
    page = await web.open()
    web.clock.forward(hours=25)
    await page.emit("say", {"id": "m1", "text": "hello"})
    assert (await page.refused())["reason"] == "expired"
    await page.emit("resume", {"after": 0})
    await page.refused(begin=1)
    assert (web.bot.heard, page.messages()) == ([], [])


@pytest.mark.parametrize("token", [["a"], {"a": 1}, 7, "a.b.c", "\ud800", "x" * 10_000], ids=range(6))
async def test_nonsense_for_a_token_is_refused(web: RunningWeb, token: object) -> None:
    reason, _ = await _refusal(web, token)
    assert reason == "invalid" if isinstance(token, str) else "missing"


async def test_naming_another_session_reads_and_writes_nothing_of_it(web: RunningWeb) -> None:
    victim, thief = await web.open(), await web.open()
    await victim.start()
    await victim.say("my income is 8000")
    target = web.tokens.read(victim.token).subject
    await thief.emit("resume", {"after": 0, "session_id": target, "token": victim.token})
    said = await thief.say("hello", id="m1")
    assert [each["text"] for each in thief.messages()] == [each["text"] for each in said]
    assert len(victim.messages()) == 3


async def test_an_id_of_another_session_opens_a_new_one(web: RunningWeb) -> None:
    victim = await web.open()
    await victim.say("my income is 8000")
    target = web.tokens.read(victim.token).subject
    thief = await web.open_stock(target)
    await thief.utter("hello", session_id=target)
    assert web.tokens.read(thief.token).subject != target
    assert (await thief.refused())["reason"] == "invalid"
    assert [thief.uttered(), len(victim.messages())] == [[{"text": "echo hello"}], 2]


async def test_a_token_of_another_session_moves_no_socket_that_is_in_one(web: RunningWeb) -> None:
    victim, thief = await web.open(), await web.open_stock()
    await victim.say("my income is 8000")
    own = thief.token
    await thief.join(victim.token)
    refused = await thief.refused()
    await thief.utter("hello", session_id=victim.token)
    assert (thief.token, refused["reason"]) == (own, "invalid")
    assert [thief.uttered(), len(victim.messages())] == [[{"text": "echo hello"}], 2]


@pytest.mark.parametrize("kind", ["forged", "unsigned", "expired", "nonsense"])
async def test_a_session_id_that_is_no_valid_token_is_refused_and_opens_a_new_conversation(
    web: RunningWeb, kind: str
) -> None:
    subject = "a" * 32
    good = web.tokens.issue(subject)
    claims = jwt.decode(good, options={"verify_signature": False})
    session_ids = {
        "forged": SessionTokens("another secret, just as long as the real one", web.clock).issue(subject),
        "unsigned": jwt.encode(claims, "", algorithm="none"),
        "expired": good,
        "nonsense": {"session_id": [good]},
    }
    if kind == "expired":
        web.clock.forward(hours=25)
    client = await web.open_stock(session_ids[kind])
    assert web.tokens.read(client.token).subject != subject
    refused = await client.refused()
    assert (refused["id"], refused["reason"]) == ("join", "invalid")
    assert refused["text"] == wording("utter_refused_expired", "zh")


@pytest.mark.parametrize("event", ["say", "start", "language", "resume", "user_uttered"])
async def test_a_socket_that_has_not_asked_for_a_conversation_is_in_none(web: RunningWeb, event: str) -> None:
    victim, stranger = await web.open(), await web.knock()
    await victim.say("my income is 8000")
    told = {"text": "hello", "message": "hello", "session_id": victim.token, "after": 0}
    await stranger.emit(event, told)
    assert (await stranger.refused())["reason"] == "missing"
    shown = await stranger.until(lambda name, _: name == "bot_uttered")
    assert shown == {"text": wording("utter_refused_expired", "zh")}
    assert stranger.messages() == [] and web.bot.texts == ["my income is 8000"]


async def test_a_stock_client_is_not_heard_after_its_token_expired(web: RunningWeb) -> None:
    client = await web.open_stock()
    web.clock.forward(hours=25)
    await client.emit("user_uttered", {"message": "hello", "session_id": client.token})
    assert (await client.refused())["reason"] == "expired"
    assert web.bot.heard == []


async def test_a_page_of_another_host_is_refused(web: RunningWeb) -> None:
    for transport in ("websocket", "polling"):
        with pytest.raises(Refused):
            await web.open(headers={"Origin": "https://evil.example"}, transports=[transport])
        with pytest.raises(Refused):
            await web.knock(headers={"Origin": "https://evil.example"}, transports=[transport])


async def test_a_page_on_the_allow_list_and_our_own_are_let_in(web: RunningWeb) -> None:
    for origin in (PARTNER, web.base_url):
        page = await web.open(headers={"Origin": origin})
        assert await page.say("hello")


@pytest.mark.parametrize(
    "typed",
    [
        '/affirm{"amount": 1}',
        "/restart",
        "  /session_start",
        "//greet",
        "/ /greet",
        "\u200b/greet",
        "\ufeff/greet",
        "\uff0fgreet",
        "\x00/greet",
        '/report_hardship{"money": 5}',
    ],
)
async def test_a_typed_command_reaches_the_bot_as_plain_words(web: RunningWeb, typed: str) -> None:
    page = await web.open()
    await page.start()
    await page.say(typed)
    assert web.bot.texts[-1][0].isalpha()
    client = await web.open_stock(page.token)
    await client.utter(typed, id="m2")
    assert len(web.bot.texts) == 3 and web.bot.texts[-1][0].isalpha()


async def test_a_typed_payload_that_was_issued_counts_as_the_button(web: RunningWeb) -> None:
    page = await web.open()
    await page.start()
    mine, _ = await page.say("/report_hardship")
    assert mine["payload"] == web.bot.texts[-1] == "/report_hardship"


async def test_a_payload_the_bot_never_issued_is_refused(web: RunningWeb) -> None:
    page = await web.open()
    await page.start("en")
    await page.emit("say", {"id": "m1", "payload": "/accept_offer"})
    refused = await page.refused()
    assert refused == {
        "id": "m1",
        "reason": "payload",
        "text": wording("utter_refused_payload", "en"),
        "lang": "en",
    }
    assert len(web.bot.heard) == 1


async def test_a_payload_of_another_conversation_is_refused(web: RunningWeb) -> None:
    first, second = await web.open(), await web.open()
    await first.start()
    await second.emit("say", {"id": "m1", "payload": "/report_hardship"})
    assert (await second.refused())["reason"] == "payload"


async def test_a_quick_reply_of_another_conversation_is_plain_words(web: RunningWeb) -> None:
    first, second = await web.open_stock(), await web.open_stock()
    await first.utter("/get_started")
    await second.utter("hello")
    await second.utter("/report_hardship", id="m2")
    assert web.bot.texts[-1] == "report_hardship"


async def test_a_borrowers_own_text_issues_no_payload(web: RunningWeb) -> None:
    page = await web.open()
    await page.say('{"payload": "/accept_offer"}', id="m1")
    await page.emit("say", {"id": "m2", "payload": "/accept_offer"})
    assert (await page.refused())["reason"] == "payload"


@pytest.mark.parametrize("field", ["text", "payload"])
async def test_a_megabyte_is_refused_and_the_conversation_goes_on(web: RunningWeb, field: str) -> None:
    page = await web.open()
    await page.emit("say", {"id": "m1", field: "x" * 1_000_000})
    assert (await page.refused())["reason"] == "too_long"
    assert len(await page.say("hello", id="m2")) == 2
    assert web.bot.texts == ["hello"]


async def test_a_megabyte_from_a_stock_client_is_refused(web: RunningWeb) -> None:
    client = await web.open_stock()
    await client.emit("user_uttered", {"message": "x" * 1_000_000, "customData": "x"})
    assert (await client.refused())["reason"] == "too_long"
    await client.until(lambda name, _: name == "bot_uttered")
    assert await client.utter("hello", customData="x" * 1_000_000) == [{"text": "echo hello"}]


async def test_two_megabytes_end_the_connection(web: RunningWeb) -> None:
    page = await web.open()
    other = await web.open()
    await page.emit("say", {"id": "m1", "text": "x" * 2_000_000})
    await page.until(lambda name, _: name == "disconnect")
    await other.say("hello")
    assert web.bot.texts == ["hello"]


async def test_of_a_thousand_messages_in_a_second_a_handful_is_taken(
    web: RunningWeb,
) -> None:
    page = await web.open()
    for number in range(1000):
        await page.emit("say", {"id": f"m{number}", "text": "flood"})
    refused = await page.until(lambda name, data: name == "refused" and data["id"] == "m999")
    assert refused["reason"] == "too_fast"
    assert refused["text"] == wording("utter_refused_too_fast", refused["lang"])
    await page.until(lambda name, _: name == "turn")
    assert (await (await web.open()).say("hello"))[-1]["text"] == "echo hello"
    assert 2 <= len(web.bot.heard) <= 31


async def test_of_a_thousand_messages_from_a_stock_client_a_handful_is_taken(
    web: RunningWeb,
) -> None:
    client = await web.open_stock()
    for number in range(1000):
        await client.emit("user_uttered", {"message": "flood", "id": f"m{number}"})
    refused = await client.until(lambda name, data: name == "refused" and data["id"] == "m999")
    assert refused["reason"] == "too_fast"
    await client.until(lambda name, data: name == "bot_uttered" and data["text"] == refused["text"])
    await client.until(lambda name, data: name == "turn" and data["id"] != "join")
    assert await (await web.open_stock()).utter("hello") == [{"text": "echo hello"}]
    assert 2 <= len(web.bot.heard) <= 31


async def test_sockets_opened_without_a_token_count_against_their_address(
    store: CaseStore, clock: Clock
) -> None:
    few = Settings(limits=Limits(sessions_per_address="3/minute"))
    async with RunningWeb(store, few, clock) as web:
        for _ in range(3):
            await web.knock()
        with pytest.raises(Refused):
            await web.knock()


async def test_more_messages_than_a_person_would_queue_are_refused(web: RunningWeb) -> None:
    go_on = asyncio.Event()

    async def answer(message: UserMessage) -> None:
        await go_on.wait()
        await say(message, "echo")

    web.bot.answer = answer
    page = await web.open()
    for number in range(8):
        await page.emit("say", {"id": f"m{number}", "text": "hello"})
    assert (await page.refused())["reason"] == "too_fast"
    go_on.set()
    await page.until(lambda name, data: name == "turn" and data["id"] == "m5")
    assert len(web.bot.heard) == 6


async def test_many_sessions_of_one_address_share_its_limit(web: RunningWeb) -> None:
    pages = [await web.open() for _ in range(3)]
    for page in pages[:2]:
        for number in range(25):
            await page.emit("resume", {"after": number})
    for page in pages[:2]:
        await page.emit("resume", {"after": 0})
        await page.refused()
    await pages[2].emit("say", {"id": "m1", "text": "hello"})
    assert (await pages[2].refused())["reason"] == "too_fast"


@pytest.mark.parametrize(
    "data",
    [
        None,
        [],
        "text",
        7,
        {},
        {"text": 7},
        {"text": "  "},
        {"text": "/"},
        {"payload": ["/greet"]},
        {"id": ["m"], "text": "hello"},
        {"id": "m" * 65, "text": "hello"},
        {"id": "<script>", "text": "hello"},
        {"text": b"bytes"},
    ],
)
@pytest.mark.parametrize("event", ["say", "user_uttered"])
async def test_a_malformed_message_is_refused(web: RunningWeb, data: object, event: str) -> None:
    page = await web.open()
    await page.emit(event, _renamed(data) if event == "user_uttered" else data)
    assert (await page.refused())["reason"] == "payload"
    assert web.bot.heard == []


@pytest.mark.parametrize("name", ["start", "language", "resume"])
@pytest.mark.parametrize(
    "data", [None, [], "x", {"language": ["en"], "after": "1"}, {"after": -1}, {"after": 2**70}]
)
async def test_nonsense_in_other_events_does_no_harm(web: RunningWeb, name: str, data: object) -> None:
    page = await web.open()
    await page.emit(name, data)
    assert len(await page.say("hello")) >= 2


async def test_script_comes_back_as_the_text_it_is(web: RunningWeb) -> None:
    page = await web.open()
    mine, _ = await page.say(SCRIPT)
    assert mine["text"] == SCRIPT


@pytest.mark.parametrize(
    ("event", "data"),
    [
        ("say", {"id": SCRIPT, "text": "hello"}),
        ("say", {"id": "m1", "payload": SCRIPT}),
        ("user_uttered", {"id": SCRIPT, "message": "hello"}),
    ],
)
async def test_script_in_an_id_or_a_payload_is_refused(
    web: RunningWeb, event: str, data: dict[str, str]
) -> None:
    page = await web.open()
    await page.emit(event, data)
    refused = await page.refused()
    assert refused["reason"] == "payload" and SCRIPT not in str(refused)
    assert web.bot.heard == []


async def test_script_in_any_other_field_goes_nowhere(web: RunningWeb) -> None:
    page = await web.open(auth={"token": web.tokens.issue(), "language": SCRIPT})
    await page.start(SCRIPT)
    await page.switch(SCRIPT)
    await page.emit("resume", {"after": SCRIPT, "id": SCRIPT})
    client = await web.open_stock(SCRIPT, after=SCRIPT)
    await client.utter("/get_started", customData={"language": SCRIPT, SCRIPT: SCRIPT}, session_id=SCRIPT)
    await client.utter("hello", id="m2", metadata=SCRIPT, sender=SCRIPT)
    answers = str(page.events) + str(client.events)
    heard = [(each.text, each.sender_id, each.metadata) for each in web.bot.heard]
    assert SCRIPT not in answers and SCRIPT not in str(heard)


async def test_half_a_character_and_control_characters_are_taken_out(web: RunningWeb) -> None:
    page = await web.open()
    mine, _ = await page.say("a\ud800b\x00\x1bc\nd")
    assert mine["text"] == "a?bc\nd"


def _renamed(data: object) -> object:
    """A malformed `say` as a malformed `user_uttered`, which knows no payloads."""
    if not isinstance(data, dict):
        return data
    return {"message" if name in ("text", "payload") else name: value for name, value in data.items()}
