"""What only a person may grant: sent with a yes, decided by a person, heard in the next conversation."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casestore import decisions
from cli.environment import ROOT
from hardship.policy import load_policy
from tests.conversations import steps
from tests.conversations.people import Person, invent
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

POLICY = load_policy(ROOT / "policies" / "cn.yml")
SETTLE_FOR_8000 = {"zh": "我想一次性8000结清", "en": "I can pay 8000 as a lump sum settlement"}
BUSINESS_ON_TIME = {
    "product": "business",
    "overdue_principal": "0.00",
    "interest": "0.00",
    "penalty_interest": "0.00",
    "fees": "0.00",
    "overdue_since": "",
}
BALANCE = {"zh": "我一共欠多少钱", "en": "how much do I owe?"}


def send_a_settlement(chat: Chat, person: Person, language: str) -> Reply:
    """Ask to settle for 8,000 and have it passed on."""
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    chat.say(SETTLE_FOR_8000[language])
    return chat.press({"zh": "好的，请转交", "en": "Yes, pass it on"}[language])


def decide(stack: Stack, sent: Reply, granted: bool, reason: str | None = None) -> None:
    """A person decides the request that the reply names."""
    reference = next(r.reference for r in decisions.open_requests(stack.store) if r.reference in sent.text)
    decisions.decide(stack.store, reference, granted, "officer", reason, POLICY, stack.today)


def come_back(open_chat: OpenChat, person: Person, language: str) -> tuple[Chat, Reply]:
    """Another conversation, about something else; the reply to the verification."""
    chat = open_chat(language)
    chat.say(BALANCE[language])
    chat.say(steps.WORDS[language].agree)
    return chat, steps.verify(chat, person)


@both_languages
def test_asks_to_settle_without_a_sum_and_is_asked_for_it(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "想谈一个一次性结清的折扣", "en": "I want to settle for a lump sum"}[language])
    assert {"zh": "一次付多少", "en": "How much could you pay in one sum"}[language] in reply.text
    reply = chat.say("8000")
    assert "¥8,000.00" in reply.text
    assert {"zh": "要由工作人员决定", "en": "a person has to decide"}[language] in reply.text


@both_languages
def test_hears_when_the_decision_comes_and_what_is_possible_meanwhile(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    sent = send_a_settlement(open_chat(language), person, language)
    assert any(request.reference in sent.text for request in decisions.open_requests(stack.store))
    assert {"zh": "现在就能答应的", "en": "I can agree to right away"}[language] in sent.text
    assert {"zh": "想选哪一个方案", "en": "Which plan would you like"}[language] in sent.text


@both_languages
def test_asks_to_settle_for_a_lump_sum_and_hears_the_persons_yes_in_the_next_conversation(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    decide(stack, send_a_settlement(open_chat(language), person, language), granted=True)
    chat, reply = come_back(open_chat, person, language)
    assert {"zh": "工作人员同意了", "en": "has been granted"}[language] in reply.text
    assert {"zh": "完整念一遍", "en": "whole plan once more"}[language] in reply.text
    assert steps.reference_in(chat.say(steps.WORDS[language].accept)) is not None


@both_languages
def test_renews_a_business_loan_once_a_person_has_agreed(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, language: str
) -> None:
    person = invent(stack.store, tmp_path, stack.today, **BUSINESS_ON_TIME)
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    chat.say({"zh": "能不能无还本续贷", "en": "can I renew the loan"}[language])
    decide(stack, chat.press({"zh": "好的，请转交", "en": "Yes, pass it on"}[language]), granted=True)
    chat, reply = come_back(open_chat, person, language)
    assert {"zh": "无还本续贷", "en": "Loan renewal"}[language] in reply.text
    assert steps.reference_in(chat.say(steps.WORDS[language].accept)) is not None


@both_languages
def test_hears_the_persons_no_with_the_reason_once_and_can_look_at_other_plans(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    decide(stack, send_a_settlement(open_chat(language), person, language), False, "金额太低 / too low")
    chat, reply = come_back(open_chat, person, language)
    assert "金额太低 / too low" in reply.text and "¥1,660.00" in reply.text
    chat.press({"zh": "看看别的方案", "en": "Look at other plans"}[language])
    read_back = chat.say(steps.WORDS[language].agree)
    assert "¥6,500.00" in read_back.text, "what was said before is not asked again"
    offers = chat.say(steps.WORDS[language].right)
    assert any(card["type"] == "offers" for card in offers.cards)
    assert "金额太低" not in come_back(open_chat, person, language)[1].text


@both_languages
def test_hears_the_answer_in_the_same_conversation(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    decide(stack, send_a_settlement(chat, person, language), granted=True)
    reply = chat.say(
        {"zh": "谢谢，我再想想", "en": "let me see the difference between option 1 and 2"}[language]
    )
    again = reply.text + chat.say(BALANCE[language]).text
    assert {"zh": "工作人员同意了", "en": "has been granted"}[language] in again


@both_languages
def test_asks_a_question_while_the_request_waits_for_a_yes(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    chat.say(SETTLE_FOR_8000[language])
    reply = chat.say({"zh": "罚息是什么？", "en": "what is penalty interest?"}[language])
    assert {"zh": "罚息", "en": "Penalty interest"}[language] in reply.text
    assert {"zh": "交给工作人员吗", "en": "Shall I pass this on to a person"}[language] in reply.text
    reply = chat.say({"zh": "不用了", "en": "no"}[language])
    assert {"zh": "没有转交", "en": "nothing was passed on"}[language] in reply.text


@both_languages
def test_wants_more_waived_than_the_bot_may_and_a_person_decides(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "罚息和费用减免51块可以吗", "en": "please waive 51 yuan of the fees"}[language])
    assert "CN-PLAN-WAIVER" in reply.text
    assert {"zh": "要由工作人员决定", "en": "a person has to decide"}[language] in reply.text
