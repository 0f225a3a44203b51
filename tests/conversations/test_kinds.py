"""Every kind of plan, asked for by name in both languages: granted, the nearest, or a person's to decide."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.conversations import steps
from tests.conversations.people import Person, invent
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

NOTHING_OVERDUE = {
    "overdue_principal": "0.00",
    "interest": "0.00",
    "penalty_interest": "0.00",
    "fees": "0.00",
    "overdue_since": "",
}


@dataclass(frozen=True)
class Kind:
    """How a borrower asks for a kind of plan, and what it is called."""

    zh: str
    en: str
    name_zh: str
    name_en: str
    loan: dict[str, str] = field(default_factory=dict)

    def said(self, language: str) -> str:
        """The borrower's words."""
        return {"zh": self.zh, "en": self.en}[language]

    def name(self, language: str) -> str:
        """What the bot calls it."""
        return {"zh": self.name_zh, "en": self.name_en}[language]


# Kinds that are granted at once to somebody with the figures of `tests.conversations.people`.
GRANTED = {
    "promise_to_pay": Kind(
        "我周五一定还清逾期的",
        "I'll pay the arrears on Friday",
        "约定日期还清逾期",
        "Arrears paid by a date",
        # In December as in November both the arrears and the month's instalment can be paid.
        {"overdue_principal": "820.00"},
    ),
    "arrears_instalments": Kind(
        "逾期的分6期补缴", "spread the arrears over six months", "逾期部分分期补缴", "Arrears in instalments"
    ),
    "term_extension": Kind(
        "我想延长期限到18期", "extend the term to 18 months", "延长期限，重新分期", "Longer term"
    ),
    "payment_holiday": Kind(
        "能不能先停三个月", "can I pause payments for three months", "先停几个月再还", "Payment holiday"
    ),
    "interest_only": Kind(
        "先还半年利息，本金以后再还", "interest only for six months", "先还利息，后还本金", "Interest only"
    ),
    "charge_waiver": Kind(
        "罚息能不能免了", "can you waive the penalty interest", "减免罚息和费用", "Charges waived"
    ),
    "due_date_change": Kind(
        "还款日能不能改到每月25号",
        "can you move my due date to the 25th",
        "调整还款日",
        "New due date",
        NOTHING_OVERDUE,
    ),
}

# Kinds that only a person may grant.
BY_PERSON = {
    "settlement": Kind(
        "我凑了8000，一次结清行吗",
        "would you accept 8,000 as full settlement",
        "协商结清",
        "Settlement by a lump sum",
    ),
    "renewal": Kind(
        "能不能无还本续贷",
        "can I renew the loan",
        "无还本续贷",
        "Loan renewal",
        {**NOTHING_OVERDUE, "product": "business"},
    ),
}

granted_kinds = pytest.mark.parametrize("kind", GRANTED.values(), ids=GRANTED)
kinds_by_person = pytest.mark.parametrize("kind", BY_PERSON.values(), ids=BY_PERSON)


def at_the_offers(
    stack: Stack, open_chat: OpenChat, folder: Path, language: str, loan: dict[str, str]
) -> Chat:
    """A chat of an invented borrower who looks at the offers."""
    chat = open_chat(language)
    steps.reach_the_offers(chat, invent(stack.store, folder, stack.today, **loan), steps.WORDS[language])
    return chat


def overdue_for(days: int, today: date) -> dict[str, str]:
    """A loan overdue for so many days."""
    return {"overdue_since": (today - timedelta(days=days)).isoformat()}


def take_the_last_offer(chat: Chat, reply: Reply, words: steps.Words) -> Reply:
    """Choose the offer the reply shows and accept its read-back."""
    number = next(card for card in reply.cards if card["type"] == "offers")["offers"][0]["option"]
    chat.say({"zh": f"方案{number}", "en": f"option {number}"}["zh" if words is steps.WORDS["zh"] else "en"])
    return chat.say(words.accept)


@both_languages
@granted_kinds
def test_asks_for_a_kind_by_name_and_accepts_it(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, kind: Kind, language: str
) -> None:
    chat = at_the_offers(stack, open_chat, tmp_path, language, kind.loan)
    reply = chat.say(kind.said(language))
    assert {"zh": "可以的", "en": "that can be done"}[language] in reply.text
    assert kind.name(language) in reply.text
    agreed = take_the_last_offer(chat, reply, steps.WORDS[language])
    assert steps.reference_in(agreed) is not None, agreed.text


@both_languages
def test_long_overdue_asks_for_personalised_instalments_and_accepts(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, language: str
) -> None:
    chat = at_the_offers(stack, open_chat, tmp_path, language, overdue_for(75, stack.today))
    said = {"zh": "停息挂账，分36期", "en": "a personalised instalment plan over 36 months"}[language]
    reply = chat.say(said)
    assert {"zh": "个性化分期", "en": "Personalised instalments"}[language] in reply.text
    assert steps.reference_in(take_the_last_offer(chat, reply, steps.WORDS[language])) is not None


