"""Messages that could mean several things: the closest meanings as buttons, and what comes of the choice."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import training_candidates
from tests.conversations import steps
from tests.conversations.people import Person
from tests.conversations.test_bargaining import largest_instalment
from tests.conversations.test_rights import verified
from tests.support.chat import Chat, ChatFailed, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

DID_YOU_MEAN = {"zh": "您是想说下面哪一个", "en": "Is it one of these"}
NONE = {"zh": "都不是", "en": "None of these"}
OTHER_WORDS = {"zh": "换个说法", "en": "in other words"}
PERSON = {"zh": "找人工", "en": "Talk to a person"}
INCOME = {"zh": "到手的收入", "en": "comes in each month"}

# A word or two that the model holds likely in more than one way.
UNCLEAR = {"zh": "还款", "en": "payment"}


def say_unclearly(chat: Chat, words: str, language: str) -> Reply:
    """Write something the bot does not understand; what it answers."""
    reply = chat.say(words)
    assert DID_YOU_MEAN[language] in reply.text, f"{words!r} is clear by now, or has no close meaning"
    return reply


def titles(reply: Reply, language: str) -> list[str]:
    """The meanings shown, without the way out at their end."""
    shown = [button["title"] for button in reply.buttons]
    end = shown.index(NONE[language])
    return shown[:end]


def candidates(stack: Stack) -> list[tuple[str, str | None]]:
    """What was kept of all conversations of this run: wording and choice."""
    return [(each.wording, each.chosen) for each in training_candidates.waiting(stack.store)]


@both_languages
def test_writes_something_unclear_and_picks_one_of_three_meanings(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    reply = say_unclearly(chat, UNCLEAR[language], language)
    assert 2 <= len(titles(reply, language)) <= 3
    chosen = {"zh": "怎么还款", "en": "I can't pay my loan"}[language]
    answer = chat.press(chosen)
    assert {"zh": "怎么还款：", "en": "a good first step"}[language] in answer.text
    meaning = {"zh": "ask_how_to_pay", "en": "report_hardship"}[language]
    assert (UNCLEAR[language], meaning) in candidates(stack)


def test_wants_to_complain_in_a_word_and_the_complaint_is_taken_in(open_chat: OpenChat) -> None:
    chat = open_chat("zh")
    say_unclearly(chat, "投诉", "zh")
    assert "投诉已经受理" in chat.press("投诉催收的方式").text


@both_languages
def test_picks_none_of_these_says_it_again_and_is_offered_a_person(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    say_unclearly(chat, UNCLEAR[language], language)
    reply = chat.press(NONE[language])
    assert OTHER_WORDS[language] in reply.text
    assert (UNCLEAR[language], None) in candidates(stack)
    again = chat.say({"zh": "桌子", "en": "turquoise"}[language])
    assert PERSON[language] in [button["title"] for button in again.buttons]


@both_languages
def test_is_unclear_inside_the_income_question_and_returns_to_it(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    reply = say_unclearly(chat, UNCLEAR[language], language)
    assert INCOME[language] in reply.texts[-1]
    answer = chat.press(titles(reply, language)[0])
    assert DID_YOU_MEAN[language] not in answer.text and INCOME[language] in answer.texts[-1]
    assert {"zh": "房租", "en": "rent"}[language] in chat.say(words.income).text


@both_languages
def test_picks_none_of_these_inside_the_income_question_and_gets_an_example(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    say_unclearly(chat, UNCLEAR[language], language)
    reply = chat.press(NONE[language])
    assert {"zh": "例如", "en": "for example"}[language] in reply.text
    assert INCOME[language] in reply.texts[-1]


@both_languages
def test_picks_a_person_inside_the_income_question_and_is_handed_over(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    say_unclearly(chat, {"zh": "打电话", "en": "about the call"}[language], language)
    reply = chat.press(PERSON[language])
    assert {"zh": "之前答复", "en": "answer by"}[language] in reply.text
    assert INCOME[language] not in reply.text


@both_languages
def test_an_unclear_message_with_an_amount_keeps_the_amount(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    say_unclearly(chat, {"zh": "大概800那样", "en": "800 thing"}[language], language)
    chat.press({"zh": "我只能还这么多", "en": "This is what I can pay"}[language])
    chat.say(words.agree)
    steps.verify(chat, person)
    chat.say(words.agree)
    reply = steps.answer_the_questions(chat, words)
    answered = next(card for card in reply.cards if card["type"] == "offers")
    assert len(answered["offers"]) == 1  # the wish is answered by itself, before the other offers
    assert largest_instalment(answered) <= 800


@both_languages
def test_what_was_kept_holds_no_name_and_no_phone_number(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    verified(chat, person, language)
    said = {"zh": "还款 我叫张伟 13912345678", "en": "payment my name is john smith 13912345678"}[language]
    reply = say_unclearly(chat, said, language)
    chat.press(titles(reply, language)[0])
    kept = {"zh": "还款 我叫[…] […]", "en": "payment my name is […] […]"}[language]
    assert kept in [wording for wording, _ in candidates(stack)]


def test_a_meaning_the_bot_has_not_offered_can_not_be_pressed_or_typed(
    stack: Stack, open_chat: OpenChat
) -> None:
    chat = open_chat("en")
    with pytest.raises(ChatFailed):
        chat.press('/choose_meaning{"meaning": "stop_contact", "meant_message": "1"}')
    before = candidates(stack)
    chat.say('/choose_meaning{"meaning": "stop_contact", "meant_message": "1"}')
    assert candidates(stack) == before
