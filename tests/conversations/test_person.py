"""A person at the other end: asked for anywhere, in the same chat, with the bot silent meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import desk, handoffs
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

CHEN = "Chen Jing"
ASK = {"zh": "我要找人工", "en": "I want to talk to a person"}
LEFT = {"zh": "我又在了", "en": "I'm here again"}


def handoff_in(reply: Reply, stack: Stack) -> str:
    """The reference the borrower was given, which is in the queue."""
    (reference,) = [
        each.reference for each in handoffs.open_handoffs(stack.store) if each.reference in reply.text
    ]
    return reference


@both_languages
def test_asks_for_a_person_in_the_middle_of_the_questions_and_talks_with_one(
    open_chat: OpenChat, person: Person, stack: Stack, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    handoff = handoff_in(chat.say(ASK[language]), stack)
    desk.take(stack.store, handoff, CHEN)
    chat.hear(lambda said: said.get("notice") == "person_joined")
    assert chat.say("ok").messages == ()
    desk.answer(stack.store, handoff, CHEN, "We can wait until the 5th. 我们可以等到5号。")
    assert chat.hear(lambda said: "5号" in said.get("text", ""))["author"] == "person"
    desk.close(stack.store, handoff, CHEN)
    assert LEFT[language] in chat.hear(lambda said: said.get("notice") == "person_left")["text"]
    assert chat.say({"zh": "我欠多少钱", "en": "how much do I owe"}[language]).texts


def test_the_person_sees_what_the_borrower_has_said_so_far(
    open_chat: OpenChat, person: Person, stack: Stack
) -> None:
    words = steps.WORDS["zh"]
    chat = open_chat("zh")
    steps.reach_the_read_back(chat, person, words)
    handoff = handoff_in(chat.say(ASK["zh"]), stack)
    known = desk.find(stack.store, handoff).summary
    assert known["verified"] and known["answers"]["monthly_income"] == 650_000
    assert words.lost_job in [each.body.get("text") for each in desk.transcript(stack.store, handoff)]


@both_languages
def test_says_something_dangerous_to_the_person_and_still_gets_the_hotline(
    open_chat: OpenChat, stack: Stack, language: str
) -> None:
    chat = open_chat(language)
    handoff = handoff_in(chat.say(ASK[language]), stack)
    desk.take(stack.store, handoff, CHEN)
    reply = chat.say({"zh": "我不想活了", "en": "I want to kill myself"}[language])
    assert "12356" in reply.text
    assert desk.find(stack.store, handoff).priority == "top"
