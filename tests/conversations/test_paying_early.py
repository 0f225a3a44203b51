"""Who has a loan or a plan asks what paying early costs and does, and has only a part of an instalment."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conversations import steps
from tests.conversations.people import Person
from tests.support.chat import Chat

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

OWE = {"zh": "我欠多少钱", "en": "how much do I owe"}
FEE = {"zh": "提前还清有没有手续费", "en": "is there any fee if I pay it off early"}
NO_FEE = {"zh": "都不收手续费", "en": "asks no fee"}
ON_TOP = {"zh": "要是提前还五千本金会怎样", "en": "what if I pay 5000 on top"}
NOT_RECORDED = {"zh": "没有记成还款", "en": "nothing is recorded"}
PART = {"zh": "这期要交的我手上只有三百", "en": "I've only got 300 for this instalment"}
LEFT = {"zh": "还差", "en": "left"}
EASIER = {"zh": "更轻松的方案", "en": "easier plan"}


@both_languages
def test_asks_for_the_fee_and_what_a_part_does(open_chat: OpenChat, person: Person, language: str) -> None:
    chat = open_chat(language)
    chat.say(OWE[language])
    chat.say(steps.WORDS[language].agree)
    steps.verify(chat, person)
    assert NO_FEE[language] in chat.say(FEE[language]).text
    assert NOT_RECORDED[language] in chat.say(ON_TOP[language]).text


@both_languages
def test_has_a_part_of_the_instalment_and_is_led_to_easier_plans(
    open_chat: OpenChat, person: Person, language: str
) -> None:
    chat = open_chat(language)
    steps.reach_the_agreement(chat, person, steps.WORDS[language])
    reply = chat.say(PART[language])
    assert LEFT[language] in reply.text and EASIER[language] in reply.text
