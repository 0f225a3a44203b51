"""Counter-offers, refusals and the explicit yes."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from casestore.models import AgreementRow
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])


def largest_instalment(card: dict) -> float:
    """The first line of the offer in a card, in yuan."""
    return float(re.sub(r"[^\d.]", "", card["offers"][0]["lines"][0]["value"]))


@both_languages
def test_can_only_pay_800_a_month_and_gets_a_plan_for_that(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "我每个月只能还800", "en": "I can only do 800 a month"}[language])
    card = next(card for card in reply.cards if card["type"] == "offers")
    assert largest_instalment(card) <= 800


@both_languages
def test_asks_for_less_than_policy_allows_and_hears_the_nearest_and_why(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "每个月最多还30块", "en": "I can only pay 30 a month"}[language])
    assert {"zh": "做不到", "en": "can't do exactly that"}[language] in reply.text
    assert "CN-" in reply.text


@both_languages
def test_bargains_then_accepts_the_counter_offer(open_chat: OpenChat, person: Person, language: str) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, words)
    chat.say({"zh": "我每个月只能还800", "en": "I can only do 800 a month"}[language])
    read_back = chat.say({"zh": "好，就这个", "en": "OK, I'll take that one"}[language])
    assert {"zh": "完整念一遍", "en": "whole plan once more"}[language] in read_back.text
    assert steps.reference_in(chat.say(words.accept)) is not None


@both_languages
def test_says_yes_twice_and_has_one_agreement(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_acceptance(chat, person, words)
    before = agreements(stack)
    first = steps.reference_in(chat.say(words.accept))
    second = steps.reference_in(chat.say(words.accept))
    assert first is not None and first == second
    assert agreements(stack) == before + 1


@both_languages
def test_declines_the_read_back_and_nothing_is_recorded(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_acceptance(chat, person, words)
    before = agreements(stack)
    reply = chat.say({"zh": "不接受", "en": "no, I don't accept"}[language])
    assert {"zh": "没有记录任何协议", "en": "nothing has been agreed"}[language] in reply.text
    assert agreements(stack) == before


@both_languages
def test_cannot_afford_anything_and_is_handed_to_a_person(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    chat.say("2000")
    chat.say("1200")
    chat.say("1500")
    chat.say(words.debts)
    reply = chat.say(words.right)
    assert {"zh": "转给了工作人员", "en": "passed your case to a person"}[language] in reply.text
    assert not any(card["type"] == "offers" for card in reply.cards)


def agreements(stack: Stack) -> int:
    """How many agreements the store holds."""
    with stack.store.reading() as unit:
        return int(unit.session.scalar(select(func.count()).select_from(AgreementRow)))
