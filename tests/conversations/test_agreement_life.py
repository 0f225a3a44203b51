"""An agreement after it was made: status, a missed instalment, withdrawal, early payoff, asking again."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from casestore import agreement, agreement_life
from casestore.models import AgreementRow
from cli.environment import ROOT
from hardship.policy import load_policy
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

POLICY = load_policy(ROOT / "policies" / "cn.yml")
STATUS = {"zh": "我的协议现在什么情况", "en": "is my plan active"}
WITHDRAW = {"zh": "我想撤销协议", "en": "I want to withdraw from the plan"}
MISSED = {"zh": "计划里的下一期我还不上了", "en": "I can't make the next instalment of my plan"}


def let_days_pass(stack: Stack, reference: str, days: int) -> None:
    """As if the agreement had been made so many days ago."""
    with stack.store.unit() as unit:
        row = unit.session.scalars(select(AgreementRow).where(AgreementRow.reference == reference)).one()
        row.accepted_at -= timedelta(days=days)


def state_of(stack: Stack, reference: str) -> str:
    """The state of the agreement with this reference."""
    with stack.store.reading() as unit:
        query = select(AgreementRow.state).where(AgreementRow.reference == reference)
        return str(unit.session.scalars(query).one())


def miss_the_first_instalment(stack: Stack, reference: str) -> None:
    """The lender's nightly review on the second day after the first instalment, with nothing paid."""
    with stack.store.reading() as unit:
        query = select(AgreementRow.loan_id).where(AgreementRow.reference == reference)
        loan_id = str(unit.session.scalars(query).one())
    made = agreement.status(stack.store, loan_id, stack.today)
    assert made is not None
    agreement_life.review(stack.store, POLICY, made.first_due + timedelta(days=2))


@both_languages
def test_asks_for_the_status_and_hears_what_is_paid_and_what_comes_next(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reference = steps.reach_the_agreement(chat, person, steps.WORDS[language])
    reply = chat.say(STATUS[language])
    assert reference in reply.text and "¥0.00" in reply.text
    assert any(card["type"] == "document" for card in reply.cards)


@both_languages
def test_withdraws_on_the_third_day_and_asks_for_a_plan_again(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reference = steps.reach_the_agreement(chat, person, steps.WORDS[language])
    let_days_pass(stack, reference, 3)
    asked = chat.say(WITHDRAW[language])
    assert {"zh": "确定要撤回吗", "en": "Do you want to withdraw"}[language] in asked.text
    assert state_of(stack, reference) == "active", "nothing happens before the yes"
    done = chat.press({"zh": "确定撤回", "en": "Yes, withdraw"}[language])
    assert reference in done.text and state_of(stack, reference) == "withdrawn"
    again = chat.press({"zh": "重新谈方案", "en": "Talk about another plan"}[language])
    assert "¥6,500.00" in again.text, "what was said before is only confirmed"
    assert any(card["type"] == "offers" for card in chat.say(steps.WORDS[language].right).cards)


@both_languages
def test_keeps_the_agreement_after_all(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reference = steps.reach_the_agreement(chat, person, steps.WORDS[language])
    chat.say(WITHDRAW[language])
    reply = chat.say({"zh": "不撤回", "en": "no, keep it"}[language])
    assert {"zh": "协议保留", "en": "The agreement stays"}[language].lower() in reply.text.lower()
    assert state_of(stack, reference) == "active"


@both_languages
def test_wants_to_withdraw_after_the_cooling_off_time_and_is_offered_another_plan(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reference = steps.reach_the_agreement(chat, person, steps.WORDS[language])
    let_days_pass(stack, reference, 20)
    reply = chat.say(WITHDRAW[language])
    assert {"zh": "不能再撤回", "en": "can't be withdrawn now"}[language] in reply.text
    assert {"zh": "更轻松的方案", "en": "an easier plan"}[language] in reply.text
    assert state_of(stack, reference) == "active"


@both_languages
def test_misses_an_instalment_and_gets_an_easier_plan_before_it_breaks(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    reference = steps.reach_the_agreement(open_chat(language), person, words)
    miss_the_first_instalment(stack, reference)
    chat = open_chat(language)
    chat.say(STATUS[language])
    chat.say(words.agree)
    told = steps.verify(chat, person)
    assert {"zh": "没有收到", "en": "has not reached us"}[language] in told.text
    offered = chat.press({"zh": "我付不上，想调整", "en": "I can't pay it, please adjust"}[language])
    assert {"zh": "更轻松的方案", "en": "an easier plan"}[language] in offered.text
    chat.say({"zh": "好的", "en": "yes please"}[language])
    chat.say(words.agree)
    offers = chat.say(words.right)
    assert any(card["type"] == "offers" for card in offers.cards) and state_of(stack, reference) == "active"
    chat.say({"zh": "方案3", "en": "option 3"}[language])
    made = chat.say(words.accept)
    assert reference in made.text and state_of(stack, reference) == "replaced"
    assert steps.reference_in(made) not in (None, reference)


@both_languages
def test_tells_beforehand_that_an_instalment_will_be_missed_and_leaves_the_plan_as_it_is(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reference = steps.reach_the_agreement(chat, person, steps.WORDS[language])
    reply = chat.say(MISSED[language])
    assert {"zh": "谢谢您告诉我", "en": "Thank you for telling me"}[language] in reply.text
    question = chat.say({"zh": "你是机器人吗？", "en": "are you a robot?"}[language])
    assert {"zh": "更轻松的方案", "en": "an easier plan"}[language] in question.text
    reply = chat.say({"zh": "不用了", "en": "no"}[language])
    assert {"zh": "保持原样", "en": "stays as it is"}[language] in reply.text
    assert state_of(stack, reference) == "active"


@both_languages
def test_asks_for_another_plan_while_one_is_in_force(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reference = steps.reach_the_agreement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "能不能先停三个月", "en": "can I pause payments for three months"}[language])
    assert reference in reply.text
    confirm = chat.say({"zh": "好的", "en": "yes please"}[language])
    assert "¥6,500.00" in confirm.text
    offers = chat.say(steps.WORDS[language].right)
    assert {"zh": "先停几个月再还", "en": "Payment holiday"}[language] in offers.texts[0]


@both_languages
def test_asks_what_paying_everything_off_takes(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    steps.reach_the_agreement(chat, person, steps.WORDS[language])
    reply = chat.say({"zh": "我想提前还清，一共多少钱", "en": "I want to pay everything off early"}[language])
    assert "¥11,436.00" in reply.text
    assert {"zh": "少付", "en": "less than paying on to the end"}[language] in reply.text


@both_languages
def test_asks_where_the_charges_come_from_and_hears_every_line(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say({"zh": "我一共欠多少钱", "en": "how much do I owe?"}[language])
    chat.say(words.agree)
    balance = steps.verify(chat, person)
    payoff = {"zh": r"结清需要 (¥[\d,.]+\d)", "en": r"would take (¥[\d,.]+\d)"}[language]
    to_pay_off = re.search(payoff, balance.text)
    assert to_pay_off
    reply = chat.say({"zh": "罚息怎么这么多？", "en": "why is there so much penalty interest?"}[language])
    for figure in ("¥11,436.00", "¥220.00", "¥31.00", "¥20.00", to_pay_off[1]):
        assert figure in reply.text
