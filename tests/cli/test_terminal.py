"""What is on the screen of `respite shell`: numbers for buttons, schedules on demand, a person's words."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from rich.console import Console

from cli.chat import ChatEnded
from cli.processes import free_port
from cli.terminal import Screen, talk
from tests.cli.test_cards import BASE, TWO

YES = {"title": "I agree", "payload": "/affirm"}
NO = {"title": "I don't agree", "payload": "/deny"}


class Shown:
    """A screen, and what has been printed on it."""

    def __init__(self) -> None:
        self._file = io.StringIO()
        self.screen = Screen(Console(file=self._file, width=100), BASE)

    @property
    def text(self) -> str:
        return self._file.getvalue()

    def turn(self, *messages: dict[str, object]) -> None:
        """The bot answers with these messages."""

        def say() -> None:
            for message in messages:
                self.screen.show({"author": "bot", **message})

        self.screen.in_turn(say)


@pytest.fixture
def shown() -> Shown:
    return Shown()


def pressed(shown: Shown, lines: Sequence[str]) -> list[str | None]:
    found = [shown.screen.pressed(line) for line in lines]
    return [button and button["payload"] for button in found]


def test_a_number_presses_a_button_of_any_message_of_the_last_answer(shown: Shown) -> None:
    shown.turn({"text": "Do you agree?", "buttons": [YES]}, {"text": "Or not?", "buttons": [NO]})
    assert shown.text.rstrip().endswith("[1] I agree   [2] I don't agree")
    assert pressed(shown, ["1", "2", "２"]) == ["/affirm", "/deny", "/deny"]


def test_anything_else_is_for_the_bot(shown: Shown) -> None:
    shown.turn({"text": "Do you agree?", "buttons": [YES, NO]})
    assert pressed(shown, ["0", "3", "1500", "-1", "²", "1.", "yes"]) == [None] * 7


def test_the_buttons_of_an_older_answer_are_gone(shown: Shown) -> None:
    shown.turn({"text": "Do you agree?", "buttons": [YES, NO]})
    shown.turn({"text": "Your phone number, please?"})
    assert pressed(shown, ["1"]) == [None]


def test_the_schedule_of_an_offer_stays_at_hand(shown: Shown) -> None:
    shown.turn(TWO)
    shown.turn({"text": "Anything else?"})
    assert "¥950.00" not in shown.text
    assert shown.screen.answers_itself("/schedule 2") and "¥950.00" in shown.text


@pytest.mark.parametrize("line", ["/schedule", "/schedule 9", "/schedule two"])
def test_a_schedule_nobody_offered_is_said_not_to_be_there(shown: Shown, line: str) -> None:
    shown.turn(TWO)
    assert shown.screen.answers_itself(line) and "no such option" in shown.text
    assert not shown.screen.answers_itself("schedule 2")


def test_what_a_person_writes_between_two_answers_is_a_persons_and_leaves_the_buttons(shown: Shown) -> None:
    shown.turn({"text": "Do you agree?", "buttons": [YES, NO]})
    shown.screen.show({"author": "person", "text": "Hello, this is Chen."})
    assert "Person: Hello, this is Chen." in shown.text
    assert pressed(shown, ["2"]) == ["/deny"]


def test_without_a_bot_it_says_so_in_one_line() -> None:
    with pytest.raises(ChatEnded, match="bot.log"):
        talk(f"http://127.0.0.1:{free_port()}", "en", Console(file=io.StringIO()), lambda: None)
