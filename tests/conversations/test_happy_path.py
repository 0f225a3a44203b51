"""From a first word to a recorded agreement."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests

from casestore import cases
from tests.conversations import steps
from tests.conversations.people import Person, invent
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])


@both_languages
def test_is_greeted_by_software_that_says_so(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    assert {"zh": "不是真人", "en": "not a person"}[language] in chat.greeting.text
    assert len(chat.greeting.buttons) == 3


@both_languages
def test_goes_from_a_lost_job_to_a_reference_number_in_the_case_store(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    offers = steps.reach_the_offers(chat, person, words)
    card = next(card for card in offers.cards if card["type"] == "offers")
    assert len(card["offers"]) >= 2
    read_back = chat.say(words.first_option)
    assert card["offers"][0]["lines"][0]["value"] in read_back.text
    reply = chat.say(words.accept)
    reference = steps.reference_in(reply)
    assert reference is not None, reply.text
    listed = next(case for case in cases.list_cases(stack.store) if case.agreement == reference)
    assert listed.state == "accepted"
    document = requests.get(next(c["href"] for c in reply.cards if c["type"] == "document"), timeout=10)
    assert document.status_code == 200 and reference in document.text


@both_languages
def test_says_that_the_trouble_will_last(open_chat: OpenChat, person: Person, language: str) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_questions(chat, person, words)
    chat.say(words.agree)
    chat.say(words.three_months_ago)
    reply = chat.press({"zh": "会持续比较久", "en": "It will last"}[language])
    assert {"zh": "家里生活上的", "en": "household"}[language] in reply.text


@both_languages
def test_chooses_among_several_loans(stack: Stack, open_chat: OpenChat, tmp_path, language: str) -> None:
    person = invent(stack.store, tmp_path, stack.today, loans=2)
    words = steps.WORDS[language]
    chat = open_chat(language)
    asked = steps.reach_the_questions(chat, person, words)
    assert all(number[-4:] in asked.text for number in person.loan_numbers)
    reply = chat.say("2")
    assert {"zh": "收入和支出", "en": "income and spending"}[language] in reply.text


@both_languages
def test_asks_what_is_owed_and_hears_it_line_by_line(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    chat.say({"zh": "我一共欠多少钱", "en": "how much do I owe?"}[language])
    chat.say(steps.WORDS[language].agree)
    reply = steps.verify(chat, person)
    for figure in ("¥1,660.00", "¥220.00", "¥31.00", "¥20.00", "¥1,931.00", "45"):
        assert figure in reply.text
