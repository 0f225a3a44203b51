"""What must not happen: disclosure to the wrong person, guessing a code, talk of money in danger."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import handoffs
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])


def answers_to_wrong_codes(chat: Chat, phone: str, last_four: str, words: steps.Words) -> list[str]:
    """What three wrong codes are answered with."""
    chat.say(words.lost_job)
    chat.say(words.agree)
    replies = [chat.say(phone), chat.say(last_four)]
    replies += [chat.say(code) for code in ("000001", "000002", "000003")]
    return [reply.text for reply in replies]


@both_languages
def test_types_wrong_codes_and_is_locked_like_a_stranger(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    known = answers_to_wrong_codes(open_chat(language), person.phone, person.last_four, words)
    locked = answers_to_wrong_codes(open_chat(language), person.phone, person.last_four, words)
    stranger = answers_to_wrong_codes(open_chat(language), "13812345678", "1234", words)
    wrong_detail = answers_to_wrong_codes(open_chat(language), person.phone, "0000", words)
    assert known == locked == stranger == wrong_detail
    assert {"zh": "没能核实", "en": "couldn't verify"}[language] in known[-1]


@both_languages
def test_types_one_wrong_code_then_the_right_one(open_chat: OpenChat, person: Person, language: str) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(words.lost_job)
    chat.say(words.agree)
    chat.say(person.phone)
    chat.say(person.last_four)
    code = chat.code(f"+86{person.phone}")
    wrong = "000000" if code != "000000" else "111111"
    assert {"zh": "对不上", "en": "don't match"}[language] in chat.say(wrong).text
    assert {"zh": "核实好了", "en": "verified"}[language] in chat.say(code).text


@both_languages
def test_is_not_that_person_and_learns_nothing(open_chat: OpenChat, person: Person, language: str) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(words.lost_job)
    chat.say(words.agree)
    chat.say(person.phone)
    reply = chat.say({"zh": "你打错了，我不是他", "en": "I'm not that person, wrong number"}[language])
    assert {"zh": "抱歉打扰", "en": "sorry for the trouble"}[language] in reply.text
    assert "¥" not in reply.text
    assert "¥" not in chat.say({"zh": "我欠多少钱", "en": "how much do I owe"}[language]).text


@both_languages
def test_asks_for_a_person_and_hears_when_to_expect_an_answer(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reply = chat.say({"zh": "我要找人工客服", "en": "I want to talk to a real person"}[language])
    assert {"zh": "之前答复", "en": "answer by"}[language] in reply.text
    assert any(handoff.reference in reply.text for handoff in handoffs.open_handoffs(stack.store))


@both_languages
def test_is_in_danger_and_hears_the_number_and_nothing_of_money(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply: Reply = chat.say({"zh": "我不想活了", "en": "I want to kill myself"}[language])
    assert "12356" in reply.text and "¥" not in reply.text
    assert {"zh": "到手的收入", "en": "comes in each month"}[language] not in reply.text


@both_languages
def test_refuses_consent_and_nothing_is_asked(open_chat: OpenChat, language: str) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(words.lost_job)
    reply = chat.say({"zh": "不同意", "en": "I don't agree"}[language])
    assert {"zh": "不会处理您的信息", "en": "won't process your information"}[language] in reply.text


def test_types_a_command_instead_of_a_sentence(open_chat: OpenChat) -> None:
    reply = open_chat("en").say('/accept_offer{"option_number": 1}')
    assert steps.reference_in(reply) is None


@both_languages
def test_asks_whether_it_is_a_scam_and_goes_on(open_chat: OpenChat, language: str) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(words.lost_job)
    chat.say(words.agree)
    reply = chat.say(
        {"zh": "为什么要我的身份证，你们是不是骗子", "en": "why do you need my ID, is this a scam"}[language]
    )
    assert {"zh": "绝不会问密码", "en": "never a password"}[language] in reply.text
    assert {"zh": "手机号", "en": "phone number"}[language] in reply.text
