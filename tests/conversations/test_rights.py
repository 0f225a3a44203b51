"""Rights over the real channel: complaints, contact, disputes, fraud, one's data, in both languages."""

from __future__ import annotations

import re
import urllib.request
from collections.abc import Callable

import pytest

from casestore import complaints, disputes, handoffs
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

COMPLAIN = {"zh": "我要投诉你们的催收员", "en": "I want to complain about your collector"}
NEXT = {"zh": "想接着谈什么", "en": "like to talk about next"}
SKIP = {"zh": "跳过", "en": "Skip"}
REFERENCE = re.compile(r"(?:CP|DP|DR|PC)-\d{8}-[A-Z0-9]+")


def verified(chat: Chat, person: Person, language: str) -> Reply:
    """A verified borrower who has asked what is owed."""
    words = steps.WORDS[language]
    chat.say({"zh": "我欠多少钱", "en": "how much do I owe"}[language])
    chat.say(words.agree)
    return steps.verify(chat, person)


def reference_in(reply: Reply) -> str:
    found = REFERENCE.search(reply.text)
    assert found is not None, reply.text
    return found.group()


# Happy


@both_languages
def test_complains_and_gets_a_number_a_deadline_and_a_read_back(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    first = chat.say(COMPLAIN[language])
    reference = reference_in(first)
    assert {"zh": "什么时候的事", "en": "When did it happen"}[language] in first.text
    chat.say({"zh": "昨晚十一点多", "en": "last night after eleven"}[language])
    chat.say({"zh": "说是明湖公司的，工号3368", "en": "from Minghu, staff number 3368"}[language])
    chat.press({"zh": "电话", "en": "By phone"}[language])
    done = chat.say({"zh": "骂我骗子", "en": "he called me a cheat"}[language])
    assert reference in done.text and "3368" in done.text and NEXT[language] in done.text
    told = next(each for each in complaints.open_complaints(stack.store) if each.reference == reference)
    assert told.details["channel"] == "call"


@both_languages
def test_complains_that_the_family_was_told_and_no_number_is_kept(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    first = chat.say(
        {
            "zh": "你们把我欠钱的事告诉了我妈，打的是13912345678",
            "en": "you told my mother about my debt, on 13912345678",
        }[language]
    )
    reference = reference_in(first)
    chat.say({"zh": "上周三下午", "en": "last Wednesday afternoon"}[language])
    done = chat.press({"zh": "电话", "en": "By phone"}[language])
    assert {"zh": "家人", "en": "family"}[language] in done.text
    told = next(each for each in complaints.open_complaints(stack.store) if each.reference == reference)
    assert told.details["party"] == "family" and "13912345678" not in str(told.details)


@both_languages
def test_tells_everything_at_once_and_goes_on_telling(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    first = chat.say(
        {
            "zh": "你们的人昨天打电话给我公司领导，说我欠钱不还",
            "en": "your collector rang my dad yesterday and told him i owe money",
        }[language]
    )
    reference = reference_in(first)
    assert NEXT[language] in first.text
    more = chat.say(
        {
            "zh": "上星期六晚上十点半也打过，连打七八通",
            "en": "it was a woman called Grace, from some agency",
        }[language]
    )
    assert reference_in(more) == reference
    source = chat.say(
        {"zh": "你们怎么会有我领导的电话", "en": "how did they even get my dads number"}[language]
    )
    assert {"zh": "号码是从哪里来的", "en": "where a number came from"}[language] in source.text
    told = next(each for each in complaints.open_complaints(stack.store) if each.reference == reference)
    assert {"zh": "七八通", "en": "Grace"}[language] in told.details["opening"]


@both_languages
def test_says_how_to_be_contacted_and_hears_it_back(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    asked = chat.say({"zh": "以后别打电话，只发短信", "en": "only text me please, no calls"}[language])
    assert {"zh": "什么时间方便", "en": "What time suits"}[language] in asked.text
    done = chat.press({"zh": "傍晚下班后", "en": "Evenings after work"}[language])
    assert {"zh": "短信", "en": "text messages"}[language] in done.text and "22:00" in done.text


@both_languages
def test_wants_no_contact_and_hears_what_that_changes(open_chat: OpenChat, language: str) -> None:
    reply = open_chat(language).say({"zh": "不要再联系我了", "en": "stop contacting me"}[language])
    assert {"zh": "书面通知", "en": "written notices"}[language] in reply.text
    assert {"zh": "不会因此消失", "en": "doesn't make the debt go away"}[language] in reply.text


@both_languages
def test_disputes_the_amount_and_collecting_rests(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    verified(chat, person, language)
    first = chat.say({"zh": "这个欠款有问题，我有异议", "en": "I dispute this debt"}[language])
    reference = reference_in(first)
    chat.press({"zh": "金额不对", "en": "The amount is wrong"}[language])
    done = chat.say({"zh": "合同写的没有这么高的罚息", "en": "the contract has no such penalty"}[language])
    assert {"zh": "暂停催收", "en": "no collecting"}[language] in done.text
    dispute = next(each for each in disputes.open_disputes(stack.store) if each.reference == reference)
    assert dispute.on_hold and dispute.ground == "wrong_amount"
    assert any(each.reason == "dispute" for each in handoffs.open_handoffs(stack.store))


@both_languages
def test_disputes_before_being_verified_and_verifies_to_stop_collecting(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    reference = reference_in(chat.say({"zh": "这笔贷款不是我借的", "en": "this is not my loan"}[language]))
    unheld = chat.press(SKIP[language])
    assert {"zh": "要不要现在核实", "en": "like to verify now"}[language] in unheld.text
    chat.press({"zh": "现在核实", "en": "Verify now"}[language])
    chat.say(steps.WORDS[language].agree)
    held = steps.verify(chat, person)
    assert reference in held.text and {"zh": "暂停催收", "en": "no collecting"}[language] in held.text


@both_languages
def test_was_robbed_of_their_identity_and_hears_the_numbers_first(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    reply = chat.say({"zh": "有人冒用我的身份证贷款", "en": "someone took a loan in my name"}[language])
    assert "96110" in reply.text and "110" in reply.text
    assert any(each.priority == "top" for each in handoffs.open_handoffs(stack.store))


@both_languages
def test_is_asked_for_money_by_an_agent_and_is_warned(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    reply = chat.say(
        {
            "zh": "有人说先交钱就能帮我减免，是不是骗子",
            "en": "a fraudster wants a fee first, I want to report fraud",
        }[language]
    )
    assert "96110" in reply.text and {"zh": "不收费", "en": "never costs"}[language] in reply.text


@both_languages
def test_gets_a_copy_of_their_data_behind_a_link(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    verified(chat, person, language)
    reply = chat.say(
        {"zh": "你们有我哪些数据，我要一份副本", "en": "I want a copy of all my personal information"}[
            language
        ]
    )
    link = re.search(r"https?://\S+/chat/data/\S+", reply.text)
    assert link is not None, reply.text
    with urllib.request.urlopen(link.group()) as answer:
        text = answer.read().decode()
    assert person.loan_numbers[0] in text and "¥1,660.00" in text


@both_languages
def test_asks_what_collectors_may_not_do(open_chat: OpenChat, language: str) -> None:
    reply = open_chat(language).say(
        {"zh": "催收有什么是不能做的", "en": "what are collectors not allowed to do"}[language]
    )
    assert "22:00" in reply.text and "12378" in reply.text


# Corrections


@both_languages
def test_changes_the_way_of_contact_while_the_time_is_asked(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say({"zh": "以后别打电话，只发短信", "en": "only text me please, no calls"}[language])
    changed = chat.say({"zh": "不对，还是发邮件吧", "en": "no, email is better"}[language])
    assert {"zh": "邮件", "en": "e-mail"}[language] in changed.text
    done = chat.press({"zh": "上午", "en": "Mornings"}[language])
    assert {"zh": "邮件", "en": "e-mail"}[language] in done.text


# Cancellations


@both_languages
def test_calls_a_complaint_off(stack: Stack, open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    reference = reference_in(chat.say(COMPLAIN[language]))
    reply = chat.say({"zh": "算了，不投诉了", "en": "never mind, forget it"}[language])
    assert {"zh": "已经撤回", "en": "is withdrawn"}[language] in reply.text
    assert reference not in [each.reference for each in complaints.open_complaints(stack.store)]


@both_languages
def test_takes_a_dispute_back_with_the_button(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    verified(chat, person, language)
    words = {"zh": "这笔贷款不是我借的", "en": "this is not my loan"}[language]
    reference = reference_in(chat.say(words))
    chat.press(SKIP[language])
    chat.say(words)
    reply = chat.press({"zh": "撤回异议", "en": "Withdraw the dispute"}[language])
    assert {"zh": "已经撤回", "en": "is withdrawn"}[language] in reply.text
    assert reference not in [each.reference for each in disputes.open_disputes(stack.store)]


@both_languages
def test_disputes_while_choosing_a_plan_takes_it_back_and_chooses(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_offers(chat, person, words)
    first = chat.say({"zh": "等等，这笔贷款不是我借的", "en": "wait, this is not my loan"}[language])
    assert reference_in(first).startswith("DP-")
    chat.press(SKIP[language])
    waits = chat.say({"zh": "我想协商还款方案", "en": "I want a repayment plan"}[language])
    assert {"zh": "先不定新方案", "en": "We won't settle a new plan"}[language] in waits.text
    chat.press({"zh": "撤回异议", "en": "Withdraw the dispute"}[language])
    offers = chat.say({"zh": "我想协商还款方案", "en": "I want a repayment plan"}[language])
    assert "¥" in offers.text


# Digressions


@both_languages
def test_complains_in_the_middle_of_the_questions_and_goes_on(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    words = steps.WORDS[language]
    chat = open_chat(language)
    steps.reach_the_statement(chat, person, words)
    reply = chat.say(COMPLAIN[language])
    assert reference_in(reply).startswith("CP-")
    reply = chat.press({"zh": "以后再说", "en": "Later"}[language])
    assert {"zh": "到手的收入", "en": "comes in each month"}[language] in reply.text
    assert {"zh": "房租", "en": "rent"}[language] in chat.say(words.income).text


@both_languages
def test_asks_about_charges_in_the_middle_of_a_complaint_and_goes_on(
    open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    chat.say(COMPLAIN[language])
    reply = chat.say({"zh": "罚息是什么？", "en": "what is penalty interest?"}[language])
    assert {"zh": "罚息", "en": "penalty interest"}[language] in reply.text.lower()
    assert {"zh": "什么时候的事", "en": "When did it happen"}[language] in reply.text


@both_languages
def test_skips_every_question_of_a_complaint(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    reference = reference_in(chat.say(COMPLAIN[language]))
    for _ in range(3):
        chat.press(SKIP[language])
    assert reference in chat.press(SKIP[language]).text


# Guards


@both_languages
def test_is_in_danger_in_the_middle_of_a_complaint(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say(COMPLAIN[language])
    reply = chat.say({"zh": "我不想活了", "en": "I want to kill myself"}[language])
    assert "12356" in reply.text
    assert {"zh": "什么时候的事", "en": "When did it happen"}[language] not in reply.text


@both_languages
def test_asks_for_data_without_being_verified_and_gets_none(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    reply = chat.say({"zh": "我要一份我的数据副本", "en": "send me my data"}[language])
    assert "/chat/data/" not in reply.text and "¥" not in reply.text


@both_languages
def test_takes_consent_back_and_is_asked_for_it_again(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    verified(chat, person, language)
    reply = chat.say(
        {"zh": "我要撤回同意，不许再用我的数据", "en": "withdraw my consent to use my data"}[language]
    )
    assert {"zh": "已经撤回", "en": "is withdrawn"}[language] in reply.text
    plan = chat.say({"zh": "我想协商还款", "en": "I want a repayment plan"}[language])
    assert {"zh": "您同意", "en": "Do you agree"}[language] in plan.text


# As people talk


@both_languages
def test_asks_whether_the_family_will_hear_of_it_while_a_number_is_asked_for(
    open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    chat.say({"zh": "我欠多少钱", "en": "how much do I owe"}[language])
    chat.say(steps.WORDS[language].agree)
    told = chat.say({"zh": "你们会告诉我老婆吗", "en": "will you tell my wife"}[language])
    assert {"zh": "我不会告诉家人", "en": "about your loan or what you say here"}[language] in told.text
    assert {"zh": "手机号", "en": "phone number"}[language] in told.text


@both_languages
def test_asks_for_a_husband_and_learns_nothing(open_chat: OpenChat, language: str) -> None:
    asked = {"zh": "我是他老婆，他欠你们多少", "en": "I'm his wife, how much does he owe you"}
    told = open_chat(language).say(asked[language])
    assert {"zh": "只能和本人谈", "en": "only speak about a loan with the borrower"}[language] in told.text


@both_languages
def test_gives_number_and_last_four_in_one_breath(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    chat.say({"zh": "我欠多少钱", "en": "how much do I owe"}[language])
    chat.say(steps.WORDS[language].agree)
    both = {"zh": f"{person.phone}，后四位{person.last_four}", "en": f"{person.phone} and {person.last_four}"}
    assert {"zh": "六位验证码", "en": "six-digit code"}[language] in chat.say(both[language]).text
    known = chat.say(chat.code(f"+86{person.phone}"))
    assert "1,931.00" in known.text


@both_languages
def test_wants_no_contact_at_weekends_and_hears_just_that(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    chat.say({"zh": "以后发短信给我", "en": "text me from now on"}[language])
    done = chat.say({"zh": "周末不要", "en": "not on weekends"}[language])
    assert {"zh": "周末除外", "en": "not at weekends"}[language] in done.text


@both_languages
def test_says_who_it_was_when_asked_when_and_both_are_kept(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    reference = reference_in(chat.say(COMPLAIN[language]))
    again = chat.say({"zh": "自称姓王，法务公司的", "en": "he said he was from an agency"}[language])
    assert {"zh": "什么时候的事", "en": "When did it happen"}[language] in again.text
    chat.say({"zh": "昨天半夜", "en": "last night at midnight"}[language])
    told = next(each for each in complaints.open_complaints(stack.store) if each.reference == reference)
    assert {"who", "when"} <= told.details.keys()


@both_languages
def test_asks_when_there_will_be_an_answer_to_a_complaint(open_chat: OpenChat, language: str) -> None:
    chat = open_chat(language)
    reference = reference_in(chat.say(COMPLAIN[language]))
    for _ in range(4):
        chat.press(SKIP[language])
    told = chat.say({"zh": "多久给我答复", "en": "when will I hear back"}[language])
    assert reference in told.text
