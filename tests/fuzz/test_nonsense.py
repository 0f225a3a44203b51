"""Whatever is typed, at every stage: an answer in words, no failure in the logs, nothing agreed."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

import pytest

from tests.conversations import people
from tests.conversations.crawler import FAILURE
from tests.fuzz.nonsense import messages
from tests.fuzz.talk import STAGES, Talk
from tests.support.chat import Chat
from tests.support.stack import Stack

SEED = 20261125
# At each stage. By hand many more: `python -m tests.fuzz 100000`.
MESSAGES = 12


@pytest.mark.parametrize("stage", STAGES)
def test_says_nonsense_and_is_answered(stack: Stack, tmp_path: Path, stage: str) -> None:
    number = list(STAGES).index(stage)
    language = ("zh", "en")[number % 2]
    failed_before = len(FAILURE.findall(stack.logs()))
    person = people.invent(stack.store, tmp_path, stack.today)
    with Chat(stack.base_url, language=language) as chat:
        talk = Talk(stack, chat, language)
        talk.reach(stage, person)
        faults = list(talk.say_all(islice(messages(SEED + number), MESSAGES)))
    assert not faults
    assert len(FAILURE.findall(stack.logs())) == failed_before, stack.logs()[-2000:]
