"""No dead end, no loop: whoever says anything at any question is answered, in their language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casestore import handoffs
from tests.conversations import people, ways
from tests.conversations.crawler import Walk
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

SEED = 20261125
FORMS = ways.questions_of_forms()

# Random turns: at least so many from each form, and at least so many at each of its questions. Over the forms
# that makes more than 200 in each language.
FROM_A_FORM, AT_A_QUESTION = 12, 2

PERSON = {"zh": "我要找人工客服", "en": "I want to talk to a real person"}


@both_languages
@pytest.mark.parametrize("form", FORMS)
def test_says_anything_at_every_question_and_is_always_answered(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, form: str, language: str
) -> None:
    person = people.invent(stack.store, tmp_path, stack.today, loans=ways.LOANS.get(form, 1))
    chat = open_chat(language)
    ways.WAYS[form](chat, person, language)
    walk = Walk(stack, chat, language, form, SEED)
    questions = FORMS[form]
    for question in questions:
        reached = walk.guide(person, form, question)
        assert reached or question != questions[0], walk.report(f"{question} was never asked")
        walk.wander(max(AT_A_QUESTION, FROM_A_FORM // len(questions)))
    reply = walk.say(PERSON[language], "wants a person")
    assert any(each.reference in reply.text for each in handoffs.open_handoffs(stack.store)), walk.report(
        "no person to be had"
    )
