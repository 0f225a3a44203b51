"""What a borrower says and who they are stands in no log, no error and no readable place of a database."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conversations import people, steps
from tests.support.chat import Chat
from tests.support.stack import Stack

OpenChat = Callable[..., Chat]
both_languages = pytest.mark.parametrize("language", ["zh", "en"])

# Words that nothing else in the project or in a library uses.
NAME, STORY = "欧阳紫荆", {"zh": "我家的鹦鹉叫翡翠十七", "en": "my parrot is called Quixotl17"}
INCOME, INCOME_MINOR = "7319", "731900"


def readable(stack: Stack) -> bytes:
    """Everything that the servers have written: logs, both databases with their journals, other files."""
    return b"\n".join(path.read_bytes() for path in sorted(stack.folder.rglob("*")) if path.is_file())


@both_languages
def test_tells_everything_and_none_of_it_can_be_read_on_disk(
    stack: Stack, open_chat: OpenChat, tmp_path: Path, language: str
) -> None:
    person = people.invent(stack.store, tmp_path, stack.today, name=NAME)
    words = steps.WORDS[language]
    chat = open_chat(language)
    chat.say(STORY[language])
    chat.say(words.lost_job)
    chat.say(words.agree)
    chat.say(person.phone)
    chat.say(person.last_four)
    code = chat.code(f"+86{person.phone}")
    chat.say(code)
    chat.say(words.agree)
    for said in (words.three_months_ago, words.temporary, words.household, INCOME):
        chat.say(said)
    for said in (words.housing, words.living, words.debts, words.right, words.first_option):
        chat.say(said)
    with stack.without_actions():
        chat.say(f"{STORY[language]} {person.phone}")
    reply = chat.say(words.accept)
    assert steps.reference_in(reply) is not None, reply.text
    on_disk = readable(stack)
    planted = (NAME, STORY[language], person.phone, person.loan_numbers[0])
    found = [each for each in planted if each.encode() in on_disk]
    found += [each for each in planted if not each.isascii() and _escaped(each) in on_disk]
    assert not found, f"readable on disk: {found}"
    # Short numbers turn up by chance in a database, so they are looked for in the logs alone.
    logs = stack.logs()
    assert not [each for each in (INCOME, INCOME_MINOR, code) if re.search(rf"(?<![\d.:]){each}(?!\d)", logs)]


def _escaped(text: str) -> bytes:
    """The text as JSON writes it without other letters than English ones."""
    return text.encode("unicode_escape")
