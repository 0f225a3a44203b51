"""Before agreeing, a borrower can read the whole privacy notice, and later whenever they like."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.conversations import steps
from tests.support.chat import Chat
from tests.support.stack import Stack
from tests.widget.pages import ChatPage
from tests.widget.test_accessibility import LOOKS, NAMES, NARROW, violations

TITLE = {"zh": "隐私说明", "en": "Privacy notice"}
READ = {"zh": "查看隐私说明", "en": "Read the privacy notice"}
OTHER = {"zh": "Read this in English", "en": "中文版"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_question_for_consent_links_to_it(page: Page, stack: Stack, language: str) -> None:
    chat = ChatPage(page).open(f"{stack.base_url}/chat/?lang={language}").say(steps.WORDS[language].lost_job)
    with page.expect_popup() as opened:
        chat.log.get_by_role("link", name=READ[language]).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(TITLE[language])
    assert opened.value.url == f"{stack.base_url}/chat/privacy/{language}"


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_chat_links_to_it_all_the_time(page: Page, stack: Stack, language: str) -> None:
    ChatPage(page).open(f"{stack.base_url}/chat/?lang={language}")
    with page.expect_popup() as opened:
        page.get_by_role("link", name=TITLE[language]).click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text(TITLE[language])


@pytest.mark.parametrize("language", ["zh", "en"])
def test_on_channels_without_a_page_its_address_stands_in_the_question(stack: Stack, language: str) -> None:
    with Chat(stack.base_url, language) as chat:
        question = chat.say(steps.WORDS[language].lost_job).text
    # Nothing follows it on its line, so that no channel takes more into the link.
    assert any(line.endswith(f"{stack.base_url}/chat/privacy/{language}") for line in question.splitlines())


@pytest.mark.parametrize("options", LOOKS, ids=NAMES)
def test_axe_finds_nothing_and_nothing_is_wider_than_the_screen(
    context: BrowserContext, stack: Stack
) -> None:
    page = context.new_page()
    for language in ("zh", "en"):
        page.goto(f"{stack.base_url}/chat/privacy/{language}")
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        page.get_by_role("link", name=OTHER[language]).click()
        expect(page.get_by_role("heading", level=1)).not_to_have_text(TITLE[language])


@pytest.mark.parametrize("options", [{"viewport": NARROW, "color_scheme": "dark"}], ids=["dark"])
def test_it_is_dark_where_the_borrowers_screen_is(page: Page, stack: Stack) -> None:
    page.goto(f"{stack.base_url}/chat/privacy/zh")
    darkness = page.evaluate("getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)")
    assert max(darkness) < 64
