"""Says talks that somebody wrote down and prints what the bot answers, to be read and marked by a person.

`python -m tests.conversations.talks FILE…`. A file holds talks, an empty line between two. The first line of
a talk is `# zh` or `# en`, then, if wanted, `at` and a form of the domain where the talk shall begin, or
`after_agreement`. Each further line is a message; `[title]` presses the button of that title, {phone},
{last_four} and {code} stand for the person's own. The notice, the identity and what may be recorded are
answered by the runner.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from tests.conversations import people, steps, ways
from tests.conversations.people import Person
from tests.fuzz.__main__ import CREDENTIALS
from tests.support.chat import Chat, Reply
from tests.support.stack import Stack

# What is the same in every talk and not what is tried here.
ANSWERED_BY_THE_RUNNER = {
    "privacy_consent",
    "identity_login",
    "identity_last_four",
    "identity_code",
    "detail_consent",
    "health_consent",
}

# Where else a talk may begin than at a form.
PLACES = {
    **ways.WAYS,
    "after_agreement": lambda chat, person, language: steps.reach_the_agreement(
        chat, person, steps.WORDS[language]
    ),
}


def main(files: list[Path]) -> None:
    """Say every talk of the files on a bot of its own and print the talks with their answers."""
    with tempfile.TemporaryDirectory() as folder:
        credentials = Path(folder) / "credentials.yml"
        credentials.write_text(CREDENTIALS, encoding="utf-8")
        with Stack(credentials=credentials) as stack:
            for file in files:
                for talk in file.read_text(encoding="utf-8").strip().split("\n\n"):
                    print("\n".join(_say(stack, Path(folder), talk.splitlines())), flush=True)


def _say(stack: Stack, folder: Path, talk: list[str]) -> Iterator[str]:
    head, *lines = talk
    language, *place = head.removeprefix("#").split()
    form = place[1] if place[:1] == ["at"] else ""
    person = people.invent(stack.store, folder, stack.today, loans=ways.LOANS.get(form, 1))
    yield f"\n=== {head}"
    with Chat(stack.base_url, language=language) as chat:
        if form:
            PLACES[form](chat, person, language)
        for line in lines:
            yield from _message(stack, chat, person, language, line)


def _message(stack: Stack, chat: Chat, person: Person, language: str, line: str) -> Iterator[str]:
    if line.startswith("["):
        reply = chat.press(line.strip("[]"))
    else:
        code = chat.code(f"+86{person.phone}") if "{code}" in line else ""
        reply = chat.say(line.format(phone=person.phone, last_four=person.last_four, code=code))
    yield from _printed(f"> {line}", reply)
    while (question := ways.open_question(stack, chat)[1]) in ANSWERED_BY_THE_RUNNER:
        reply = chat.say(ways.answer(question, chat, person, language))
        if ways.open_question(stack, chat)[1] not in ANSWERED_BY_THE_RUNNER:
            yield from _printed(f">> ({question} answered)", reply)


def _printed(said: str, reply: Reply) -> Iterator[str]:
    yield said
    yield from (f"    {line}" for text in reply.texts for line in text.splitlines())
    if reply.cards:
        yield f"    <{', '.join(str(card.get('type', 'card')) for card in reply.cards)}>"
    if reply.buttons:
        yield f"    [{'] ['.join(button['title'] for button in reply.buttons)}]"


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]])
