"""Customer-service messages: tokens are renewed, texts split, refusals told apart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels import wechat_api
from bot.channels.answers import Outgoing
from bot.channels.wechat_api import CustomerService, WeChatRefused, text_parts
from bot.channels.wechat_door import Account
from tests.bot.channels.harness import Clock
from tests.bot.channels.wechat_server import APPID, OPENID, TOKEN, WeChatApi, account

HELLO = Outgoing("您好", "您好")
MENU = Outgoing("您同意吗？", "您同意吗？\n回复1：同意", [{"title": "同意", "payload": "/affirm"}])


@pytest.fixture(autouse=True)
def _no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wechat_api, "BUSY_PAUSE_SECONDS", 0.0)


async def test_a_text_arrives_as_it_is_and_not_as_escapes(clock: Clock) -> None:
    async with WeChatApi() as api:
        await CustomerService(account(api.url), clock).send(OPENID, HELLO)
    assert api.sent == [{"touser": OPENID, "msgtype": "text", "text": {"content": "您好"}}]
    assert "您好".encode() in api.bodies[0]


async def test_one_token_serves_until_shortly_before_its_end(clock: Clock) -> None:
    async with WeChatApi() as api:
        service = CustomerService(account(api.url), clock)
        await service.send(OPENID, HELLO)
        clock.forward(minutes=114)
        await service.send(OPENID, HELLO)
        assert api.asked == [False]
        clock.forward(minutes=1)
        api.renew()
        await service.send(OPENID, HELLO)
    assert api.asked == [False, False] and len(api.sent) == 3


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_a_rejected_token_is_renewed_once_and_the_message_sent(clock: Clock, code: int) -> None:
    async with WeChatApi() as api:
        service = CustomerService(account(api.url), clock)
        await service.send(OPENID, HELLO)
        api.renew()
        api.codes = [code]
        await service.send(OPENID, HELLO)
        assert api.asked == [False, False]
        api.codes = [code, code]
        with pytest.raises(WeChatRefused, match=f"errcode {code}"):
            await service.send(OPENID, HELLO)
    assert len(api.sent) == 2


async def test_a_token_that_wechat_gives_but_does_not_take_is_renewed_by_force(clock: Clock) -> None:
    async with WeChatApi() as api:
        api.valid = False
        await CustomerService(account(api.url), clock).send(OPENID, HELLO)
    assert api.asked == [False, False, True] and len(api.sent) == 1


async def test_a_wrong_secret_is_told_by_its_code(clock: Clock) -> None:
    async with WeChatApi() as api:
        with pytest.raises(WeChatRefused, match="errcode 40125"):
            await CustomerService(Account(APPID, "wrong", TOKEN, api=api.url), clock).send(OPENID, HELLO)


async def test_a_busy_wechat_is_tried_again(clock: Clock) -> None:
    async with WeChatApi() as api:
        api.codes = [-1, -1]
        service = CustomerService(account(api.url), clock)
        await service.send(OPENID, HELLO)
        assert len(api.sent) == 1
        api.codes = [-1, -1, -1]
        with pytest.raises(WeChatRefused, match="errcode -1"):
            await service.send(OPENID, HELLO)


@pytest.mark.parametrize("code", [45015, 45047])
async def test_too_late_or_too_many_is_given_up_at_once(clock: Clock, code: int) -> None:
    async with WeChatApi() as api:
        api.codes = [code]
        service = CustomerService(account(api.url), clock)
        with pytest.raises(WeChatRefused, match=f"errcode {code}"):
            await service.send(OPENID, HELLO)
        assert service.can_push and api.codes == api.sent == []


@pytest.mark.parametrize(("code", "minutes"), [(48001, 24 * 60), (40164, 5), (-1, 5)])
async def test_what_holds_for_the_whole_account_is_remembered_for_a_while(
    clock: Clock, code: int, minutes: int
) -> None:
    async with WeChatApi() as api:
        service = CustomerService(account(api.url), clock)
        api.codes = [code] * 3
        with pytest.raises(WeChatRefused):
            await service.send(OPENID, HELLO)
        clock.forward(minutes=minutes, seconds=-1)
        assert not service.can_push
        clock.forward(seconds=1)
        assert service.can_push


async def test_a_missing_right_is_noticed_and_so_is_its_coming(clock: Clock) -> None:
    async with WeChatApi() as api:
        service = CustomerService(account(api.url), clock)
        api.rights = False
        with pytest.raises(WeChatRefused, match="errcode 48001"):
            await service.send(OPENID, HELLO)
        assert not service.can_push
        api.rights = True
        await service.send(OPENID, HELLO)
        assert service.can_push


async def test_a_wechat_that_is_not_there_is_told_without_the_address(clock: Clock) -> None:
    service = CustomerService(account(), clock)
    with pytest.raises(WeChatRefused) as refusal:
        await service.send(OPENID, HELLO)
    assert (str(refusal.value), refusal.value.__context__) == ("errcode None", None)
    assert not service.can_push


async def test_buttons_are_a_menu_and_numbers_where_there_are_no_menus(clock: Clock) -> None:
    async with WeChatApi() as api:
        service = CustomerService(account(api.url), clock)
        await service.send(OPENID, MENU)
        assert api.sent[0]["msgmenu"]["list"][0]["content"] == "同意"
        assert "/affirm" not in api.bodies[0].decode()
        api.menus = False
        await service.send(OPENID, MENU)
        assert api.contents[1] == MENU.plain
        api.menus, api.codes = True, [45015]
        with pytest.raises(WeChatRefused, match="errcode 45015"):
            await service.send(OPENID, MENU)


async def test_a_long_text_is_sent_in_parts(clock: Clock) -> None:
    async with WeChatApi() as api:
        text = "字" * 1500
        await CustomerService(account(api.url), clock).send(OPENID, Outgoing(text, text))
    assert len(api.contents) == 3 and "".join(api.contents) == text


@given(st.text(st.characters(blacklist_categories=["Cs"]), max_size=400), st.integers(4, 60))
def test_parts_fit_and_lose_nothing(text: str, most: int) -> None:
    parts = text_parts(text, most)
    assert all(0 < len(part.encode()) <= most for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


@given(st.lists(st.text("我失业了 abc", min_size=1, max_size=20), max_size=40))
def test_lines_that_fit_are_not_cut(lines: list[str]) -> None:
    kept = [line.strip() for line in lines if line.strip()]
    parts = text_parts("\n".join(kept), 60)
    assert [line for part in parts for line in part.split("\n")] == kept
