"""Figures and choices as borrowers say them: by the week, in one breath, before they are asked."""

from __future__ import annotations

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


@both_languages
def test_earns_by_the_week_and_hears_what_that_is_in_a_month(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "现在给人开车 一周八百", "en": "850 a week"}[language])
    assert {"zh": "¥3,467.00", "en": "¥3,683.00"}[language] in reply.text


@both_languages
def test_earns_by_the_day_and_is_asked_for_the_days(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    asked = chat.say({"zh": "工地上一天一百五", "en": "150 a day on the site"}[language])
    assert {"zh": "大概做几天", "en": "how many days"}[language] in asked.text
    reply = chat.say({"zh": "20天左右", "en": "about 20 days"}[language])
    assert "¥3,000.00" in reply.text


@both_languages
def test_could_borrow_from_family_and_that_is_no_income(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "亲戚能借我八千", "en": "my brother can lend me 8000"}[language])
    assert {"zh": "借来的钱", "en": "Borrowed money"}[language] in reply.text


@both_languages
def test_gives_in_at_the_offers_and_is_asked_which(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "行行行那就这样吧", "en": "fine then, that'll do"}[language])
    assert {"zh": "请告诉我是哪一个方案", "en": "which plan you mean"}[language] in reply.text


@both_languages
def test_names_another_plan_at_the_read_back_and_agrees_to_none(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_acceptance(chat, person, steps.WORDS[language])
    before = _agreements(stack)
    reply = chat.say({"zh": "就那个时间长的", "en": "the longer one please"}[language])
    assert {"zh": "延长期限", "en": "Longer term"}[language] in reply.text
    assert _agreements(stack) == before


@both_languages
def test_says_when_it_was_paid_before_being_verified_and_is_not_asked_again(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    chat.say(
        {"zh": "我昨天还了六百你们收到没", "en": "I paid 600 yesterday and it still says overdue"}[language]
    )
    chat.say(steps.WORDS[language].agree)
    reply = steps.verify(chat, person)
    assert "¥600.00" in reply.text


def _agreements(stack: Stack) -> int:
    """How many agreements the store holds."""
    with stack.store.reading() as unit:
        return int(unit.session.scalar(select(func.count()).select_from(AgreementRow)))
