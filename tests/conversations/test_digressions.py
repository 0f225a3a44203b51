"""Questions and other topics in the middle and the way back, other languages, misunderstandings."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

COMPLAIN = {
    "zh": "你们打电话骚扰我，我要投诉",
    "en": "your collectors keep calling me, I want to complain",
}
NOW, LATER = {"zh": "现在说", "en": "Now"}, {"zh": "以后再说", "en": "Later"}
WHEN_ASKED = {"zh": "什么时候的事", "en": "When did it happen"}
SKIP = {"zh": "跳过", "en": "Skip"}
INCOME_ASKED = {"zh": "到手的收入", "en": "comes in each month"}


@both_languages
def test_asks_what_penalty_interest_is_and_goes_on(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    reply = chat.say({"zh": "罚息是什么？", "en": "what is penalty interest?"}[language])
    assert {"zh": "罚息", "en": "Penalty interest"}[language] in reply.text
    assert {"zh": "到手的收入", "en": "comes in each month"}[language] in reply.text
    reply = chat.say(words.income)
    assert {"zh": "房租", "en": "rent"}[language] in reply.text


def test_switches_to_english_in_the_middle_of_the_questions(open_chat: OpenChat, person: Person) -> None:
    chat = open_chat("zh")
    steps.reach_the_statement(chat, person, steps.WORDS["zh"])
    reply = chat.say("can we speak English please")
    assert "comes in each month" in reply.text and "收入" not in reply.text
    reply = chat.say("六千五")
    assert "rent or mortgage" in reply.text


def test_writes_both_languages_in_one_sentence(open_chat: OpenChat) -> None:
    reply = open_chat("zh").say("我上个月 lost my job 没收入了")
    assert "失去工作" in reply.text


def test_switches_language_with_the_button_on_the_page(open_chat: OpenChat) -> None:
    chat = open_chat("zh")
    assert "English" in chat.switch("en").text
    assert "Losing a job" in chat.say("我失业了，还不上贷款").text


@both_languages
def test_is_misunderstood_three_times_and_is_offered_a_person(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    nonsense = {"zh": ["桌子", "就那样呗", "桌椅"], "en": ["green", "kind of blue", "turquoise"]}[language]
    replies = [chat.say(words) for words in nonsense]
    assert {"zh": "例如", "en": "for example"}[language] in replies[1].text
    assert any(b["title"] in ("找人工", "Talk to a person") for b in replies[2].buttons)


@both_languages
def test_does_not_know_and_gets_an_example(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "我不知道", "en": "I don't know"}[language])
    assert {"zh": "例如", "en": "for example"}[language] in reply.text


@both_languages
def test_asks_what_is_owed_before_being_verified_and_learns_nothing(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(words.lost_job)
    chat.say(words.agree)
    reply = chat.say({"zh": "我欠多少钱？", "en": "how much do I owe?"}[language])
    assert "¥" not in reply.text
    assert {"zh": "手机号", "en": "phone number"}[language] in reply.text


# Another topic with questions of its own


@both_languages
def test_complains_now_and_comes_back_to_the_open_question(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    offered = chat.say(COMPLAIN[language])
    assert "CP-" in offered.text and INCOME_ASKED[language] not in offered.text
    assert WHEN_ASKED[language] in chat.press(NOW[language]).text
    for _ in range(3):
        chat.press(SKIP[language])
    assert INCOME_ASKED[language] in chat.press(SKIP[language]).text


@both_languages
def test_complains_later_and_is_asked_once_when_the_questions_are_done(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_read_back(chat, person, words)
    chat.say(COMPLAIN[language])
    assert "¥6,500.00" in chat.say({"zh": "以后再说", "en": "later"}[language]).text
    asked = chat.say(words.right)
    assert {"zh": "投诉的细节", "en": "details of your complaint"}[language] in asked.text
    offers = chat.say({"zh": "不用了", "en": "no thanks"}[language])
    assert any(card["type"] == "offers" for card in offers.cards)


@both_languages
def test_answers_the_question_from_before_and_is_taken_back_to_it(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    chat.say(COMPLAIN[language])
    assert INCOME_ASKED[language] in chat.say(words.income).text


@both_languages
def test_complains_while_verifying_and_is_asked_afterwards(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(words.lost_job)
    chat.say(words.agree)
    noted = chat.say(COMPLAIN[language])
    assert "CP-" in noted.text and {"zh": "手机号", "en": "phone number"}[language] in noted.text


@both_languages
def test_is_being_defrauded_and_waits_for_no_question(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    warned = chat.say({"zh": "我被骗了", "en": "I have been scammed"}[language])
    assert "96110" in warned.text and INCOME_ASKED[language] not in warned.text
