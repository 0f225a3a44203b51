"""Parts of a conversation that many tests share, in both languages."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.conversations.people import Person
from tests.support.chat import Chat, Reply

REFERENCE = re.compile(r"RA-\d{8}-[A-Z0-9]+")


@dataclass(frozen=True)
class Words:
    """What a borrower says in one language."""

    lost_job: str
    agree: str
    three_months_ago: str
    temporary: str
    household: str
    income: str
    housing: str
    living: str
    debts: str
    right: str
    first_option: str
    accept: str


WORDS = {
    "zh": Words(
        "我失业了，还不上贷款",
        "同意",
        "三个月前",
        "暂时的",
        "家里生活",
        "六千五",
        "1500",
        "吃饭1200，交通300",
        "没有",
        "对的",
        "方案1",
        "我接受",
    ),
    "en": Words(
        "I lost my job",
        "I agree",
        "three months ago",
        "Temporary",
        "Household",
        "6500",
        "1,500",
        "food 1200, transport 300",
        "none",
        "that's right",
        "option 1",
        "I accept",
    ),
}


def verify(chat: Chat, person: Person) -> Reply:
    """Say who one is and enter the code from the phone."""
    chat.say(person.phone)
    chat.say(person.last_four)
    return chat.say(chat.code(f"+86{person.phone}"))


def reach_the_questions(chat: Chat, person: Person, words: Words) -> Reply:
    """From the first word to the first question about income and spending."""
    chat.say(words.lost_job)
    chat.say(words.agree)
    return verify(chat, person)


def reach_the_statement(chat: Chat, person: Person, words: Words) -> Reply:
    """On to the question about monthly income."""
    reach_the_questions(chat, person, words)
    chat.say(words.agree)
    chat.say(words.three_months_ago)
    chat.say(words.temporary)
    return chat.say(words.household)


def reach_the_read_back(chat: Chat, person: Person, words: Words) -> Reply:
    """On to the read-back of the statement."""
    reach_the_statement(chat, person, words)
    chat.say(words.income)
    chat.say(words.housing)
    chat.say(words.living)
    return chat.say(words.debts)


def answer_the_questions(chat: Chat, words: Words) -> Reply:
    """From the question what happened to the confirmed statement."""
    for said in (words.lost_job, words.three_months_ago, words.temporary, words.household):
        chat.say(said)
    for said in (words.income, words.housing, words.living, words.debts):
        chat.say(said)
    return chat.say(words.right)


def reach_the_offers(chat: Chat, person: Person, words: Words) -> Reply:
    """On to the offers."""
    reach_the_read_back(chat, person, words)
    return chat.say(words.right)


def reach_the_acceptance(chat: Chat, person: Person, words: Words) -> Reply:
    """On to the read-back of the first offer."""
    reach_the_offers(chat, person, words)
    return chat.say(words.first_option)


def reference_in(reply: Reply) -> str | None:
    """The reference number of an agreement, if the reply names one."""
    found = REFERENCE.search(reply.text)
    return found.group() if found else None


def reach_the_agreement(chat: Chat, person: Person, words: Words) -> str:
    """On to the agreement; its reference number."""
    reach_the_acceptance(chat, person, words)
    reference = reference_in(chat.say(words.accept))
    assert reference is not None
    return reference
