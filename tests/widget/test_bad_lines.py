"""The real bot over a line that drops, and in two tabs: every message stands once, in one order, for good."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from itertools import cycle
from pathlib import Path

import jwt
import pytest
from playwright.sync_api import Locator, Page, expect

from casestore import messages
from casestore.messages import Message
from casestore.store import CaseStore
from tests.conversations import people, steps
from tests.conversations.people import Person
from tests.support.chat import Chat, newest_code
from tests.support.line import Line
from tests.support.stack import Stack
from tests.widget.pages import TURN_MS, ChatPage

ZH = steps.WORDS["zh"]
DROPS = 10
STEP_SECONDS = 0.02
NOTICE, NOTICE_NAME = re.compile(r"https?://\S+/chat/privacy/zh"), "查看隐私说明（在新窗口打开）"
DOT = re.compile(r"^· ", re.MULTILINE)
BEFORE_THE_CODE = (ZH.lost_job, ZH.agree, "{phone}", "{last_four}")
AFTER_THE_CODE = (
    ZH.agree,
    ZH.three_months_ago,
    ZH.temporary,
    ZH.household,
    ZH.income,
    ZH.housing,
    ZH.living,
    ZH.debts,
    ZH.right,
)


@pytest.fixture
def line(stack: Stack) -> Iterator[Line]:
    """The line between the borrower's browser and the bot."""
    with Line(stack.base_url) as line:
        yield line


@pytest.fixture
def person(stack: Stack, tmp_path: Path) -> Person:
    """Somebody who is behind with a loan."""
    return people.invent(stack.store, tmp_path, stack.today)


