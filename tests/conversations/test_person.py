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
CALL_ME = {"zh": "打电话", "en": "Call me"}
HERE = {"zh": "就在这里答复我", "en": "Answer me here"}
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


@both_languages
def test_chooses_when_to_be_called_in_the_middle_of_the_questions_and_then_waits_in_the_chat_instead(
    open_chat: OpenChat, person: Person, stack: Stack, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    asked = chat.say(ASK[language])
    handoff = handoff_in(asked, stack)
    assert "09:00" in asked.text and "18:00" in asked.text
    here, *calls = [button["title"] for button in asked.buttons]
    assert here == HERE[language] and len(calls) == 3
    assert all(title.startswith(CALL_ME[language]) for title in calls)
    chosen = chat.press(calls[1])
    wished = desk.find(stack.store, handoff).callback
    assert handoff in chosen.text and wished is not None
    assert calls[1].removeprefix(CALL_ME[language]).lstrip(":： ") in chosen.text
    assert handoff in chat.press(here).text
    assert desk.find(stack.store, handoff).callback is None


@both_languages
def test_asks_for_a_person_before_saying_who_it_is_and_learns_how_to_get_a_call(
    open_chat: OpenChat, stack: Stack, language: str
) -> None:
    chat = open_chat(language)
    reply = chat.say(ASK[language])
    handoff_in(reply, stack)
    assert {"zh": "先核实身份", "en": "confirm who you are"}[language] in reply.text
    assert not any(button["title"].startswith(CALL_ME[language]) for button in reply.buttons)
