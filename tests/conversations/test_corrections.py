"""Answers that are changed later."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from casestore import agreement, complaints, hardship, plan, sessions
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])
RENT_IS_1700 = {"zh": "不对，房租是1700", "en": "No, the rent is 1700"}


def told(stack: Stack, chat: Chat) -> dict[str, Any]:
    """What the conversation's case holds."""
    session = sessions.get(stack.store, chat.conversation)
    assert session is not None and session.case_id is not None
    return hardship.answers(stack.store, session.case_id)


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


@both_languages
def test_corrects_since_when_while_the_rent_is_asked(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    before = told(stack, chat)["since"]
    chat.say(words.income)
    reply = chat.say({"zh": "不对，是五月份开始的", "en": "actually it started in May"}[language])
    assert {"zh": "房租", "en": "rent"}[language] in reply.text
    after = told(stack, chat)["since"]
    assert after != before and "-05-" in str(after)


@both_languages
def test_corrects_that_it_will_last_at_the_read_back(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_read_back(chat, person, steps.WORDS[language])
    chat.say({"zh": "不是暂时的，会持续很久", "en": "it's not temporary, it will last"}[language])
    assert told(stack, chat)["lasting"] is True


@both_languages
def test_names_another_reason_later_and_goes_on(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "其实是我离婚了", "en": "it is because of my divorce"}[language])
    assert {"zh": "到手的收入", "en": "comes in each month"}[language] in reply.text
    assert told(stack, chat)["cause"] == "family_event"


@both_languages
def test_names_an_illness_later_and_is_asked_before_it_is_recorded(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "其实是因为生病住院", "en": "I am ill and in hospital"}[language])
    assert {"zh": "健康", "en": "Health"}[language] in reply.text
    assert told(stack, chat)["cause"] == "job_loss"
    chat.say({"zh": "可以记", "en": "yes"}[language])
    assert told(stack, chat)["cause"] == "illness"


@both_languages
def test_takes_another_plan_at_the_read_back_and_agrees_to_that_one(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_acceptance(chat, person, steps.WORDS[language])
    session = sessions.get(stack.store, chat.conversation)
    assert session is not None and session.case_id is not None
    second = plan.current(stack.store, session.case_id).offers[1]
    chat.say({"zh": "还是选方案2吧", "en": "I'd rather take option 2"}[language])
    assert agreement.for_case(stack.store, session.case_id) is None
    chat.say(steps.WORDS[language].accept)
    made = agreement.for_case(stack.store, session.case_id)
    assert made is not None and made.kind == second.offer.kind


@both_languages
def test_corrects_by_which_channel_the_collector_came(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    chat.say({"zh": "催收骚扰我，我要投诉", "en": "I want to complain about your collectors"}[language])
    skip = {"zh": "跳过", "en": "Skip"}[language]
    chat.press(skip)
    chat.press(skip)
    chat.say({"zh": "电话", "en": "by phone"}[language])
    reply = chat.say({"zh": "不对，是短信不是电话", "en": "actually it was by SMS, not by phone"}[language])
    assert {"zh": "改过来了", "en": "changed that"}[language] in reply.text
    complaint = complaints.open_of(stack.store, chat.conversation, "contact")
    assert complaint is not None and complaint.details["channel"] == "sms"
