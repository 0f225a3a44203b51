"""Whole turns, timed from sending a message to its last answer.

Both bots are compared over Rasa's REST channel. How our turns grow is measured over our own channel,
which also keeps every message in the case store.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from statistics import median

import requests

from casestore import outbox
from casestore.cases import list_cases
from cli.serve import demo_identities
from hardship.cases import CaseState
from tests.conversations.steps import WORDS
from tests.support.chat import Chat
from tests.support.stack import Stack

CONVERSATIONS = 4
TURNS = 64

# Each cycle holds every message once, so that any four turns in a row are comparable with any other four.
CYCLE = 4
STARTER_TALK = ("hello", "I am great", "are you a bot?", "I feel very sad")
OUR_TALK = ("你好", "what can you do?", "你是真人吗", "thank you")

# The eight turns around the tenth and the sixtieth.
EARLY = slice(4, 12)
LATE = slice(56, 64)

SAID = WORDS["zh"]
# What a borrower says up to the offers; "CODE" stands for the code on the demo phone.
TO_AN_OFFER = (
    SAID.lost_job,
    SAID.agree,
    "{phone}",
    "{last_four}",
    "CODE",
    SAID.agree,
    SAID.three_months_ago,
    SAID.temporary,
    SAID.household,
    SAID.income,
    SAID.housing,
    SAID.living,
    SAID.debts,
    SAID.right,
)


class Conversation:
    """One sender's talk with a bot over REST."""

    def __init__(self, base_url: str) -> None:
        self._url = f"{base_url}/webhooks/rest/webhook"
        self._sender = uuid.uuid4().hex
        self._http = requests.Session()

    def say(self, text: str) -> float:
        """Seconds until all answers to `text` were there. Raises RuntimeError if there was none."""
        started = time.perf_counter()
        answer = self._http.post(self._url, json={"sender": self._sender, "message": text}, timeout=60)
        seconds = time.perf_counter() - started
        answer.raise_for_status()
        if not answer.json():
            raise RuntimeError(f"{self._url} did not answer {text!r}")
        return seconds


def several(base_url: str, talk: Sequence[str]) -> list[list[float]]:
    """Seconds per turn of several conversations of 64 turns each; a short one before warms the bot up."""
    _converse(base_url, talk, CYCLE)
    return [_converse(base_url, talk, TURNS) for _ in range(CONVERSATIONS)]


def several_on_the_page(base_url: str, talk: Sequence[str]) -> list[list[float]]:
    """The same as `several` over the channel of the chat page."""
    _converse_on_the_page(base_url, talk, CYCLE)
    return [_converse_on_the_page(base_url, talk, TURNS) for _ in range(CONVERSATIONS)]


def growth(conversations: Sequence[Sequence[float]]) -> float:
    """How much longer the turns around the sixtieth take than those around the tenth."""
    early = median(seconds for conversation in conversations for seconds in conversation[EARLY])
    late = median(seconds for conversation in conversations for seconds in conversation[LATE])
    return late / early


def flat(conversations: Sequence[Sequence[float]]) -> list[float]:
    """The turns of all conversations."""
    return [seconds for conversation in conversations for seconds in conversation]


def to_an_offer(stack: Stack) -> list[float]:
    """Seconds per turn of a demo borrower on the way from the first word to the offers."""
    conversation = Conversation(stack.base_url)
    _, phone, last_four, _ = demo_identities()[0]
    seconds = []
    for text in TO_AN_OFFER:
        code = outbox.recent(stack.store, 1)[0].code if text == "CODE" else text
        seconds.append(conversation.say(code.format(phone=phone, last_four=last_four)))
    states = {case.state for case in list_cases(stack.store)}
    if states != {CaseState.OFFERED.value}:
        raise RuntimeError(f"the talk did not end with offers but with {states}; has the dialogue changed?")
    return seconds


def _converse(base_url: str, talk: Sequence[str], count: int) -> list[float]:
    conversation = Conversation(base_url)
    return [conversation.say(talk[number % len(talk)]) for number in range(count)]


def _converse_on_the_page(base_url: str, talk: Sequence[str], count: int) -> list[float]:
    with Chat(base_url) as chat:
        return [_timed(chat, talk[number % len(talk)]) for number in range(count)]


def _timed(chat: Chat, text: str) -> float:
    started = time.perf_counter()
    reply = chat.say(text)
    seconds = time.perf_counter() - started
    if reply.refused or not reply.messages:
        raise RuntimeError(f"the chat page did not answer {text!r} ({reply.refused})")
    return seconds
