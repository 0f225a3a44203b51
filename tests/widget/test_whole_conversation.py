"""From the first word to a reference number on the real page, with the real bot behind it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page, expect

from casestore import cases
from tests.conversations import people, steps
from tests.support.stack import Stack
from tests.widget.conftest import DESKTOP, PHONE
from tests.widget.pages import TURN_MS, ChatPage

PAGE_LANGUAGE = {"zh": "中文", "en": "English"}
MONTHLY = {"zh": "我每个月只能还800", "en": "I can only do 800 a month"}
TAKE_IT = {"zh": "好，就这个", "en": "OK, I'll take that one"}
I_ACCEPT = {"zh": "我接受", "en": "I accept"}


def newest_code(stack: Stack) -> str:
    """The code on the demo page's phone."""
    return str(requests.get(f"{stack.base_url}/chat/demo/outbox", timeout=10).json()[0]["code"])


@pytest.mark.parametrize("options", [{"viewport": PHONE}, {"viewport": DESKTOP}], ids=["phone", "desktop"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_goes_from_a_lost_job_to_a_reference_number(
    page: Page, stack: Stack, tmp_path: Path, language: str
) -> None:
    person = people.invent(stack.store, tmp_path, stack.today)
    words = steps.WORDS[language]
    chat = ChatPage(page).open(f"{stack.base_url}/chat/")
    if language == "en":
        chat.language(PAGE_LANGUAGE[language])
    chat.say(words.lost_job).press({"zh": "同意", "en": "I agree"}[language])
    chat.say(person.phone).say(person.last_four).say(newest_code(stack))
    chat.press({"zh": "可以", "en": "Yes"}[language]).say(words.three_months_ago)
    chat.press(words.temporary).press(words.household)
    chat.say(words.income).say(words.housing).say(words.living).say(words.debts).say(words.right)
    chat.say(MONTHLY[language]).say(TAKE_IT[language]).press(I_ACCEPT[language])
    reference = re.search(steps.REFERENCE, "\n".join(chat.last_texts()))
    assert reference is not None, chat.all_texts()[-4:]
    assert reference.group() in {case.agreement for case in cases.list_cases(stack.store)}


@pytest.mark.parametrize("options", [{"viewport": PHONE}], ids=["phone"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_answers_in_the_fields_what_comes_in_and_goes_out(
    page: Page, stack: Stack, tmp_path: Path, language: str
) -> None:
    person = people.invent(stack.store, tmp_path, stack.today)
    words = steps.WORDS[language]
    chat = ChatPage(page).open(f"{stack.base_url}/chat/?lang={language}")
    chat.say(words.lost_job).say(words.agree).say(person.phone).say(person.last_four)
    fill(chat, newest_code(stack))
    chat.say(words.agree)
    fill(chat, (stack.today - timedelta(days=90)).isoformat())
    chat.press(words.temporary).press(words.household)
    for amount in ("4500", "1200", "1500", "0"):
        fill(chat, amount)
    assert all(figure in chat.last_texts()[-1] for figure in ("¥4,500.00", "¥1,200.00", "¥1,500.00"))
    chat.say(words.right)
    expect(chat.log.locator(".offer").first).to_be_visible()


def test_a_bot_that_restarts_in_a_turn_loses_and_repeats_nothing(page: Page, stack: Stack) -> None:
    chat = ChatPage(page).open(f"{stack.base_url}/chat/")
    chat.send("我失业了")
    expect(chat.log.locator(".typing")).to_be_visible()
    stack.restart_bot()
    expect(chat.messages.last).to_have_class(re.compile("bot"), timeout=TURN_MS)
    chat.wait_turn()
    texts = chat.all_texts()
    assert texts.count("我失业了") == 1
    assert len(set(texts)) == len(texts)


def fill(chat: ChatPage, value: str) -> None:
    """Enter a value in the field that the question brought, and send it."""
    field = chat.page.locator("#answer")
    field.fill(value)
    field.press("Enter")
    chat.wait_turn()
