"""How a borrower comes to every question of every form, as the domain lists them."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode
from collections.abc import Callable
from itertools import takewhile
from pathlib import Path

import yaml
from sqlalchemy import select

from casestore.flow_record import FlowEventRow
from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat
from tests.support.stack import Stack

ROOT = Path(__file__).resolve().parents[2]

Way = Callable[[Chat, Person, str], object]


def questions_of_forms() -> dict[str, list[str]]:
    """The questions of every form, in the order of the domain."""
    domain = yaml.safe_load((ROOT / "domain.yml").read_text(encoding="utf-8"))
    return {form: told["required_slots"] for form, told in domain["forms"].items()}


def questions_before(form: str, question: str) -> list[tuple[str, str]]:
    """The questions that may have to be answered before this one is asked, with their forms."""
    on_the_way = takewhile(lambda each: each != (form, question), ON_THE_WAY)
    own = questions_of_forms()[form]
    answered = [(form, each) for each in own[: own.index(question)]]
    return [*on_the_way, *answered]


def open_question(stack: Stack, chat: Chat) -> tuple[str, str]:
    """The form that is under way and its open question, as the bot itself remembers them; "" for none."""
    kept = FlowEventRow.sender_id == _conversation(chat), FlowEventRow.type_name.in_(["active_loop", "slot"])
    with stack.flow() as session:
        rows = session.scalars(select(FlowEventRow.data).where(*kept).order_by(FlowEventRow.id))
        events = [json.loads(data) for data in rows]
    forms = [event["name"] for event in events if event["event"] == "active_loop"]
    asked = [event["value"] for event in events if event.get("name") == "requested_slot"]
    return str((forms or [""])[-1] or ""), str((asked or [""])[-1] or "")


def _conversation(chat: Chat) -> str:
    """The subject of the chat's token."""
    body = chat.token.split(".")[1]
    return str(json.loads(urlsafe_b64decode(body + "=" * (-len(body) % 4)))["sub"])


def _say(**words: str) -> Way:
    return lambda chat, person, language: chat.say(words[language])


def _step(step: Callable[[Chat, Person, steps.Words], object]) -> Way:
    return lambda chat, person, language: step(chat, person, steps.WORDS[language])


def _then(*ways: Way) -> Way:
    def one_after_the_other(chat: Chat, person: Person, language: str) -> None:
        for way in ways:
            way(chat, person, language)

    return one_after_the_other


def _verify(chat: Chat, person: Person, language: str) -> None:
    chat.say(steps.WORDS[language].agree)
    steps.verify(chat, person)


def _left_before(chat: Chat, person: Person, language: str) -> None:
    """Half the questions were answered in an earlier conversation."""
    with Chat(chat.base_url, language=language) as earlier:
        steps.reach_the_statement(earlier, person, steps.WORDS[language])


_LOST_JOB = _say(zh="我失业了，还不上贷款", en="I lost my job")
_VERIFIED = _then(_say(zh="我欠多少钱", en="how much do I owe"), _verify)

# How to come to the first question of each form.
WAYS: dict[str, Way] = {
    "consent_form": _LOST_JOB,
    "identity_form": _then(_LOST_JOB, _say(zh="同意", en="I agree")),
    "loan_form": _VERIFIED,
    "hardship_form": _then(_VERIFIED, _say(zh="我想协商还款方案", en="I want a repayment plan")),
    "plan_form": _step(steps.reach_the_offers),
    "request_form": _then(
        _step(steps.reach_the_offers),
        _say(zh="我想一次性8000结清", en="I can pay 8000 as a lump sum settlement"),
    ),
    "agreement_form": _step(steps.reach_the_acceptance),
    "withdrawal_form": _then(
        _step(steps.reach_the_agreement), _say(zh="我想撤销协议", en="I want to withdraw from the plan")
    ),
    "change_form": _then(
        _step(steps.reach_the_agreement),
        _say(zh="计划里的下一期我还不上了", en="I can't make the next instalment of my plan"),
    ),
    "paid_form": _then(_VERIFIED, _say(zh="我已经还过了", en="I have already paid")),
    "complaint_form": _say(zh="我要投诉你们的催收员", en="I want to complain about your collector"),
    "disclosure_form": _say(zh="你们把我欠钱的事告诉了别人", en="you told other people about my debt"),
    "preference_form": _say(zh="我想改一下联系方式", en="I want to change how you contact me"),
    "dispute_form": _then(_VERIFIED, _say(zh="这个欠款有问题，我有异议", en="I dispute this debt")),
    "fraud_form": _say(zh="我要举报诈骗", en="I want to report a scam"),
    "data_form": _then(_VERIFIED, _say(zh="关于我的个人数据，我有要求", en="where did you get my data from")),
    "topic_form": _then(
        _step(steps.reach_the_statement),
        _say(zh="我要投诉你们的催收员", en="I want to complain about your collector"),
    ),
    "restart_form": _then(_step(steps.reach_the_statement), _say(zh="重新开始", en="start over")),
    "resume_form": _then(_left_before, _LOST_JOB, _verify),
    "feedback_form": _say(zh="我想给你们提个意见", en="I have some feedback"),
}

# Loans a borrower needs for a question to be asked at all, where one will not do.
LOANS = {"loan_form": 2}


def _code(chat: Chat, person: Person) -> str:
    return chat.code(f"+86{person.phone}")


# What answers a question so that the next one of its form follows.
ANSWERS: dict[str, dict[str, str] | Callable[[Chat, Person], str]] = {
    "privacy_consent": {"zh": "同意", "en": "I agree"},
    "identity_login": lambda chat, person: person.phone,
    "identity_last_four": lambda chat, person: person.last_four,
    "identity_code": _code,
    "detail_consent": {"zh": "可以", "en": "yes"},
    "hardship_cause": {"zh": "我生病住院了", "en": "I'm ill and in hospital"},
    "health_consent": {"zh": "可以", "en": "yes"},
    "hardship_since": {"zh": "三个月前", "en": "three months ago"},
    "hardship_duration": {"zh": "暂时的", "en": "Temporary"},
    "hardship_purpose": {"zh": "家里生活", "en": "Household"},
    "monthly_income": {"zh": "六千五", "en": "6500"},
    "housing": {"zh": "1500", "en": "1,500"},
    "living_costs": {"zh": "吃饭1200，交通300", "en": "food 1200, transport 300"},
    "other_debts": {"zh": "没有", "en": "none"},
    "paid_amount": {"zh": "941块", "en": "941 yuan"},
    "complaint_when": {"zh": "昨晚十一点多", "en": "last night after eleven"},
    "complaint_who": {"zh": "说是明湖公司的", "en": "from Minghu"},
    "complaint_channel": {"zh": "电话", "en": "by phone"},
    "disclosure_party": {"zh": "我妈", "en": "my mother"},
    "disclosure_when": {"zh": "上周三下午", "en": "last Wednesday afternoon"},
    "preferred_channel": {"zh": "短信", "en": "text messages"},
    "ground_named": {"zh": "金额不对", "en": "The amount is wrong"},
    "data_wish_named": {"zh": "我要更正我的资料", "en": "correct my data"},
}


# Before some forms a borrower agrees to the notice and says who they are.
ON_THE_WAY = [
    ("consent_form", "privacy_consent"),
    ("identity_form", "identity_login"),
    ("identity_form", "identity_last_four"),
    ("identity_form", "identity_code"),
]


def answer(question: str, chat: Chat, person: Person, language: str) -> str:
    """What leads on from `question`."""
    words = ANSWERS[question]
    return words[language] if isinstance(words, dict) else words(chat, person)
