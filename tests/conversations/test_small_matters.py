"""What people ask and add beside the matter: doubts, others who are concerned, proof, a goodbye."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from casestore import contact_preferences, disputes
from tests.conversations import steps
from tests.conversations.people import Person
from tests.conversations.test_rights import reference_in, verified
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

ASKED = {
    "whether this is the bank": (
        {"zh": "我怎么确认你们真的是银行", "en": "how can I check you are really the bank"},
        {"zh": "自己核实", "en": "check for yourself"},
    ),
    "where a branch is": (
        {"zh": "你们附近有没有网点呢", "en": "is there a branch I could go to?"},
        {"zh": "网点", "en": "branch"},
    ),
    "whether family has to pay": (
        {"zh": "会不会要爸妈还吗", "en": "do my parents have to pay?"},
        {"zh": "签了字", "en": "Those who signed"},
    ),
    "whether a home can be taken": (
        {"zh": "房子会被收走吗", "en": "could I lose my house?"},
        {"zh": "法院", "en": "court"},
    ),
    "what goes without verifying": (
        {"zh": "不核实身份能问吗", "en": "can I ask without verifying?"},
        {"zh": "都不用核实", "en": "need no check"},
    ),
}


@both_languages
@pytest.mark.parametrize("what", ASKED)
def test_asks_beside_the_matter_and_is_answered(open_chat: OpenChat, language: str, what: str) -> None:
    said, words = ASKED[what]
    reply = open_chat(language).say(said[language])
    assert words[language] in reply.text and "¥" not in reply.text


@both_languages
def test_a_guarantor_is_told_what_is_theirs_to_know_and_nothing_of_the_loan(
    open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    said = {"zh": "我是担保人，不是我借的", "en": "I'm the guarantor, not the one who borrowed"}
    reply = chat.say(said[language])
    assert {"zh": "担保合同", "en": "guarantee you signed"}[language] in reply.text
    assert "12348" in reply.text and "¥" not in reply.text


@both_languages
def test_tells_of_proof_and_a_demand_after_the_complaint_and_both_are_added(
    open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    said = {"zh": "你们半夜打电话骂我，我要投诉", "en": "you called at midnight and swore at me, I complain"}
    reference = reference_in(chat.say(said[language]))
    # When it was and by which way is told already.
    for _ in ("who it was", "what was said"):
        last = chat.press("/dont_know")
    proof = chat.say({"zh": "我有录音的", "en": "there's a recording of it"}[language])
    demand = chat.say({"zh": "要你们书面道歉", "en": "I demand a written apology"}[language])
    assert reference in last.text and reference in proof.text and reference in demand.text


@both_languages
def test_says_goodbye_at_the_code_and_is_not_asked_for_it_again(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    chat.say({"zh": "我欠多少钱", "en": "how much do I owe"}[language])
    chat.say(steps.WORDS[language].agree)
    chat.say(person.phone)
    reply = chat.say({"zh": "再见", "en": "goodbye"}[language])
    assert len(reply.texts) == 1


@both_languages
def test_asks_to_hear_the_answer_again_and_hears_it(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    verified(chat, person, language)
    again = chat.say({"zh": "没看清，再说一遍", "en": "say that again please"}[language])
    assert "¥1,931.00" in again.text


@both_languages
def test_wants_no_calls_at_work_and_may_still_be_reached(
    stack: Stack, open_chat: OpenChat, language: str
) -> None:
    chat = open_chat(language)
    chat.say({"zh": "不要再联系我单位了", "en": "never call my work again"}[language])
    kept = contact_preferences.of_session(stack.store, chat.conversation)
    assert kept is not None and kept.channel == "no_call_at_work" and not kept.stopped


@both_languages
def test_disputes_then_is_verified_for_the_balance_and_collecting_rests(
    stack: Stack, open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    chat.say({"zh": "这笔钱不是我借的", "en": "this is not my loan"}[language])
    chat.press("/dont_know")
    chat.press("/deny")
    verified(chat, person, language)
    dispute = disputes.open_of(stack.store, chat.conversation)
    assert dispute is not None and dispute.on_hold
