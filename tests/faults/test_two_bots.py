"""Two real bots on one store: a message that reaches both is answered by one of them, once and whole."""

from __future__ import annotations

import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from aiohttp import ClientError

from casestore import addresses, answering, messages
from cli.servers import MODEL
from tests.bot.channels import twilio_server as twilio
from tests.conversations import steps
from tests.faults.saying_yes import until
from tests.support.chat import Chat, ChatFailed
from tests.support.messengers import OURS, Outside, with_all_channels
from tests.support.stack import Stack

pytestmark = pytest.mark.conversation

SECONDS = 60.0
POLL_SECONDS = 0.05
WORDS = steps.WORDS["en"].lost_job
ID = "sent-twice"


@dataclass
class Bots:
    """Two bots: the stack's own, and another one at an address of its own."""

    stack: Stack
    outside: Outside
    another: str
    hands: ThreadPoolExecutor = field(default_factory=ThreadPoolExecutor)

    def say(self, chat: Chat) -> Future[list[str]]:
        """Say it on a page; in the end, what the bot said."""
        return self.hands.submit(lambda: chat.say(WORDS, ID).texts)

    def text(self, url: str, phone: str) -> Future[list[str]]:
        """Say it by SMS; in the end, what is sent back."""
        message = {"MessageSid": ID, "From": phone, "To": OURS, "Body": WORDS}
        post = twilio.post(f"{url}/sms/webhook", message)
        return self.hands.submit(lambda: self.outside.run(post)[1])

    def until_heard(self, conversation: str) -> None:
        """Wait until a bot is answering the message of this conversation."""
        deadline = time.monotonic() + SECONDS
        while answering.left_open(self.stack.store, conversation) is None:
            assert time.monotonic() < deadline, f"it was not heard within {SECONDS:.0f} s"
            time.sleep(POLL_SECONDS)

    def said(self, conversation: str) -> list[str]:
        """What is stored of what the borrower wrote and the bot said since."""
        told = messages.after(self.stack.store, conversation, 0, 100)
        texts = [str(each.body["text"]) for each in told]
        return texts[texts.index(WORDS) :]


@pytest.fixture(scope="module")
def bots(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bots]:
    assert MODEL.exists(), "There is no trained model; run `make train` first."
    folder = tmp_path_factory.mktemp("bots")
    with Outside() as outside, with_all_channels(outside, folder) as stack, stack.another_bot() as another:
        yield Bots(stack, outside, another)


@pytest.fixture(scope="module")
def whole(bots: Bots) -> list[str]:
    """The whole answer, which has two messages."""
    with Chat(bots.stack.base_url, language="en") as chat:
        texts = chat.say(WORDS).texts
    assert len(texts) == 2
    return texts


def _conversation_of(bots: Bots, phone: str) -> str:
    return addresses.id_for(bots.stack.store, "sms", f"{phone} {OURS}")


def _sent_to(bots: Bots, phone: str) -> int:
    """How many messages were sent to it besides replies."""
    return len([each for each in bots.outside.twilio.sent if each["To"] == phone])


def test_a_page_that_sends_again_to_the_other_bot_gets_the_answer_of_the_first(
    bots: Bots, whole: list[str]
) -> None:
    with Chat(bots.stack.base_url, language="en") as chat:
        with bots.stack.thinking():
            first = bots.say(chat)
            bots.until_heard(chat.conversation)
            again = Chat(bots.another, token=chat.token)
            second = bots.say(again)
        assert first.result(SECONDS) == second.result(SECONDS) == whole
        again.close()
    assert bots.said(chat.conversation) == [WORDS, *whole]


def test_a_text_that_twilio_brings_to_both_bots_is_answered_once_and_the_same_to_both(
    bots: Bots, whole: list[str]
) -> None:
    """Twilio brings it again when it has not read the first answer."""
    phone = "+14155550101"
    both = [bots.text(url, phone) for url in (bots.stack.base_url, bots.another)]
    sent, again = (each.result(SECONDS) for each in both)
    words, *said = bots.said(_conversation_of(bots, phone))
    assert words == WORDS and sent == again and len(sent) == len(said) == len(whole)
    assert all(text.startswith(each) for text, each in zip(sent, said, strict=True))


def test_what_a_killed_bot_was_answering_is_answered_by_the_other(bots: Bots, whole: list[str]) -> None:
    phone = "+14155550102"
    with Chat(bots.stack.base_url, language="en") as chat:
        with bots.stack.thinking():
            lost = bots.say(chat), bots.text(bots.stack.base_url, phone)
            bots.until_heard(chat.conversation)
            bots.until_heard(_conversation_of(bots, phone))
            bots.stack.kill_bot()
        try:
            with Chat(bots.another, token=chat.token) as again:
                second, text = bots.say(again), bots.text(bots.another, phone)
                assert second.result(SECONDS) == whole
                # In the reply, or sent afterwards when the other bot first had to see that nobody answers.
                replied = len(text.result(SECONDS))
                until(lambda: replied + _sent_to(bots, phone) == len(whole))
        finally:
            for each in lost:
                with suppress(ChatFailed, ClientError):
                    each.result(SECONDS)
            bots.stack.restart_bot()
    assert bots.said(chat.conversation) == [WORDS, *whole]
