"""Logged in at the lender's site already: the chat there asks for no identity."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
import requests

from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.handover import handover_token
from tests.support.stack import Stack

both_languages = pytest.mark.parametrize("language", ["zh", "en"])

HOW_MUCH = {"zh": "我欠多少钱？", "en": "how much do I owe?"}
PHONE_ASKED = {"zh": "手机号", "en": "phone number"}


def arrive(stack: Stack, language: str, handover: str) -> Chat:
    """The chat of the lender's page, which brings `handover` along."""
    answer = requests.post(f"{stack.base_url}/chat/session", json={"handover": handover}, timeout=30)
    return Chat(stack.base_url, language, answer.json()["token"])


@both_languages
def test_is_logged_in_at_the_lender_and_hears_what_is_owed_after_the_consent(
    stack: Stack, person: Person, language: str
) -> None:
    token = handover_token(datetime.now(timezone.utc), person.loan_numbers[0])
    with arrive(stack, language, token) as chat:
        assert "¥" not in chat.say(HOW_MUCH[language]).text
        reply = chat.say(steps.WORDS[language].agree)
        assert "¥1,660.00" in reply.text and PHONE_ASKED[language] not in reply.text


@both_languages
def test_is_not_a_borrower_of_ours_and_is_asked_who_they_are(stack: Stack, language: str) -> None:
    token = handover_token(datetime.now(timezone.utc), "LN00000000")
    with arrive(stack, language, token) as chat:
        chat.say(HOW_MUCH[language])
        reply = chat.say(steps.WORDS[language].agree)
        assert PHONE_ASKED[language] in reply.text and "¥" not in reply.text


@both_languages
def test_comes_back_after_an_hour_and_is_asked_who_they_are(
    stack: Stack, person: Person, language: str
) -> None:
    token = handover_token(datetime.now(timezone.utc), person.loan_numbers[0])
    with arrive(stack, language, token) as chat:
        chat.say(HOW_MUCH[language])
        chat.say(steps.WORDS[language].agree)
        stack.let_pass(chat.conversation, 61)
        assert "¥" not in chat.say(HOW_MUCH[language]).text
        assert PHONE_ASKED[language] in chat.say(steps.WORDS[language].agree).text
