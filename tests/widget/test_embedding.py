"""The lines of docs/embedding.md on a lender's page of another origin, with the real bot behind them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, ConsoleMessage, Page, expect

from tests.conversations import people
from tests.support import guide
from tests.support.handover import HANDOVER_SECRET
from tests.support.stack import Stack
from tests.widget.fake_server import FakeServer
from tests.widget.lenders_site import LendersSite
from tests.widget.pages import ChatPage

OPEN_CHAT = {"zh-CN": "还款有困难？和我们谈谈", "en": "Trouble repaying? Talk to us"}
FIELD = {"zh-CN": "输入您想说的话", "en": "Type your message"}
AGREE, ASKED_WHO = "同意", "手机号"
TOKEN_URL = "/my/respite-token"


@pytest.fixture(scope="module")
def site(stack: Stack) -> Iterator[LendersSite]:
    """A lender's site whose origin the bot allows, with the guide's policy and style sheet."""
    site = LendersSite(stack.lenders_origin)
    site.allow(guide.code_for("csp", stack.base_url))
    site.files["/own.css"] = (
        "text/css",
        guide.code("css") + "respite-chat:not([floating]) { height: 600px }",
    )
    yield site
    site.close()


@pytest.fixture(scope="module")
def tag(stack: Stack) -> str:
    """The guide's one tag."""
    return guide.code_for("html", stack.base_url)


def test_the_tag_needs_no_more_than_the_policy_and_talks_from_the_corner(
    page: Page, site: LendersSite, tag: str
) -> None:
    site.page("/", tag)
    answer = page.goto(site.url)
    assert answer is not None and "default-src 'none'" in answer.headers["content-security-policy"]
    page.get_by_role("button", name=OPEN_CHAT["zh-CN"]).click()
    chat = ChatPage(page).wait_turn().say("我失业了")
    expect(chat.button(AGREE)).to_be_visible()


@pytest.mark.parametrize("missing", ["script-src", "connect-src"])
def test_a_page_whose_policy_lacks_one_of_the_lines_can_not_talk(
    context: BrowserContext, stack: Stack, site: LendersSite, tag: str, missing: str
) -> None:
    page = context.new_page()
    lines = guide.code_for("csp", stack.base_url).splitlines()
    site.page("/", tag)
    site.allow("".join(line for line in lines if missing not in line))
    try:
        with page.expect_console_message(is_breach):
            page.goto(site.url)
            if missing == "connect-src":
                page.get_by_role("button", name=OPEN_CHAT["zh-CN"]).click()
    finally:
        site.allow("".join(lines))


def test_where_the_page_holds_the_element_the_chat_fills_it(page: Page, site: LendersSite, tag: str) -> None:
    site.page("/held", tag, "<respite-chat></respite-chat>")
    page.goto(f"{site.url}/held")
    chat = ChatPage(page).wait_turn()
    expect(page.get_by_role("button", name=OPEN_CHAT["zh-CN"])).to_have_count(0)
    box = page.locator("respite-chat").bounding_box()
    assert box and box["height"] == 600
    expect(chat.field).to_be_in_viewport()


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
@pytest.mark.parametrize("told_by", ["the tag", "the page"])
def test_the_first_language_is_the_tags_else_the_pages(
    page: Page, site: LendersSite, tag: str, locale: str, told_by: str
) -> None:
    named = re.sub(r'data-locale="[^"]*"', f'data-locale="{locale}"' if told_by == "the tag" else "", tag)
    site.page("/", named, lang="fr" if told_by == "the tag" else locale)
    page.goto(site.url)
    page.get_by_role("button", name=OPEN_CHAT[locale]).click()
    ChatPage(page).wait_turn()
    expect(page.get_by_placeholder(FIELD[locale])).to_be_visible()


def test_the_looks_are_the_style_sheets(page: Page, site: LendersSite, tag: str) -> None:
    site.page("/held", tag, "<respite-chat></respite-chat>")
    page.goto(f"{site.url}/held")
    chat = ChatPage(page).wait_turn()
    chat.field.fill("你好")
    values = dict(re.findall(r"(--[a-z-]+): ([^;]+);", guide.code("css")))
    send = page.get_by_role("button", name="发送")
    expect(send).to_have_css("background-color", rgb(values["--accent"]))
    expect(send).to_have_css("color", rgb(values["--on-accent"]))
    bubble = chat.log.locator(".bot .bubble").first
    expect(bubble).to_have_css("border-bottom-right-radius", values["--radius"])


@pytest.mark.parametrize("make_token", [guide.token_from_python, guide.token_from_node])
def test_a_borrower_who_is_logged_in_is_not_asked_who_they_are(
    page: Page,
    stack: Stack,
    site: LendersSite,
    tag: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    make_token: Callable[[str], str],
) -> None:
    monkeypatch.setenv("RESPITE_HANDOVER_SECRET", HANDOVER_SECRET)
    person = people.invent(stack.store, tmp_path, stack.today)
    assert f'data-token-url="{TOKEN_URL}"' in guide.TEXT
    site.answer(TOKEN_URL, make_token(person.loan_numbers[0]))
    site.page("/account", tag.replace("<script ", f'<script data-token-url="{TOKEN_URL}" '))
    page.goto(f"{site.url}/account")
    page.get_by_role("button", name=OPEN_CHAT["zh-CN"]).click()
    chat = ChatPage(page).wait_turn().say("我失业了").press(AGREE)
    assert ASKED_WHO not in "".join(chat.last_texts())
    assert chat.last_texts()


def test_every_custom_property_changes_what_is_seen(chat: ChatPage, server: FakeServer) -> None:
    # A page on which each of them has a place: cards, a choice, a person, a refusal, a line that is down.
    chat.press("同意，开始").say("我失业了").press("选择方案 2").say("¥1200")
    chat.send("this is too long")
    server.person_joins()
    expect(chat.page.get_by_role("status").filter(has_text="工作人员")).to_be_visible()
    chat.log.locator("summary").first.click()
    chat.field.fill("你好")
    without = chat.page.evaluate(EVERY_STYLE)
    for name in sorted(guide.custom_properties()):
        chat.page.evaluate(
            SET, [name, "0 0 3px red" if name == "--shadow" else "31px" if name == "--radius" else "red"]
        )
        assert chat.page.evaluate(EVERY_STYLE) != without, name
        chat.page.evaluate(SET, [name, None])
        assert chat.page.evaluate(EVERY_STYLE) == without


SET = "([name, value]) => document.querySelector('respite-chat').style.setProperty(name, value ?? '')"
# What shows of each visible part, without what is inherited from the custom property by name.
EVERY_STYLE = """() => [...document.querySelector("respite-chat").shadowRoot.querySelectorAll("*")]
  .filter((each) => each.checkVisibility())
  .map((each) => getComputedStyle(each))
  .map((of) => [of.color, of.backgroundColor, of.borderColor, of.borderRadius, of.boxShadow].join())
  .join("\\n")"""


def is_breach(line: ConsoleMessage) -> bool:
    """Whether the browser says that the page's content security policy forbade something."""
    return "Content Security Policy" in line.text


def rgb(colour: str) -> str:
    """A colour as browsers name it, "rgb(1, 2, 3)", from "#010203"."""
    red, green, blue = (int(part, 16) for part in re.findall(r"\w\w", colour))
    return f"rgb({red}, {green}, {blue})"
