"""Where people wait they see what for, and what was not taken can be sent again."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest
from playwright.sync_api import expect

from tests.widget.fake_server import FakeServer
from tests.widget.pages import ChatPage

COMPUTING = "正在为您计算可选方案，请稍候…"
# Later than the moment from which a wait is explained, and than the one from which it is doubted.
LONG, TOO_LONG = 2_000, 61_000


@pytest.fixture
def read_back(chat: ChatPage) -> ChatPage:
    """The bot has read the figures back, and time stands still but for the test."""
    chat.page.clock.install()
    chat.say("¥1200")
    now = datetime.fromtimestamp(chat.page.evaluate("Date.now()") / 1000, tz=timezone.utc)
    chat.page.clock.pause_at(now + timedelta(minutes=1))
    return chat


def test_after_the_figures_are_confirmed_a_long_wait_is_explained_once(
    read_back: ChatPage, server: FakeServer
) -> None:
    server.silent = True
    read_back.button("对的").click()
    expect(read_back.log.get_by_text("正在回复")).to_be_attached()
    expect(read_back.log.get_by_text(COMPUTING)).to_have_count(0)
    read_back.page.clock.fast_forward(LONG)
    expect(read_back.log.get_by_text(COMPUTING)).to_have_count(1)


def test_the_explanation_goes_when_the_answer_is_there(read_back: ChatPage, server: FakeServer) -> None:
    server.silent = True
    read_back.button("对的").click()
    read_back.page.clock.fast_forward(LONG)
    expect(read_back.log.get_by_text(COMPUTING)).to_be_visible()
    server.speak_again()
    server.drop()
    read_back.page.clock.fast_forward(LONG)
    expect(read_back.log.get_by_text("全部结清需要")).to_be_visible()
    expect(read_back.log.get_by_text(COMPUTING)).to_have_count(0)


@pytest.mark.parametrize("title", ["有不对的", None], ids=["figures-are-wrong", "another-question"])
def test_nothing_is_said_to_be_computed_when_nothing_is(
    read_back: ChatPage, server: FakeServer, title: str | None
) -> None:
    if title is None:
        read_back.say("什么是罚息")
    server.silent = True
    if title is None:
        read_back.send("什么是违约金")
    else:
        read_back.button(title).click()
    read_back.page.clock.fast_forward(LONG)
    expect(read_back.log.get_by_text("正在回复")).to_be_attached()
    expect(read_back.log.get_by_text(COMPUTING)).to_have_count(0)


def test_an_answer_that_never_comes_can_be_asked_for_again(read_back: ChatPage, server: FakeServer) -> None:
    server.silent = True
    read_back.send("还在吗")
    expect(read_back.log.locator(".typing")).to_be_visible()
    read_back.page.clock.fast_forward(TOO_LONG)
    expect(read_back.log.get_by_text("还没有收到回复")).to_be_visible()
    expect(read_back.log.locator(".typing")).to_have_count(0)
    server.speak_again()
    read_back.page.get_by_role("button", name="重新发送").click()
    expect(read_back.log.get_by_text("收到: 还在吗")).to_be_visible()
    assert read_back.all_texts().count("还在吗") == 1


def test_a_message_that_came_too_fast_can_be_sent_again(chat: ChatPage, server: FakeServer) -> None:
    server.too_busy = True
    chat.send("我失业了")
    expect(chat.page.get_by_role("alert")).to_have_text("消息来得有点快。")
    server.too_busy = False
    chat.page.get_by_role("button", name="重新发送").click()
    chat.wait_turn()
    expect(chat.page.get_by_role("alert")).to_have_count(0)
    assert chat.all_texts().count("我失业了") == 1
    assert len({said["id"] for said in server.said}) == 1


def test_a_button_that_was_turned_down_can_be_pressed_again(chat: ChatPage, server: FakeServer) -> None:
    server.too_busy = True
    chat.button("同意，开始").click()
    expect(chat.log.get_by_text("没有发出")).to_be_visible()
    expect(chat.button("先看看隐私说明")).to_be_enabled()


def test_a_message_that_was_too_long_comes_back_to_be_changed(chat: ChatPage) -> None:
    chat.send("this is too long")
    chat.page.get_by_role("button", name="修改后再发").click()
    expect(chat.field).to_have_value("this is too long")
    expect(chat.field).to_be_focused()
    chat.say("这样短一点")
    assert chat.all_texts()[-2:] == ["这样短一点", "收到: 这样短一点"]