@pytest.fixture(scope="module")
def undisturbed(stack: Stack, tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """What the bot says to somebody in the same straits over a good line."""
    person = people.invent(stack.store, tmp_path_factory.mktemp("accounts"), stack.today)
    with Chat(stack.base_url) as chat:
        speak(chat.say, stack, person)
        return [str(each["text"]) for each in chat.messages if each["author"] == "bot"]


class Conversation:
    """What the case store has of the conversation on a page."""

    def __init__(self, chat: ChatPage, store: CaseStore) -> None:
        kept = json.loads(chat.page.evaluate("sessionStorage.getItem('respite-chat')"))
        claims = jwt.decode(kept["token"], options={"verify_signature": False})
        self._session_id, self._store = str(claims["sub"]), store

    def stored(self) -> list[Message]:
        """All messages, oldest first."""
        return list(messages.after(self._store, self._session_id, 0, 1000))

    def said(self) -> list[str]:
        """The borrower's words."""
        return [str(message.body["text"]) for message in self.stored() if message.author == "borrower"]

    def answers(self) -> list[str]:
        """The bot's words."""
        return [str(message.body["text"]) for message in self.stored() if message.author == "bot"]

    def wait_for(self, enough: Callable[[list[Message]], bool]) -> None:
        """Wait until what is stored is enough."""
        end = time.monotonic() + TURN_MS / 1000
        while not enough(self.stored()):
            assert time.monotonic() < end, "the bot has not got so far"
            time.sleep(STEP_SECONDS)


def test_ten_drops_in_one_conversation_lose_nothing_and_repeat_nothing(
    page: Page, stack: Stack, line: Line, person: Person, undisturbed: list[str]
) -> None:
    chat = ChatPage(page).open(f"{line.url}/chat/")
    conversation = Conversation(chat, stack.store)
    drops = cycle((drop_before, drop_as_it_is_sent, drop_before_the_answer, drop_until_the_answer_is_there))
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        if len(said) > DROPS:
            chat.say(text)
        else:
            next(drops)(chat, conversation, line, text)
        expect(shown_words(chat)).to_have_text(said)
        chat.wait_turn()

    speak(say, stack, person)
    assert conversation.said() == said
    assert conversation.answers() == undisturbed
    require_shown_as_stored(chat, conversation.stored())


def test_two_tabs_show_one_conversation_whichever_of_them_speaks(
    page: Page, stack: Stack, person: Person, undisturbed: list[str]
) -> None:
    first = ChatPage(page).open(f"{stack.base_url}/chat/")
    # A page opened from another gets a copy of its session.
    with page.expect_popup() as opened:
        page.evaluate("window.open(location.href)")
    second = ChatPage(opened.value).wait_turn()
    speakers = cycle((second, first))
    conversation = Conversation(first, stack.store)
    said: list[str] = []

    def say(text: str) -> None:
        said.append(text)
        next(speakers).say(text)
        for tab in (first, second):
            expect(shown_words(tab)).to_have_text(said)
            tab.wait_turn()

    speak(say, stack, person)
    assert conversation.said() == said
    assert conversation.answers() == undisturbed
    require_shown_as_stored(first, conversation.stored())
    assert first.all_texts() == second.all_texts()


def test_two_tabs_that_speak_at_the_same_time_show_the_same_order(page: Page, stack: Stack) -> None:
    first = ChatPage(page).open(f"{stack.base_url}/chat/")
    with page.expect_popup() as opened:
        page.evaluate("window.open(location.href)")
    second = ChatPage(opened.value).wait_turn()
    conversation = Conversation(first, stack.store)
    first.send("什么是罚息")
    second.send("你是谁")
    for tab in (first, second):
        expect(shown_words(tab)).to_have_count(2)
        tab.wait_turn()
    assert sorted(conversation.said()) == ["什么是罚息", "你是谁"]
    require_shown_as_stored(first, conversation.stored())
    assert first.all_texts() == second.all_texts()


def drop_before(chat: ChatPage, _: Conversation, line: Line, text: str) -> None:
    """The line breaks while nobody speaks; what is said before it is back waits for it."""
    line.cut()
    chat.send(text)


def drop_as_it_is_sent(chat: ChatPage, _: Conversation, line: Line, text: str) -> None:
    """The line breaks right behind the message, which may have arrived or not."""
    chat.send(text)
    line.cut()


def drop_before_the_answer(chat: ChatPage, conversation: Conversation, line: Line, text: str) -> None:
    """The line breaks once the bot has the message and thinks about it."""
    chat.send(text)
    conversation.wait_for(lambda stored: stored[-1].body.get("text") == text)
    line.cut()


def drop_until_the_answer_is_there(chat: ChatPage, conversation: Conversation, line: Line, text: str) -> None:
    """The line is down from when the bot has the message until it has answered into the void."""
    chat.send(text)
    conversation.wait_for(lambda stored: stored[-1].body.get("text") == text)
    with line.down():
        conversation.wait_for(lambda stored: stored[-1].author == "bot")


def speak(say: Callable[[str], object], stack: Stack, person: Person) -> None:
    """From a lost job to the offers."""
    for words in BEFORE_THE_CODE:
        say(words.format(phone=person.phone, last_four=person.last_four))
    say(newest_code(stack.base_url, f"+86{person.phone}"))
    for words in AFTER_THE_CODE:
        say(words)


def shown_words(chat: ChatPage) -> Locator:
    """The borrower's words on the page."""
    return chat.log.locator(".message.borrower .bubble")


def require_shown_as_stored(chat: ChatPage, stored: list[Message]) -> None:
    """The page shows every stored message once, in their order, and nothing else."""
    # Of a text beside a card the page shows the first paragraph only, a page of ours by its name, and the
    # items of a list with dots of its own.
    texts = (DOT.sub("", NOTICE.sub(NOTICE_NAME, str(each.body["text"]))) for each in stored)
    openings = ["".join(text.split("\n\n")[0].split()) for text in texts]
    shown = ["".join(text.split()) for text in chat.all_texts()]
    beginnings = [text[: len(opening)] for text, opening in zip(shown, openings, strict=False)]
    assert (len(shown), beginnings) == (len(openings), openings)
