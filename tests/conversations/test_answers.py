"""What is answered in general to anybody and with own figures once verified; education and feedback."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import feedback
from tests.conversations import steps
from tests.conversations.people import Person
from tests.conversations.test_rights import reference_in, verified
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

QUESTIONS = {
    "credit record": ({"zh": "会影响我的征信吗", "en": "what happens to my credit report"}, "5"),
    "consequences": ({"zh": "不还会有什么后果", "en": "what happens if I don't pay"}, "50%"),
    "paying": ({"zh": "怎么还款", "en": "how do I pay"}, "400-000-0000"),
}
each_question = pytest.mark.parametrize("question", QUESTIONS)


@both_languages
@each_question
def test_asks_a_general_question_and_learns_no_figure(
    open_chat: OpenChat, language: str, question: str
) -> None:
    said, fact = QUESTIONS[question]
    reply = open_chat(language).say(said[language])
    assert fact in reply.text and "¥" not in reply.text


@both_languages
@each_question
def test_asks_the_same_once_verified_and_hears_own_figures(
    open_chat: OpenChat, person: Person, language: str, question: str
) -> None:
    said, fact = QUESTIONS[question]
    chat = open_chat(language)
    verified(chat, person, language)
    reply = chat.say(said[language])
    assert fact in reply.text and "¥1,931.00" in reply.text


@both_languages
def test_has_paid_already_and_hears_when_it_is_checked(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    verified(chat, person, language)
    first = chat.say({"zh": "我已经还款了", "en": "I have already paid"}[language])
    reference = reference_in(first)
    chat.say({"zh": "800元", "en": "800 yuan"}[language])
    done = chat.say({"zh": "昨天", "en": "yesterday"}[language])
    assert reference in done.text and "¥800.00" in done.text
    assert {"zh": "核对", "en": "check it"}[language] in done.text


@both_languages
def test_tells_of_the_payment_in_another_chat_too_and_hears_that_it_is_being_checked(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    paid = {"zh": "我已经还款了", "en": "I have already paid"}[language]
    first, second = open_chat(language), open_chat(language)
    verified(first, person, language)
    reference = reference_in(first.say(paid))
    first.say({"zh": "800元", "en": "800 yuan"}[language])
    first.say({"zh": "昨天", "en": "yesterday"}[language])
    verified(second, person, language)
    told = second.say(paid).text
    assert reference in told and "¥800.00" in told
    assert {"zh": "正在核对", "en": "is being checked"}[language] in told


@both_languages
def test_asks_how_to_budget_in_the_middle_of_the_questions_and_goes_on(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "每个月的钱怎么安排？", "en": "how do I budget?"}[language])
    assert {"zh": "离不开的开支", "en": "can't do without"}[language] in reply.text
    assert {"zh": "到手的收入", "en": "comes in each month"}[language] in reply.text


@both_languages
def test_asks_about_borrowing_elsewhere_and_is_advised_against_it(open_chat: OpenChat, language: str) -> None:
    reply = open_chat(language).say(
        {"zh": "要不要借别的网贷来还这个", "en": "should I borrow elsewhere to pay you"}[language]
    )
    assert {"zh": "不要借新债", "en": "Don't take on new debt"}[language] in reply.text
    assert "12348" in reply.text


@both_languages
def test_rates_the_conversation_and_only_the_count_is_kept(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    before = feedback.totals(stack.store).get(5, 0)
    chat = open_chat(language)
    chat.say({"zh": "这个聊天很有用，给好评", "en": "this chat was really good"}[language])
    reply = chat.press({"zh": "5 分", "en": "5"}[language])
    assert {"zh": "谢谢", "en": "Thank you"}[language] in reply.text
    assert feedback.totals(stack.store)[5] == before + 1
