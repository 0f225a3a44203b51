"""WeChat: five seconds for an answer, resent messages, late answers pushed, menus, a person."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession
from rasa.core.channels.channel import UserMessage

from bot.channels import wechat
from bot.channels.limits import Limits
from bot.channels.wechat import WeChatChannel, WeChatMisconfigured, account_from
from bot.channels.wechat_answers import outgoing_of
from bot.channels.wechat_xml import MOST_BYTES
from bot.channels.wording import wording
from casestore import addresses, desk, handoffs, kept_answers, messages
from casestore.store import CaseStore
from hardship.policy import load_policy
from tests.bot.channels.harness import Clock, PlayedBot, greet, say
from tests.bot.channels.serving import refusal, serving
from tests.bot.channels.wechat_server import (
    AES_KEY,
    OPENID,
    PEERS,
    SECRET,
    TOKEN,
    Delivered,
    Sender,
    WeChatApi,
    account,
    message_xml,
    signed,
)

AT_ONCE, IN_TIME = 0.0, 30.0
BRIEF = 0.05


class SlowBot(PlayedBot):
    """A bot that thinks until it is told to go on, then repeats what it heard or says `text`."""

    def __init__(self, text: str = "", **more: object) -> None:
        super().__init__()
        self.go_on = asyncio.Event()

        async def answer(message: UserMessage) -> None:
            await self.go_on.wait()
            await say(message, text or f"echo {message.text}", **more)

        self.answer = answer


@asynccontextmanager
async def running(
    store: CaseStore,
    bot: PlayedBot,
    within: float = IN_TIME,
    api: str = "http://127.0.0.1:9",
    safe: bool = False,
    limits: Limits | None = None,
) -> AsyncIterator[str]:
    """A server with the channel as Rasa registers it; the address to give to WeChat."""
    channel = WeChatChannel(store, account(api, safe), limits or Limits(), within)
    async with serving(channel, bot) as url:
        yield f"{url}/wechat/callback"


@pytest.fixture
def bot() -> PlayedBot:
    return PlayedBot()


async def until(event: asyncio.Event) -> None:
    await asyncio.wait_for(event.wait(), 30)


async def pushes_are_over() -> None:
    """Wait for what is being pushed; what WeChat refused is kept then."""
    pushing = {task for task in asyncio.all_tasks() if "Answers._send" in repr(task.get_coro())}
    if pushing:
        await asyncio.wait(pushing, timeout=30)


def stored(store: CaseStore) -> list[str]:
    """Who has said something, in order."""
    return [each.author for each in messages.after(store, session_of(store), 0, 99)]


def session_of(store: CaseStore) -> str:
    return addresses.session_for(store, "wechat", OPENID)


async def test_the_address_is_confirmed_to_wechat_alone(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    now = str(int(clock().timestamp()))
    asked = {"signature": signed(now, "n"), "timestamp": now, "nonce": "n", "echostr": "5812<b>"}
    async with running(store, bot) as url, ClientSession() as client:
        async with client.get(url, params=asked) as answer:
            assert (await answer.text(), answer.content_type) == ("5812<b>", "text/plain")
        async with client.get(url, params={**asked, "nonce": "m"}) as answer:
            assert (answer.status, await answer.text()) == (403, refusal("forged"))


@pytest.mark.parametrize("peer", [None, *PEERS])
async def test_a_message_is_answered_in_both_modes(
    store: CaseStore, bot: PlayedBot, clock: Clock, peer: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    crypto = PEERS[peer]() if peer else None
    async with running(store, bot, safe=peer is not None) as url:
        sender = Sender(url, clock, crypto)
        assert await sender.say("失业了 & <broke> 😞") == Delivered("echo 失业了 & <broke> 😞", 1)
    assert OPENID not in bot.heard[0].sender_id
    assert OPENID not in caplog.text.replace(f"openid={OPENID}", "") and "失业" not in caplog.text


async def test_what_wechat_did_not_sign_reaches_nobody(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    now = str(int(clock().timestamp()))
    async with running(store, bot) as url, ClientSession() as client:
        for signature in ("", "ü", signed(now, "other")):
            asked = {"signature": signature, "timestamp": now, "nonce": "n"}
            async with client.post(url, params=asked, data=message_xml(Content="x").encode()) as answer:
                assert (answer.status, await answer.text()) == (403, refusal("forged"))
        asked = {"signature": signed(now, "n"), "timestamp": now, "nonce": "n"}
        async with client.post(url, params=asked, data=b"<!DOCTYPE xml []><xml/>") as answer:
            assert (answer.status, await answer.text()) == (400, refusal("malformed"))
    assert bot.heard == []


@pytest.mark.parametrize("safe", [False, True], ids=["plain mode", "safe mode"])
async def test_a_megabyte_is_refused_in_words_and_more_than_that_is_not_read(
    store: CaseStore, bot: PlayedBot, clock: Clock, safe: bool
) -> None:
    async with running(store, bot, safe=safe) as url:
        sender = Sender(url, clock, PEERS["wechatpy"]() if safe else None)
        assert (await sender.say("x" * 1_000_000, 1)).said == wording("utter_refused_too_long", "zh")
        now = str(int(clock().timestamp()))
        asked = {"signature": signed(now, "n"), "timestamp": now, "nonce": "n"}
        long = b"<xml>" + b" " * MOST_BYTES
        async with ClientSession() as client, client.post(url, params=asked, data=long) as answer:
            assert (answer.status, await answer.text()) == (413, refusal("too_long"))
        assert (await sender.say("hello", 2)).said == "echo hello"
    assert bot.texts == ["hello"]


async def test_a_message_sent_again_gets_the_same_answer_and_is_one_turn(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(store, bot) as url:
        sender = Sender(url, clock)
        assert (await sender.say("hello")).said == (await sender.say("hello")).said == "echo hello"
    assert bot.texts == ["hello"]


async def test_a_message_that_comes_again_after_a_restart_gets_the_same_answer_and_later_none(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(store, bot) as url:
        await Sender(url, clock).say("hello")
    async with running(store, bot) as url:
        assert (await Sender(url, clock).say("hello")).said == "echo hello"
        clock.forward(minutes=3)
        kept_answers.erase_due(store)
        assert (await Sender(url, clock).say("hello")).said == "success"
    assert bot.texts == ["hello"]


async def test_two_borrowers_may_have_messages_of_the_same_number(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(store, bot) as url:
        await Sender(url, clock).say("hello")
        assert (await Sender(url, clock, openid="oSomebodyElse").say("hi")).said == "echo hi"
    assert bot.texts == ["hello", "hi"]


async def test_a_late_answer_is_pushed_and_not_asked_for_again(store: CaseStore, clock: Clock) -> None:
    bot = SlowBot()
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        sender = Sender(url, clock)
        assert await sender.say("hello") == await sender.say("hello") == Delivered("success", 1)
        bot.go_on.set()
        await until(api.came)
    assert api.contents == ["echo hello"]
    assert len(bot.heard) == 1 and stored(store) == ["borrower", "bot"]


async def test_danger_is_answered_with_whom_to_call_and_later_with_what_else_there_is(
    store: CaseStore, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wechat, "IN_TIME_SECONDS", 0.0)
    bot = SlowBot()
    async with WeChatApi() as api, running(store, bot, IN_TIME, api.url) as url:
        delivered = await Sender(url, clock).say("我不想活了")
        assert "12356" in str(delivered.said) and delivered.tries == 1
        bot.go_on.set()
        await until(api.came)
    assert api.contents == ["echo 我不想活了"]


async def test_a_late_answers_buttons_are_a_menu_and_a_click_presses_one(
    store: CaseStore, clock: Clock
) -> None:
    bot = SlowBot(
        "Where shall we begin?", buttons=[{"title": "I lost my job", "payload": "/report_hardship"}]
    )
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        sender = Sender(url, clock)
        await sender.say("hello", 1)
        bot.go_on.set()
        await until(api.came)
        (item,) = api.sent[0]["msgmenu"]["list"]
        api.came.clear()
        await sender.say(item["content"], 2, bizmsgmenuid=item["id"])
        await until(api.came)
        api.came.clear()
        await sender.say("I lost my job", 3, bizmsgmenuid="101")
        await until(api.came)
    assert bot.texts == ["hello", "/report_hardship", "I lost my job"]


async def test_an_older_menus_item_is_not_mistaken_for_a_newer(store: CaseStore, clock: Clock) -> None:
    bot = SlowBot("Begin?", buttons=[{"title": "I lost my job", "payload": "/report_hardship"}])
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        sender = Sender(url, clock)
        bot.go_on.set()
        await sender.say("hello", 1)
        await until(api.came)
        (item,) = api.sent[0]["msgmenu"]["list"]

        async def newer(message: UserMessage) -> None:
            await say(message, "Do you agree?", buttons=[{"title": "I agree", "payload": "/affirm"}])

        for number, bot.answer in ((2, newer), (3, newer)):
            api.came.clear()
            await sender.say(item["content"] if number == 3 else "go on", number, bizmsgmenuid=item["id"])
            await until(api.came)
    assert bot.texts[-1] == "/report_hardship"


async def test_a_typed_number_presses_a_button(store: CaseStore, bot: PlayedBot, clock: Clock) -> None:
    bot.answer = greet
    async with running(store, bot) as url:
        sender = Sender(url, clock)
        assert (await sender.say("hi", 1)).said == "Hello, I am software.\nReply 1: I lost my job"
        await sender.say("1", 2)
    assert bot.texts[-1] == "/report_hardship"


@pytest.mark.parametrize("same_nonce", [False, True])
async def test_without_the_right_to_push_the_retry_gets_the_late_answer(
    store: CaseStore, clock: Clock, same_nonce: bool
) -> None:
    bot = SlowBot()
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        api.rights = False
        sender = Sender(url, clock)
        bot.go_on.set()
        await sender.say("one", 1)
        await pushes_are_over()
        bot.go_on.clear()
        sender = Sender(url, clock, patience=(BRIEF, IN_TIME), same_nonce=same_nonce)
        saying = asyncio.ensure_future(sender.say("two", 2))
        await until(sender.closed)
        bot.go_on.set()
        # What was ready too late the first time comes with it.
        assert await saying == Delivered("echo one\n\necho two", 2)
    assert bot.texts == ["one", "two"]


async def test_without_the_right_to_push_a_very_late_answer_comes_with_the_next(
    store: CaseStore, clock: Clock
) -> None:
    bot = SlowBot()
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        api.rights = False
        bot.go_on.set()
        await Sender(url, clock).say("one", 1)
        await pushes_are_over()
        bot.go_on.clear()
        assert await Sender(url, clock, patience=(BRIEF, BRIEF, IN_TIME)).say("two", 2) == Delivered(
            "success", 3
        )
        bot.go_on.set()
        await pushes_are_over()
        reply = await Sender(url, clock).say("three", 3)
    assert reply.said == "echo one\n\necho two\n\necho three"


async def test_what_wechat_does_not_take_any_more_comes_with_the_next_answer(
    store: CaseStore, clock: Clock
) -> None:
    bot = SlowBot()
    async with WeChatApi() as api, running(store, bot, AT_ONCE, api.url) as url:
        api.codes = [45047]
        sender = Sender(url, clock)
        await sender.say("one", 1)
        bot.go_on.set()
        await pushes_are_over()
        assert (await sender.say("two", 2)).said == "success"
        await pushes_are_over()
    assert api.contents == ["echo one", "echo two"]


async def test_a_long_answer_is_pushed_in_parts_and_in_order(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    lines = [f"{number} 您的方案" for number in range(300)]

    async def long(message: UserMessage) -> None:
        await say(message, "\n".join(lines))

    bot.answer = long
    async with WeChatApi() as api, running(store, bot, api=api.url) as url:
        assert (await Sender(url, clock).say("方案")).said == "success"
        while len(api.sent) < 3:
            api.came.clear()
            await until(api.came)
    assert "\n".join(api.contents).split("\n") == lines


async def test_without_the_right_to_push_a_long_answer_goes_on_with_the_next(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    lines = [f"line {number}" for number in range(300)]

    async def long(message: UserMessage) -> None:
        await say(message, "\n".join(lines if message.text == "plan" else ["ok"]))

    bot.answer = long
    more = wording("utter_more_follows", "en")
    async with WeChatApi() as api, running(store, bot, api=api.url) as url:
        sender = Sender(url, clock)
        api.rights = False
        assert (await sender.say("plan", 1)).said == "success"
        await pushes_are_over()
        first, second = [(await sender.say("next", number)).said or "" for number in (2, 3)]
    assert first.endswith(more)
    got = first.removesuffix(more).split() + second.split()
    assert got == "\n".join(lines).split() + ["ok", "ok"]


async def test_when_wechat_takes_nothing_a_long_answer_still_comes_through(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async def long(message: UserMessage) -> None:
        await say(message, "\n".join(["字" * 20] * 50))

    bot.answer = long
    async with running(store, bot) as url:
        sender = Sender(url, clock)
        assert (await sender.say("one", 1)).said == "success"
        await pushes_are_over()
        clock.forward(minutes=6)
        replies = [(await sender.say("more", number)).said or "" for number in (2, 3, 4)]
    # Three bytes each: as much as three replies hold.
    assert "".join(replies).count("字") * 3 > 3 * 1500


async def test_any_signed_bytes_are_refused_or_need_no_answer(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    chance = random.Random(5)
    whole = message_xml(Content="hello", MsgType="link").encode()
    bodies = [chance.randbytes(chance.randrange(200)) for _ in range(50)]
    for _ in range(100):
        damaged = bytearray(whole)
        for _ in range(chance.randrange(1, 6)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        bodies.append(bytes(damaged[: chance.randrange(len(damaged))]))
    now = str(int(clock().timestamp()))
    async with running(store, bot) as url, ClientSession() as client:
        for number, body in enumerate(bodies):
            asked = {"signature": signed(now, str(number)), "timestamp": now, "nonce": str(number)}
            async with client.post(url, params=asked, data=body) as answer:
                assert (answer.status, await answer.read()) in (
                    (400, refusal("malformed").encode()),
                    (200, b"success"),
                )
    assert bot.heard == []


async def test_who_follows_the_account_is_greeted_once(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(store, bot) as url:
        sender = Sender(url, clock)
        assert (await sender.happen("subscribe")).said == "Hello, I am software.\nReply 1: I lost my job"
        assert (await sender.happen("subscribe", 1764009999)).said == "success"
        assert (await sender.happen("unsubscribe")).said == "success"
    assert bot.texts == ['/greet{"language": "zh"}']


async def test_a_click_on_the_accounts_menu_is_heard_as_its_key(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(store, bot) as url:
        sender = Sender(url, clock)
        assert (await sender.happen("CLICK", EventKey="找人工")).said == "echo 找人工"
        assert (await sender.happen("CLICK", 1764000009, EventKey="/restart")).said == "echo restart"
        assert (await sender.happen("VIEW", EventKey="https://x.example")).said == "success"


async def test_a_picture_gets_a_helpful_answer_and_a_voice_its_words(
    store: CaseStore, bot: PlayedBot, clock: Clock
) -> None:
    async with running(store, bot) as url:
        sender = Sender(url, clock)
        picture = message_xml(MsgType="image", PicUrl="http://x.example", MediaId="m")
        assert (await sender.deliver(picture)).said == wording("utter_refused_no_text", "zh")
        voice = message_xml(MsgType="voice", MediaId="m", Format="amr", Recognition="我失业了", MsgId=2)
        assert (await sender.deliver(voice)).said == "echo 我失业了"


async def test_who_sends_too_much_is_asked_to_wait(store: CaseStore, bot: PlayedBot, clock: Clock) -> None:
    async with running(store, bot, limits=Limits(messages_per_session="1/minute")) as url:
        sender = Sender(url, clock)
        await sender.say("one", 1)
        assert (await sender.say("two", 2)).said == wording("utter_refused_too_fast", "en")
        assert (await sender.say("three", 3)).said == "success"
    assert bot.texts == ["one"]


async def test_a_person_answers_in_the_same_chat(store: CaseStore, bot: PlayedBot, clock: Clock) -> None:
    async with WeChatApi() as api, running(store, bot, api=api.url) as url:
        sender = Sender(url, clock)
        await sender.say("hello", 1)
        handoff = handoffs.request(
            store, session_of(store), "asked_for_person", load_policy("policies/cn.yml")
        )
        desk.take(store, handoff.reference, "Chen Jing")
        assert (await sender.say("are you there?", 2)).said == "success"
        desk.answer(store, handoff.reference, "Chen Jing", "Yes, I am here.")
        while len(api.sent) < 2:
            api.came.clear()
            await until(api.came)
    assert api.contents[1] == "Yes, I am here."
    assert bot.texts == ["hello"]


def test_many_buttons_and_long_texts_stay_within_what_wechat_takes() -> None:
    buttons = [{"title": f"Option {number}", "payload": f"/choose{number}"} for number in range(11)]
    (many,) = outgoing_of([{"text": "Choose", "buttons": buttons, "lang": "en"}])
    assert not many.buttons and many.plain.endswith("Reply 11: Option 10")
    *texts, menu = outgoing_of([{"text": "字" * 1200, "buttons": buttons[:2], "lang": "en"}])
    assert len(texts) == 2 and menu.text == wording("utter_choose_one", "en")
    assert menu.plain == f"{menu.text}\nReply 1: Option 0\nReply 2: Option 1"
    assert outgoing_of([]) == []


SETTINGS = {
    "RESPITE_WECHAT_APPID": "wx01",
    "RESPITE_WECHAT_SECRET": SECRET,
    "RESPITE_WECHAT_TOKEN": TOKEN,
    "RESPITE_WECHAT_AES_KEY": AES_KEY,
}


@pytest.mark.parametrize("missing", [name for name in SETTINGS if name != "RESPITE_WECHAT_AES_KEY"])
def test_a_setting_that_is_missing_is_named(missing: str) -> None:
    with pytest.raises(WeChatMisconfigured, match=missing):
        account_from({**SETTINGS, missing: ""})


def test_without_a_key_the_mode_is_plain_and_a_wrong_key_is_named(store: CaseStore) -> None:
    assert account_from(SETTINGS).aes_key == AES_KEY
    assert account_from({**SETTINGS, "RESPITE_WECHAT_AES_KEY": ""}).aes_key is None
    wrong = account_from({**SETTINGS, "RESPITE_WECHAT_AES_KEY": "short"})
    with pytest.raises(WeChatMisconfigured, match="RESPITE_WECHAT_AES_KEY"):
        WeChatChannel(store, wrong, Limits())
