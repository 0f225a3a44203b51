"""What a borrower says and who they are stands in no log, no error and no readable place of a database."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest
import requests

from tests.conversations import people, steps
from tests.support.chat import Chat
from tests.support.stack import Stack

both_languages = pytest.mark.parametrize("language", ["zh", "en"])

# Words that nothing else in the project or in a library uses.
NAME, STORY = "欧阳紫荆", {"zh": "我家的鹦鹉叫翡翠十七", "en": "my parrot is called Quixotl17"}
INCOME, INCOME_MINOR = "7319", "731900"


@pytest.fixture(scope="module")
def talkative() -> Iterator[Stack]:
    """Both servers at their debug level, as with `rasa run --debug`."""
    with Stack(settings={"LOG_LEVEL": "DEBUG"}) as stack:
        yield stack


def readable(stack: Stack) -> bytes:
    """Everything that the servers have written: logs, both databases with their journals, other files."""
    return b"\n".join(path.read_bytes() for path in sorted(stack.folder.rglob("*")) if path.is_file())


@both_languages
def test_tells_everything_and_none_of_it_can_be_read_on_disk(
    talkative: Stack, tmp_path: Path, language: str
) -> None:
    stack = talkative
    person = people.invent(stack.store, tmp_path, stack.today, name=NAME)
    with Chat(stack.base_url, language=language) as chat:
        code = tell_everything(stack, chat, person, language)
    logs = stack.logs()
    assert "(words withheld)" in logs, "the debug level is not on"
    on_disk = readable(stack)
    planted = (NAME, STORY[language], person.phone, person.loan_numbers[0])
    found = [each for each in planted if each.encode() in on_disk]
    found += [each for each in planted if not each.isascii() and _escaped(each) in on_disk]
    assert not found, f"readable on disk: {found}"
    # Short numbers turn up by chance in a database, so they are looked for in the logs alone.
    assert not [each for each in (INCOME, INCOME_MINOR, code) if re.search(rf"(?<![\d.:]){each}(?!\d)", logs)]


@pytest.mark.parametrize("path", ["documents/{}", "documents/{}.pdf", "data/{}"])
def test_an_error_page_and_its_log_tell_nothing(talkative: Stack, path: str) -> None:
    """The store breaks while somebody opens a private link."""
    tables, link = ("agreements", "data_requests"), "Quixotl17-a-private-link"
    with talkative.store.engine.begin() as connection:
        for table in tables:
            connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO {table}_away")
    try:
        page = requests.get(f"{talkative.base_url}/chat/{path.format(link)}", timeout=30)
    finally:
        with talkative.store.engine.begin() as connection:
            for table in tables:
                connection.exec_driver_sql(f"ALTER TABLE {table}_away RENAME TO {table}")
    assert page.status_code == 500
    for told in ("Traceback", "sqlalchemy", "SELECT", "agreements", "File"):
        assert told not in page.text
    assert link not in talkative.logs()


def test_both_servers_listen_on_this_machine_alone(talkative: Stack) -> None:
    for server in map(psutil.Process, talkative.process_ids()):
        listening = [each for each in server.connections("inet") if each.status == psutil.CONN_LISTEN]
        assert listening and {each.laddr.ip for each in listening} == {"127.0.0.1"}


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/conversations/{}/tracker"),
        ("GET", "/conversations/{}/story"),
        ("POST", "/conversations/{}/messages"),
        ("POST", "/model/parse"),
        ("GET", "/domain"),
        ("POST", "/webhooks/rest/webhook"),
        ("GET", "/webhooks/callback/"),
    ],
)
def test_rasas_own_doors_are_shut(talkative: Stack, method: str, path: str) -> None:
    """They would show conversations to whoever reaches the port, or let anybody write as anybody."""
    with Chat(talkative.base_url) as chat:
        address = talkative.base_url + path.format(chat.conversation)
    assert (
        requests.request(method, address, json={"sender": "x", "message": "hi"}, timeout=30).status_code
        == 404
    )


def tell_everything(stack: Stack, chat: Chat, person: people.Person, language: str) -> str:
    """From the first word to the agreement, with the planted words on the way; returns the code."""
    words = steps.WORDS[language]
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
    return code


def _escaped(text: str) -> bytes:
    """The text as JSON writes it without other letters than English ones."""
    return text.encode("unicode_escape")
