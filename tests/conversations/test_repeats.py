"""Nothing is said over and over: a question that stays open is worded anew and can be left."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import handoffs
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

OFF_TOPIC = {"zh": "今天天气怎么样", "en": "what's the weather like today"}
ANOTHER = {"zh": "罚息是什么？", "en": "what is penalty interest?"}
THIRD = {"zh": "不还会怎么样？", "en": "what happens if I don't pay?"}
INCOME = {"zh": "现在每个月到手的收入", "en": "About how much money comes in"}


@both_languages
def test_asks_three_other_things_and_the_open_question_is_worded_anew_each_time(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    asked = [steps.reach_the_statement(chat, person, words)]
    asked += [chat.say(other[language]) for other in (OFF_TOPIC, ANOTHER, THIRD)]
    questions = [reply.texts[-1] for reply in asked]
    assert all(INCOME[language] in question for question in questions)
    assert len(set(questions[:3])) == 3 and questions[3] == questions[0]
    assert {"zh": "房租", "en": "rent"}[language] in chat.say(words.income).text, "it is still open"


@both_languages
def test_leaves_a_question_for_now_after_two_digressions(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    chat.say(OFF_TOPIC[language])
    chat.say(ANOTHER[language])
    reply = chat.press({"zh": "先放一放", "en": "Leave it for now"}[language])
    assert INCOME[language] not in reply.text
    assert {"zh": "会保留", "en": "are kept"}[language] in reply.text


@both_languages
def test_asks_something_at_the_read_back_and_is_not_read_the_whole_plan_again(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    read_back = steps.reach_the_acceptance(chat, person, words)
    reply = chat.say(ANOTHER[language])
    assert {"zh": "您接受“", "en": 'Do you accept the plan "'}[language] in reply.text
    assert read_back.texts[-1] not in reply.text
    assert steps.reference_in(chat.say(words.accept)) is not None


@both_languages
def test_asks_to_read_the_offers_again_and_sees_them(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    offers = steps.reach_the_offers(chat, person, steps.WORDS[language])
    again = chat.say({"zh": "没看清，再说一遍", "en": "say that again please"}[language])
    assert again.cards == offers.cards and offers.texts[-1] in again.texts


@both_languages
def test_says_the_same_off_topic_thing_three_times_and_is_answered_differently(
    open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    first, second, third = (chat.say(OFF_TOPIC[language]) for _ in range(3))
    assert first.text == second.text != third.text
    assert any(button["payload"] == "/request_human" for button in third.buttons)


@both_languages
def test_is_not_understood_again_and_again_and_is_not_told_the_same_each_time(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    replies = [
        chat.say(text).texts
        for text in {"zh": ["绿色", "蓝色的", "紫色"] * 2, "en": ["green", "kind of blue", "purple-ish"] * 2}[
            language
        ]
    ]
    for one, other, another in zip(replies, replies[1:], replies[2:], strict=False):
        assert not set(one) & set(other) & set(another)


@both_languages
def test_asks_for_a_person_three_times_and_hears_the_number_each_time(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    replies = [
        chat.say({"zh": "我要找人工客服", "en": "I want to talk to a real person"}[language])
        for _ in range(3)
    ]
    reference = next(
        each.reference for each in handoffs.open_handoffs(stack.store) if each.reference in replies[0].text
    )
    assert all(reference in reply.text for reply in replies)
    assert replies[2].text != replies[1].text


@both_languages
def test_is_in_danger_three_times_and_hears_the_number_each_time(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    replies = [chat.say({"zh": "我不想活了", "en": "I want to kill myself"}[language]) for _ in range(3)]
    assert all("12356" in reply.text for reply in replies)
