"""From the first word to a reference number on the real page, with the real bot behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import requests
from playwright.sync_api import Page

from casestore import cases
from tests.conversations import people, steps
from tests.support.stack import Stack
from tests.widget.conftest import DESKTOP, PHONE
from tests.widget.pages import ChatPage

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
