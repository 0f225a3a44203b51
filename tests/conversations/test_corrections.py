"""Answers that are changed later."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])
RENT_IS_1700 = {"zh": "不对，房租是1700", "en": "No, the rent is 1700"}


@both_languages
def test_corrects_the_rent_at_the_read_back_and_keeps_the_rest(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_read_back(chat, person, steps.WORDS[language])
    reply = chat.say(RENT_IS_1700[language])
    for figure in ("¥6,500.00", "¥1,700.00", "¥1,500.00", "¥0.00", "¥3,300.00"):
        assert figure in reply.text


@both_languages
def test_corrects_the_rent_while_another_question_is_open(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    chat.say(words.income)
    chat.say(words.housing)
    reply = chat.say(RENT_IS_1700[language])
    assert "¥1,700.00" in reply.text
    assert {"zh": "吃饭", "en": "food"}[language] in reply.text
    chat.say(words.living)
    assert "¥1,700.00" in chat.say(words.debts).text


@both_languages
def test_corrects_the_rent_after_the_offers_and_gets_new_ones(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    before = steps.reach_the_offers(chat, person, steps.WORDS[language])
    after = chat.say({"zh": "不对，房租是2900", "en": "No, the rent is 2900"}[language])
    assert "¥2,900.00" in after.text
    assert any(card["type"] == "offers" for card in after.cards)
    assert after.cards != before.cards


@both_languages
def test_says_an_amount_that_can_be_read_two_ways_and_is_asked(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    reply = chat.say({"zh": "一两千吧", "en": "800 to 1000"}[language])
    assert {"zh": "不想猜", "en": "don't want to guess"}[language] in reply.text
    reply = chat.say(words.income)
    assert {"zh": "房租", "en": "rent"}[language] in reply.text
