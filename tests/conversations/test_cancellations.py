"""Whatever is begun can be left: what stays is said, and there is always a way on."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import agreement, complaints, contact_preferences, decisions, disputes, sessions
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

NEVER_MIND = {"zh": "算了", "en": "never mind"}
GO_ON_AFTER_ALL = {"zh": "接着刚才的", "en": "Go on after all"}
INCOME_ASKED = {"zh": "到手的收入", "en": "comes in each month"}
COMPLAIN = {
    "zh": "你们天天打电话骚扰我，我要投诉",
    "en": "your collectors keep calling me, I want to complain",
}
DISPUTE = {"zh": "这笔钱不是我借的", "en": "this is not my debt"}


def leaves_a_way_on(reply: Reply) -> bool:
    """Whether there is more to do than to go away."""
    return len(reply.buttons) > 1


def has_agreement(stack: Stack, chat: Chat) -> bool:
    """Whether the conversation's case holds an agreement."""
    session = sessions.get(stack.store, chat.conversation)
    assert session is not None and session.case_id is not None
    return agreement.for_case(stack.store, session.case_id) is not None


# Dialogue and identity


@both_languages
def test_leaves_the_privacy_notice_and_takes_it_up_again(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say(steps.WORDS[language].lost_job)
    left = chat.say(NEVER_MIND[language])
    assert {"zh": "不会处理您的信息", "en": "won't use your information"}[language] in left.text
    assert {"zh": "您同意", "en": "Do you agree"}[language] in chat.press(GO_ON_AFTER_ALL[language]).text


@both_languages
def test_leaves_the_identity_questions_and_hears_no_figure(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(words.lost_job)
    chat.say(words.agree)
    left = chat.say({"zh": "不想填了", "en": "leave it"}[language])
    assert leaves_a_way_on(left) and "¥" not in left.text
    again = chat.press(GO_ON_AFTER_ALL[language])
    assert {"zh": "手机号", "en": "phone number"}[language] in again.text


# Hardship


@both_languages
def test_leaves_the_questions_and_goes_on_after_all_where_they_were(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    left = chat.say(NEVER_MIND[language])
    assert leaves_a_way_on(left) and INCOME_ASKED[language] not in left.text
    assert INCOME_ASKED[language] in chat.press(GO_ON_AFTER_ALL[language]).text
    assert {"zh": "房租", "en": "rent"}[language] in chat.say(words.income).text


@both_languages
def test_types_stop_alone_and_is_asked_nothing_more(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    left = chat.say({"zh": "停", "en": "stop"}[language])
    assert leaves_a_way_on(left) and INCOME_ASKED[language] not in left.text
    assert contact_preferences.of_session(stack.store, chat.conversation) is None


# Plan, request and agreement


@both_languages
def test_leaves_the_offers_and_nothing_is_agreed(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    assert leaves_a_way_on(chat.say(NEVER_MIND[language]))
    assert not has_agreement(stack, chat)
    assert {"zh": "方案1", "en": "Option 1"}[language] in str(chat.press(GO_ON_AFTER_ALL[language]).buttons)


@both_languages
def test_leaves_the_read_back_and_nothing_is_agreed(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_acceptance(chat, person, steps.WORDS[language])
    assert leaves_a_way_on(chat.say(NEVER_MIND[language]))
    assert not has_agreement(stack, chat)


@both_languages
def test_sends_no_request_after_all_and_is_back_at_the_offers(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    chat.say({"zh": "我想一次性8000结清", "en": "I can pay 8000 as a lump sum settlement"}[language])
    back = chat.say(NEVER_MIND[language])
    assert {"zh": "方案1", "en": "Option 1"}[language] in str(back.buttons)
    session = sessions.get(stack.store, chat.conversation)
    assert session is not None and decisions.requests_of(stack.store, str(session.case_id)) == ()


@both_languages
def test_thinks_better_of_withdrawing_and_keeps_the_plan(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_agreement(chat, person, steps.WORDS[language])
    chat.say({"zh": "我要取消协议", "en": "I want to cancel the agreement"}[language])
    chat.say(NEVER_MIND[language])
    assert has_agreement(stack, chat)


# Rights and feedback


@both_languages
def test_calls_the_complaint_off_inside_the_questions_and_is_back_at_them(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    chat.say(COMPLAIN[language])
    chat.press({"zh": "现在说", "en": "Now"}[language])
    assert INCOME_ASKED[language] in chat.say(NEVER_MIND[language]).text
    assert complaints.open_of(stack.store, chat.conversation, "contact") is None


@both_languages
def test_wants_no_more_questions_and_the_complaint_stays(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    chat.say(COMPLAIN[language])
    left = chat.say({"zh": "别问了", "en": "no more questions"}[language])
    assert leaves_a_way_on(left)
    assert complaints.open_of(stack.store, chat.conversation, "contact") is not None


@both_languages
def test_takes_the_dispute_back_with_never_mind(stack: Stack, open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say(DISPUTE[language])
    chat.say(NEVER_MIND[language])
    assert disputes.open_of(stack.store, chat.conversation) is None


@both_languages
def test_does_not_rate_after_all(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say({"zh": "我想评价一下", "en": "I want to give feedback"}[language])
    assert leaves_a_way_on(chat.say(NEVER_MIND[language]))
