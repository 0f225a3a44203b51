"""The lender's page hands a logged-in borrower over; without its word the chat begins as for anybody."""

from __future__ import annotations

import base64
import json

import pytest
from playwright.sync_api import Page, expect

from tests.widget.fake_server import FakeServer
from tests.widget.pages import ChatPage

OPEN = "还款有困难？和我们谈谈"


def open_chat(page: Page) -> ChatPage:
    page.get_by_role("button", name=OPEN).click()
    return ChatPage(page).wait_turn()


def subject(token: str | None) -> str | None:
    """Whom a hand-over token names."""
    if token is None:
        return None
    middle = token.split(".")[1]
    named: str = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))["sub"]
    return named


@pytest.fixture
def account(page: Page, server: FakeServer) -> Page:
    """The page of a borrower's account at the lender, logged in."""
    server.logged_in = "LN20260001"
    page.goto(f"{server.url}/account")
    return page


def test_a_logged_in_borrower_is_handed_over_to_the_bot(account: Page, server: FakeServer) -> None:
    open_chat(account).say("什么是罚息")
    assert [subject(token) for token in server.handovers] == ["LN20260001"]


def test_a_reload_goes_on_with_the_same_conversation(account: Page, server: FakeServer) -> None:
    open_chat(account).say("什么是罚息")
    account.reload()
    chat = open_chat(account)
    expect(chat.log.get_by_text("什么是罚息")).to_be_visible()
    assert [subject(token) for token in server.handovers] == ["LN20260001", None]


@pytest.mark.parametrize("now", [None, "LN20260002"], ids=["logged-out", "another-borrower"])
def test_what_one_borrower_said_is_not_shown_to_whoever_comes_next(
    account: Page, server: FakeServer, now: str | None
) -> None:
    open_chat(account).say("什么是罚息")
    server.logged_in = now
    account.reload()
    chat = open_chat(account)
    expect(chat.messages).to_have_count(2)
    expect(chat.log.get_by_text("什么是罚息")).to_have_count(0)
    assert subject(server.handovers[-1]) == now


@pytest.mark.parametrize("works", [True, False], ids=["nobody-logged-in", "lender-fails"])
def test_without_the_lenders_word_the_chat_begins_as_for_anybody(
    page: Page, server: FakeServer, works: bool
) -> None:
    server.lender_works = works
    page.goto(f"{server.url}/account")
    open_chat(page)
    assert (server.lender_asked, server.handovers) == (1, [None])


def test_a_lender_that_fails_for_once_does_not_end_the_conversation(
    account: Page, server: FakeServer
) -> None:
    open_chat(account).say("什么是罚息")
    server.lender_works = False
    account.reload()
    expect(open_chat(account).log.get_by_text("什么是罚息")).to_be_visible()


def test_a_page_that_names_no_address_is_asked_for_none(page: Page, server: FakeServer) -> None:
    server.logged_in = "LN20260001"
    page.goto(f"{server.url}/embedded")
    open_chat(page)
    assert (server.lender_asked, server.handovers) == (0, [None])


def test_nothing_that_names_the_borrower_stays_in_the_browser(account: Page) -> None:
    open_chat(account)
    kept = account.evaluate("JSON.stringify([sessionStorage, localStorage])")
    assert "LN20260001" not in kept
    assert "head." not in kept
