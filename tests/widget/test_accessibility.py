"""Usable by keyboard, by ear, on small screens and in the dark; axe finds nothing to complain about."""

from __future__ import annotations

from itertools import product
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.widget.conftest import DESKTOP
from tests.widget.fake_server import WIDGET, FakeServer
from tests.widget.pages import ChatPage

AXE = WIDGET / "node_modules" / "axe-core" / "axe.min.js"
NARROW = {"width": 320, "height": 640}
LOOKS = [
    {"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}
    for size, scheme in product((DESKTOP, NARROW), ("light", "dark"))
]
NAMES = ["desktop-light", "desktop-dark", "narrow-light", "narrow-dark"]
MOST_TABS = 40
SMALLEST_TEXT_PX = 14
STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RULES = f"{{runOnly: {STANDARDS}, resultTypes: ['violations']}}"


def violations(page: Page) -> list[str]:
    """What axe has against the page as it is now."""
    # `evaluate` speaks to the browser itself, so the page's content security policy stays in force.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: dict[str, Any] = page.evaluate(f"axe.run({RULES})")
    return [f"{each['id']}: {node['html'][:200]}" for each in found["violations"] for node in each["nodes"]]


@pytest.mark.parametrize("options", LOOKS, ids=NAMES)
def test_axe_finds_nothing_in_a_whole_conversation(page: Page, server: FakeServer) -> None:
    server.demo = True
    chat = ChatPage(page).open(f"{server.url}/chat/")
    expect(page.locator("#identities")).to_be_visible()
    assert violations(page) == []
    chat.press("同意，开始").say("我失业了")
    chat.log.get_by_text("还款计划表").first.click()
    assert violations(page) == []
    chat.press("选择方案 2").press("确认，同意此协议")
    for card in ("breakdown", "offer", "document"):
        expect(chat.log.locator(f".card.{card}").first).to_be_attached()
    server.person_joins()
    server.person_says("您好，我来继续帮您。")
    expect(page.get_by_role("status").filter(has_text="工作人员正在与您对话")).to_be_visible()
    expect(chat.log.get_by_text("我来继续帮您")).to_be_visible()
    assert violations(page) == []
    page.get_by_role("button", name="清除对话").click()
    assert violations(page) == []


@pytest.mark.parametrize("options", LOOKS, ids=NAMES)
def test_axe_finds_nothing_where_something_is_asked_waited_for_or_went_wrong(
    page: Page, server: FakeServer
) -> None:
    chat = ChatPage(page).open(f"{server.url}/chat/").say("开始填写")
    assert violations(page) == []
    chat.say("2026年1月15日")
    page.get_by_role("button", name="发送金额").click()
    expect(page.get_by_role("alert")).to_contain_text("请只填数字")
    assert violations(page) == []
    chat.send("this is too long")
    expect(chat.log.get_by_text("没有发出")).to_be_visible()
    assert violations(page) == []
    chat.say("发验证码")
    expect(page.get_by_label("短信验证码")).to_be_visible()
    assert violations(page) == []
    chat.say("¥1200")
    server.silent = True
    chat.button("对的").click()
    expect(chat.log.get_by_text("正在为您计算可选方案")).to_be_visible()
    assert violations(page) == []
    server.door_open = False
    server.drop()
    expect(page.get_by_role("status").filter(has_text="正在连接")).to_be_visible()
    assert violations(page) == []


@pytest.mark.parametrize("options", LOOKS, ids=NAMES)
def test_axe_finds_nothing_in_the_chat_in_the_corner_of_a_lenders_page(
    page: Page, server: FakeServer
) -> None:
    page.goto(f"{server.url}/embedded")
    assert violations(page) == []
    page.get_by_role("button", name="还款有困难？和我们谈谈").click()
    ChatPage(page).wait_turn()
    assert violations(page) == []


@pytest.mark.parametrize("options", [LOOKS[2]], ids=["narrow"])
@pytest.mark.parametrize(("language", "words"), [("zh", "我失业了"), ("en", "I lost my job")])
def test_at_320_pixels_nothing_is_wider_than_the_screen(
    page: Page, server: FakeServer, language: str, words: str
) -> None:
    chat = ChatPage(page).open(f"{server.url}/chat/?lang={language}").say(words)
    chat.log.locator("summary").first.click()
    assert chat.log.evaluate("log => log.scrollWidth <= log.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"]


def test_every_button_is_large_enough_to_hit(chat: ChatPage) -> None:
    chat.say("我失业了")
    for button in chat.page.locator("respite-chat").get_by_role("button").all():
        box = button.bounding_box()
        assert box and box["width"] >= 44 and box["height"] >= 36, button.inner_text()


def test_everything_can_be_done_by_keyboard_alone(chat: ChatPage) -> None:
    keyboard = chat.page.keyboard
    tab_to(chat.page, "同意，开始")
    keyboard.press("Enter")
    chat.wait_turn()
    expect(chat.field).to_be_focused()
    keyboard.type("我失业了")
    keyboard.press("Enter")
    chat.wait_turn()
    expect(chat.field).to_be_focused()
    tab_to(chat.page, "选择方案 2", "Shift+Tab")
    keyboard.press("Space")
    chat.wait_turn()
    assert "请确认" in chat.last_texts()[0]
    tab_to(chat.page, "清除对话", "Shift+Tab")
    keyboard.press("Enter")
    expect(chat.page.get_by_role("dialog")).to_be_visible()
    keyboard.press("Escape")
    expect(chat.page.get_by_role("dialog")).to_be_hidden()


@pytest.mark.parametrize("options", [{"viewport": DESKTOP, "locale": "en-US"}], ids=["us"])
def test_an_agreement_can_be_reached_by_keyboard_alone(chat: ChatPage) -> None:
    keyboard = chat.page.keyboard
    tab_to(chat.page, "同意，开始")
    keyboard.press("Enter")
    chat.wait_turn()
    write(chat, "开始填写")
    tab_to(chat.page, "日期", "Shift+Tab")
    for _ in ("year", "day", "month"):  # back from the calendar's button to the first part
        keyboard.press("Shift+Tab")
    keyboard.type("01152026")
    keyboard.press("Enter")
    chat.wait_turn()
    tab_to(chat.page, "金额（元）", "Shift+Tab")
    for amount in ("4500", "1200"):
        keyboard.type(amount)
        keyboard.press("Enter")
        chat.wait_turn()
    tab_to(chat.page, "对的", "Shift+Tab")
    keyboard.press("Enter")
    chat.wait_turn()
    write(chat, "我失业了")
    tab_to(chat.page, "选择方案 2", "Shift+Tab")
    keyboard.press("Enter")
    chat.wait_turn()
    tab_to(chat.page, "确认，同意此协议", "Shift+Tab")
    keyboard.press("Enter")
    chat.wait_turn()
    assert "RS-7K2M-4Q9D" in chat.last_texts()[0]
    tab_to(chat.page, "查看协议全文（在新窗口打开）", "Shift+Tab")


def test_the_words_are_large_enough_to_read_whatever_the_lenders_page_makes_of_the_rem(
    chat: ChatPage,
) -> None:
    chat.page.evaluate("document.documentElement.style.fontSize = '10px'")
    chat.say("我失业了")
    sizes = chat.page.locator("respite-chat").evaluate(
        "chat => [...chat.shadowRoot.querySelectorAll('*')]"
        ".filter(each => each.checkVisibility() && each.innerText)"
        ".map(each => parseFloat(getComputedStyle(each).fontSize))"
    )
    assert min(sizes) >= SMALLEST_TEXT_PX


@pytest.mark.parametrize("options", [{"viewport": DESKTOP, "forced_colors": "active"}], ids=["forced"])
def test_with_colours_of_their_own_people_still_see_what_was_chosen(chat: ChatPage) -> None:
    chat.press("同意，开始")
    chosen = chat.log.locator(".quick-replies .chosen")
    assert chosen.evaluate("button => getComputedStyle(button).outlineStyle") == "solid"


def test_what_has_the_focus_is_visible(chat: ChatPage) -> None:
    tab_to(chat.page, "同意，开始")
    style = chat.button("同意，开始").evaluate("button => getComputedStyle(button).outlineStyle")
    assert style == "solid"


def test_the_conversation_is_a_live_log_and_each_message_names_its_author(chat: ChatPage) -> None:
    chat.say("什么是罚息")
    expect(chat.log).to_have_attribute("aria-live", "polite")
    authors = [message.locator("p").first.inner_text() for message in chat.messages.all()]
    assert [author.removesuffix("02:05") for author in authors] == ["软件助手", "软件助手", "我", "软件助手"]


def test_the_newest_answer_is_read_from_its_beginning(chat: ChatPage) -> None:
    chat.say("我失业了")
    expect(chat.log.get_by_text("我失业了", exact=True)).to_be_in_viewport()


def test_nothing_moves_for_those_who_want_no_motion(chat: ChatPage, server: FakeServer) -> None:
    chat.page.emulate_media(reduced_motion="reduce")
    server.silent = True
    chat.send("什么是罚息")
    dot = chat.log.locator(".dots i").first
    assert dot.evaluate("dot => getComputedStyle(dot).animationName") == "none"


def write(chat: ChatPage, text: str) -> None:
    """Type into the field that has the focus, send, and wait for the answer."""
    expect(chat.field).to_be_focused()
    chat.page.keyboard.type(text)
    chat.page.keyboard.press("Enter")
    chat.wait_turn()


def tab_to(page: Page, name: str, key: str = "Tab") -> None:
    """Press Tab until the control with this name has the focus."""
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} can't be reached by {key}")


FOCUSED = """() => {
  const inner = document.activeElement?.shadowRoot?.activeElement ?? document.activeElement;
  return inner?.getAttribute("aria-label") ?? inner?.labels?.[0]?.textContent ?? inner?.textContent;
}"""