@both_languages
def test_not_overdue_long_enough_and_hears_why_and_the_nearest(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "我想个性化分期", "en": "I want personalised instalments"}[language])
    assert "CN-PLAN-PERSONAL-OVERDUE" in reply.text and "60" in reply.text
    assert any(card["type"] == "offers" for card in reply.cards)


@both_languages
def test_asks_to_pay_little_first_and_hears_what_is_possible(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    said = {"zh": "能不能先少后多", "en": "I'd like to start low and pay more later"}[language]
    reply = chat.say(said)
    assert "CN-PLAN-STEP" in reply.text or {"zh": "先少后多", "en": "Low first"}[language] in reply.text
    assert any(card["type"] == "offers" for card in reply.cards)


@both_languages
@kinds_by_person
def test_asks_for_what_only_a_person_may_grant_and_is_asked_whether_to_send_it(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, kind: Kind, language: str
) -> None:
    chat = at_the_offers(stack, open_chat, tmp_path, language, kind.loan)
    reply = chat.say(kind.said(language))
    assert kind.name(language) in reply.text
    assert {"zh": "要由工作人员决定", "en": "a person has to decide"}[language] in reply.text
    sent = chat.press({"zh": "好的，请转交", "en": "Yes, pass it on"}[language])
    assert "PR-" in sent.text


@both_languages
def test_asks_for_a_payment_holiday_at_the_start_and_is_answered_first(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words, kind = steps.WORDS[language], GRANTED["payment_holiday"]
    chat = open_chat(language)
    noted = chat.say(kind.said(language))
    assert {"zh": "我记下了", "en": "I've noted"}[language] in noted.text
    chat.say(words.agree)
    steps.verify(chat, person)
    chat.say(words.agree)
    offers = steps.answer_the_questions(chat, words)
    assert offers.texts[0].startswith({"zh": "可以的", "en": "Yes, that can be done"}[language])
    assert kind.name(language) in offers.texts[0]
    assert sum(card["type"] == "offers" for card in offers.cards) == 2


@both_languages
def test_asks_for_a_payment_holiday_that_is_too_long_and_takes_the_nearest_possible(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, words)
    reply = chat.say({"zh": "我想先停十个月", "en": "I want to pause for ten months"}[language])
    assert "CN-PLAN-HOLIDAY-MAX" in reply.text
    assert steps.reference_in(take_the_last_offer(chat, reply, words)) is not None


@both_languages
def test_names_no_day_for_a_new_due_date_and_is_asked_for_it(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, language: str
) -> None:
    chat = at_the_offers(stack, open_chat, tmp_path, language, NOTHING_OVERDUE)
    reply = chat.say({"zh": "想换个还款日期", "en": "I'd like a different payment date"}[language])
    assert {"zh": "每月几号", "en": "Which day of the month"}[language] in reply.text
    reply = chat.say({"zh": "20号", "en": "the 20th"}[language])
    assert {"zh": "调整还款日", "en": "New due date"}[language] in reply.text


@both_languages
def test_pays_1000_now_and_the_rest_in_instalments(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "先还1000，剩下的每月还500", "en": "1000 now and 500 a month"}[language])
    assert {"zh": "先付一笔 ¥1,000.00", "en": "¥1,000.00 is paid first"}[language] in reply.text
    assert {"zh": "可以的", "en": "that can be done"}[language] in reply.text


@both_languages
def test_compares_two_plans_and_hears_the_difference(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    said = {"zh": "方案1和方案3有什么区别？", "en": "what is the difference between option 1 and option 3?"}
    reply = chat.say(said[language])
    assert {"zh": "放在一起看", "en": "Side by side"}[language] in reply.text
    assert len(next(card for card in reply.cards if card["type"] == "offers")["offers"]) == 2
    assert {"zh": "想选哪一个方案", "en": "Which plan would you like"}[language] in reply.text


@both_languages
def test_asks_why_not_a_kind_and_hears_the_clause(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, steps.WORDS[language])
    said = {"zh": "为什么不能无还本续贷？", "en": "why can't I get a loan renewal?"}
    assert "CN-RENEW-BUSINESS" in chat.say(said[language]).text


@both_languages
def test_sees_three_plans_at_most_and_the_others_when_asked(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    offers = steps.reach_the_offers(chat, person, steps.WORDS[language])
    assert len(next(card for card in offers.cards if card["type"] == "offers")["offers"]) <= 3
    chat.say({"zh": "我每个月只能还800", "en": "I can only do 800 a month"}[language])
    others = chat.press({"zh": "看其他方案", "en": "Show me the others"}[language])
    assert {"zh": "还有这些方案", "en": "There are also these plans"}[language] in others.text
