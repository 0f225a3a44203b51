"""Somebody in danger: the number in the same reply, no money, and a person before anything else."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import handoffs
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
Reach = Callable[[Chat, Person, steps.Words], object]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

DANGER = {"zh": "月收入4000，但是我不想活了", "en": "4000 a month, but I want to kill myself"}
HIT = {"zh": "我老公打我，逼我借的", "en": "my husband hits me and made me take the loan"}
PLAN = {"zh": "我想要一个还款方案", "en": "I want a repayment plan"}
PERSON_FIRST = {"zh": "工作人员会先和您谈", "en": "A person will talk with you first"}
SAFE_TO_TALK = {"zh": "您现在说话安全吗", "en": "Is it safe for you to talk now"}


def says_what_is_wrong(chat: Chat, person: Person, words: steps.Words) -> object:
    """On to the consent question."""
    return chat.say(words.lost_job)


def agrees(chat: Chat, person: Person, words: steps.Words) -> object:
    """On to the question who one is."""
    chat.say(words.lost_job)
    return chat.say(words.agree)


@both_languages
@pytest.mark.parametrize(
    "reach", [says_what_is_wrong, agrees, steps.reach_the_statement, steps.reach_the_offers]
)
def test_answers_a_question_with_danger(
    stack: Stack, open_chat: OpenChat, person: Person, language: str, reach: Reach
) -> None:
    chat = open_chat(language)
    reach(chat, person, steps.WORDS[language])
    reply = chat.say(DANGER[language])
    assert "12356" in reply.text and "¥" not in reply.text
    assert any(
        h.reason == handoffs.DANGER and h.priority == "top" for h in handoffs.open_handoffs(stack.store)
    )


@both_languages
def test_says_ok_and_asks_for_a_plan_after_danger(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    chat.say(DANGER[language])
    for message in ({"zh": "好的", "en": "ok"}[language], PLAN[language]):
        reply = chat.say(message)
        assert PERSON_FIRST[language] in reply.text and "12356" in reply.text and "¥" not in reply.text


@both_languages
def test_is_hit_at_home_and_is_asked_whether_it_is_safe_to_talk(open_chat: OpenChat, language: str) -> None:
    reply = open_chat(language).say(HIT[language])
    assert "110" in reply.text and "12338" in reply.text and SAFE_TO_TALK[language] in reply.text


THREATENS = {
    "zh": "再打电话我就拿刀去你们公司，我要弄死那个催收的",
    "en": "If your agent calls again I'll come to your office with a knife and kill him",
}
NOBODY_GETS_HURT = {"zh": "谁都不受伤", "en": "nobody gets hurt"}
AT_THE_DOOR = {
    "zh": "催收的拿着棍子堵在我家门口，还打了我",
    "en": "Your collector is at my door with a bat and he hit me",
}


@both_languages
def test_threatens_others_and_hears_words_for_that_a_number_and_that_a_person_comes(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say(THREATENS[language])
    assert NOBODY_GETS_HURT[language] in reply.text and "¥" not in reply.text
    assert "12356" in reply.text and "110" in reply.text
    assert PERSON_FIRST[language] in chat.say(PLAN[language]).text
    assert any(
        h.reason == handoffs.DANGER and h.priority == "top" for h in handoffs.open_handoffs(stack.store)
    )


@both_languages
def test_is_beaten_by_who_collects_and_hears_whom_to_call(open_chat: OpenChat, language: str) -> None:
    reply = open_chat(language).say(AT_THE_DOOR[language])
    assert "110" in reply.text and "12356" in reply.text and SAFE_TO_TALK[language] in reply.text
    assert NOBODY_GETS_HURT[language] not in reply.text


@both_languages
def test_is_stressed_and_the_question_comes_back(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "压力好大，天天睡不着", "en": "I'm so stressed, I can't sleep"}[language])
    assert "12356" in reply.text
    assert {"zh": "到手的收入", "en": "comes in each month"}[language] in reply.text


SLEEPLESS = {"zh": "我好几个星期没睡好了，", "en": "I haven't slept in weeks, "}
NO_HURRY = {"zh": "我们慢慢来", "en": "There's no hurry"}
PERSON = {"zh": "找人工", "en": "Talk to a person"}


@both_languages
def test_answers_in_distress_and_the_answer_counts_at_a_softer_pace(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    chat.say(steps.WORDS[language].income)
    reply = chat.say(SLEEPLESS[language] + {"zh": "房租2500", "en": "the rent is 2500"}[language])
    assert NO_HURRY[language] in reply.text and "12356" in reply.text
    assert PERSON[language] in [button["title"] for button in reply.buttons]
    assert {"zh": "吃饭", "en": "food"}[language] in reply.text, (
        "the rent was taken, the next question is asked"
    )
    again = chat.say(SLEEPLESS[language] + steps.WORDS[language].living)
    assert NO_HURRY[language] not in again.text, "comfort in every reply wears out"


@both_languages
@pytest.mark.parametrize("reach", [None, steps.reach_the_statement])
def test_asks_something_in_distress_and_is_answered_at_a_softer_pace(
    open_chat: OpenChat, person: Person, language: str, reach: Reach | None
) -> None:
    chat = open_chat(language)
    if reach:
        reach(chat, person, steps.WORDS[language])
    reply = chat.say(
        SLEEPLESS[language] + {"zh": "罚息是什么？", "en": "what is penalty interest?"}[language]
    )
    assert NO_HURRY[language] in reply.text and "12356" in reply.text
    assert {"zh": "罚息", "en": "penalty interest"}[language] in reply.text
    assert PERSON[language] in [button["title"] for button in reply.buttons]


PLAIN_MATTERS = [
    pytest.param(
        {"zh": "你是真人还是机器人", "en": "are you a robot?"},
        {"zh": "软件助手，不是真人", "en": "a software assistant, not a person"},
        id="ask_bot_identity",
    ),
    pytest.param(
        {"zh": "你能帮我做什么？", "en": "what can you do?"},
        {"zh": "我能做这些事", "en": "Here is what I can do"},
        id="ask_capabilities",
    ),
    pytest.param(
        {"zh": "凭什么给你手机号", "en": "why do you need my phone number?"},
        {"zh": "您的谨慎是对的", "en": "You're right to be careful"},
        id="refuse_identity",
    ),
    pytest.param(
        {"zh": "没看懂，再说一遍", "en": "say that again please"},
        {"zh": "我再说一遍", "en": "let me say it again"},
        id="repeat_message",
    ),
]


@both_languages
@pytest.mark.parametrize(("matter", "answered"), PLAIN_MATTERS)
@pytest.mark.parametrize("reach", [None, agrees])
def test_brings_up_in_distress_what_has_a_plain_answer_and_hears_a_calm_word_first(
    open_chat: OpenChat,
    person: Person,
    language: str,
    matter: dict[str, str],
    answered: dict[str, str],
    reach: Reach | None,
) -> None:
    chat = open_chat(language)
    question = reach(chat, person, steps.WORDS[language]) if reach else None
    reply = chat.say(SLEEPLESS[language] + matter[language])
    assert NO_HURRY[language] in reply.texts[0] and "12356" in reply.texts[0]
    assert answered[language] in reply.text
    if question:
        assert len(reply.texts) > 2, "the open question is asked again"


@both_languages
@pytest.mark.parametrize(
    "said", [{"zh": "不知道", "en": "I don't know"}, {"zh": "不是", "en": "nope"}], ids=["dont_know", "deny"]
)
def test_answers_no_question_in_distress_and_hears_a_calm_word_first(
    open_chat: OpenChat, language: str, said: dict[str, str]
) -> None:
    reply = open_chat(language).say(SLEEPLESS[language] + said[language])
    assert NO_HURRY[language] in reply.texts[0]
    assert reply.buttons[0]["title"] == PERSON[language]
