"""Away for an hour or for days, on the same page or a new one: nothing is lost or shown to others."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import hardship, sessions
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

PAUSE = {"zh": "等会再说", "en": "I'll come back later"}
GO_ON = {"zh": "继续", "en": "go on"}
GO_ON_WHERE_WE_WERE = {"zh": "接着上次的", "en": "Go on where we were"}
WHERE_WE_WERE = {"zh": "继续我之前没填完的还款申请", "en": "continue where we left off last time"}
HOUSING_ASKED = {"zh": "房租", "en": "rent or mortgage"}
INCOME_TOLD = {"zh": "每月收入", "en": "your monthly income"}
CAUSE_ASKED = {"zh": "是什么原因", "en": "what happened?"}
# Longer than the session lasts (`session_expiration_time` in domain.yml).
AWHILE = 61


def leave_after_the_income(chat: Chat, person: Person, language: str) -> None:
    """Answer up to the income and go away; the rent is the open question."""
    words = steps.WORDS[language]
    steps.reach_the_statement(chat, person, words)
    chat.say(words.income)
    chat.say(PAUSE[language])


def come_back(chat: Chat, person: Person, language: str, said: str) -> Reply:
    """Say `said`, consent, verify; the reply to the code."""
    chat.say(said)
    chat.say(steps.WORDS[language].agree)
    return steps.verify(chat, person)


@both_languages
def test_pauses_and_goes_on_a_moment_later(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    leave_after_the_income(chat, person, language)
    assert HOUSING_ASKED[language] in chat.say(GO_ON[language]).text


@both_languages
def test_comes_back_in_a_new_conversation_and_goes_on_where_it_stopped(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    leave_after_the_income(open_chat(language), person, language)
    chat = open_chat(language)
    asked = come_back(chat, person, language, WHERE_WE_WERE[language])
    assert INCOME_TOLD[language] in asked.text and "¥" not in asked.text
    assert HOUSING_ASKED[language] in chat.press(GO_ON_WHERE_WE_WERE[language]).text
    for said in (words.housing, words.living):
        chat.say(said)
    read_back = chat.say(words.debts)
    assert "¥6,500.00" in read_back.text and "¥3,500.00" in read_back.text
    assert any(card["type"] == "offers" for card in chat.say(words.right).cards)


@both_languages
def test_comes_back_to_offers_and_gets_them_anew_after_the_read_back(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    steps.reach_the_offers(open_chat(language), person, words)
    chat = open_chat(language)
    come_back(chat, person, language, words.lost_job)
    assert "¥6,500.00" in chat.press(GO_ON_WHERE_WE_WERE[language]).text
    assert any(card["type"] == "offers" for card in chat.say(words.right).cards)


@both_languages
def test_comes_back_to_the_same_page_after_an_hour_and_verifies_again(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    leave_after_the_income(chat, person, language)
    stack.let_pass(chat.conversation, AWHILE)
    welcome = chat.say(GO_ON[language])
    assert {"zh": "欢迎回来", "en": "Welcome back"}[language] in welcome.text and "¥" not in welcome.text
    session = sessions.get(stack.store, chat.conversation)
    assert session is not None and session.borrower_id is None
    chat.say(steps.WORDS[language].agree)
    assert INCOME_TOLD[language] in steps.verify(chat, person).text
    assert HOUSING_ASKED[language] in chat.press(GO_ON_WHERE_WE_WERE[language]).text


@both_languages
def test_somebody_else_at_the_same_device_after_an_hour_learns_nothing(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    leave_after_the_income(chat, person, language)
    stack.let_pass(chat.conversation, AWHILE)
    reply = chat.say({"zh": "我欠多少钱？", "en": "how much do I owe?"}[language])
    assert "¥" not in reply.text and INCOME_TOLD[language] not in reply.text


@both_languages
def test_begins_again_with_no_answers_when_coming_back(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    before = open_chat(language)
    leave_after_the_income(before, person, language)
    old = sessions.get(stack.store, before.conversation)
    chat = open_chat(language)
    come_back(chat, person, language, WHERE_WE_WERE[language])
    chat.say({"zh": "从头开始", "en": "start over"}[language])
    assert CAUSE_ASKED[language] in chat.say(steps.WORDS[language].agree).text
    assert old is not None
    assert hardship.answers(stack.store, str(old.case_id))["monthly_income"] == 650000


@both_languages
def test_asks_what_is_owed_first_and_hears_that_a_request_waits(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    leave_after_the_income(open_chat(language), person, language)
    chat = open_chat(language)
    owed = come_back(chat, person, language, {"zh": "我欠多少钱？", "en": "how much do I owe?"}[language])
    assert "¥" in owed.text
    asked = chat.press({"zh": "接着说申请", "en": "Go on with it"}[language])
    assert INCOME_TOLD[language] in asked.text


@both_languages
def test_starts_over_by_a_yes_and_is_asked_everything_again(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, words)
    chat.say({"zh": "重新开始", "en": "start over"}[language])
    chat.press({"zh": "从头开始", "en": "Start again"}[language])
    asked = chat.say({"zh": "我想协商还款", "en": "I want a repayment plan"}[language])
    assert CAUSE_ASKED[language] in asked.text


@both_languages
def test_does_not_start_over_after_all(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    chat.say({"zh": "重新开始", "en": "start over"}[language])
    back = chat.press({"zh": "不用，接着来", "en": "No, go on"}[language])
    assert {"zh": "到手的收入", "en": "comes in each month"}[language] in back.text
